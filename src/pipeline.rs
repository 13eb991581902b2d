//! The one way through lives here: sheet, problems, rows and evidence, judge, report. It knows no kind by name.

mod notice;
mod plant;

use std::collections::{HashMap, HashSet};

use crate::kinds::{self, Kind, Problem};
use crate::report::{self, Answer, Evidence, Judged, Question, Report, Row};
use crate::sheet::{Entry, Sheet, SheetError};
use notice::Reading;

pub use plant::plant;

/// The most work of a sheet's questions together, in questions of the largest kind that is allowed.
pub const MAX_LARGE_QUESTIONS: u64 = 8;

/// Reads, solves and judges every question of a sheet.
///
/// # Errors
/// The first entry that is not understood, with its place. Nothing is solved before everything is read.
pub fn examine(sheet: &Sheet) -> Result<Report, SheetError> {
    let (problems, readings) = read_all(sheet)?;
    let questions: Vec<Question> = problems.iter().map(Posed::solve).collect();
    let notices = readings.iter().map(|r| r.notice(&questions)).collect::<Result<Vec<_>, _>>()?;
    Ok(Report { title: sheet.title.clone(), questions, notices })
}

/// A question with all that other values of its rows can be held against.
pub struct Key {
    /// The question with its judged rows.
    pub question: Question,
    /// What was said of each row, by its id.
    pub evidence: Gathered,
    /// The problem.
    pub problem: Box<dyn Problem>,
}

/// Reads, solves and judges every question of a sheet, and keeps the evidence.
///
/// # Errors
/// The first entry that is not understood, with its place.
pub fn keys(sheet: &Sheet) -> Result<Vec<Key>, SheetError> {
    let problems = read_questions(sheet)?;
    let key = |posed: Posed| {
        let evidence = posed.gather();
        let question = posed.judged(&evidence);
        Key { question, evidence, problem: posed.problem }
    };
    Ok(problems.into_iter().map(key).collect())
}

/// A question that was read: its entry, its kind and its problem.
struct Posed {
    entry: Entry,
    kind: &'static Kind,
    problem: Box<dyn Problem>,
}

/// Validates all questions and notices.
fn read_all(sheet: &Sheet) -> Result<(Vec<Posed>, Vec<Reading>), SheetError> {
    let problems = read_questions(sheet)?;
    let readings = sheet.notices.iter().map(|entry| Reading::of(entry, sheet)).collect::<Result<_, _>>()?;
    Ok((problems, readings))
}

/// Validates all questions, and that together they are no more work than a sheet may be.
fn read_questions(sheet: &Sheet) -> Result<Vec<Posed>, SheetError> {
    let (mut all, mut thousandths) = (Vec::new(), 0u64);
    for entry in &sheet.questions {
        let posed = read(entry, sheet)?;
        thousandths = thousandths.saturating_add(posed.problem.thousandths());
        if thousandths > 1000 * MAX_LARGE_QUESTIONS {
            return Err(entry.error_at(
                entry.span(),
                format!(
                    "the questions up to {} are more work than {MAX_LARGE_QUESTIONS} of the largest that are allowed, \
                     the limit of a sheet",
                    crate::sheet::shown(&entry.id)
                ),
                "put this and the following questions into a sheet of their own",
            ));
        }
        all.push(posed);
    }
    Ok(all)
}

/// Validates one question.
fn read(entry: &Entry, sheet: &Sheet) -> Result<Posed, SheetError> {
    let kind = kinds::find(&entry.kind.value).ok_or_else(|| unknown_kind(entry))?;
    let entry = entry.clone();
    let problem = (kind.given)(&entry, sheet)?;
    entry.finish(kind.fields)?;
    Ok(Posed { entry, kind, problem })
}

fn unknown_kind(entry: &Entry) -> SheetError {
    let names: Vec<&str> = kinds::KINDS.iter().map(|k| k.name).collect();
    let listed = crate::sheet::listed(&names);
    let help = match crate::sheet::nearest(&entry.kind.value, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"? The kinds are {listed}"),
        None => format!("the kinds are {listed}"),
    };
    let message = format!("{} is not a kind of question", crate::sheet::shown(&entry.kind.value));
    entry.error_at(entry.kind.span.clone(), message, help)
}

/// What each piece of evidence is about, by the row's id.
pub type Gathered = HashMap<String, Vec<Evidence>>;

/// The evidence about a row.
fn about<'a>(evidence: &'a Gathered, row: &Row) -> &'a [Evidence] {
    evidence.get(&row.id).map_or(&[], Vec::as_slice)
}

/// What evidence knows of and no row answers, sorted by name: an answer that was forgotten is one that fails.
fn unanswered(evidence: &Gathered, rows: &[Row]) -> Vec<Row> {
    let answered: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut forgotten: Vec<&String> =
        evidence.keys().filter(|id| !answered.contains(id.as_str())).collect();
    forgotten.sort();
    let row = |id: &String| Row::new(id.clone(), id.clone(), Answer::absent("no answer was worked out"));
    forgotten.into_iter().map(row).collect()
}

impl Posed {
    /// Solves the problem, and has the rows judged by evidence that is gathered apart from them.
    fn solve(&self) -> Question {
        self.judged(&self.gather())
    }

    /// The evidence, sorted by row, as a long table would otherwise be searched for each of its rows.
    fn gather(&self) -> Gathered {
        let mut evidence = Gathered::new();
        for piece in self.problem.evidence() {
            evidence.entry(piece.row.clone()).or_default().push(piece);
        }
        evidence
    }

    /// Solves the problem, and has the rows judged.
    fn judged(&self, evidence: &Gathered) -> Question {
        let digits = self.entry.digits;
        let judged = |row: Row| {
            let (verdicts, status) = report::judge(&row, about(evidence, &row), digits);
            Judged { row, verdicts, status }
        };
        let mut rows = self.problem.solve();
        rows.extend(unanswered(evidence, &rows));
        Question {
            id: self.entry.id.clone(),
            kind: self.kind.name,
            title: self.entry.title.clone().unwrap_or_else(|| self.kind.title.to_owned()),
            points: self.entry.points.clone(),
            digits,
            rows: rows.into_iter().map(judged).collect(),
        }
    }
}
