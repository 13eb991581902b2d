//! The JSON of `--format json` lives here; its keys are a contract with other people's programs and only grow.

use serde_json::{Map, Value as Json, json as object};

use super::{Options, pieces};
use crate::notation::{closed_form, plain};
use crate::num::{Exact, Rounding};
use crate::report::{Answer, Judged, Notice, Outcome, Question, Report, Status, Strength, Style, Value};

/// The version of the format.
const FORMAT: u32 = 1;

/// The report as one JSON object, indented.
#[must_use]
pub fn json(report: &Report, options: &Options) -> String {
    let s = report.summary();
    let object = object!({
        "format": FORMAT,
        "title": report.title,
        "questions": report.questions.iter().map(|q| question(q, options)).collect::<Vec<_>>(),
        "notices": report.notices.iter().map(|n| notice(n, options)).collect::<Vec<_>>(),
        "summary": {
            "answers": s.answers,
            "holds": s.hold,
            "proved": s.proved,
            "decided": s.decided,
            "enclosed": s.enclosed,
            "measured": s.measured,
            "fails": s.fail,
            "undecided": s.undecided,
            "not-run": s.not_run,
        },
    });
    // A value built here has only text keys and numbers that JSON knows, so printing it cannot fail.
    serde_json::to_string_pretty(&object).unwrap_or_default()
}

fn question(question: &Question, options: &Options) -> Json {
    let rounding = options.rounding(question);
    object!({
        "id": question.id,
        "kind": question.kind,
        "title": question.title,
        "points": question.points.as_ref().map(ToString::to_string),
        "rows": question.rows.iter().map(|r| row(r, question, rounding)).collect::<Vec<_>>(),
    })
}

fn row(judged: &Judged, question: &Question, rounding: Rounding) -> Json {
    let row = &judged.row;
    let mut out = Map::new();
    out.insert("id".into(), format!("{}.{}", question.id, row.id).into());
    out.insert("label".into(), row.label.clone().into());
    let value = row.answer.value();
    out.insert("exact".into(), value.map_or(Json::Null, exact));
    let mut unsettled = None;
    let decimal = match value {
        Some(v) if row.style != Style::Shape => decimal(v, rounding, &mut unsettled),
        _ => Json::Null,
    };
    out.insert("decimal".into(), decimal);
    if let Some(formula) = &row.formula {
        out.insert("formula".into(), formula.to_string().into());
    }
    out.insert("status".into(), judged.status.word().into());
    if let (false, Some(reason)) = (judged.status == Status::Holds && value.is_some(), judged.reason()) {
        out.insert("reason".into(), reason.into());
    } else if let Some(reason) = unsettled {
        out.insert("reason".into(), reason.into());
    }
    if matches!(row.answer, Answer::Absent { .. }) && !out.contains_key("reason") {
        out.insert("reason".into(), row.answer.reason().unwrap_or_default().into());
    }
    out.insert("verdicts".into(), judged.verdicts.iter().map(verdict).collect::<Vec<_>>().into());
    if !row.remarks.is_empty() {
        out.insert("remarks".into(), row.remarks.clone().into());
    }
    Json::Object(out)
}

fn verdict(verdict: &crate::report::Verdict) -> Json {
    let mut out = Map::new();
    out.insert("route".into(), verdict.source.into());
    out.insert("outcome".into(), verdict.outcome.word().into());
    match &verdict.outcome {
        Outcome::Holds(strength) => {
            out.insert("strength".into(), strength.word().into());
            if let Strength::Enclosed { digits } = strength {
                out.insert("digits".into(), (*digits).into());
            }
        }
        Outcome::Fails(witness) => {
            out.insert("witness".into(), witness.clone().into());
        }
        Outcome::Undecided(reason) => {
            out.insert("reason".into(), reason.clone().into());
        }
    }
    out.insert("detail".into(), verdict.detail.clone().into());
    Json::Object(out)
}

/// The value as text that a person and SymPy can read, `null` where a number has no closed form.
fn exact(value: &Value) -> Json {
    match value {
        Value::Bool(b) => (*b).into(),
        Value::Number(x) => closed_form(x).map_or(Json::Null, |m| plain(&m).into()),
        Value::Formula(e) => e.to_string().into(),
        Value::Name(name) => name.clone().into(),
        Value::List(items) => items.iter().map(exact).collect::<Vec<_>>().into(),
    }
}

fn decimal(value: &Value, rounding: Rounding, unsettled: &mut Option<String>) -> Json {
    match value {
        Value::Bool(_) | Value::Formula(_) | Value::Name(_) => Json::Null,
        Value::Number(x) => number(x, rounding, unsettled),
        Value::List(items) => {
            let all: Vec<Json> = items.iter().map(|v| decimal(v, rounding, unsettled)).collect();
            // A list without a single number has no decimals at all.
            if !items.is_empty() && all.iter().all(Json::is_null) { Json::Null } else { all.into() }
        }
    }
}

fn number(x: &Exact, rounding: Rounding, unsettled: &mut Option<String>) -> Json {
    match x.decimal(rounding) {
        Ok(text) => text.into(),
        Err(why) => {
            unsettled.get_or_insert(why.reason);
            Json::Null
        }
    }
}

fn notice(notice: &Notice, options: &Options) -> Json {
    object!({
        "question": notice.question,
        "says": pieces(&notice.says, options),
        "read": pieces(&notice.read, options),
        "other": pieces(&notice.other, options),
    })
}
