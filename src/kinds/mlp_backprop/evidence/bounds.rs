//! A plain pass in enclosures for evidence lives here: forward, back, one step, forward again, with its own
//! arithmetic and nothing of the solver's.

use num_traits::{Signed, Zero};

use super::super::given::Given;
use super::dual::Run;
use crate::num::decimal::bits_of_digits;
use crate::num::{Integer, Interval, Rational, Undecided};
use crate::report::{Bounds, Evidence};

/// Bits of the first pass beyond those that the decimals take.
const SPARE_BITS: u32 = 192;
/// How often the bits are doubled where a pass is too coarse.
const DOUBLINGS: u32 = 4;
/// What the rows' evidence calls this way of working.
const SOURCE: &str = "enclosures";

/// One layer's enclosures: ∂J/∂z, and parameters after the step.
struct Slopes {
    pre: Vec<Interval>,
    weights: Vec<Vec<Interval>>,
    bias: Vec<Interval>,
}

/// Everything that a pass encloses.
struct Pass<'a> {
    given: &'a Given,
    run: &'a Run,
    bits: u32,
}

/// Evidence from enclosures about all rows that are not decided by signs alone.
pub fn evidence(given: &Given, run: &Run) -> Vec<Evidence> {
    let wanted = bits_of_digits(given.digits).saturating_add(64);
    let mut bits = wanted.saturating_add(SPARE_BITS);
    let mut why = String::new();
    for _ in 0..=DOUBLINGS {
        match (Pass { given, run, bits }).evidence(wanted) {
            Ok(Some(evidence)) => return evidence,
            Ok(None) => why = format!("still too wide with {bits} bits"),
            Err(undecided) => why = undecided.reason,
        }
        bits = bits.saturating_mul(2);
    }
    vec![Evidence::nothing("J-next", SOURCE, why)]
}

fn list(values: &[Interval]) -> Bounds {
    Bounds::List(values.iter().cloned().map(Bounds::Number).collect())
}

fn matrix(rows: &[Vec<Interval>]) -> Bounds {
    Bounds::List(rows.iter().map(|row| list(row)).collect())
}

impl Pass<'_> {
    fn around(&self, x: &Rational) -> Interval {
        Interval::from_rational(x, self.bits)
    }

    /// `None` where the enclosures are wider than 2^−wanted.
    fn evidence(&self, wanted: u32) -> Result<Option<Vec<Evidence>>, Undecided> {
        let logits: Vec<Interval> = self.run.logits().iter().map(|q| self.around(q)).collect();
        let Some((p, loss)) = self.softmax(&logits)? else { return Ok(None) };
        let y = self.given.classes.index;
        let one = Interval::one(self.bits);
        let slope: Vec<Interval> =
            p.iter().enumerate().map(|(k, p)| if k == y { p.sub(&one) } else { p.clone() }).collect();
        let (outs, layers) = self.back(slope.clone());
        let Some((_, next)) = self.softmax(&self.forward(&layers))? else { return Ok(None) };

        let narrow = |i: &Interval| i.is_narrower_than(wanted);
        let all = layers.iter().flat_map(|l| l.pre.iter().chain(&l.bias).chain(l.weights.iter().flatten()));
        if ![&loss, &next].into_iter().chain(&p).chain(all).all(narrow) {
            return Ok(None);
        }
        let detail = format!("a pass in intervals of {} bits", self.bits);
        let within = |row: String, bounds| Evidence::within(row, SOURCE, bounds, detail.clone());
        let mut out = vec![
            within("p".into(), list(&p)),
            within("J".into(), Bounds::Number(loss)),
            within("dJ-dtheta".into(), list(&slope)),
            within("J-next".into(), Bounds::Number(next)),
        ];
        for (at, layer) in layers.iter().enumerate() {
            let n = at + 1;
            let into = self.run.into(self.given, at);
            let gradient: Vec<Vec<Interval>> =
                layer.pre.iter().map(|s| into.iter().map(|h| s.scale(h)).collect()).collect();
            out.push(within(format!("layer.{n}.dJ-dW"), matrix(&gradient)));
            out.push(within(format!("layer.{n}.dJ-db"), list(&layer.pre)));
            out.push(within(format!("layer.{n}.W-next"), matrix(&layer.weights)));
            out.push(within(format!("layer.{n}.b-next"), list(&layer.bias)));
            if let Some(h) = outs.get(at) {
                out.push(within(format!("layer.{n}.dJ-dh"), list(h)));
                out.push(within(format!("layer.{n}.dJ-dz"), list(&layer.pre)));
            }
        }
        Ok(Some(out))
    }

    /// Softmax and cross-entropy, with powers of e taken relative to a whole number just below the greatest logit.
    fn softmax(&self, logits: &[Interval]) -> Result<Option<(Vec<Interval>, Interval)>, Undecided> {
        let floor = |i: &Interval| i.lo() >> i.bits();
        let top: Integer = logits.iter().map(floor).max().unwrap_or_else(Integer::zero);
        let top = self.around(&Rational::from_integer(top));
        let powers = logits.iter().map(|q| q.sub(&top).exp()).collect::<Result<Vec<_>, _>>()?;
        let sum = powers.iter().fold(Interval::zero(self.bits), |sum, e| sum.add(e));
        let p: Option<Vec<Interval>> = powers.iter().map(|e| e.checked_div(&sum)).collect();
        let own = logits.get(self.given.classes.index);
        let loss = sum.ln()?.zip(own).map(|(log, own)| log.add(&top).sub(own));
        Ok(p.zip(loss))
    }

    /// From ∂J/∂θ down: ∂J/∂h of the hidden layers, and every layer's slopes with its parameters after the step.
    fn back(&self, slope: Vec<Interval>) -> (Vec<Vec<Interval>>, Vec<Slopes>) {
        let (mut outs, mut layers) = (Vec::new(), Vec::new());
        let mut pre = slope;
        for (at, layer) in self.given.layers.iter().enumerate().rev() {
            let into = self.run.into(self.given, at);
            let moved = |old: &Rational, s: &Interval, h: &Rational| {
                self.around(old).sub(&s.scale(&(h * &self.given.step)))
            };
            let one = Rational::from_integer(Integer::from(1));
            let bias = layer.bias.iter().zip(&pre).map(|(b, s)| moved(b, s, &one)).collect();
            let row = |(row, s): (&Vec<Rational>, &Interval)| {
                row.iter().zip(into).map(|(w, h)| moved(w, s, h)).collect::<Vec<_>>()
            };
            let weights = layer.weights.iter().zip(&pre).map(row).collect();
            let below: Vec<Interval> = (0..into.len())
                .map(|j| {
                    let column = layer.weights.iter().filter_map(|row| row.get(j));
                    column.zip(&pre).fold(Interval::zero(self.bits), |sum, (w, s)| sum.add(&s.scale(w)))
                })
                .collect();
            layers.push(Slopes { pre, weights, bias });
            let Some((hidden, z)) =
                at.checked_sub(1).and_then(|b| self.given.layers.get(b).zip(self.run.pre.get(b)))
            else {
                break;
            };
            let off = |z: &Rational| hidden.relu && !z.is_positive();
            pre = below
                .iter()
                .zip(z)
                .map(|(s, z)| if off(z) { Interval::zero(self.bits) } else { s.clone() })
                .collect();
            outs.push(below);
        }
        outs.reverse();
        layers.reverse();
        (outs, layers)
    }

    /// The logits under the parameters after the step.
    fn forward(&self, layers: &[Slopes]) -> Vec<Interval> {
        let mut signal: Vec<Interval> = self.given.input.iter().map(|x| self.around(x)).collect();
        for (layer, next) in self.given.layers.iter().zip(layers) {
            let unit = |(row, bias): (&Vec<Interval>, &Interval)| {
                let z = row.iter().zip(&signal).fold(bias.clone(), |sum, (w, x)| sum.add(&w.mul(x)));
                // The interval around max(0, z) whatever the sign of z.
                let keep = |end: &Integer| end.max(&Integer::zero()).clone();
                if layer.relu { Interval::new(keep(z.lo()), keep(z.hi()), z.bits()) } else { z }
            };
            signal = next.weights.iter().zip(&next.bias).map(unit).collect();
        }
        signal
    }
}
