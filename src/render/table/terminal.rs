//! Answer tables for a terminal are drawn here, by comfy-table.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table as Drawing, presets};

use super::{Options, Question, Table};
use crate::render::heading;

pub(super) fn print(question: &Question, tables: &[Table], options: &Options) -> String {
    let mut out = format!("{}\n", heading(question, options));
    for table in tables {
        let mut drawing = Drawing::new();
        drawing
            .load_preset(presets::UTF8_HORIZONTAL_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(options.width).unwrap_or(80));
        if options.color {
            drawing.enforce_styling();
        } else {
            drawing.force_no_tty();
        }
        drawing.set_header(table.head.iter().map(|h| Cell::new(h).add_attribute(Attribute::Bold)));
        for row in &table.rows {
            drawing.add_row(row.iter().map(|c| {
                let cell = Cell::new(c.lines.join("\n"));
                if is_numeric(c) { cell.set_alignment(CellAlignment::Right) } else { cell }
            }));
        }
        out.push_str(&drawing.to_string());
        out.push('\n');
    }
    out
}

/// Whether a cell is one plain number, which is set flush right so that digits stand under digits.
fn is_numeric(cell: &super::Cell) -> bool {
    matches!(cell.lines.as_slice(), [line] if !line.is_empty() && line.chars().all(|c| c.is_ascii_digit()))
}
