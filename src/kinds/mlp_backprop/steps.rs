//! The worked steps of a network's answers live here: derivations and formulas with the numbers filled in. Values come
//! from elsewhere. Matrices larger than eight by eight are not written out.

use num_traits::Signed;

use super::given::{Given, Layer};
use super::words::input_name;
use crate::kinds::softmax_cross_entropy::steps::{MAX_WRITTEN, decimal, number};
use crate::notation::{Math, Relation, text};
use crate::num::{Exact, Form, Rational};
use crate::report::Step;

/// The most terms that a denominator may have where exact entries are written out in a step.
const MAX_EXACT_TERMS: usize = 4;

/// Names of a layer's quantities as formulas.
struct Names<'a> {
    layer: &'a Layer,
    input: &'a str,
}

impl Names<'_> {
    fn weights(&self) -> Math {
        Math::sym(&*self.layer.symbols.weights)
    }
    fn bias(&self) -> Math {
        Math::sym(&*self.layer.symbols.bias)
    }
    fn pre(&self) -> Math {
        Math::sym(&*self.layer.symbols.pre)
    }
    fn out(&self) -> Math {
        Math::sym(&*self.layer.symbols.out)
    }
    fn input(&self) -> Math {
        Math::sym(self.input)
    }
}

/// The entry of a quantity with letters for indices: `W_ij`.
fn at(name: &str, index: &str) -> Math {
    Math::sym(format!("{name}_{index}"))
}

/// ∂J/∂a
pub fn slope(by: Math) -> Math {
    Math::partial(Math::sym("J"), by)
}

fn names(given: &Given, index: usize) -> Option<Names<'_>> {
    let layer = given.layers.get(index)?;
    Some(Names { layer, input: input_name(&given.layers, index) })
}

/// Whether a matrix of this size is written out.
pub fn fits(rows: usize, columns: usize) -> bool {
    rows <= MAX_WRITTEN && columns <= MAX_WRITTEN
}

fn rational_column(values: &[Rational]) -> Math {
    Math::column(values.iter().cloned().map(Math::num).collect())
}

fn rational_matrix(rows: &[Vec<Rational>]) -> Math {
    Math::matrix(rows.iter().map(|row| row.iter().cloned().map(Math::num).collect()).collect())
}

/// Numbers by rows, as one writes them: exact where that is short, else rounded.
struct Written<'a> {
    rows: &'a [Vec<Exact>],
    digits: u32,
}

impl Written<'_> {
    /// `Equal` where the entries are exact as written.
    fn relation(&self) -> Relation {
        let short = |x: &Exact| match x.form() {
            Form::Rational(_) => true,
            Form::Quotient(q) => q.denominator().terms().len() <= MAX_EXACT_TERMS && self.rows.len() <= 4,
            _ => false,
        };
        if self.rows.iter().flatten().all(short) { Relation::Equal } else { Relation::Approx }
    }

    fn math(&self) -> Math {
        let exact = self.relation() == Relation::Equal;
        let entry = |x: &Exact| if exact { number(x, self.digits) } else { decimal(x, self.digits) };
        Math::matrix(self.rows.iter().map(|row| row.iter().map(entry).collect()).collect())
    }
}

/// A column of numbers as a matrix by rows.
pub fn as_column(values: &[Exact]) -> Vec<Vec<Exact>> {
    values.iter().map(|x| vec![x.clone()]).collect()
}

/// Goes on with numbers, and with their decimals where they are exact and irrational.
fn then(chain: Math, rows: &[Vec<Exact>], digits: u32) -> Math {
    let written = Written { rows, digits };
    let mut out = chain.then(written.relation(), written.math());
    let rational = |x: &Exact| matches!(x.form(), Form::Rational(_));
    if written.relation() == Relation::Equal && !rows.iter().flatten().all(rational) {
        let rounded = rows.iter().map(|row| row.iter().map(|x| decimal(x, digits)).collect()).collect();
        out = out.then(Relation::Approx, Math::matrix(rounded));
    }
    out
}

/// z = W x + b
pub fn affine(given: &Given, index: usize, input: &[Rational], z: &[Rational]) -> Vec<Step> {
    let Some(n) = names(given, index) else { return Vec::new() };
    let mut math = n.pre().equals(Math::sum(vec![Math::prod(vec![n.weights(), n.input()]), n.bias()]));
    if fits(z.len(), input.len()) {
        let product = Math::prod(vec![rational_matrix(&n.layer.weights), rational_column(input)]);
        math =
            math.equals(Math::sum(vec![product, rational_column(&n.layer.bias)])).equals(rational_column(z));
    }
    vec![Step::new("Weights times input, plus bias.", vec![math])]
}

/// h = ReLU(z)
pub fn activation(given: &Given, index: usize, z: &[Rational], h: &[Rational]) -> Vec<Step> {
    let Some(n) = names(given, index) else { return Vec::new() };
    if !n.layer.relu {
        return vec![Step::new("This layer has no activation.", vec![n.out().equals(n.pre())])];
    }
    let mut math = n.out().equals(Math::apply("relu", vec![n.pre()]));
    if fits(z.len(), 1) {
        math = math.equals(Math::apply("relu", vec![rational_column(z)])).equals(rational_column(h));
    }
    let words = "ReLU keeps what is positive and sets the rest to 0: each entry becomes max(0, entry).";
    vec![Step::new(words, vec![math])]
}

/// How hidden units are told apart by the sign of their pre-activation.
pub fn signs(words: &str, relation: Relation) -> Vec<Step> {
    vec![Step::new(words, vec![Math::sym("z_i").then(relation, Math::int(0))])]
}

/// ∂J/∂W = (∂J/∂z) hᵀ
pub fn weights(
    given: &Given,
    index: usize,
    dz: &[Exact],
    input: &[Rational],
    dw: &[Vec<Exact>],
) -> Vec<Step> {
    let Some(n) = names(given, index) else { return Vec::new() };
    let s = &n.layer.symbols;
    let entry = at(&s.pre, "i").equals(Math::sum(vec![
        Math::sum_over(Math::sym("j"), Math::prod(vec![at(&s.weights, "ij"), at(n.input, "j")])),
        at(&s.bias, "i"),
    ]));
    let chain = slope(at(&s.weights, "ij"))
        .equals(Math::prod(vec![
            slope(at(&s.pre, "i")),
            Math::partial(at(&s.pre, "i"), at(&s.weights, "ij")),
        ]))
        .equals(Math::prod(vec![slope(at(&s.pre, "i")), at(n.input, "j")]));
    let (rows, columns) = (dz.len(), input.len());
    let mut whole = slope(n.weights()).equals(Math::prod(vec![slope(n.pre()), Math::transpose(n.input())]));
    if fits(rows, columns) {
        let column = as_column(dz);
        let left = Written { rows: &column, digits: given.digits };
        let right = Math::matrix(vec![input.iter().cloned().map(Math::num).collect()]);
        whole = whole.then(left.relation(), Math::prod(vec![left.math(), right]));
        whole = then(whole, dw, given.digits);
    }
    let w = text(&at(&s.weights, "ij"));
    vec![
        Step::new(
            format!(
                "Only {} contains {w}, with factor {}, so the chain rule has one term.",
                text(&at(&s.pre, "i")),
                text(&at(n.input, "j"))
            ),
            vec![entry, chain],
        ),
        Step::new(
            format!(
                "All entries at once are a column times a row: ({rows}×1)(1×{columns}) is {rows}×{columns}, the shape \
                 of {}.",
                text(&n.weights())
            ),
            vec![whole],
        ),
    ]
}

/// ∂J/∂b = ∂J/∂z
pub fn bias(given: &Given, index: usize, dz: &[Exact]) -> Vec<Step> {
    let Some(n) = names(given, index) else { return Vec::new() };
    let s = &n.layer.symbols;
    let one = Math::partial(at(&s.pre, "i"), at(&s.bias, "i")).equals(Math::int(1));
    let mut whole = slope(n.bias()).equals(slope(n.pre()));
    if fits(dz.len(), 1) {
        whole = then(whole, &as_column(dz), given.digits);
    }
    let words = format!(
        "Each bias enters its own unit with factor 1, so its gradient is the unit's: {}×1, the shape of {}.",
        dz.len(),
        text(&n.bias())
    );
    vec![Step::new(words, vec![one, whole])]
}

/// ∂J/∂h = Wᵀ ∂J/∂z of the layer above; `index` is the layer that h comes out of.
pub fn output(given: &Given, index: usize, dz_above: &[Exact], dh: &[Exact]) -> Vec<Step> {
    let (Some(n), Some(up)) = (names(given, index), names(given, index + 1)) else { return Vec::new() };
    let (s, u) = (&n.layer.symbols, &up.layer.symbols);
    let chain = slope(at(&s.out, "j")).equals(Math::sum_over(
        Math::sym("i"),
        Math::prod(vec![slope(at(&u.pre, "i")), Math::partial(at(&u.pre, "i"), at(&s.out, "j"))]),
    ));
    let chain = chain.equals(Math::sum_over(
        Math::sym("i"),
        Math::prod(vec![slope(at(&u.pre, "i")), at(&u.weights, "ij")]),
    ));
    let (rows, columns) = (dz_above.len(), dh.len());
    let mut whole = slope(n.out()).equals(Math::prod(vec![Math::transpose(up.weights()), slope(up.pre())]));
    if fits(rows, columns) {
        let column = as_column(dz_above);
        let right = Written { rows: &column, digits: given.digits };
        let left = Math::transpose(rational_matrix(&up.layer.weights));
        whole = whole.then(right.relation(), Math::prod(vec![left, right.math()]));
        whole = then(whole, &as_column(dh), given.digits);
    }
    vec![
        Step::new(
            format!(
                "{} reaches the loss through every {}, so the chain rule sums over them.",
                text(&at(&s.out, "j")),
                text(&at(&u.pre, "i"))
            ),
            vec![chain],
        ),
        Step::new(
            format!(
                "As a product: ({columns}×{rows})({rows}×1) is {columns}×1, the shape of {}.",
                text(&n.out())
            ),
            vec![whole],
        ),
    ]
}

/// ∂J/∂z = ∂J/∂h ⊙ `1[z > 0]`
pub fn pre(given: &Given, index: usize, z: &[Rational], dh: &[Exact], dz: &[Exact]) -> Vec<Step> {
    let Some(n) = names(given, index) else { return Vec::new() };
    let s = &n.layer.symbols;
    if !n.layer.relu {
        return vec![Step::new(
            "There is no activation in between.",
            vec![slope(n.pre()).equals(slope(n.out()))],
        )];
    }
    let positive = || Math::indicator(at(&s.pre, "i").then(Relation::Greater, Math::int(0)));
    let derivative = Math::partial(at(&s.out, "i"), at(&s.pre, "i")).equals(positive());
    let chain = slope(at(&s.pre, "i")).equals(Math::prod(vec![slope(at(&s.out, "i")), positive()]));
    let mut math = vec![derivative, chain];
    if fits(z.len(), 1) {
        let column = as_column(dh);
        let left = Written { rows: &column, digits: given.digits };
        let exact = left.relation() == Relation::Equal;
        let entry = |(h, z): (&Exact, &Rational)| {
            let value = if exact { number(h, given.digits) } else { decimal(h, given.digits) };
            Math::prod(vec![value, Math::int(i64::from(z.is_positive()))])
        };
        let filled = Math::column(dh.iter().zip(z).map(entry).collect());
        math.push(then(slope(n.pre()).then(left.relation(), filled), &as_column(dz), given.digits));
    }
    let words =
        "ReLU passes a gradient on where its input is positive and stops it elsewhere (at 0 by convention).";
    vec![Step::new(words, math)]
}

/// W⁺ = W − t ∂J/∂W, for weights or a bias.
pub fn update(
    given: &Given,
    name: &str,
    old: &[Vec<Rational>],
    grad: &[Vec<Exact>],
    new: &[Vec<Exact>],
) -> Vec<Step> {
    let next = Math::sym(format!("{name}_next"));
    let symbol = || Math::sym(name);
    let moved = Math::prod(vec![Math::sym("t"), slope(symbol())]);
    let mut math = next.equals(Math::minus(symbol(), moved));
    if fits(old.len(), old.first().map_or(0, Vec::len)) {
        let gradient = Written { rows: grad, digits: given.digits };
        let step = Math::prod(vec![Math::num(given.step.clone()), gradient.math()]);
        math = math.then(gradient.relation(), Math::minus(rational_matrix(old), step));
        math = then(math, new, given.digits);
    }
    vec![Step::new("One step against the gradient.", vec![math])]
}

/// How the loss after the step is found.
pub fn next_loss(given: &Given, j: &Exact, next: &Exact) -> Vec<Step> {
    let math = Math::sym("J_next").then(Relation::Approx, decimal(next, given.digits));
    let before = Math::sym("J").then(Relation::Approx, decimal(j, given.digits));
    vec![Step::new(
        "The forward pass again, with all updated parameters; before the step it was J.",
        vec![math, before],
    )]
}
