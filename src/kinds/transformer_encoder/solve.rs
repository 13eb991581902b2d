//! The counts of a Transformer encoder are made here, in letters first, then in numbers, with the steps between.

use num_traits::{One, Zero};

use super::given::Given;
use crate::expr::Expr;
use crate::notation::Math;
use crate::num::{Integer, Rational};
use crate::report::{Row, Value};

/// `coefficient · dᵃ · d_ffᵇ`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Term {
    coefficient: u64,
    d: u32,
    d_ff: u32,
}

/// A count in letters: a sum of terms; those with coefficient 0 are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Count(Vec<Term>);

impl Count {
    fn new(terms: &[(u64, u32, u32)]) -> Self {
        let terms = terms.iter().filter(|t| t.0 > 0);
        Self(terms.map(|&(coefficient, d, d_ff)| Term { coefficient, d, d_ff }).collect())
    }

    /// The sum, with equal powers gathered.
    fn add(&self, other: &Self) -> Self {
        let mut terms = self.0.clone();
        for term in &other.0 {
            match terms.iter_mut().find(|t| (t.d, t.d_ff) == (term.d, term.d_ff)) {
                Some(same) => same.coefficient += term.coefficient,
                None => terms.push(*term),
            }
        }
        terms.sort_by_key(|t| std::cmp::Reverse((t.d + t.d_ff, t.d)));
        Self(terms)
    }

    fn value(&self, given: &Given) -> Integer {
        self.0.iter().map(|t| t.value(given)).sum()
    }

    fn formula(&self) -> Expr {
        Expr::sum(self.0.iter().map(|t| {
            let coefficient = Expr::number(whole(t.coefficient));
            let power = |letter: &str, exponent: u32| Expr::var(letter).pow(i64::from(exponent));
            Expr::product([coefficient, power("d", t.d), power("d_ff", t.d_ff)])
        }))
    }

    /// In letters; `0` where nothing is counted.
    fn letters(&self) -> Math {
        self.math(|t| t.math(&Math::sym("d"), &Math::sym("d_ff")))
    }

    fn numbers(&self, given: &Given) -> Math {
        self.math(|t| t.math(&number(given.d), &number(given.d_ff)))
    }

    fn math(&self, term: impl Fn(&Term) -> Math) -> Math {
        sum(self.0.iter().map(term).collect())
    }

    /// Letters = numbers filled in = terms worked out = result.
    fn chain(&self, given: &Given) -> Math {
        let mut chain = self.letters();
        if self.0.is_empty() {
            return chain;
        }
        chain = chain.equals(self.numbers(given));
        if self.0.len() > 1 {
            chain = chain.equals(self.math(|t| big(t.value(given))));
        }
        // A term such as `d` is its own result.
        let result = big(self.value(given));
        if self.0.len() == 1 && self.numbers(given) == result { chain } else { chain.equals(result) }
    }
}

impl Term {
    fn value(&self, given: &Given) -> Integer {
        Integer::from(self.coefficient)
            * Integer::from(given.d).pow(self.d)
            * Integer::from(given.d_ff).pow(self.d_ff)
    }

    fn math(&self, d: &Math, d_ff: &Math) -> Math {
        let mut factors = Vec::new();
        if self.coefficient != 1 {
            factors.push(number(self.coefficient));
        }
        for (base, exponent) in [(d, self.d), (d_ff, self.d_ff)] {
            match exponent {
                0 => {}
                1 => factors.push(base.clone()),
                _ => factors.push(Math::pow(base.clone(), number(u64::from(exponent)))),
            }
        }
        product(factors)
    }
}

fn whole(n: u64) -> Rational {
    Rational::from_integer(Integer::from(n))
}

fn number(n: u64) -> Math {
    Math::num(whole(n))
}

fn big(n: Integer) -> Math {
    Math::num(Rational::from_integer(n))
}

fn product(mut factors: Vec<Math>) -> Math {
    match (factors.len(), factors.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            factors.push(last);
            Math::prod(factors)
        }
        (_, None) => number(1),
    }
}

fn sum(mut terms: Vec<Math>) -> Math {
    match (terms.len(), terms.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            terms.push(last);
            Math::sum(terms)
        }
        (_, None) => number(0),
    }
}

fn in_words(n: u64) -> String {
    match n {
        1 => "one".to_owned(),
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        _ => n.to_string(),
    }
}

/// The counts of one layer's parts, and of the last norm.
struct Counts {
    attention: Count,
    feedforward: Count,
    norm: Count,
    layer: Count,
    final_norm: Count,
}

impl Counts {
    fn of(given: &Given) -> Self {
        let b = given.biases;
        let flag = |there: bool| u64::from(there);
        let attention = Count::new(&[(4, 2, 0), (flag(b.q) + flag(b.k) + flag(b.v) + flag(b.o), 1, 0)]);
        let feedforward = Count::new(&[(2, 1, 1), (flag(b.ffn1), 0, 1), (flag(b.ffn2), 1, 0)]);
        let vectors = if given.affine { 1 + flag(b.norm) } else { 0 };
        let norm = Count::new(&[(2 * vectors, 1, 0)]);
        let final_norm = Count::new(&[(if given.final_norm { vectors } else { 0 }, 1, 0)]);
        let layer = attention.add(&feedforward).add(&norm);
        Self { attention, feedforward, norm, layer, final_norm }
    }
}

/// Rows in order.
pub(super) fn solve(given: &Given) -> Vec<Row> {
    let counts = Counts::of(given);
    vec![
        attention(given, &counts.attention),
        feedforward(given, &counts.feedforward),
        norm(given, &counts.norm),
        layer(given, &counts),
        final_norm(given, &counts.final_norm),
        total(given, &counts),
        head_size(given),
    ]
}

fn row(given: &Given, id: &str, label: &str, count: &Count) -> Row {
    Row::new(id, label, Value::integer(count.value(given))).formula(count.formula())
}

fn attention(given: &Given, count: &Count) -> Row {
    let b = given.biases;
    let named: Vec<&str> =
        [(b.q, "Q"), (b.k, "K"), (b.v, "V"), (b.o, "O")].iter().filter(|p| p.0).map(|p| p.1).collect();
    let biases = match named.len() {
        0 => "none has a bias".to_owned(),
        4 => "each with a bias of d entries".to_owned(),
        _ => format!("with a bias of d entries for {}", named.join(", ")),
    };
    let d_k = given.d.checked_div(given.heads).unwrap_or(given.d);
    row(given, "attention", "attention", count)
        .step(format!("The projections W_Q, W_K, W_V and W_O are d × d each; {biases}."), vec![count.chain(given)])
        .remark(format!(
            "The number of heads does not change the count: the {} heads share the d × d projections, {d_k} columns each.",
            given.heads
        ))
}

fn feedforward(given: &Given, count: &Count) -> Row {
    let biases = match (given.biases.ffn1, given.biases.ffn2) {
        (true, true) => "the biases have d_ff and d entries",
        (true, false) => "only the first has a bias, of d_ff entries",
        (false, true) => "only the second has a bias, of d entries",
        (false, false) => "neither has a bias",
    };
    row(given, "feedforward", "feedforward", count)
        .step(format!("W₁ is d × d_ff and W₂ is d_ff × d; {biases}."), vec![count.chain(given)])
}

/// What one LayerNorm holds, in words.
fn norm_words(given: &Given) -> &'static str {
    match (given.affine, given.biases.norm) {
        (true, true) => "γ and β, with d entries each",
        (true, false) => "γ with d entries, and no β",
        (false, _) => "no parameters",
    }
}

fn norm(given: &Given, count: &Count) -> Row {
    let row = row(given, "norm", "both LayerNorms", count).step(
        format!("A layer has two LayerNorms; each has {}.", norm_words(given)),
        vec![count.chain(given)],
    );
    if !given.affine && given.biases.norm {
        return row
            .remark("A LayerNorm without parameters has no β either, so naming its bias adds nothing.");
    }
    row
}

fn layer(given: &Given, counts: &Counts) -> Row {
    let parts = [&counts.attention, &counts.feedforward, &counts.norm];
    let added = Math::sum(parts.iter().map(|c| big(c.value(given))).collect());
    row(given, "layer", "one layer", &counts.layer)
        .step(
            "Attention, feedforward and both LayerNorms together.",
            vec![added.equals(big(counts.layer.value(given)))],
        )
        .step("The same in letters, with equal powers gathered.", vec![counts.layer.chain(given)])
}

fn final_norm(given: &Given, count: &Count) -> Row {
    let words = if given.final_norm {
        format!("One LayerNorm more follows the last layer: {}.", norm_words(given))
    } else {
        "No LayerNorm follows the last layer.".to_owned()
    };
    row(given, "final-norm", "final LayerNorm", count).step(words, vec![count.chain(given)])
}

fn total(given: &Given, counts: &Counts) -> Row {
    let layers = Integer::from(given.layers);
    let last = counts.final_norm.value(given);
    let value = &layers * counts.layer.value(given) + &last;
    let copies = Expr::number(whole(given.layers));
    let formula = Expr::sum([Expr::product([copies, counts.layer.formula()]), counts.final_norm.formula()]);
    let stack = |one: Math| if layers.is_one() { one } else { Math::prod(vec![big(layers.clone()), one]) };
    let with_last = |first: Math, end: Math| if last.is_zero() { first } else { Math::sum(vec![first, end]) };
    let mut chain = with_last(stack(counts.layer.letters()), counts.final_norm.letters())
        .equals(with_last(stack(big(counts.layer.value(given))), big(last.clone())));
    if !layers.is_one() || !last.is_zero() {
        chain = chain.equals(big(value.clone()));
    }
    let mut words = if given.layers == 1 {
        "One layer".to_owned()
    } else {
        let mut n = in_words(given.layers);
        if let Some(first) = n.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        format!("{n} equal layers")
    };
    words += if given.final_norm { ", and the final LayerNorm." } else { ", and nothing else." };
    let row = Row::new("total", "total", Value::integer(value)).formula(formula).step(words, vec![chain]);
    row.remark(
        "Counted are the encoder's layers: no embedding, no positional encoding, no output layer. Dropout, ReLU and softmax \
         have no parameters.",
    )
}

fn head_size(given: &Given) -> Row {
    let (d, h) = (Math::sym("d"), Math::sym("h"));
    // `given` has refused heads that do not divide d.
    let d_k = given.d.checked_div(given.heads).unwrap_or(given.d);
    let chain = Math::sym("d_k")
        .equals(Math::frac(d, h))
        .equals(Math::frac(number(given.d), number(given.heads)))
        .equals(number(d_k));
    Row::new("d_k", "head size", Value::integer(d_k))
        .symbol(Math::sym("d_k"))
        .formula(Expr::var("d").over(&Expr::var("h")))
        .step("The d columns are shared out evenly among the h heads.", vec![chain])
}
