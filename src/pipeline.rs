//! The one way through lives here: sheet, problems, rows and evidence, judge, report. It knows no kind by name.

mod notice;
mod plant;

use std::collections::{HashMap, HashSet};

use crate::evidence::sampling::threads;
use crate::kinds::{self, Kind, Problem};
use crate::record::Runs;
use crate::report::{self, Answer, Evidence, Judged, Question, Report, Row};
use crate::sheet::{Entry, Sheet, SheetError};
use notice::Reading;

pub use plant::{plant, plant_with};

/// The most work of a sheet's questions together, in questions of the largest kind that is allowed.
pub const MAX_LARGE_QUESTIONS: u64 = 8;

/// Reads, solves and judges every question of a sheet.
///
/// # Errors
/// The first entry that is not understood, with its place. Nothing is solved before everything is read.
pub fn examine(sheet: &Sheet) -> Result<Report, SheetError> {
    examine_with(sheet, &Runs::default())
}

/// As [`examine`], with what is known of training runs.
///
/// # Errors
/// As for [`examine`].
pub fn examine_with(sheet: &Sheet, runs: &Runs) -> Result<Report, SheetError> {
    examined(sheet, runs).map(|(report, _)| report)
}

/// As [`examine`], with the steps that are there only to be looked at and that nobody else has to wait for.
///
/// # Errors
/// As for [`examine`].
pub fn explain(sheet: &Sheet) -> Result<Report, SheetError> {
    explain_with(sheet, &Runs::default())
}

/// As [`explain`], with what is known of training runs.
///
/// # Errors
/// As for [`examine`].
pub fn explain_with(sheet: &Sheet, runs: &Runs) -> Result<Report, SheetError> {
    let (mut report, problems) = examined(sheet, runs)?;
    for (question, posed) in report.questions.iter_mut().zip(&problems) {
        for (id, steps) in posed.problem.illustrations() {
            if let Some(judged) = question.rows.iter_mut().find(|judged| judged.row.id == id) {
                judged.row.steps.extend(steps);
            }
        }
    }
    Ok(report)
}

/// The report, and the problems of its questions in their order. Questions know nothing of each other, so several are
/// worked out at once.
fn examined(sheet: &Sheet, runs: &Runs) -> Result<(Report, Vec<Posed>), SheetError> {
    let (problems, readings) = read_all(sheet, runs)?;
    let otherwise = readings.iter().filter_map(Reading::otherwise);
    let all: Vec<&Posed> = problems.iter().chain(otherwise).collect();
    let solve = |n: u64| usize::try_from(n).ok().and_then(|n| all.get(n)).map(|posed| posed.solve());
    let solved = threads::in_order(all.len() as u64, threads::available(), solve);
    let mut solved = solved.into_iter().flatten();
    let questions: Vec<Question> = solved.by_ref().take(problems.len()).collect();
    let notice = |reading: &Reading| {
        let other = if reading.otherwise().is_some() { solved.next() } else { None };
        reading.notice(&questions, other.as_ref())
    };
    let notices = readings.iter().map(notice).collect::<Result<Vec<_>, _>>()?;
    Ok((Report { title: sheet.title.clone(), questions, notices }, problems))
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
    keys_with(sheet, &Runs::default())
}

/// As [`keys`], with what is known of training runs.
///
/// # Errors
/// As for [`keys`].
pub fn keys_with(sheet: &Sheet, runs: &Runs) -> Result<Vec<Key>, SheetError> {
    let problems = read_questions(sheet, runs)?;
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
fn read_all(sheet: &Sheet, runs: &Runs) -> Result<(Vec<Posed>, Vec<Reading>), SheetError> {
    let problems = read_questions(sheet, runs)?;
    let readings =
        sheet.notices.iter().map(|entry| Reading::of(entry, sheet, runs)).collect::<Result<_, _>>()?;
    Ok((problems, readings))
}

/// Validates all questions, and that together they are no more work than a sheet may be.
fn read_questions(sheet: &Sheet, runs: &Runs) -> Result<Vec<Posed>, SheetError> {
    let (mut all, mut thousandths) = (Vec::new(), 0u64);
    for entry in &sheet.questions {
        let posed = read(entry, sheet, runs)?;
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
fn read(entry: &Entry, sheet: &Sheet, runs: &Runs) -> Result<Posed, SheetError> {
    let kind = kinds::find(&entry.kind.value).ok_or_else(|| unknown_kind(entry))?;
    let entry = entry.clone();
    let mut problem = (kind.given)(&entry, sheet)?;
    entry.finish(kind.fields)?;
    problem.attach(&sheet.title, &entry.id, runs);
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
    let mut forgotten: Vec<&String> = evidence.keys().filter(|id| !answered.contains(id.as_str())).collect();
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
