//! Numbers outside the decided forms live here, as a tree of operations that can be enclosed to any precision.
//!
//! Nothing here is decided but what an enclosure shows: two reals whose enclosures come apart are different, a real
//! apart from zero has a sign. That they are *equal* is never concluded.

use std::fmt;
use std::sync::Arc;

use super::elementary::MAX_BITS;
use super::exact::Exact;
use super::{Interval, Undecided};

/// A number known by how it is computed, e.g. the loss after a gradient step: e to an exponential sum.
#[derive(Debug, Clone)]
pub struct Real(Arc<Node>);

/// An enclosure from the bits to compute with, `None` where they are too few.
type Algorithm = dyn Fn(u32) -> Result<Option<Interval>, Undecided> + Send + Sync;

enum Node {
    Exact(Exact),
    Sum(Vec<Real>),
    Product(Real, Real),
    Quotient(Real, Real),
    Exp(Real),
    Ln(Real),
    Computed(Box<Algorithm>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(x) => f.debug_tuple("Exact").field(x).finish(),
            Self::Sum(terms) => f.debug_tuple("Sum").field(terms).finish(),
            Self::Product(a, b) => f.debug_tuple("Product").field(a).field(b).finish(),
            Self::Quotient(a, b) => f.debug_tuple("Quotient").field(a).field(b).finish(),
            Self::Exp(a) => f.debug_tuple("Exp").field(a).finish(),
            Self::Ln(a) => f.debug_tuple("Ln").field(a).finish(),
            Self::Computed(_) => f.write_str("Computed"),
        }
    }
}

impl Real {
    /// A number that has an exact form.
    #[must_use]
    pub fn exact(value: Exact) -> Self {
        match value.as_real() {
            Some(real) => real.clone(),
            None => Self(Arc::new(Node::Exact(value))),
        }
    }

    /// A sum.
    #[must_use]
    pub fn sum(terms: Vec<Real>) -> Self {
        Self(Arc::new(Node::Sum(terms)))
    }

    /// A product.
    #[must_use]
    pub fn product(a: Real, b: Real) -> Self {
        Self(Arc::new(Node::Product(a, b)))
    }

    /// A quotient; the divisor has to be enclosed apart from zero before the value is known.
    #[must_use]
    pub fn quotient(a: Real, b: Real) -> Self {
        Self(Arc::new(Node::Quotient(a, b)))
    }

    /// e to a real.
    #[must_use]
    pub fn exp(a: Real) -> Self {
        Self(Arc::new(Node::Exp(a)))
    }

    /// The natural logarithm; the argument has to be enclosed above zero before the value is known.
    #[must_use]
    pub fn ln(a: Real) -> Self {
        Self(Arc::new(Node::Ln(a)))
    }

    /// A number given by an algorithm: for each number of bits to compute with, an enclosure of the same number, or
    /// `None` where the bits are too few (a divisor not told from zero). The enclosures have to narrow as bits grow.
    #[must_use]
    pub fn computed(
        algorithm: impl Fn(u32) -> Result<Option<Interval>, Undecided> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Node::Computed(Box::new(algorithm))))
    }

    /// An enclosure computed with `work` bits throughout; `None` where `work` is too coarse to divide or take a logarithm.
    fn at(&self, work: u32) -> Result<Option<Interval>, Undecided> {
        Ok(match &*self.0 {
            Node::Exact(value) => Some(value.enclose(work)?.with_bits(work)),
            Node::Sum(terms) => {
                let mut sum = Interval::zero(work);
                for term in terms {
                    let Some(i) = term.at(work)? else { return Ok(None) };
                    sum = sum.add(&i);
                }
                Some(sum)
            }
            Node::Product(a, b) => a.at(work)?.zip(b.at(work)?).map(|(a, b)| a.mul(&b)),
            Node::Quotient(a, b) => a.at(work)?.zip(b.at(work)?).and_then(|(a, b)| a.checked_div(&b)),
            Node::Exp(a) => match a.at(work)? {
                Some(i) => Some(i.exp()?),
                None => None,
            },
            Node::Ln(a) => match a.at(work)? {
                Some(i) => i.ln()?,
                None => None,
            },
            Node::Computed(algorithm) => algorithm(work)?,
        })
    }

    /// An enclosure at most 2⁻ᵇⁱᵗˢ wide.
    ///
    /// # Errors
    /// [`Undecided`] where that takes more than the limit on precision: also where a divisor or the argument of a
    /// logarithm is zero, which no enclosure can tell.
    pub fn enclose(&self, bits: u32) -> Result<Interval, Undecided> {
        let mut work = bits.saturating_add(32);
        loop {
            if let Some(i) = self.at(work)?.filter(|i| i.is_narrower_than(bits)) {
                return Ok(i);
            }
            work = work.saturating_mul(2);
            if work > MAX_BITS {
                return Err(Undecided::because(format!(
                    "not enclosed to {bits} bits within {MAX_BITS} bits"
                )));
            }
        }
    }
}
