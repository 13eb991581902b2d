//! Running `answers` and `check` lives here: which sheet a form is for, which file is printed where, the exit status.
//! Marking is in the library.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backproof::gallery;
use backproof::marking::{self, Form, Paper};
use backproof::pipeline::{self, Key};
use backproof::render::{self, Options};
use backproof::report::Report;
use backproof::sheet::{Sheet, SheetError, Source, shown};

use crate::args::{Answers, Check, VerifyFormat};
use crate::{BAD_INPUT, FAILED, Refusal, check_only, color, is_part, no_question, runs, source};

/// The blank form of a sheet.
pub fn form(asked: &Answers) -> Result<String, Refusal> {
    check_only(asked.only.as_deref())?;
    let name = match asked.sheet.as_deref() {
        None => gallery::DEFAULT.name,
        Some("-") => {
            let words = "a form names its sheet, and standard input has no name; give the path of a file";
            return Err(Refusal::Words(words.to_owned()));
        }
        Some(name) => name,
    };
    let sheet = Sheet::parse(source(asked.sheet.as_deref())?)?;
    let keys = pipeline::keys_with(&sheet, &runs::of(&sheet, asked.runs.as_deref())?)?;
    let ids: Vec<String> = keys.iter().map(|k| k.question.id.clone()).collect();
    let is_asked = |id: &str| asked.only.as_deref().is_none_or(|only| is_part(id, only));
    let questions: Vec<_> = keys.into_iter().map(|k| k.question).filter(|q| is_asked(&q.id)).collect();
    match &asked.only {
        Some(only) if questions.is_empty() => Err(no_question(only, ids.iter().map(String::as_str))),
        _ => {
            let report = Report { title: sheet.title.clone(), questions, notices: Vec::new() };
            Ok(marking::form(&report, name))
        }
    }
}

/// A sheet that was solved, kept for the files that name it too.
struct Solved {
    name: Option<String>,
    title: String,
    keys: Vec<Key>,
}

/// Marks every file; one that cannot be marked does not keep the others from it.
pub fn check(asked: &Check) -> Result<(String, ExitCode), Refusal> {
    check_only(asked.only.as_deref())?;
    let mut solved: Vec<Solved> = Vec::new();
    let mut papers = Vec::new();
    let mut refused = false;
    for file in &asked.files {
        match mark(file, asked, &mut solved) {
            Ok(paper) => papers.push(paper),
            Err(refusal) => {
                refused = true;
                refusal.print();
            }
        }
    }
    let text = match asked.format {
        VerifyFormat::Json if papers.is_empty() => String::new(),
        VerifyFormat::Json => render::marks_json(&papers) + "\n",
        VerifyFormat::Terminal => {
            let options = Options { color: color(asked.no_color), quiet: asked.quiet, ..Options::default() };
            let named = asked.files.len() > 1;
            let screens: Vec<String> = papers.iter().map(|p| render::marks(p, named, &options)).collect();
            screens.join("\n")
        }
    };
    let code = if refused {
        ExitCode::from(BAD_INPUT)
    } else if papers.iter().all(Paper::is_all_right) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    };
    Ok((text, code))
}

fn mark(file: &str, asked: &Check, solved: &mut Vec<Solved>) -> Result<Paper, Refusal> {
    let form = if file == "-" {
        Source::read_from(std::io::stdin().lock(), "standard input")
    } else {
        Source::read(file)
    };
    // What cannot be read has no place, and help for sheets is of no use here.
    let form = form.map_err(|error| {
        SheetError::plain(error.message(), "give the path of a form that `backproof answers` wrote")
    })?;
    let form = Form::parse(form)?;
    let (name, text) = sheet_of(&form, file, asked)?;
    let at = match solved.iter().position(|s| s.name == name) {
        Some(at) => at,
        None => {
            let sheet = Sheet::parse(text)?;
            let keys = pipeline::keys_with(&sheet, &runs::of(&sheet, asked.runs.as_deref())?)?;
            solved.push(Solved { name, title: sheet.title, keys });
            solved.len() - 1
        }
    };
    let Some(sheet) = solved.get(at) else { return Err(Refusal::Words("no sheet was read".to_owned())) };
    let is_asked = |id: &str| asked.only.as_deref().is_none_or(|only| is_part(id, only));
    if let Some(only) = asked.only.as_deref()
        && !sheet.keys.iter().any(|k| is_asked(&k.question.id))
    {
        let ids: Vec<String> = sheet.keys.iter().map(|k| k.question.id.clone()).collect();
        return Err(no_question(only, ids.iter().map(String::as_str)));
    }
    Ok(marking::paper(&form, &sheet.title, &sheet.keys, is_asked)?)
}

/// The sheet that a form answers, with the name that it is kept under.
fn sheet_of(form: &Form, file: &str, asked: &Check) -> Result<(Option<String>, Source), Refusal> {
    if let Some(name) = &asked.sheet {
        return Ok((Some(name.clone()), source(Some(name))?));
    }
    let Some((name, span)) = form.sheet()? else { return Ok((None, source(None)?)) };
    let places = [PathBuf::from(&name), Path::new(file).parent().unwrap_or(Path::new("")).join(&name)];
    // Only files of the usual sort: a form may come from anybody, and a pipe would be waited for.
    if let Some(path) = places.iter().find(|path| path.is_file()) {
        return Ok((Some(path.display().to_string()), Source::read(path)?));
    }
    match gallery::find(&name) {
        Some(built_in) => Ok((Some(name), built_in.source())),
        None => {
            let message = format!("there is no sheet {}", shown(&name));
            let help =
                "write the path of a sheet or a name that `backproof sheets` lists, or give --sheet SHEET";
            Err(SheetError::at(form.source(), span, message, help).into())
        }
    }
}
