//! Planting lives here: wrong values are put in place of a sheet's answers, within a budget, to see what the evidence
//! refuses. What is planted and how it is judged is the report's.

use std::collections::HashMap;

use super::{Gathered, Posed, about, read_all};
use crate::record::Runs;
use crate::report::trial::{self, Planting, Tried};
use crate::report::{Question, Row, Value};
use crate::sheet::{Sheet, SheetError};

/// Entries of all planted values of a sheet together, shared evenly among its rows: comparing them is the work.
pub const MOST_ENTRIES: usize = 1_000_000;
/// Entries of all planted values of one row together.
pub const MOST_ENTRIES_OF_ROW: usize = 50_000;
/// Values that are planted in every row, however long it is.
pub const LEAST_PLANTED: usize = 4;

/// Plants wrong values in the answers of the questions whose ids are wanted: the mistakes that their kinds know, and
/// changes that any value can suffer.
///
/// # Errors
/// The first entry that is not understood, with its place.
pub fn plant(sheet: &Sheet, wanted: impl Fn(&str) -> bool) -> Result<Planting, SheetError> {
    plant_with(sheet, &Runs::default(), wanted)
}

/// As [`plant`], with what is known of training runs.
///
/// # Errors
/// As for [`plant`].
pub fn plant_with(sheet: &Sheet, runs: &Runs, wanted: impl Fn(&str) -> bool) -> Result<Planting, SheetError> {
    let (mut problems, _) = read_all(sheet, runs)?;
    problems.retain(|posed| wanted(&posed.entry.id));
    let solved: Vec<(Posed, Gathered, Question)> = problems
        .into_iter()
        .map(|posed| {
            let evidence = posed.gather();
            let question = posed.judged(&evidence);
            (posed, evidence, question)
        })
        .collect();
    let rows: usize = solved.iter().map(|(_, _, question)| question.rows.len()).sum();
    let budget = MOST_ENTRIES.checked_div(rows).unwrap_or(MOST_ENTRIES).min(MOST_ENTRIES_OF_ROW);
    let questions = solved
        .into_iter()
        .map(|(posed, evidence, question)| {
            let mut mistakes: HashMap<String, Vec<(String, Value)>> = HashMap::new();
            for mistake in posed.problem.mistakes() {
                mistakes.entry(mistake.row).or_default().push((mistake.name, mistake.value));
            }
            let trials = question
                .rows
                .iter()
                .map(|judged| {
                    let known = mistakes.remove(&judged.row.id).unwrap_or_default();
                    let most = most(&judged.row, budget);
                    trial::plant(judged, known, about(&evidence, &judged.row), question.digits, most)
                })
                .collect();
            Tried { question, trials }
        })
        .collect();
    Ok(Planting { title: sheet.title.clone(), questions })
}

/// How many values may be planted in a row.
fn most(row: &Row, budget: usize) -> usize {
    let length = row.answer.value().map_or(1, Value::entries);
    budget.checked_div(length).unwrap_or(budget).max(LEAST_PLANTED)
}
