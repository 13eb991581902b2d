//! Sturm sequences live here: how many real roots lie in an interval, by changes of sign.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use super::Poly;
use super::integer::IntPoly;
use crate::num::Rational;

/// The Sturm sequence of the squarefree part of a polynomial: the part, its derivative, then each time minus the
/// remainder of the two before, up to positive factors.
///
/// Sturm's theorem: the number of distinct real roots in `(a, b]` is the number of changes of sign along the
/// sequence at `a` less that at `b`.
#[derive(Debug, Clone)]
pub struct Sturm {
    chain: Vec<IntPoly>,
}

impl Sturm {
    /// The sequence of the squarefree part of `poly`. Zero is taken for a constant: it has no roots to count.
    #[must_use]
    pub fn new(poly: &Poly) -> Self {
        let first = poly.primitive().squarefree_part();
        let second = first.derivative();
        let mut chain = vec![first];
        let mut next = Some(second);
        while let Some(member) = next.filter(|member| member.degree().is_some()) {
            next = chain.last().and_then(|before| before.sturm_step(&member));
            chain.push(member);
        }
        Self { chain }
    }

    /// The members, from the squarefree part on.
    #[must_use]
    pub fn chain(&self) -> &[IntPoly] {
        &self.chain
    }

    /// How many distinct real roots lie in `(a, b]`; zero when `b <= a`.
    #[must_use]
    pub fn count(&self, a: &Rational, b: &Rational) -> usize {
        if b <= a {
            return 0;
        }
        let changes = |x| changes(self.chain.iter().map(|member| member.sign_at(x)));
        changes(a).saturating_sub(changes(b))
    }

    /// How many distinct real roots there are.
    #[must_use]
    pub fn count_all(&self) -> usize {
        let at_plus = |member: &IntPoly| sign_of_leading(member);
        let at_minus = |member: &IntPoly| {
            let sign = sign_of_leading(member);
            if member.degree().is_some_and(|degree| degree % 2 == 1) { sign.reverse() } else { sign }
        };
        changes(self.chain.iter().map(at_minus)).saturating_sub(changes(self.chain.iter().map(at_plus)))
    }
}

fn sign_of_leading(member: &IntPoly) -> Ordering {
    match member.leading() {
        Some(c) if c.is_negative() => Ordering::Less,
        Some(c) if !c.is_zero() => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// Changes of sign along a sequence, zeros left out.
fn changes(signs: impl Iterator<Item = Ordering>) -> usize {
    let mut last = Ordering::Equal;
    let mut count = 0;
    for sign in signs.filter(|&sign| sign != Ordering::Equal) {
        if last == sign.reverse() {
            count += 1;
        }
        last = sign;
    }
    count
}

/// How many distinct real roots of `poly` lie in `(a, b]`, by Sturm's theorem.
#[must_use]
pub fn count_roots(poly: &Poly, a: &Rational, b: &Rational) -> usize {
    Sturm::new(poly).count(a, b)
}
