//! Arguments and exit codes live here; everything else is in the library.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use backproof::num::Rounding;
use backproof::num::decimal::MAX_DIGITS;
use backproof::render::{self, Format, Options};
use backproof::report::Report;
use backproof::sheet::{Sheet, SheetError, Source, shown};
use backproof::{kinds, pipeline};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Exit status where something fails or is undecided.
const FAILED: u8 = 1;
/// Exit status for bad input and bad usage.
const BAD_INPUT: u8 = 2;

/// Exact answers, independently checked, for machine-learning problem sheets.
#[derive(Parser)]
#[command(name = "backproof", version, about, max_term_width = 100)]
#[command(after_help = "Without a command, `verify`; without a sheet, the one that is built in.\n\n\
    Exit status: 0 nothing fails or is undecided; 1 something is; 2 bad input or usage.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A row per answer: value, evidence, verdict; a summary line
    Verify(Verify),
    /// Answer tables: for a terminal, Markdown, LaTeX, CSV, JSON
    Tables(Tables),
    /// The worked steps: formula, numbers filled in, result
    Explain(Common),
    /// A small commented sheet of one kind; without KIND, the kinds
    Example {
        /// A kind of question
        kind: Option<String>,
    },
}

/// What is asked of every command that reads a sheet.
#[derive(Args)]
struct Common {
    /// The sheet, a TOML file; `-` reads standard input [default: the one that is built in]
    sheet: Option<String>,
    /// Only this question, or all whose id begins with it: 2.2, 1
    #[arg(long, value_name = "ID")]
    only: Option<String>,
    /// Digits after the point [default: the sheet's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_DIGITS)))]
    digits: Option<u32>,
    /// Significant digits instead of digits after the point
    #[arg(long, value_name = "N", conflicts_with = "digits", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    significant: Option<u32>,
    /// Only what is not green, and the summary
    #[arg(long, short)]
    quiet: bool,
    /// No colour, also where the output is a terminal
    #[arg(long)]
    no_color: bool,
}

#[derive(Args)]
struct Verify {
    #[command(flatten)]
    common: Common,
    /// How to print
    #[arg(long, value_enum, default_value_t = VerifyFormat::Terminal)]
    format: VerifyFormat,
    /// Exit 1 also where an answer did not run
    #[arg(long)]
    strict: bool,
}

#[derive(Args)]
struct Tables {
    #[command(flatten)]
    common: Common,
    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Terminal)]
    format: TableFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    Terminal,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Terminal,
    Markdown,
    Latex,
    Csv,
    Json,
}

impl From<TableFormat> for Format {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Terminal => Self::Terminal,
            TableFormat::Markdown => Self::Markdown,
            TableFormat::Latex => Self::Latex,
            TableFormat::Csv => Self::Csv,
            TableFormat::Json => Self::Json,
        }
    }
}

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
            let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let text = match refusal {
                Refusal::Sheet(error) => error.render(color),
                Refusal::Words(words) => format!("error: {words}\n"),
            };
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(BAD_INPUT)
        }
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

/// Puts `verify` in front where the first word is not a command, so that `backproof sheet.toml` is `verify sheet.toml`.
fn with_command(mut words: Vec<String>) -> Vec<String> {
    const COMMANDS: [&str; 5] = ["verify", "tables", "explain", "example", "help"];
    const GENERAL: [&str; 4] = ["-h", "--help", "-V", "--version"];
    match words.get(1) {
        Some(first) if COMMANDS.contains(&first.as_str()) || GENERAL.contains(&first.as_str()) => {}
        _ => words.insert(1.min(words.len()), "verify".to_owned()),
    }
    words
}

fn run(command: &Command) -> Result<(String, ExitCode), Refusal> {
    match command {
        Command::Verify(verify) => {
            let report = examine(&verify.common)?;
            let options = options(&verify.common)?;
            let text = match verify.format {
                VerifyFormat::Terminal => render::verify(&report, &options),
                VerifyFormat::Json => render::json(&report, &options) + "\n",
            };
            Ok((text, exit(&report, verify.strict)))
        }
        Command::Tables(tables) => {
            let report = examine(&tables.common)?;
            let mut text = render::tables(&report, tables.format.into(), &options(&tables.common)?);
            if !text.ends_with('\n') {
                text.push('\n');
            }
            Ok((text, exit(&report, false)))
        }
        Command::Explain(common) => {
            let report = examine(common)?;
            Ok((render::explain(&report, &options(common)?), exit(&report, false)))
        }
        Command::Example { kind } => example(kind.as_deref()).map(|text| (text, ExitCode::SUCCESS)),
    }
}

fn exit(report: &Report, strict: bool) -> ExitCode {
    let s = report.summary();
    let failed = s.fail > 0 || s.undecided > 0 || (strict && s.not_run > 0);
    if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

fn options(common: &Common) -> Result<Options, Refusal> {
    let rounding = common.digits.map(Rounding::Digits).or(common.significant.map(Rounding::Significant));
    let color = !common.no_color && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    Ok(Options { rounding, color, quiet: common.quiet, ..Options::default() })
}

/// Reads the sheet and judges it; keeps what `--only` names.
fn examine(common: &Common) -> Result<Report, Refusal> {
    let source = match common.sheet.as_deref() {
        None => backproof::default_sheet(),
        Some("-") => Source::read_from(std::io::stdin().lock(), "standard input")?,
        Some(path) => Source::read(std::path::Path::new(path)).map_err(|error| not_a_sheet(path, error))?,
    };
    let mut sheet = Sheet::parse(source)?;
    // Evidence has to settle every digit that is printed, also where more are asked for than the sheet does.
    for question in &mut sheet.questions {
        question.digits = question.digits.max(common.digits.unwrap_or(0));
    }
    let mut report = pipeline::examine(&sheet)?;
    if let Some(only) = &common.only {
        let ids: Vec<String> = report.questions.iter().map(|q| q.id.clone()).collect();
        report.questions.retain(|q| is_part(&q.id, only));
        report.notices.retain(|n| n.question.as_deref().is_some_and(|q| is_part(q, only)));
        if report.questions.is_empty() {
            return Err(Refusal::Words(format!(
                "no question {} in this sheet; it has {}",
                shown(only),
                ids.join(", ")
            )));
        }
    }
    Ok(report)
}

/// Whether a question's id is the one asked for, or a part of it: `1.3a` and `1.3.2` of `1.3`, but not `1.30`.
fn is_part(id: &str, only: &str) -> bool {
    let last_is_digit = only.chars().last().is_some_and(|c| c.is_ascii_digit());
    id.strip_prefix(only)
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| !(last_is_digit && c.is_ascii_digit())))
}

/// A first word that is neither a command nor a file is told so in both ways.
fn not_a_sheet(path: &str, error: SheetError) -> Refusal {
    if std::path::Path::new(path).exists() || path.contains(['/', '.']) {
        return error.into();
    }
    Refusal::Words(format!(
        "{} is neither a command nor a file\n  \
         commands: verify, tables, explain, example\n  \
         a sheet: the path of a TOML file",
        shown(path)
    ))
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
            let near = backproof::sheet::nearest(name, names.iter().copied());
            let hint = near.map_or(String::new(), |n| format!("; did you mean {n}?"));
            Err(Refusal::Words(format!("no kind {}{hint}\n  kinds: {}", shown(name), names.join(", "))))
        }
    }
}
