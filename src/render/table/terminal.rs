//! Answer tables for a terminal are drawn here, by comfy-table.

use comfy_table::{
    Attribute, Cell, CellAlignment, ContentArrangement, LineStyle, Table as Drawing, TableStyle,
};

use super::{Options, Question, Table};
use crate::render::heading;

/// Rules above, below and under the heading, nothing else.
const RULES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

pub(super) fn print(question: &Question, tables: &[Table], options: &Options) -> String {
    let mut out = format!("{}\n", heading(question, options));
    for table in tables {
        let mut drawing = Drawing::new();
        drawing
            .load_style(RULES)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(options.width).unwrap_or(80));
        if options.color {
            drawing.enforce_styling();
        } else {
            drawing.force_no_tty();
        }
        drawing.set_header(table.head.iter().map(|h| Cell::new(h).add_attribute(Attribute::Bold)));
        let tall = table.rows.iter().any(|r| r.iter().any(|c| c.lines.len() > 1));
        for (i, row) in table.rows.iter().enumerate() {
            let text = |c: &super::Cell| {
                // Rows of several lines stand apart by an empty one.
                let mut lines = c.lines.join("\n");
                if tall && i + 1 < table.rows.len() {
                    lines.push_str("\n ");
                }
                lines
            };
            drawing.add_row(row.iter().map(|c| Cell::new(text(c))));
        }
        for column in 0..table.head.len() {
            let numeric = table.rows.iter().filter_map(|r| r.get(column)).all(is_numeric);
            if numeric && let Some(column) = drawing.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        out.push_str(&drawing.trim_fmt());
        out.push('\n');
    }
    out
}

/// Whether a cell is empty or one whole number; a column of them is set flush right, digits under digits.
fn is_numeric(cell: &super::Cell) -> bool {
    cell.is_empty()
        || !cell.is_shape
            && matches!(cell.lines.as_slice(), [line] if line.chars().all(|c| c.is_ascii_digit()))
}
