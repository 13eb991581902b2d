//! Running `notebook` lives here: which sheet, where the file goes, running it, what is said. What stands in the
//! notebook is in the library.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use backproof::dataset;
use backproof::notebook::{Filled, Jupyter, MAX_SKELETON, Name, NotebookError, Recipe};
use backproof::sheet::{Sheet, SheetError, shown};

use crate::args::Notebook;
use crate::{Refusal, check_only, runs, source};

impl From<NotebookError> for Refusal {
    fn from(error: NotebookError) -> Self {
        match error {
            NotebookError::Sheet(error) => error.into(),
            other => SheetError::plain(other.to_string(), other.help()).into(),
        }
    }
}

/// Writes the notebook, run where that is asked for.
pub fn notebook(asked: &Notebook) -> Result<String, Refusal> {
    check_only(asked.only.as_deref())?;
    let name = Name::read(&asked.name)?;
    let sheet = Sheet::parse(source(asked.sheet.as_deref())?)?;
    let known = runs::of(&sheet, None)?;
    let recipe = Recipe::of(&sheet, asked.only.as_deref())?.with_runs(&known);
    let path = asked.out.join(name.file(&sheet));
    if path.exists() && !asked.force {
        return Err(refused(
            format!("{} stands there already; it was left as it is", path.display()),
            "give --force to write over it, or another folder with --out",
        ));
    }
    let filled = match &asked.skeleton {
        Some(skeleton) => recipe.fill(&read(skeleton)?)?,
        None => Filled { text: recipe.notebook(&name).to_json(), filled: Vec::new(), left: Vec::new() },
    };
    // Before minutes of training, so that they are not lost at the end.
    let jupyter = if asked.run { Some(Jupyter::find()?) } else { None };
    fs::create_dir_all(&asked.out).map_err(|error| unwritable(&asked.out, &error))?;
    let text = match &jupyter {
        Some(jupyter) => ran(jupyter, &asked.out, &filled.text)?,
        None => filled.text.clone(),
    };
    whole(&path, &text).map_err(|error| unwritable(&path, &error))?;
    Ok(told(asked, &path, &filled))
}

fn refused(message: String, help: &str) -> Refusal {
    SheetError::plain(message, help).into()
}

fn unwritable(path: &Path, error: &std::io::Error) -> Refusal {
    refused(format!("{} cannot be written: {error}", path.display()), "name another folder with --out")
}

/// A person's notebook.
fn read(path: &Path) -> Result<String, Refusal> {
    let name = shown(&path.display().to_string());
    let wrong = |why: String| {
        refused(format!("{name} cannot be read: {why}"), "give the .ipynb file to be filled in")
    };
    let metadata = fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if !metadata.is_file() {
        return Err(wrong("it is not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_SKELETON + 1).read_to_end(&mut bytes))
        .map_err(|error| wrong(error.to_string()))?;
    String::from_utf8(bytes)
        .map_err(|error| wrong(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to())))
}

/// Runs a notebook in a folder where `data` has the data set, if this machine has it.
fn ran(jupyter: &Jupyter, out: &Path, text: &str) -> Result<String, Refusal> {
    let root = out.join(dataset::PROJECT);
    if dataset::find(Some(&root)).is_err()
        && let Ok(found) = dataset::find(None)
    {
        let laid = dataset::lay(&dataset::load(&found)?, &root)?;
        eprintln!("The data set was laid in {} from {}.", laid.folder.display(), found.folder.display());
    }
    eprintln!("Running with `{}`; training takes minutes.", jupyter.shown());
    let beside = out.join(format!(".backproof-{}.ipynb", std::process::id()));
    let ran = whole(&beside, text)
        .map_err(|error| unwritable(&beside, &error))
        .and_then(|()| Ok(jupyter.run(&beside)?));
    let _ = fs::remove_file(&beside);
    ran
}

/// Writes beside the place and renames, so that the name never stands for half a file.
fn whole(path: &Path, text: &str) -> std::io::Result<()> {
    let beside: PathBuf = path.with_extension(format!("{}.part", std::process::id()));
    let write = || {
        let mut file = fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

fn told(asked: &Notebook, path: &Path, filled: &Filled) -> String {
    let mut text = String::new();
    if asked.skeleton.is_some() {
        let what = if filled.filled.is_empty() { "nothing".to_owned() } else { filled.filled.join(", ") };
        let _ = writeln!(text, "Filled in: {what}.");
        for sentence in &filled.left {
            let _ = writeln!(text, "Left as it is: {sentence}");
        }
    }
    let how = if asked.run { "with its outputs" } else { "not run" };
    let _ = writeln!(text, "Written to {}, {how}.", path.display());
    text
}
