//! Running a command lives here: where a sheet comes from, what is printed where, exit codes. What may be typed is in
//! `args`, everything else in the library.

mod args;
mod check;
mod data;
mod drawing;
mod handin;
mod runs;
mod training;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use backproof::num::Rounding;
use backproof::record::Runs;
use backproof::render::{self, Options};
use backproof::report::Report;
use backproof::sheet::{Sheet, SheetError, Source, nearest, shown};
use backproof::{gallery, kinds, pipeline, schema};
use clap::Parser;

use args::{Arguments, COMMANDS, Command, Common, SchemaFormat, Verify, VerifyFormat, with_command};

/// Exit status where something fails or is undecided.
const FAILED: u8 = 1;
/// Exit status for bad input and bad usage.
const BAD_INPUT: u8 = 2;

/// What ends the program before it could answer.
enum Refusal {
    Sheet(Box<SheetError>),
    Words(String),
}

impl From<SheetError> for Refusal {
    fn from(error: SheetError) -> Self {
        Self::Sheet(Box::new(error))
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let arguments = match Arguments::try_parse_from(with_command(words)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS };
        }
    };
    match on_a_deep_stack(move || run(&arguments.command)) {
        Ok((text, code)) => {
            // A reader that has seen enough closes the pipe; that is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            code
        }
        Err(refusal) => {
            refusal.print();
            ExitCode::from(BAD_INPUT)
        }
    }
}

impl Refusal {
    fn print(&self) {
        let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let text = match self {
            Self::Sheet(error) => error.render(color),
            Self::Words(words) => format!("error: {words}\n"),
        };
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

/// Bytes of stack for the work. Comparing two fractions recurses once for every partial quotient that they share, and
/// a sheet may hold two numbers of thousands of digits that nearly agree.
const STACK: usize = 256 << 20;

/// Runs the work on a stack that numbers at the limits of a sheet do not exhaust.
fn on_a_deep_stack(
    work: impl FnOnce() -> Result<(String, ExitCode), Refusal> + Send + 'static,
) -> Result<(String, ExitCode), Refusal> {
    let failed = |what: String| Err(Refusal::Words(what));
    match std::thread::Builder::new().stack_size(STACK).spawn(work) {
        Ok(thread) => thread
            .join()
            .unwrap_or_else(|_| failed("this is a fault of the program; please report it".to_owned())),
        Err(error) => failed(format!("no thread could be started: {error}")),
    }
}

fn run(command: &Command) -> Result<(String, ExitCode), Refusal> {
    match command {
        Command::Verify(verify) if verify.plant => plant(verify),
        Command::Verify(verify) => {
            let report = examine(&verify.common, pipeline::examine_with)?;
            let options = options(&verify.common)?;
            let text = match verify.format {
                VerifyFormat::Terminal => render::verify(&report, &options),
                VerifyFormat::Json => render::json(&report, &options) + "\n",
            };
            Ok((text, exit(&report, verify.strict)))
        }
        Command::Tables(tables) => {
            let report = examine(&tables.common, pipeline::examine_with)?;
            let mut text = render::tables(&report, tables.format.into(), &options(&tables.common)?);
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            Ok((text, exit(&report, false)))
        }
        Command::Explain(common) => {
            let report = examine(common, pipeline::explain_with)?;
            Ok((render::explain(&report, &options(common)?), exit(&report, false)))
        }
        Command::Answers(asked) => check::form(asked).map(|text| (text, ExitCode::SUCCESS)),
        Command::Check(asked) => check::check(asked),
        Command::Notebook(asked) => handin::notebook(asked).map(|text| (text, ExitCode::SUCCESS)),
        Command::Train(asked) => training::train(asked),
        Command::Plots(asked) => drawing::plots(asked).map(|text| (text, ExitCode::SUCCESS)),
        Command::Data(asked) => data::data(asked).map(|text| (text, ExitCode::SUCCESS)),
        Command::Schema { format } => {
            let text = match format {
                SchemaFormat::Json => schema::json(),
                SchemaFormat::Markdown => schema::reference(),
            };
            Ok((text, ExitCode::SUCCESS))
        }
        Command::Example { kind } => example(kind.as_deref()).map(|text| (text, ExitCode::SUCCESS)),
        Command::Sheets { name } => sheets(name.as_deref()).map(|text| (text, ExitCode::SUCCESS)),
    }
}

fn exit(report: &Report, strict: bool) -> ExitCode {
    let s = report.summary();
    let failed = s.fail > 0 || s.undecided > 0 || (strict && s.not_run > 0);
    if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

fn options(common: &Common) -> Result<Options, Refusal> {
    let rounding = common.digits.map(Rounding::Digits).or(common.significant.map(Rounding::Significant));
    Ok(Options { rounding, color: color(common.no_color), quiet: common.quiet, ..Options::default() })
}

/// Whether colour may help on standard output.
fn color(refused: bool) -> bool {
    !refused && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The text of a sheet: of a file, or of a sheet that is built in where no file has the name.
fn source(sheet: Option<&str>) -> Result<Source, Refusal> {
    let Some(name) = sheet else { return Ok(backproof::default_sheet()) };
    if name == "-" {
        return Ok(Source::read_from(std::io::stdin().lock(), "standard input")?);
    }
    let path = Path::new(name);
    match gallery::find(name) {
        Some(built_in) if !path.exists() || path.is_dir() => Ok(built_in.source()),
        _ => Source::read(path).map_err(|error| not_a_sheet(name, error)),
    }
}

/// Plants wrong values; exit 0 where all are refused.
fn plant(verify: &Verify) -> Result<(String, ExitCode), Refusal> {
    let common = &verify.common;
    let sheet = read(common)?;
    let only = common.only.as_deref();
    let runs = runs::of(&sheet, common.runs.as_deref())?;
    let planting = pipeline::plant_with(&sheet, &runs, |id| only.is_none_or(|only| is_part(id, only)))?;
    if let (Some(only), true) = (only, planting.questions.is_empty()) {
        return Err(no_question(only, sheet.questions.iter().map(|q| q.id.as_str())));
    }
    let options = options(common)?;
    let text = match verify.format {
        VerifyFormat::Terminal => render::plant(&planting, &options, only.is_some()),
        VerifyFormat::Json => render::plant_json(&planting) + "\n",
    };
    let h = planting.harvest();
    let failed = h.refused < h.planted || h.not_held > 0 || (verify.strict && h.weak > 0);
    Ok((text, if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }))
}

/// Reads the sheet, with the digits that are asked for.
fn read(common: &Common) -> Result<Sheet, Refusal> {
    check_only(common.only.as_deref())?;
    let mut sheet = Sheet::parse(source(common.sheet.as_deref())?)?;
    // Evidence has to settle every digit that is printed, also where more are asked for than the sheet does.
    let asked = common.digits.or(common.significant).unwrap_or(0);
    for question in &mut sheet.questions {
        question.digits = question.digits.max(asked);
    }
    Ok(sheet)
}

fn no_question<'a>(only: &str, ids: impl Iterator<Item = &'a str>) -> Refusal {
    let ids: Vec<&str> = ids.collect();
    Refusal::Words(format!("no question {} in this sheet; it has {}", shown(only), ids.join(", ")))
}

/// Reads the sheet and judges it; keeps what `--only` names.
fn examine(
    common: &Common,
    judge: impl Fn(&Sheet, &Runs) -> Result<Report, SheetError>,
) -> Result<Report, Refusal> {
    let sheet = read(common)?;
    let mut report = judge(&sheet, &runs::of(&sheet, common.runs.as_deref())?)?;
    if let Some(digits) = common.significant {
        report.hold_to(Rounding::Significant(digits));
    }
    if let Some(only) = &common.only {
        report.questions.retain(|q| is_part(&q.id, only));
        report.notices.retain(|n| n.question.as_deref().is_some_and(|q| is_part(q, only)));
        if report.questions.is_empty() {
            return Err(no_question(only, sheet.questions.iter().map(|q| q.id.as_str())));
        }
    }
    Ok(report)
}

fn check_only(only: Option<&str>) -> Result<(), Refusal> {
    if only.is_some_and(|only| only.trim().is_empty()) {
        return Err(Refusal::Words(
            "--only is empty; give it the id of a question, such as --only 2.2".to_owned(),
        ));
    }
    Ok(())
}

/// Whether a question's id is the one asked for, or a part of it: `1.3a` and `1.3.2` of `1.3`, but not `1.30`.
fn is_part(id: &str, only: &str) -> bool {
    let last_is_digit = only.chars().last().is_some_and(|c| c.is_ascii_digit());
    id.strip_prefix(only)
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| !(last_is_digit && c.is_ascii_digit())))
}

/// A word that is neither a command nor a file nor a sheet is told so in all three ways.
fn not_a_sheet(word: &str, error: SheetError) -> Refusal {
    if Path::new(word).exists() || word.contains(['/', '.']) {
        return error.into();
    }
    let names = COMMANDS.into_iter().chain(gallery::names());
    Refusal::Words(format!(
        "{} is neither a command nor a file nor a built-in sheet{}\n  \
         commands: {}\n  \
         a sheet: the path of a TOML file, or a name that `backproof sheets` lists",
        shown(word),
        suggestion(word, names),
        COMMANDS.join(", ")
    ))
}

/// The known name that was probably meant: a slip of the pen away, or begun with the word.
fn suggestion(word: &str, names: impl Iterator<Item = &'static str> + Clone) -> String {
    let begun = |name: &&str| word.len() > 2 && name.starts_with(&word.to_lowercase());
    let near = nearest(word, names.clone()).or_else(|| names.clone().find(begun));
    near.map_or(String::new(), |name| format!("; did you mean {name}?"))
}

/// The sheets that are built in, or the text of one.
fn sheets(name: Option<&str>) -> Result<String, Refusal> {
    let Some(name) = name else {
        let mut text = String::from(
            "Sheets that are built in; `backproof NAME` verifies one, `backproof sheets NAME`\nprints its text.\n",
        );
        for sheet in &gallery::SHEETS {
            let title = Sheet::parse(sheet.source())?.title;
            text.push_str(&format!("\n  {}: {title}\n    {}\n", sheet.name, sheet.shows));
        }
        return Ok(text);
    };
    gallery::find(name).map(|sheet| sheet.text.to_owned()).ok_or_else(|| {
        Refusal::Words(format!(
            "no built-in sheet {}{}\n  `backproof sheets` lists them",
            shown(name),
            suggestion(name, gallery::names())
        ))
    })
}

fn example(kind: Option<&str>) -> Result<String, Refusal> {
    let Some(name) = kind else {
        let mut text =
            String::from("Kinds of questions; `backproof example KIND` prints a small sheet of one.\n\n");
        for kind in kinds::KINDS {
            text.push_str(&format!("  {:<22} {}\n", kind.name, kind.title));
        }
        return Ok(text);
    };
    match kinds::find(name) {
        Some(kind) => Ok(kind.example.to_owned()),
        None => {
            let names: Vec<&str> = kinds::KINDS.iter().map(|k| k.name).collect();
            let hint = suggestion(name, names.iter().copied());
            Err(Refusal::Words(format!("no kind {}{hint}\n  kinds: {}", shown(name), names.join(", "))))
        }
    }
}
