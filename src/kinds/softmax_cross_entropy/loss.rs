//! Softmax and cross-entropy at rational logits, exactly and over one shared denominator, for solvers; evidence has
//! its own.

use num_traits::{One, Zero};

use crate::num::exp_sum::ExpSum;
use crate::num::logarithm::LogSum;
use crate::num::quotient::{Denominator, ExpQuotient};
use crate::num::{Exact, Rational, Undecided};

/// Softmax of rational logits with the cross-entropy of one true class.
///
/// All numbers are N/S with one S, the normal form of Σⱼ e^θⱼ: Σⱼ e^θⱼ = c·e^q·S, so p_i = (1/c)·e^(θᵢ−q)/S.
#[derive(Debug, Clone)]
pub struct SoftmaxLoss {
    logits: Vec<Rational>,
    true_class: usize,
    denominator: Denominator,
    /// 1/c
    share: Rational,
    /// q
    offset: Rational,
}

impl SoftmaxLoss {
    /// For at least one logit and a true class among them; `None` otherwise.
    #[must_use]
    pub fn new(logits: &[Rational], true_class: usize) -> Option<Self> {
        logits.get(true_class)?;
        let sum = ExpSum::from_terms(logits.iter().map(|q| (q.clone(), Rational::one())));
        let (denominator, c, offset) = Denominator::of(&sum)?;
        Some(Self { logits: logits.to_vec(), true_class, denominator, share: c.recip(), offset })
    }

    /// The denominator S.
    #[must_use]
    pub fn denominator(&self) -> &Denominator {
        &self.denominator
    }

    /// The number N/S.
    #[must_use]
    pub fn number(&self, numerator: ExpSum) -> Exact {
        ExpQuotient::over(numerator, self.denominator.clone()).into()
    }

    /// Numerators of p, over S.
    pub fn probabilities(&self) -> impl Iterator<Item = ExpSum> {
        self.logits.iter().map(|q| ExpSum::term(self.share.clone(), q - &self.offset))
    }

    /// Numerators of ∂J/∂θ = p − onehot(y), over S.
    pub fn gradient(&self) -> impl Iterator<Item = ExpSum> {
        self.probabilities()
            .enumerate()
            .map(|(i, p)| if i == self.true_class { p.add(&self.denominator.sum().neg()) } else { p })
    }

    /// J = −θ_y + ln Σⱼ e^θⱼ.
    ///
    /// # Errors
    /// [`Undecided`] where the sign of the sum is, which limits on precision could cause.
    pub fn loss(&self) -> Result<Exact, Undecided> {
        let sum = ExpSum::from_terms(self.logits.iter().map(|q| (q.clone(), Rational::one())));
        let log = LogSum::ln(&ExpQuotient::over(sum, Denominator::one()))?
            .ok_or_else(|| Undecided::because("a sum of powers of e was not told positive"))?;
        let zero = Rational::zero();
        let theta_y = self.logits.get(self.true_class).unwrap_or(&zero);
        Ok(log.add(&LogSum::rational(-theta_y)).into())
    }
}
