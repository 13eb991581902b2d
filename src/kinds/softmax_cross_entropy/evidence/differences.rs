//! Difference quotients of the loss, a logit at a time, live here: values of J around the logits, and no derivative.

use super::super::given::Given;
use crate::evidence::difference::{CrossEntropy, Fineness, SOURCE};
use crate::num::{Interval, Undecided};
use crate::report::{Bounds, Evidence};

/// Brackets around every entry of the gradient.
pub(super) fn evidence(given: &Given) -> Evidence {
    let mut why = String::new();
    let mut fine = Some(Fineness::first(given.digits));
    while let Some(now) = fine {
        match brackets(given, &now) {
            Ok(all) => {
                let detail = now.detail(all.iter());
                let bounds = Bounds::List(all.into_iter().map(Bounds::Number).collect());
                return Evidence::within("gradient", SOURCE, bounds, detail);
            }
            Err(undecided) => why = undecided.reason,
        }
        fine = now.finer();
    }
    Evidence::nothing("gradient", SOURCE, why)
}

/// A logit is moved by h either way, the others stay.
fn brackets(given: &Given, fine: &Fineness) -> Result<Vec<Interval>, Undecided> {
    let logits: Vec<Interval> = given.logits.iter().map(|q| Interval::from_rational(q, fine.bits)).collect();
    let loss = CrossEntropy::at(&logits, given.classes.index, fine.share_bits())?;
    let h = fine.h();
    (0..logits.len()).map(|i| fine.narrow(loss.bracket(&[(i, h.clone())], fine)?)).collect()
}
