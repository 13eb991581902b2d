//! Parameters of an encoder counted where they are used live here: what a unit reads, unit after unit and head after
//! head; once in numbers, once in letters for h heads of c columns. No tensor is listed and nothing multiplied.

use std::collections::BTreeMap;

use super::super::given::Given;
use crate::evidence::counting::{copies, shared_out};
use crate::expr::Expr;
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Instance, Value};

const SOURCE: &str = "fan-in";
const LETTERS: &str = "fan-in in letters";

/// Longest detail, in characters.
const DETAIL: usize = 40;

fn short(detail: String, otherwise: &str) -> String {
    if detail.chars().count() <= DETAIL { detail } else { otherwise.to_owned() }
}

/// Counts of one layer, and of the norm after the last.
struct Counts {
    attention: Integer,
    feedforward: Integer,
    norm: Integer,
    last: Integer,
}

/// So many units, each of which reads so many entries, and has a bias or none.
fn units(count: u64, reads: u64, bias: bool) -> Integer {
    copies(&Integer::from(u128::from(reads) + u128::from(bias)), u128::from(count))
}

fn counted(given: &Given, columns: u64) -> Counts {
    let (d, f, b) = (given.d, given.d_ff, given.biases);
    let head = units(columns, d, b.q) + units(columns, d, b.k) + units(columns, d, b.v);
    let output = units(d, d, b.o);
    let gamma = if given.affine { units(d, 1, b.norm) } else { Integer::from(0) };
    Counts {
        attention: copies(&head, u128::from(given.heads)) + output,
        feedforward: units(f, d, b.ffn1) + units(d, f, b.ffn2),
        norm: &gamma + &gamma,
        last: if given.final_norm { gamma } else { Integer::from(0) },
    }
}

/// The same counts in letters: c and h for columns and heads, d_ff.
struct Letters {
    attention: Expr,
    feedforward: Expr,
    norm: Expr,
    last: Expr,
}

fn in_letters(given: &Given) -> Letters {
    let (c, h, f, b) = (Expr::var("c"), Expr::var("h"), Expr::var("d_ff"), given.biases);
    let d = Expr::product([h.clone(), c.clone()]);
    let units = |count: &Expr, reads: &Expr, bias: bool| {
        let each = if bias { Expr::sum([reads.clone(), Expr::integer(1)]) } else { reads.clone() };
        Expr::product([count.clone(), each])
    };
    let head = Expr::sum([units(&c, &d, b.q), units(&c, &d, b.k), units(&c, &d, b.v)]);
    let gamma = if given.affine { units(&d, &Expr::integer(1), b.norm) } else { Expr::integer(0) };
    Letters {
        attention: Expr::sum([Expr::product([h, head]), units(&d, &d, b.o)]),
        feedforward: Expr::sum([units(&f, &d, b.ffn1), units(&d, &f, b.ffn2)]),
        norm: Expr::sum([gamma.clone(), gamma.clone()]),
        last: if given.final_norm { gamma } else { Expr::integer(0) },
    }
}

/// What fan-in says about every count, and dealing about the columns of a head.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let dealt = shared_out(u128::from(given.d), u128::from(given.heads));
    let Some(columns) = dealt.filter(|(_, left)| *left == 0).and_then(|(n, _)| u64::try_from(n).ok()) else {
        return vec![Evidence::absent("d_k", "dealing", "dealt to the heads, columns are left over")];
    };
    let (d, f, h) = (given.d, given.d_ff, given.heads);
    let (n, l) = (counted(given, columns), in_letters(given));
    let scales = match (given.affine, given.biases.norm) {
        (true, true) => "γ, β",
        (true, false) => "γ",
        (false, _) => "neither γ nor β",
    };
    let layers = u128::from(given.layers);
    // All attention first, then all feedforward, then the norms, as if the stack were sorted.
    let total = copies(&n.attention, layers)
        + copies(&n.feedforward, layers)
        + copies(&n.norm, layers)
        + n.last.clone();
    let times = Expr::number(Rational::from_integer(Integer::from(given.layers)));
    let stack = |part: &Expr| Expr::product([times.clone(), part.clone()]);
    let total_letters =
        Expr::sum([stack(&l.attention), stack(&l.feedforward), stack(&l.norm), l.last.clone()]);
    let layer = &n.attention + &n.feedforward + &n.norm;
    let layer_letters = Expr::sum([l.attention.clone(), l.feedforward.clone(), l.norm.clone()]);
    let with = BTreeMap::from([("d".to_owned(), Expr::product([Expr::var("h"), Expr::var("c")]))]);
    let mut said = Vec::new();
    for (row, count, letters, detail) in [
        (
            "attention",
            n.attention,
            l.attention,
            short(format!("{h} heads of {columns} units read {d} each"), "head by head"),
        ),
        (
            "feedforward",
            n.feedforward,
            l.feedforward,
            short(format!("{f} units read {d}, {d} read {f}"), "unit by unit"),
        ),
        ("norm", n.norm, l.norm, short(format!("{scales} for each of {d}, twice"), "entry by entry, twice")),
        ("layer", layer, layer_letters, "attention, feedforward, norms".to_owned()),
        ("final-norm", n.last, l.last, short(last_norm(given, scales), "entry by entry")),
        ("total", total, total_letters, format!("sublayer by sublayer, {layers} of each")),
    ] {
        said.push(Evidence::equal(row, SOURCE, Value::integer(count), detail));
        let instance = Instance { with: with.clone(), equals: letters };
        said.push(Evidence::formula(row, LETTERS, vec![instance], "h heads of c units: d = h·c"));
    }
    let detail = short(format!("{d} columns to {h} heads, 0 left"), "columns dealt to heads, 0 left");
    said.push(Evidence::equal("d_k", "dealing", Value::integer(columns), detail));
    let (c, d) = (Expr::var("c"), Expr::var("d"));
    let with = BTreeMap::from([("h".to_owned(), d.over(&c))]);
    let heads = Instance { with, equals: c };
    said.push(Evidence::formula("d_k", "heads in letters", vec![heads], "heads of c columns: h = d/c"));
    said
}

fn last_norm(given: &Given, scales: &str) -> String {
    if given.final_norm {
        format!("{scales} for each of {}", given.d)
    } else {
        "no norm at the end".to_owned()
    }
}
