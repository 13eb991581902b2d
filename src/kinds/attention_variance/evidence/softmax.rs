//! The saturation of a softmax over two scores lives here, written with e⁻ᶜ in place of eᶜ, and enclosed.

use num_integer::Roots;
use num_traits::One;

use super::whole;
use crate::kinds::attention_variance::given::Given;
use crate::num::elementary::exp_rational;
use crate::num::exp_sum::ExpSum;
use crate::num::quotient::ExpQuotient;
use crate::num::{Exact, Interval, Rational, Undecided, ratio};
use crate::report::{Bounds, Evidence, Value};

const ROW: &str = "saturation";
const EXACT: &str = "reciprocals";
const ENCLOSED: &str = "enclosures";

/// Bits of the enclosures beyond those that the digits of the question need.
const SPARE_BITS: u32 = 96;

/// What both say about the example.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    let lengths = given.example_lengths();
    let exact = match exactly(&lengths) {
        Ok(value) => Evidence::equal(ROW, EXACT, value, "1/(1+e⁻ᶜ), 1/(eᶜ+2+e⁻ᶜ)"),
        Err(why) => Evidence::nothing(ROW, EXACT, why.reason),
    };
    let bits = given.digits.saturating_mul(4).saturating_add(SPARE_BITS);
    let enclosed = match enclosed(&lengths, bits) {
        Ok(bounds) => Evidence::within(ROW, ENCLOSED, bounds, format!("e⁻ᶜ in intervals of {bits} bits")),
        Err(why) => Evidence::nothing(ROW, ENCLOSED, why.reason),
    };
    vec![exact, enclosed]
}

/// √d, where it is whole.
fn gap(d: u64) -> Result<Rational, Undecided> {
    let root = d.sqrt();
    if root.checked_mul(root) == Some(d) {
        return Ok(whole(root));
    }
    Err(Undecided::because(format!("{d} is not a square")))
}

fn vanished() -> Undecided {
    Undecided::because("a denominator vanished")
}

fn exactly(lengths: &[u64]) -> Result<Value, Undecided> {
    let mut rows = Vec::new();
    for d in lengths {
        let c = gap(*d)?;
        let (up, down) = (ExpSum::term(Rational::one(), c.clone()), ExpSum::term(Rational::one(), -&c));
        let p = ExpQuotient::new(&ExpSum::one(), &ExpSum::one().add(&down)).ok_or_else(vanished)?;
        let both = up.add(&ExpSum::rational(ratio(2, 1))).add(&down);
        let slope = ExpQuotient::new(&ExpSum::one(), &both).ok_or_else(vanished)?;
        let numbers: [Exact; 4] = [whole(*d).into(), c.into(), p.into(), slope.into()];
        rows.push(Value::List(numbers.map(Value::Number).into()));
    }
    Ok(Value::List(rows))
}

fn enclosed(lengths: &[u64], bits: u32) -> Result<Bounds, Undecided> {
    let mut rows = Vec::new();
    let one = Interval::one(bits);
    for d in lengths {
        let c = gap(*d)?;
        let down = exp_rational(&-&c, bits)?;
        let p = one.checked_div(&one.add(&down)).ok_or_else(vanished)?;
        // p(1 − p) with 1 − p = e⁻ᶜ·p
        let slope = p.mul(&down.mul(&p));
        let at = |r: &Rational| Interval::from_rational(r, bits);
        let numbers = [at(&whole(*d)), at(&c), p, slope];
        rows.push(Bounds::List(numbers.map(Bounds::Number).into()));
    }
    Ok(Bounds::List(rows))
}
