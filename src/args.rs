//! What a person may type lives here: commands, options, their help. Nothing is read or computed.

use std::path::PathBuf;

use backproof::kinds::training::MAX_EPOCHS;
use backproof::num::decimal::MAX_DIGITS;
use backproof::render::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Exact answers, independently checked, for machine-learning problem sheets.
#[derive(Parser)]
#[command(name = "backproof", version, about, max_term_width = 100)]
#[command(after_help = "Without a command, `verify`; without a sheet, the first that `sheets` lists.\n\n\
    Exit status: 0 nothing fails or is undecided; 1 something is; 2 bad input or usage.")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// A row per answer: value, evidence, verdict; a summary line
    Verify(Verify),
    /// Answer tables: for a terminal, Markdown, LaTeX, CSV, JSON
    Tables(Tables),
    /// The worked steps: formula, numbers filled in, result
    Explain(Common),
    /// A blank form for one's own answers, to be filled in and given to `check`
    Answers(Answers),
    /// Mark filled forms: right, right to its digits, off, wrong, and where a slip began
    #[command(
        after_help = "A form is what `backproof answers` writes. It names its sheet; --sheet overrides that.\n\n\
        Exit status: 0 every answer is right; 1 one is off, wrong, blank or not readable; 2 a file\n\
        that is no form of its sheet, or bad usage."
    )]
    Check(Check),
    /// Find Fashion-MNIST or download it, check it, lay it where torchvision looks
    #[command(
        after_help = "Looked for in DIR, or without it in data and where Debian's package dataset-fashion-mnist has\n\
        it; if it is in neither, it is downloaded from its own address (30 MB). DIR may hold the four files as\n\
        they are or compressed (.gz)."
    )]
    Data(Data),
    /// Write the notebook for a training question; --run executes it
    #[command(
        after_help = "The file is called after the name and the sheet: Lovelace_Ada_assignment2.ipynb. With --skeleton,\n\
        only functions whose body is a `pass` are filled in, and every other byte stays as it is. --run needs\n\
        Jupyter, torch and torchvision."
    )]
    Notebook(Notebook),
    /// Train the networks of a sheet as PyTorch does, bit for bit on a CPU
    #[command(
        after_help = "Trains what a question of kind `training` asks for, prints a line an epoch, and writes to DIR the\n\
        record of the run, the weights, pictures of both (see `plots`), and after every epoch a checkpoint.\n\
        Ctrl-C stops it; --resume goes on to the same numbers.\n\n\
        Exit status: 0 trained; 2 bad input, or a program that was built without training; 130 stopped."
    )]
    Train(Train),
    /// Draw training runs: accuracy, loss, confusion matrices, as SVG beside their records
    #[command(
        after_help = "A record is what `backproof train` writes: NAME.json. Beside it are written NAME.accuracy.svg,\n\
        NAME.loss.svg where it holds losses, and NAME.MODEL.confusion.svg of every model. `train` draws these\n\
        itself, and from the predictions NAME.MODEL.mistaken.svg, a page of misclassified images.\n\n\
        Exit status: 0 drawn; 2 bad input, or a program that was built without pictures."
    )]
    Plots(Plots),
    /// A small commented sheet of one kind; without KIND, the kinds
    Example {
        /// A kind of question
        kind: Option<String>,
    },
    /// The sheets that are built in; with NAME, the text of one
    Sheets {
        /// The name of a sheet
        name: Option<String>,
    },
    /// What a sheet may hold: a JSON Schema for editors, or the reference
    Schema {
        /// How to print
        #[arg(long, value_enum, default_value_t = SchemaFormat::Json)]
        format: SchemaFormat,
    },
}

/// What is asked of every command that reads a sheet.
#[derive(Args)]
pub struct Common {
    /// The sheet, a TOML file, or the name of one that is built in; `-` reads standard input
    pub sheet: Option<String>,
    /// Only this question, or all whose id begins with it: 2.2, 1
    #[arg(long, value_name = "ID")]
    pub only: Option<String>,
    /// Digits after the point [default: the sheet's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_DIGITS)))]
    pub digits: Option<u32>,
    /// Significant digits instead of digits after the point
    #[arg(long, value_name = "N", conflicts_with = "digits", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub significant: Option<u32>,
    /// The folder with records of training runs [default: runs, if it is there]
    #[arg(long, value_name = "DIR")]
    pub runs: Option<PathBuf>,
    /// Only what is not green; of `verify` also the summary
    #[arg(long, short)]
    pub quiet: bool,
    /// No colour, also where the output is a terminal
    #[arg(long)]
    pub no_color: bool,
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    pub common: Common,
    /// How to print
    #[arg(long, value_enum, default_value_t = VerifyFormat::Terminal)]
    pub format: VerifyFormat,
    /// Exit 1 also where an answer did not run; with --plant, where one of several sources alone refuses a wrong value
    #[arg(long)]
    pub strict: bool,
    /// Put wrong values in place of the answers and print which sources refuse them; with --only, also their names
    #[arg(long)]
    pub plant: bool,
}

#[derive(Args)]
pub struct Answers {
    /// The sheet, a TOML file, or the name of one that is built in
    pub sheet: Option<String>,
    /// Only this question, or all whose id begins with it: 2.2, 1
    #[arg(long, value_name = "ID")]
    pub only: Option<String>,
    /// The folder with records of training runs [default: runs, if it is there]
    #[arg(long, value_name = "DIR")]
    pub runs: Option<PathBuf>,
}

#[derive(Args)]
pub struct Check {
    /// Filled forms; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// The sheet that they answer, a TOML file or a name [default: the one that the form names]
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Only this question, or all whose id begins with it: 2.2, 1
    #[arg(long, value_name = "ID")]
    pub only: Option<String>,
    /// The folder with records of training runs [default: runs, if it is there]
    #[arg(long, value_name = "DIR")]
    pub runs: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = VerifyFormat::Terminal)]
    pub format: VerifyFormat,
    /// Only what is not right, and the summary
    #[arg(long, short)]
    pub quiet: bool,
    /// No colour, also where the output is a terminal
    #[arg(long)]
    pub no_color: bool,
}

#[derive(Args)]
pub struct Data {
    /// The folder that holds the four files
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The folder that torchvision has as its root
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub into: PathBuf,
}

// Without libtorch only the plan is made, and most options wait.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
#[derive(Args)]
pub struct Train {
    /// The sheet, a TOML file, or the name of one that is built in; `-` reads standard input
    pub sheet: Option<String>,
    /// The question, where the sheet has several of kind `training`
    #[arg(long, value_name = "ID")]
    pub only: Option<String>,
    /// So many epochs [default: the sheet's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MAX_EPOCHS))]
    pub epochs: Option<u64>,
    /// Only the first N batches of every pass, to try it out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub batches: Option<u64>,
    /// The folder that holds the data [default: data, or where Debian's package has it]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The folder for records, weights and checkpoints
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Go on from the checkpoint of a run that was stopped
    #[arg(long)]
    pub resume: bool,
    /// Threads of one operation; other numbers may give other bits [default: libtorch's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub threads: Option<u64>,
    /// Where to compute [default: cuda where there is one]
    #[arg(long, value_enum)]
    pub device: Option<Device>,
    /// Print what would be trained, tensor by tensor, as JSON, and train nothing
    #[arg(long)]
    pub plan: bool,
    /// Write every draw from the random generator to a file
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Draw no pictures
    #[arg(long)]
    pub no_plots: bool,
    /// Only the lines of epochs
    #[arg(long, short)]
    pub quiet: bool,
    /// No colour, also where the output is a terminal
    #[arg(long)]
    pub no_color: bool,
}

#[cfg_attr(not(feature = "plots"), allow(dead_code))]
#[derive(Args)]
pub struct Plots {
    /// Records of runs [default: all in --runs]
    #[arg(value_name = "RECORD", conflicts_with = "runs")]
    pub records: Vec<PathBuf>,
    /// The folder whose records are drawn
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Device {
    Cpu,
    Cuda,
}

#[derive(Args)]
pub struct Notebook {
    /// The sheet, a TOML file, or the name of one that is built in
    pub sheet: Option<String>,
    /// Who hands it in
    #[arg(long, value_name = "LASTNAME_FIRSTNAME")]
    pub name: String,
    /// The training question, where the sheet has several
    #[arg(long, value_name = "ID")]
    pub only: Option<String>,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// A notebook of one's own to fill in
    #[arg(long, value_name = "FILE")]
    pub skeleton: Option<PathBuf>,
    /// Execute it with Jupyter and keep the outputs
    #[arg(long)]
    pub run: bool,
    /// Write over a file that stands there
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Tables {
    #[command(flatten)]
    pub common: Common,
    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Terminal)]
    pub format: TableFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    Terminal,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    Json,
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
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

/// The commands, in the order of the help.
pub const COMMANDS: [&str; 12] = [
    "verify", "tables", "explain", "answers", "check", "data", "train", "plots", "notebook", "example",
    "sheets", "schema",
];

/// Puts `verify` in front where the first word is not a command, so that `backproof sheet.toml` is `verify sheet.toml`.
pub fn with_command(mut words: Vec<String>) -> Vec<String> {
    const GENERAL: [&str; 5] = ["help", "-h", "--help", "-V", "--version"];
    match words.get(1) {
        Some(first) if COMMANDS.contains(&first.as_str()) || GENERAL.contains(&first.as_str()) => {}
        _ => words.insert(1.min(words.len()), "verify".to_owned()),
    }
    words
}
