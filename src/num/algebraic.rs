//! Stub.
use super::{Rational, Undecided};
/// Stub.
#[derive(Debug, Clone)]
pub struct Algebraic;
#[allow(missing_docs)]
impl Algebraic {
    pub fn enclose(&self, _b: u32) -> (Rational, Rational) {
        (super::ratio(0, 1), super::ratio(0, 1))
    }
    pub fn shift(&self, _r: &Rational) -> Self {
        self.clone()
    }
    pub fn scale(&self, _r: &Rational) -> Option<Self> {
        None
    }
    pub fn reciprocal(&self) -> Option<Self> {
        None
    }
    pub fn cmp(&self, _o: &Self) -> Result<std::cmp::Ordering, Undecided> {
        Ok(std::cmp::Ordering::Equal)
    }
}
