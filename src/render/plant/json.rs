//! The JSON of `verify --plant --format json` lives here: every planted value and what each source makes of it.

use serde_json::{Value as Json, json as object};

use crate::report::trial::{Planting, Trial, Tried};

/// The version of the format.
const FORMAT: u32 = 1;

/// What was planted, as one JSON object, indented.
#[must_use]
pub fn plant_json(planting: &Planting) -> String {
    let h = planting.harvest();
    let object = object!({
        "format": FORMAT,
        "title": planting.title,
        "rows": planting.questions.iter().flat_map(rows).collect::<Vec<_>>(),
        "plants": planting.questions.iter().flat_map(plants).collect::<Vec<_>>(),
        "summary": {
            "answers": h.answers,
            "one-source": h.one_source,
            "weak": h.weak,
            "not-held": h.not_held,
            "possible": h.possible,
            "tried": h.tried,
            "planted": h.planted,
            "refused": h.refused,
            "refused-by-two": h.by_two,
            "taken": h.taken,
            "cannot-tell": h.cannot_tell,
            "equal-after-all": h.equal,
            "not-settled": h.unsettled,
        },
    });
    // A value built here has only text keys and numbers that JSON knows, so printing it cannot fail.
    serde_json::to_string_pretty(&object).unwrap_or_default()
}

/// How each row stands.
fn rows(tried: &Tried) -> Vec<Json> {
    let row = |id: &str| format!("{}.{id}", tried.question.id);
    tried
        .rows()
        .map(|(judged, trials)| match trials {
            None => object!({ "id": row(&judged.row.id), "status": judged.status.word(), "planted": 0 }),
            Some(trials) => object!({
                "id": row(&judged.row.id),
                "status": judged.status.word(),
                "planted": trials.wrong().count(),
                "possible": trials.possible,
                "standing": trials.standing().word(),
                "sources": trials.sources,
            }),
        })
        .collect()
}

fn plants(tried: &Tried) -> Vec<Json> {
    let plant = |id: &str, trial: &Trial| {
        let sources: Vec<Json> = trial
            .heard
            .iter()
            .map(|(route, response)| object!({ "route": route, "outcome": response.word() }))
            .collect();
        object!({
            "row": format!("{}.{id}", tried.question.id),
            "mistake": trial.what(),
            "kind": trial.origin.word(),
            "outcome": trial.finding.word(),
            "sources": sources,
        })
    };
    tried
        .rows()
        .filter_map(|(judged, trials)| Some((judged, trials?)))
        .flat_map(|(judged, trials)| trials.trials.iter().map(move |t| (judged, t)))
        .map(|(judged, trial)| plant(&judged.row.id, trial))
        .collect()
}
