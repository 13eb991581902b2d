//! Difference quotients of the loss live here, a bracket for every entry of every gradient: which entries there are, how
//! fine a step they take, what is said of them. The values of J are the business of `pass`, kinks that of `kinks`.

mod kinks;
mod pass;

use super::super::given::{Given, Layer};
use crate::evidence::difference::{Fineness, SOURCE};
use crate::num::{Interval, Undecided};
use crate::report::{Bounds, Evidence};
use kinks::{Kinks, Slope};
use pass::{Entry, Pass};

/// The most work of all brackets together, about a nanosecond a unit. Where a step of each weight of its own would take
/// more, the weights into a unit share its step.
const MAX_WORK: u64 = 400_000_000;
/// Work of a product of enclosures beyond that of its digits: allocations and rounding.
const WORK_OF_A_PRODUCT: u64 = 512;
/// Products that a moved logit takes: two short exponentials with their shares.
const PRODUCTS_OF_A_LOGIT: usize = 6;

/// What is moved in a layer, an entry at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moved {
    /// What goes into the activation; the bias moves it by as much as it is moved itself.
    Units,
    /// What comes out of the activation.
    Outs,
    /// The weights.
    Weights,
}

/// Entries of one layer of which the same thing is moved.
#[derive(Debug, Clone, Copy)]
struct Group {
    at: usize,
    moved: Moved,
}

/// Brackets around every entry of every gradient.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    evidence_within(given, MAX_WORK)
}

fn evidence_within(given: &Given, limit: u64) -> Vec<Evidence> {
    let (mut open, mut out) = (Group::all(given), Vec::new());
    let mut kinks: Option<Kinks<'_>> = None;
    let mut fine = Some(Fineness::first(given.digits));
    let mut why = String::new();
    while let Some(now) = fine.filter(|_| !open.is_empty()) {
        let Some(own_steps) = steps_of_their_own(given, &open, &now, limit) else {
            why = format!("too many products of {} bits", now.bits);
            break;
        };
        match Pass::of(given, now) {
            Ok(mut pass) => {
                if pass.is_unsure_of_a_sign() && kinks.is_none() {
                    kinks = Some(Kinks::of(given, limit));
                }
                pass.kinks = kinks.as_ref();
                open.retain(|group| match group.evidence(&pass, own_steps) {
                    Ok(found) => {
                        out.extend(found);
                        false
                    }
                    Err(undecided) => {
                        why = undecided.reason;
                        true
                    }
                });
            }
            Err(undecided) => why = undecided.reason,
        }
        fine = now.finer();
    }
    let rows = open.iter().flat_map(|group| group.rows(given));
    out.extend(rows.map(|row| Evidence::nothing(row, SOURCE, why.clone())));
    out
}

/// Whether each weight can have a step of its own within the limit; `None` where even units are too many.
fn steps_of_their_own(given: &Given, open: &[Group], fine: &Fineness, limit: u64) -> Option<bool> {
    let words = u64::from(fine.bits.div_ceil(64));
    let product = words.saturating_mul(words).saturating_add(WORK_OF_A_PRODUCT);
    // The forward pass, and an exponential for each logit: about 2·√bits terms and as many squarings.
    let exponential = usize::try_from(fine.bits.isqrt().saturating_mul(4)).unwrap_or(usize::MAX);
    let pass = given.parameters().saturating_add(given.classes.count.saturating_mul(exponential));
    let fits = |own: bool| {
        let products = open.iter().map(|g| g.products(given, own)).fold(pass, usize::saturating_add);
        u64::try_from(products).unwrap_or(u64::MAX).saturating_mul(product) <= limit
    };
    if fits(true) { Some(true) } else { fits(false).then_some(false) }
}

impl Group {
    fn all(given: &Given) -> Vec<Self> {
        let last = given.layers.len().saturating_sub(1);
        let of = |at: usize| {
            let moved = [Moved::Units, Moved::Weights, Moved::Outs];
            moved.into_iter().take(if at == last { 2 } else { 3 }).map(move |moved| Self { at, moved })
        };
        (0..given.layers.len()).flat_map(of).collect()
    }

    fn rows(&self, given: &Given) -> Vec<String> {
        let n = self.at + 1;
        match self.moved {
            Moved::Units if n == given.layers.len() => {
                vec!["dJ-dtheta".to_owned(), format!("layer.{n}.dJ-db")]
            }
            Moved::Units => vec![format!("layer.{n}.dJ-dz"), format!("layer.{n}.dJ-db")],
            Moved::Outs => vec![format!("layer.{n}.dJ-dh")],
            Moved::Weights => vec![format!("layer.{n}.dJ-dW")],
        }
    }

    /// How many products brackets take: one column of the next layer, all of the layers after it, the logits.
    fn products(&self, given: &Given, own_steps: bool) -> usize {
        let size = |l: &Layer| l.weights.iter().map(Vec::len).sum::<usize>();
        let (units, weights) = given.layers.get(self.at).map_or((0, 0), |l| (l.bias.len(), size(l)));
        let column = given.layers.get(self.at + 1).map_or(0, |l| l.bias.len());
        let rest = given.layers.iter().skip(self.at + 2).map(size).fold(0, usize::saturating_add);
        let logits = given.classes.count.saturating_mul(PRODUCTS_OF_A_LOGIT);
        let entry = column.saturating_add(rest).saturating_add(logits);
        match self.moved {
            Moved::Weights if own_steps => weights.saturating_mul(entry),
            Moved::Weights => units.saturating_mul(entry).saturating_add(weights),
            Moved::Units | Moved::Outs => units.saturating_mul(entry),
        }
    }

    fn evidence(&self, pass: &Pass<'_>, own_steps: bool) -> Result<Vec<Evidence>, Undecided> {
        let rows = self.rows(pass.given);
        let (bounds, detail) = match self.moved {
            Moved::Weights => {
                let all = pass.weights(self.at, own_steps)?;
                let detail = detail(&pass.fine, all.iter().flatten());
                (Bounds::List(all.into_iter().map(list).collect()), detail)
            }
            moved => {
                let all = if moved == Moved::Units { pass.units(self.at)? } else { pass.outs(self.at)? };
                let detail = detail(&pass.fine, all.iter());
                (list(all), detail)
            }
        };
        let of = |row| Evidence::within(row, SOURCE, bounds.clone(), detail.clone());
        Ok(rows.into_iter().map(of).collect())
    }
}

fn list(entries: Vec<Entry>) -> Bounds {
    Bounds::List(entries.into_iter().map(|e| Bounds::Number(e.bracket)).collect())
}

/// What a table says: the step and the decimals; where a kink is moved, for how many entries the bracket is around
/// something that is no derivative of J.
fn detail<'a>(fine: &Fineness, entries: impl Iterator<Item = &'a Entry> + Clone) -> String {
    let count = |which: Slope| entries.clone().filter(|e| e.slope == which).count();
    match (count(Slope::None), count(Slope::Other)) {
        (0, 0) => fine.detail(entries.map(|e: &'a Entry| -> &'a Interval { &e.bracket })),
        (none, 0) => format!("no derivative in {none}: ReLU′(0) = 0"),
        (0, other) => format!("another derivative in {other}: ReLU′(0)=0"),
        (none, other) => format!("none in {none}, another in {other}: ReLU′(0)=0"),
    }
}

#[cfg(test)]
mod tests;
