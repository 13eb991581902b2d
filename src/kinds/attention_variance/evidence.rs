//! What other ways of working say about the rows of this kind is put together here: moments of the expanded square
//! (`moments.rs`), finite distributions gone through case by case (`enumeration.rs`), the softmax written another way
//! (`softmax.rs`), scores drawn at random (`sampled.rs`). Nothing of the solver may be imported.
//!
//! # Why three values are enough
//!
//! By symmetry `E[(qᵀk)²]` = d·A + d(d − 1)·B, where A belongs to i = j and B to i ≠ j, and `E[qᵀk]` is d times a number.
//! So Var(qᵀk) is a polynomial in d of degree at most 2, and three values determine it.
//!
//! # Why a finite distribution may stand for any other
//!
//! In (qᵀk)² every entry of q and k appears at most squared, so only the first two moments of an entry matter.

mod enumeration;
mod moments;
mod sampled;
mod softmax;

use num_traits::Zero;

use super::given::Given;
use crate::expr::Expr;
use crate::num::{Exact, Integer, Rational, ratio};
use crate::report::{Evidence, Value};

/// Evidence about all rows.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    let mut out = moments::about(given);
    out.extend(enumeration::about(given));
    out.extend(sampled::about(given));
    out.extend(softmax::about(given));
    out
}

/// A polynomial a + b·d + c·d².
#[derive(Debug, Clone, PartialEq)]
struct Quadratic {
    a: Rational,
    b: Rational,
    c: Rational,
}

impl Quadratic {
    /// The polynomial of degree at most 2 through three values at `first`, `first + 1`, `first + 2`, by differences.
    fn through(first: i64, values: &[Rational; 3]) -> Self {
        let [f0, f1, f2] = values;
        let n = ratio(first, 1);
        let slope = f1 - f0;
        let c = (f2 - f1 - &slope) / ratio(2, 1);
        let odd = ratio(2, 1) * &n + ratio(1, 1);
        let b = &slope - &c * odd;
        let a = f0 - &b * &n - &c * &n * &n;
        Self { a, b, c }
    }

    /// Its value at d.
    fn at(&self, d: &Rational) -> Rational {
        &self.a + &self.b * d + &self.c * d * d
    }

    /// The polynomial at d_k: a number where d_k is one, or where it is constant; else a formula.
    fn at_d_k(&self, d_k: Option<u64>) -> Value {
        match d_k {
            Some(d) => self.at(&whole(d)).into(),
            None if self.b.is_zero() && self.c.is_zero() => self.a.clone().into(),
            None => self.expr().into(),
        }
    }

    /// The polynomial over d_k.
    fn over_d_k(&self, d_k: Option<u64>) -> Value {
        match d_k {
            Some(0) => Value::Number(Exact::zero()),
            Some(d) => (self.at(&whole(d)) / whole(d)).into(),
            None if self.a.is_zero() && self.c.is_zero() => self.b.clone().into(),
            None => self.expr().over(&Expr::var("d_k")).into(),
        }
    }

    fn expr(&self) -> Expr {
        let d = Expr::var("d_k");
        let terms = [(&self.a, 0), (&self.b, 1), (&self.c, 2)];
        Expr::sum(terms.map(|(c, n)| Expr::product([Expr::number(c.clone()), d.pow(n)])))
    }
}

fn whole(n: u64) -> Rational {
    Rational::from_integer(Integer::from(n))
}
