//! Answer tables in LaTeX are printed here: `tabular` with the rules of booktabs, matrices by amsmath.

use std::fmt::Write as _;

use super::{Options, Question, Table};
use crate::notation::escape_latex;

pub(super) fn print(question: &Question, tables: &[Table], _options: &Options) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "% {} {}: needs the packages amsmath and booktabs",
        question.id,
        crate::render::printable(&one_line(&question.title))
    );
    for table in tables {
        let _ = writeln!(out, "\\begin{{tabular}}{{@{{}}{}@{{}}}}", "l".repeat(table.head.len()));
        out.push_str("  \\toprule\n");
        let head: Vec<String> = table.head.iter().map(|h| escape_latex(h)).collect();
        let _ = writeln!(out, "  {} \\\\", head.join(" & "));
        out.push_str("  \\midrule\n");
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(|c| c.latex.as_str()).collect();
            let _ = writeln!(out, "  {} \\\\", cells.join(" & ").trim_end());
        }
        out.push_str("  \\bottomrule\n\\end{tabular}\n");
    }
    out
}

/// A comment ends with its line, so a title must not bring a line break into one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
