//! The one way through lives here: sheet, problems, rows and evidence, judge, report. It knows no kind by name.

mod notice;

use std::collections::HashMap;

use crate::kinds::{self, Kind, Problem};
use crate::report::{self, Evidence, Judged, Question, Report};
use crate::sheet::{Entry, Sheet, SheetError};
use notice::Reading;

/// Reads, solves and judges every question of a sheet.
///
/// # Errors
/// The first entry that is not understood, with its place. Nothing is solved before everything is read.
pub fn examine(sheet: &Sheet) -> Result<Report, SheetError> {
    let problems = sheet.questions.iter().map(|entry| read(entry, sheet)).collect::<Result<Vec<_>, _>>()?;
    let readings =
        sheet.notices.iter().map(|entry| Reading::of(entry, sheet)).collect::<Result<Vec<_>, _>>()?;
    let questions: Vec<Question> = problems.iter().map(Posed::solve).collect();
    let notices = readings.iter().map(|r| r.notice(&questions)).collect::<Result<Vec<_>, _>>()?;
    Ok(Report { title: sheet.title.clone(), questions, notices })
}

/// A question with all that other values of its rows can be held against.
pub struct Key {
    /// The question with its judged rows.
    pub question: Question,
    /// What was said of each row, by its id.
    pub evidence: HashMap<String, Vec<Evidence>>,
    /// The problem.
    pub problem: Box<dyn Problem>,
}

/// Reads, solves and judges every question of a sheet, and keeps the evidence.
///
/// # Errors
/// The first entry that is not understood, with its place.
pub fn keys(sheet: &Sheet) -> Result<Vec<Key>, SheetError> {
    let problems = sheet.questions.iter().map(|entry| read(entry, sheet)).collect::<Result<Vec<_>, _>>()?;
    let key = |posed: Posed| {
        let (question, evidence) = posed.solve_and_keep();
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

impl Posed {
    /// Solves the problem, gathers evidence apart from it, and has the one judged by the other.
    fn solve(&self) -> Question {
        self.solve_and_keep().0
    }

    /// The same, with the evidence by row.
    fn solve_and_keep(&self) -> (Question, HashMap<String, Vec<Evidence>>) {
        let rows = self.problem.solve();
        // Sorted by row first, as a long table would otherwise be searched for each of its rows.
        let mut evidence: HashMap<String, Vec<Evidence>> = HashMap::new();
        for piece in self.problem.evidence() {
            evidence.entry(piece.row.clone()).or_default().push(piece);
        }
        let digits = self.entry.digits;
        let rows = rows
            .into_iter()
            .map(|row| {
                let (verdicts, status) =
                    report::judge(&row, evidence.get(&row.id).map_or(&[], Vec::as_slice), digits);
                Judged { row, verdicts, status }
            })
            .collect();
        let question = Question {
            id: self.entry.id.clone(),
            kind: self.kind.name,
            title: self.entry.title.clone().unwrap_or_else(|| self.kind.title.to_owned()),
            points: self.entry.points.clone(),
            digits,
            rows,
        };
        (question, evidence)
    }
}
