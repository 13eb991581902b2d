//! Answer tables in GitHub's Markdown are printed here.

use super::{Options, Question, Table};

pub(super) fn print(question: &Question, tables: &[Table], _options: &Options) -> String {
    let mut out = format!("## {} {}\n", question.id, escape(&crate::render::printable(&question.title)));
    for table in tables {
        out.push('\n');
        out.push_str(&line(table.head.iter().map(|h| escape(h))));
        out.push_str(&line(table.head.iter().map(|_| "---".to_owned())));
        for row in &table.rows {
            out.push_str(&line(row.iter().map(|c| escape(&c.line()))));
        }
    }
    out
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

/// What Markdown would take for markup inside a cell.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '*' | '_' | '`' | '<' | '>' | '\\' | '$' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
