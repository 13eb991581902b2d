//! Answers as comma-separated values are printed here: one line a row, every question in one table.

use super::{Options, Report};
use crate::render::value;

pub(super) fn print(report: &Report, options: &Options) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail; a record that could not be written would be missing, so it is not passed over.
    let mut ok =
        writer.write_record(["row", "label", "exact", "decimal", "status", "strength", "reason"]).is_ok();
    for question in &report.questions {
        let rounding = options.rounding(question);
        for row in &question.rows {
            let value = row.row.answer.value();
            ok &= writer
                .write_record([
                    format!("{}.{}", question.id, row.row.id),
                    row.row.label.clone(),
                    value.map_or(String::new(), value::plain_text),
                    value.map_or(String::new(), |v| value::plain_decimal(v, rounding)),
                    row.status.word().to_owned(),
                    row.strength().map_or(String::new(), |s| s.word().to_owned()),
                    row.reason().unwrap_or_default().to_owned(),
                ])
                .is_ok();
        }
    }
    match writer.into_inner() {
        Ok(bytes) if ok => String::from_utf8(bytes).unwrap_or_default(),
        _ => String::new(),
    }
}
