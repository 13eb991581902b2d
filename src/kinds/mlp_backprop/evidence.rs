//! What other ways of working say about a network question: an own forward pass, forward-mode derivatives, difference
//! quotients, a pass in enclosures. No answer is seen here, and no solver used.

mod bounds;
mod differences;
mod dual;
pub(super) mod integers;
mod library;
pub(super) mod paths;

use num_traits::{Signed, Zero};

use super::given::{Given, Layer};
use crate::kinds::softmax_cross_entropy::evidence::by_odds;
use crate::num::quotient::ExpQuotient;
use crate::num::{Exact, Rational};
use crate::report::{Evidence, Value};
use dual::{Run, SEED_EVERY_PARAMETER, Tangents};

const PASS: &str = "column sums";
const MODE: &str = "forward mode";

pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let run = Run::of(&given.input, &given.layers);
    let mut out = forward(given, &run);
    if let Some(tangents) = Tangents::of(given, &run) {
        out.extend(gradients(given, &tangents));
    }
    out.extend(differences::evidence(given));
    out.extend(bounds::evidence(given, &run));
    out.extend(paths::evidence(given));
    out.extend(library::evidence(given));
    out
}

fn numbers(values: &[Rational]) -> Value {
    values.to_vec().into()
}

fn exact(quotients: Vec<ExpQuotient>) -> Vec<Exact> {
    quotients.into_iter().map(Exact::from).collect()
}

fn forward(given: &Given, run: &Run) -> Vec<Evidence> {
    let hidden = given.layers.len().saturating_sub(1);
    let mut out = Vec::new();
    for (at, (z, h)) in run.pre.iter().zip(&run.out).take(hidden).enumerate() {
        let detail = format!("{} columns added up", run.into(given, at).len());
        out.push(Evidence::equal(format!("layer.{}.z", at + 1), PASS, numbers(z), detail));
        let detail = format!("larger of 0 and z, {} units", h.len());
        out.push(Evidence::equal(format!("layer.{}.h", at + 1), PASS, numbers(h), detail));
    }
    let detail = format!("{} columns added up", run.into(given, hidden).len());
    out.push(Evidence::equal("theta", PASS, numbers(run.logits()), detail));

    let p = by_odds(run.logits());
    match p.get(given.classes.index).map(Exact::ln) {
        Some(Ok(Some(log))) => out.push(Evidence::equal("J", "−ln p", log.neg(), "J = ln Σ e^(θj − θy)")),
        Some(Err(why)) => out.push(Evidence::nothing("J", "−ln p", why.reason)),
        _ => {}
    }
    out.push(Evidence::equal("p", "odds", p, "1/p_i = Σ e^(θj − θi)"));

    // A unit is dead where its output is 0 and its pre-activation is not; both zero is the kink.
    let find = |which: fn(&Rational) -> bool| {
        let units = |(layer, z): (&Layer, &Vec<Rational>)| {
            let mut found = Vec::new();
            for (i, z) in z.iter().enumerate() {
                if layer.relu && which(z) {
                    found.push(Value::integer(i + 1));
                }
            }
            Value::List(found)
        };
        Value::List(given.layers.iter().zip(&run.pre).take(hidden).map(units).collect())
    };
    let units: usize = run.pre.iter().take(hidden).map(Vec::len).sum();
    let detail = format!("signs of {units} pre-activations");
    out.push(Evidence::equal(
        "dead",
        "signs",
        find(|z| z.max(&Rational::zero()).is_zero() && !z.is_zero()),
        detail,
    ));
    let detail = format!("{units} pre-activations against 0");
    out.push(Evidence::equal("kinks", "signs", find(|z| !z.is_positive() && !z.is_negative()), detail));
    out
}

fn gradients(given: &Given, tangents: &Tangents<'_>) -> Vec<Evidence> {
    let last = given.layers.len().saturating_sub(1);
    let every = given.parameters() <= SEED_EVERY_PARAMETER;
    let mut out = Vec::new();
    let mut next: Option<Vec<Layer>> = Some(Vec::new());
    for (at, layer) in given.layers.iter().enumerate() {
        let n = at + 1;
        let (pre, weights) = (tangents.pre(at), tangents.weights(at));
        let seeds = |count: usize, what: &str| format!("{count} tangents, one a {what}");
        let entries = weights.iter().map(Vec::len).sum::<usize>();
        let detail = if every { seeds(entries, "weight") } else { seeds(pre.len(), "unit") };
        let row = |(old, g): (&Vec<Rational>, &Vec<ExpQuotient>)| {
            old.iter().zip(g).map(|(w, g)| Exact::from(tangents.moved(w, g))).collect::<Vec<_>>()
        };
        let w_next: Vec<Vec<Exact>> = layer.weights.iter().zip(&weights).map(row).collect();
        let b_next: Vec<Exact> =
            layer.bias.iter().zip(&pre).map(|(b, g)| Exact::from(tangents.moved(b, g))).collect();
        next = next.zip(rational_layer(layer, &w_next, &b_next)).map(|(mut layers, layer)| {
            layers.push(layer);
            layers
        });
        let weights: Vec<Vec<Exact>> = weights.into_iter().map(exact).collect();
        let pre = exact(pre);
        let units = seeds(pre.len(), "unit");
        out.push(Evidence::equal(format!("layer.{n}.dJ-dW"), MODE, weights, detail.clone()));
        out.push(Evidence::equal(format!("layer.{n}.W-next"), MODE, w_next, detail));
        out.push(Evidence::equal(format!("layer.{n}.b-next"), MODE, b_next, units.clone()));
        if at == last {
            out.push(Evidence::equal("dJ-dtheta", MODE, pre.clone(), units.clone()));
        } else {
            out.push(Evidence::equal(
                format!("layer.{n}.dJ-dh"),
                MODE,
                exact(tangents.out(at)),
                units.clone(),
            ));
            out.push(Evidence::equal(format!("layer.{n}.dJ-dz"), MODE, pre.clone(), units.clone()));
        }
        out.push(Evidence::equal(format!("layer.{n}.dJ-db"), MODE, pre, units));
    }
    out.extend(next.and_then(|layers| loss_after_step(given, &layers)));
    out
}

/// The layer with updated parameters, where all of them are rational.
fn rational_layer(layer: &Layer, weights: &[Vec<Exact>], bias: &[Exact]) -> Option<Layer> {
    let rational = |x: &Exact| x.as_rational().ok().flatten();
    let mut next = layer.clone();
    next.bias = bias.iter().map(rational).collect::<Option<_>>()?;
    next.weights = weights.iter().map(|row| row.iter().map(rational).collect()).collect::<Option<_>>()?;
    Some(next)
}

/// J after the step where every parameter is rational: −ln of the odds once more.
fn loss_after_step(given: &Given, layers: &[Layer]) -> Option<Evidence> {
    let run = Run::of(&given.input, layers);
    let p = by_odds(run.logits());
    let log = p.get(given.classes.index)?.ln().ok().flatten()?;
    Some(Evidence::equal("J-next", "−ln p", log.neg(), "forward once more with W⁺, b⁺"))
}
