//! Running `train` lives here: which question, what is printed around the run, exit codes. Training is in the library.

use std::process::ExitCode;

use backproof::kinds::training::Given;
use backproof::sheet::{Sheet, shown};
use backproof::train::plan::{Changes, Plan};

use crate::args::Train;
use crate::{Refusal, is_part, source};

/// The kind of question that asks for training.
const KIND: &str = "training";

/// Trains the networks of a question, or prints what would be trained.
pub fn train(asked: &Train) -> Result<(String, ExitCode), Refusal> {
    // Before anything is read: what came through a pipe would be gone.
    #[cfg(all(feature = "train", unix))]
    if !asked.plan {
        with_patience();
    }
    let sheet = Sheet::parse(source(asked.sheet.as_deref())?)?;
    let plan = plan(asked, &sheet)?;
    if asked.plan {
        let text = plan.to_json().map_err(|error| Refusal::Words(error.to_string()))?;
        return Ok((text, ExitCode::SUCCESS));
    }
    follow(asked, &sheet, &plan)
}

/// The plan of the one question that asks for training, or that `--only` names.
fn plan(asked: &Train, sheet: &Sheet) -> Result<Plan, Refusal> {
    let wanted = |id: &str| asked.only.as_deref().is_none_or(|only| is_part(id, only));
    let all = || sheet.questions.iter().filter(|q| q.kind.value == KIND);
    let told = |what: String| {
        let ids: Vec<&str> = all().map(|q| q.id.as_str()).collect();
        let here =
            if ids.is_empty() { "it has none".to_owned() } else { format!("it has {}", ids.join(", ")) };
        Refusal::Words(format!("{what} of kind {KIND} in this sheet; {here}"))
    };
    let mut questions = all().filter(|q| wanted(&q.id));
    let entry = match (questions.next(), questions.next(), asked.only.as_deref()) {
        (Some(one), None, _) => one,
        (None, _, None) => return Err(told("no question".to_owned())),
        (None, _, Some(only)) => return Err(told(format!("no question {}", shown(only)))),
        (Some(_), Some(_), _) => {
            return Err(told("name one with --only: there are several questions".to_owned()));
        }
    };
    let given = Given::read(entry, sheet)?;
    let changes = Changes { epochs: asked.epochs, batches: asked.batches };
    Plan::new(&sheet.title, &entry.id, &given, changes).map_err(|error| Refusal::Words(error.to_string()))
}

#[cfg(not(feature = "train"))]
fn follow(_: &Train, _: &Sheet, _: &Plan) -> Result<(String, ExitCode), Refusal> {
    Err(Refusal::Words(
        "this program was built without training, which wants libtorch\n  \
         in the project's folder, `just setup-train` fetches libtorch (1.2 GB) into .venv, and\n  \
         `just train` builds with it and trains; or set LIBTORCH to a libtorch 2.13 of yours and\n  \
         build with `cargo build --release --features train`"
            .to_owned(),
    ))
}

/// Starts the program again with what libgomp reads when a process starts, unless a person has set it: how long a thread
/// that has nothing to do looks for work before it sleeps. By default it looks so long that a process beside it which
/// wants a core makes training ten times slower; a tenth of a millisecond costs nothing where there is none.
#[cfg(all(feature = "train", unix))]
fn with_patience() {
    use std::os::unix::process::CommandExt;

    const SPINS: (&str, &str) = ("GOMP_SPINCOUNT", "50000");
    if std::env::var_os(SPINS.0).is_some() || std::env::var_os("OMP_WAIT_POLICY").is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // It comes back only where that failed, and then training goes on as it is.
        let _ = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SPINS.0, SPINS.1)
            .exec();
    }
}

#[cfg(feature = "train")]
fn follow(asked: &Train, sheet: &Sheet, plan: &Plan) -> Result<(String, ExitCode), Refusal> {
    use backproof::train::{DeviceChoice, Options, Outcome, STOPPED};
    use backproof::{dataset, record};

    use crate::args::Device;

    let data = dataset::load(&dataset::find(asked.data.as_deref())?)?;
    let stem = record::stem(&sheet.source.name, &plan.question);
    let options = Options {
        runs: &asked.runs,
        stem: &stem,
        resume: asked.resume,
        threads: asked.threads,
        device: asked.device.map(|device| match device {
            Device::Cpu => DeviceChoice::Cpu,
            Device::Cuda => DeviceChoice::Cuda,
        }),
        plots: !asked.no_plots,
        quiet: asked.quiet,
        color: crate::color(asked.no_color),
        ledger: asked.ledger.as_deref(),
    };
    let outcome = backproof::train::train(plan, &data, &options, &mut std::io::stdout().lock())
        .map_err(|error| Refusal::Words(error.to_string()))?;
    match outcome {
        Outcome::Finished { record, path } => {
            let mut text = String::new();
            let drawn = if asked.no_plots {
                Vec::new()
            } else {
                backproof::plots::write(&record, &asked.runs, &stem)
                    .map_err(|(path, error)| Refusal::Words(format!("{}: {error}", path.display())))?
            };
            if !asked.quiet {
                for model in &record.models {
                    let right = model.last().map_or(0, |epoch| epoch.test);
                    text +=
                        &format!("{}: {right} of {} test images are right\n", model.name, record.images.test);
                }
                text += &format!("The record of the run is {}.\n", path.display());
                if !drawn.is_empty() {
                    text += &format!("Pictures of it are beside it: {stem}.*.svg.\n");
                }
            }
            Ok((text, ExitCode::SUCCESS))
        }
        Outcome::Stopped { model, epochs, checkpoint } => {
            let kept = match checkpoint {
                Some(path) => format!("{} holds it up to the last epoch; --resume goes on", path.display()),
                None => "no epoch was finished, so nothing is kept".to_owned(),
            };
            eprintln!("stopped in {model} after {epochs} epochs; {kept}");
            Ok((String::new(), ExitCode::from(u8::try_from(STOPPED).unwrap_or(u8::MAX))))
        }
    }
}
