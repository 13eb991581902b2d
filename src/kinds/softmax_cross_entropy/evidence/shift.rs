//! That the gradient adds up to 0 is seen here from the loss alone, moved along (1, …, 1). Nothing is differentiated.

use num_traits::{One, Zero};

use crate::num::exp_sum::ExpSum;
use crate::num::quotient::ExpQuotient;
use crate::num::{Exact, Rational};
use crate::report::Evidence;

const ROW: &str = "gradient-sum";
const SOURCE: &str = "shift";

/// The probability of the true class where every logit is moved by the same number.
fn moved(logits: &[Rational], y: usize, by: &Rational) -> Option<ExpQuotient> {
    let power = |q: &Rational| (q + by, Rational::one());
    let own = ExpSum::from_terms(logits.get(y).map(power));
    ExpQuotient::new(&own, &ExpSum::from_terms(logits.iter().map(power)))
}

/// J is convex, so if it is the same at θ − 1, θ and θ + 1 it is the same between them, and its slope along
/// (1, …, 1), which is the sum of the gradient, is 0. It is the same where p_y is.
pub(super) fn evidence(logits: &[Rational], y: usize) -> Evidence {
    let one = Rational::one();
    let at = |by: &Rational| moved(logits, y, by);
    let (Some(below), Some(here), Some(above)) = (at(&-&one), at(&Rational::zero()), at(&one)) else {
        return Evidence::nothing(ROW, SOURCE, "no probability for the true class");
    };
    match (below.equals(&here), above.equals(&here)) {
        (Ok(true), Ok(true)) => {
            Evidence::equal(ROW, SOURCE, Exact::zero(), "J(θ−1) = J(θ) = J(θ+1), J convex")
        }
        (Err(why), _) | (_, Err(why)) => Evidence::nothing(ROW, SOURCE, why.reason),
        _ => Evidence::nothing(ROW, SOURCE, "a shift of all logits was seen to change J"),
    }
}
