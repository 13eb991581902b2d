//! Formulas as LaTeX for math mode (with amsmath) are printed here; parentheses were put in before.

use super::escape::escape_latex;
use super::group::{bare_log, ratio_parts};
use super::symbol::{Name, nabla};
use super::{Math, Notation, Relation, grouped};

/// A formula for LaTeX's math mode; amsmath and amssymb are all it asks for.
#[must_use]
pub fn latex(math: &Math) -> String {
    set(&grouped(math, Notation::Drawn))
}

/// A chain as an `aligned` environment, a relation a line; anything else, and a chain of one relation, as [`latex`]
/// has it.
#[must_use]
pub fn latex_aligned(math: &Math) -> String {
    match grouped(math, Notation::Drawn) {
        Math::Chain(first, links) if links.len() > 1 => {
            let lines: Vec<String> = links
                .iter()
                .map(|(relation, side)| format!("&{} {}", relation_command(*relation), set(side)))
                .collect();
            format!("\\begin{{aligned}}\n{} {}\n\\end{{aligned}}", set(&first), lines.join(" \\\\\n"))
        }
        node => set(&node),
    }
}

fn set(node: &Math) -> String {
    match node {
        Math::Number(value) => match ratio_parts(value) {
            (numerator, Some(denominator)) => format!(r"\frac{{{numerator}}}{{{denominator}}}"),
            (integer, None) => integer,
        },
        Math::Decimal(digits) => digits.clone(),
        Math::Symbol(name) => Name::parse(name).latex(false),
        Math::Words(words) => format!(r"\text{{{}}}", escape_latex(words)),
        Math::Negative(operand) => format!("-{}", set(operand)),
        Math::Sum(terms) => terms_joined(terms),
        Math::Product(factors) => product(factors),
        Math::Fraction(numerator, denominator) => {
            format!(r"\frac{{{}}}{{{}}}", set(numerator), set(denominator))
        }
        Math::Power(base, exponent) => format!("{}^{{{}}}", set(base), raised(exponent)),
        Math::Root(radicand) => format!(r"\sqrt{{{}}}", set(radicand)),
        Math::Apply(name, arguments) => apply(name, arguments),
        Math::Sub(base, index) => format!("{}_{{{}}}", set(base), lowered(index)),
        Math::Transpose(operand) => format!(r"{}^{{\mathsf{{T}}}}", set(operand)),
        Math::Partial(of, by) => format!(r"\frac{{\partial {}}}{{\partial {}}}", set(of), set(by)),
        Math::Norm(operand) => between(r"\lVert ", r" \rVert", &set(operand)),
        Math::Abs(operand) => between(r"\lvert ", r" \rvert", &set(operand)),
        Math::Indicator(statement) => format!(r"\mathbf{{1}}[\,{}\,]", set(statement)),
        Math::BigSum { index, from, to, body } => {
            let below = match from {
                Some(from) if to.is_some() => format!("{} = {}", set(index), set(from)),
                Some(from) => format!(r"{} \ge {}", set(index), set(from)),
                None => set(index),
            };
            let above = to.as_ref().map(|to| format!("^{{{}}}", set(to))).unwrap_or_default();
            format!(r"\sum_{{{below}}}{above} {}", set(body))
        }
        Math::Matrix(rows) => matrix(rows),
        Math::List(entries) => between("(", ")", &commas(entries)),
        Math::Chain(first, links) => {
            let mut out = set(first);
            for (relation, side) in links {
                out.push_str(&format!(" {} {}", relation_command(*relation), set(side)));
            }
            out
        }
        Math::Sequence(items) => items.iter().map(set).collect::<Vec<_>>().join(r",\; "),
        Math::Group(inner) => between("(", ")", &set(inner)),
    }
}

/// The columns that amsmath's `pmatrix` takes before it has to be told otherwise.
const PMATRIX_COLUMNS: usize = 10;

fn matrix(rows: &[Vec<Math>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let set_rows: Vec<String> =
        rows.iter().map(|row| row.iter().map(set).collect::<Vec<_>>().join(" & ")).collect();
    let body = set_rows.join(r" \\ ");
    if columns > PMATRIX_COLUMNS {
        let layout = "c".repeat(columns);
        format!(r"\left(\begin{{array}}{{{layout}}} {body} \end{{array}}\right)")
    } else {
        format!(r"\begin{{pmatrix}} {body} \end{{pmatrix}}")
    }
}

fn commas(items: &[Math]) -> String {
    items.iter().map(set).collect::<Vec<_>>().join(", ")
}

/// Delimiters that grow with what is tall; around the rest they stay plain, because `\left` adds a space.
fn between(open: &str, close: &str, inside: &str) -> String {
    if [r"\frac", r"\begin", r"\sum", r"\left"].iter().any(|tall| inside.contains(tall)) {
        format!(r"\left{open}{inside}\right{}", close.trim_start())
    } else {
        format!("{open}{inside}{close}")
    }
}

fn terms_joined(terms: &[Math]) -> String {
    let mut out = String::new();
    for (i, term) in terms.iter().enumerate() {
        match term {
            _ if i == 0 => out.push_str(&set(term)),
            Math::Negative(size) => out.push_str(&format!(" - {}", set(size))),
            _ => out.push_str(&format!(" + {}", set(term))),
        }
    }
    out
}

fn product(factors: &[Math]) -> String {
    let mut out = String::new();
    let mut left: Option<&Math> = None;
    for factor in factors {
        if let Some(left) = left {
            out.push_str(if side_by_side(left, factor) { r"\," } else { r" \cdot " });
        }
        out.push_str(&set(factor));
        left = Some(factor);
    }
    out
}

/// Whether two factors are told apart without a dot: 2 x, but neither 2 3 nor x (a + b), which looks like a function.
fn side_by_side(left: &Math, right: &Math) -> bool {
    match leading(right) {
        Math::Symbol(_)
        | Math::Root(_)
        | Math::Apply(..)
        | Math::BigSum { .. }
        | Math::Matrix(_)
        | Math::Norm(_) => !matches!(left, Math::Words(_)),
        Math::Group(_) => matches!(left, Math::Number(_)),
        _ => false,
    }
}

/// What stands first in print.
fn leading(node: &Math) -> &Math {
    match node {
        Math::Power(base, _) | Math::Sub(base, _) | Math::Transpose(base) => leading(base),
        _ => node,
    }
}

/// A fraction of numbers as an exponent is set on a line: e^{1/2}.
fn raised(exponent: &Math) -> String {
    let on_a_line = |node: &Math| match node {
        Math::Number(value) => match ratio_parts(value) {
            (numerator, Some(denominator)) => Some(format!("{numerator}/{denominator}")),
            (integer, None) => Some(integer),
        },
        _ => None,
    };
    match exponent {
        Math::Negative(size) => on_a_line(size).map_or_else(|| set(exponent), |size| format!("-{size}")),
        _ => on_a_line(exponent).unwrap_or_else(|| set(exponent)),
    }
}

/// Several indices stand close: w_{i,j}.
fn lowered(index: &Math) -> String {
    match index {
        Math::Sequence(items) => items.iter().map(set).collect::<Vec<_>>().join(","),
        _ => set(index),
    }
}

fn apply(name: &str, arguments: &[Math]) -> String {
    let function = match name {
        "log" => r"\ln".to_owned(),
        "max" | "min" | "det" | "tanh" | "sin" | "cos" | "tan" | "arg" => format!(r"\{name}"),
        "E" => r"\mathbb{E}".to_owned(),
        _ => Name::parse(name).latex(true),
    };
    let inside = commas(arguments);
    if let Some((_, nabla)) = nabla(name, arguments) {
        format!("{nabla} {inside}")
    } else if bare_log(name, arguments) {
        format!("{function} {inside}")
    } else if name == "E" {
        format!("{function}{}", between("[", "]", &inside))
    } else {
        format!("{function}{}", between("(", ")", &inside))
    }
}

fn relation_command(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => r"\ne",
        Relation::Approx => r"\approx",
        Relation::Less => "<",
        Relation::LessEqual => r"\le",
        Relation::Greater => ">",
        Relation::GreaterEqual => r"\ge",
        Relation::Implies => r"\implies",
        Relation::In => r"\in",
    }
}
