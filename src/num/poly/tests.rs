//! Polynomials and their roots against known answers and naive oracles.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

use super::roots::{isolate, isolate_roots, root_bound};
use super::sturm::{Sturm, count_roots};
use super::*;
use crate::num::ratio;

fn from_roots(roots: &[Rational]) -> Poly {
    roots.iter().fold(Poly::constant(ratio(1, 1)), |product, root| &product * &Poly::with_root(root))
}

/// Wilkinson's polynomial (x-1)(x-2)...(x-n), whose roots are known by construction.
fn wilkinson(n: i64) -> Poly {
    from_roots(&(1..=n).map(|k| ratio(k, 1)).collect::<Vec<_>>())
}

/// The Chebyshev polynomial T_n by its recurrence T_n = 2x T_{n-1} - T_{n-2}; its n roots are cos((2k-1)π/2n).
fn chebyshev(n: usize) -> Poly {
    let (mut before, mut here) = (Poly::from_integers(&[1]), Poly::from_integers(&[0, 1]));
    for _ in 1..n {
        let next = &(&Poly::from_integers(&[0, 2]) * &here) - &before;
        before = here;
        here = next;
    }
    here
}

#[test]
fn zeros_at_the_top_are_dropped() {
    assert_eq!(Poly::from_integers(&[1, 2, 0, 0]).degree(), Some(1));
    assert_eq!(Poly::from_integers(&[0, 0]).degree(), None);
}

#[test]
fn division_by_zero_is_refused() {
    assert_eq!(Poly::from_integers(&[1, 2]).div_rem(&Poly::zero()), None);
}

#[test]
fn primitive_form_clears_denominators_and_content() {
    // -2/3 + 4/9 x = (2/9)(-3 + 2x).
    let p = Poly::new(vec![ratio(-2, 3), ratio(4, 9)]);
    assert_eq!(p.primitive().to_poly(), Poly::from_integers(&[-3, 2]));
    // The leading coefficient comes out positive.
    assert_eq!(Poly::from_integers(&[4, -2]).primitive().to_poly(), Poly::from_integers(&[-2, 1]));
}

#[test]
fn squarefree_decomposition_sorts_by_multiplicity() {
    // x (x-1)^2 (x^2+1)^3, by construction.
    let x = Poly::from_integers(&[0, 1]);
    let a = Poly::from_integers(&[-1, 1]);
    let b = Poly::from_integers(&[1, 0, 1]);
    let p = &(&(&x * &(&a * &a)) * &(&b * &b)) * &b;
    assert_eq!(p.squarefree_decomposition(), vec![(x.clone(), 1), (a.clone(), 2), (b.clone(), 3)]);
    assert_eq!(p.squarefree_part(), &(&x * &a) * &b);
}

#[test]
fn squarefree_quartic_with_close_roots_is_left_whole() {
    let p = Poly::from_integers(&[2, -400, 20000, 0, 1]);
    assert_eq!(p.squarefree_decomposition(), vec![(p.clone(), 1)]);
}

#[test]
fn sturm_counts_in_half_open_intervals() {
    // Roots 1, 2, 3: the lower end is out, the upper end in.
    let p = wilkinson(3);
    assert_eq!(count_roots(&p, &ratio(1, 1), &ratio(3, 1)), 2);
    assert_eq!(count_roots(&p, &ratio(0, 1), &ratio(3, 1)), 3);
    assert_eq!(count_roots(&p, &ratio(3, 1), &ratio(1, 1)), 0);
    // Repeated roots count once.
    assert_eq!(count_roots(&(&p * &p), &ratio(1, 1), &ratio(3, 1)), 2);
    // x^3 - x + 1 has discriminant -23 < 0: one real root.
    assert_eq!(Sturm::new(&Poly::from_integers(&[1, -1, 0, 1])).count_all(), 1);
}

#[test]
fn rational_roots_are_found_exactly_with_multiplicity() {
    // (3x-1)^2 (x+7) (x^2-2): 1/3 twice, -7, and the square roots of two.
    let p = &(&Poly::from_integers(&[1, -6, 9]) * &Poly::from_integers(&[7, 1]))
        * &Poly::from_integers(&[-2, 0, 1]);
    let found = isolate_roots(&p).unwrap();
    let exact: Vec<_> =
        found.iter().filter(|r| r.lo == r.hi).map(|r| (r.lo.clone(), r.multiplicity)).collect();
    assert_eq!(exact, vec![(ratio(-7, 1), 1), (ratio(1, 3), 2)]);
    assert_eq!(found.len(), 4);
    assert!(found[1].lo < found[1].hi && found[1].multiplicity == 1);
}

#[test]
fn wilkinson_twenty_is_all_integers() {
    let found = isolate_roots(&wilkinson(20)).unwrap();
    let roots: Vec<_> = found.into_iter().map(|r| r.lo).collect();
    assert_eq!(roots, (1..=20).map(|k| ratio(k, 1)).collect::<Vec<_>>());
}

#[test]
fn chebyshev_thirty_has_thirty_roots_within_one() {
    let p = chebyshev(30);
    let found = isolate_roots(&p).unwrap();
    assert_eq!(found.len(), 30);
    assert!(found.iter().all(|r| r.multiplicity == 1));
    let sturm = Sturm::new(&p);
    assert_eq!(sturm.count(&ratio(-1, 1), &ratio(1, 1)), 30);
    assert!(found.iter().all(|r| sturm.count(&r.lo, &r.hi) == 1));
}

#[test]
fn close_roots_are_told_apart() {
    // Mignotte's polynomial x^n - 2(ax-1)^2 has two roots within about a^-(n+2)/2 of 1/a.
    let mut c = vec![0; 9];
    (c[8], c[2], c[1], c[0]) = (1, -2_000_000, 4000, -2);
    let found = isolate_roots(&Poly::from_integers(&c)).unwrap();
    assert_eq!(found.len(), Sturm::new(&Poly::from_integers(&c)).count_all());
    assert!(found.windows(2).all(|pair| pair[0].hi <= pair[1].lo));
}

#[test]
fn roots_of_tiny_and_huge_size_are_found() {
    let tiny = Rational::new(Integer::one(), Integer::from(10).pow(300));
    let huge = Rational::from_integer(Integer::from(10).pow(300));
    let found = isolate_roots(&from_roots(&[tiny.clone(), huge.clone()])).unwrap();
    assert_eq!(found.iter().map(|r| r.lo.clone()).collect::<Vec<_>>(), vec![tiny, huge]);
}

#[test]
fn limits_are_named() {
    assert!(isolate_roots(&Poly::zero()).is_err());
    let error = isolate_roots(&Poly::from_integers(&[1; 66])).unwrap_err();
    assert!(error.reason.contains("degree 64"), "{error}");
    let long = Rational::from_integer(Integer::one() << 300_000_u32);
    let error = isolate_roots(&Poly::new(vec![long, ratio(0, 1), ratio(1, 1)])).unwrap_err();
    assert!(error.reason.contains("= 524288"), "{error}");
}

#[test]
fn a_grid_point_that_is_a_root_is_met_exactly() {
    // x^2 - 1 and 0: the cells' ends are roots on the way.
    let (exact, cells) = isolate(&Poly::from_integers(&[0, -1, 0, 1]).primitive());
    assert_eq!(exact.len() + cells.len(), 3);
}

fn small_poly(top: usize) -> impl Strategy<Value = Poly> {
    let coefficient = (-20_i64..=20, 1_i64..=4).prop_map(|(n, d)| ratio(n, d));
    prop::collection::vec(coefficient, 0..=top).prop_map(Poly::new)
}

fn small_rational() -> impl Strategy<Value = Rational> {
    (-12_i64..=12, 1_i64..=6).prop_map(|(n, d)| ratio(n, d))
}

proptest! {
    #[test]
    fn arithmetic_agrees_with_values(a in small_poly(6), b in small_poly(6), x in small_rational()) {
        prop_assert_eq!((&a + &b).evaluate(&x), a.evaluate(&x) + b.evaluate(&x));
        prop_assert_eq!((&a - &b).evaluate(&x), a.evaluate(&x) - b.evaluate(&x));
        prop_assert_eq!((&a * &b).evaluate(&x), a.evaluate(&x) * b.evaluate(&x));
        prop_assert_eq!(a.compose(&b).evaluate(&x), a.evaluate(&b.evaluate(&x)));
    }

    #[test]
    fn division_restores_the_dividend(a in small_poly(8), b in small_poly(5)) {
        match a.div_rem(&b) {
            None => prop_assert!(b.is_zero()),
            Some((quotient, rest)) => {
                prop_assert!(rest.degree() < b.degree());
                prop_assert_eq!(&(&quotient * &b) + &rest, a);
            }
        }
    }

    /// The oracle is Euclid's algorithm over the rationals, with nothing taken out on the way.
    #[test]
    fn common_divisor_agrees_with_euclid(a in small_poly(4), b in small_poly(4), c in small_poly(3)) {
        let (a, b) = (&a * &c, &b * &c);
        let (mut u, mut v) = (a.clone(), b.clone());
        while let Some((_, rest)) = u.div_rem(&v) {
            u = v;
            v = rest;
        }
        prop_assert_eq!(a.gcd(&b), u.monic());
    }

    #[test]
    fn decomposition_multiplies_back(a in small_poly(3), b in small_poly(2)) {
        let p = &(&a * &b) * &b;
        prop_assume!(!p.is_zero());
        let product = p.squarefree_decomposition().iter().fold(Poly::from_integers(&[1]), |mut product, (f, times)| {
            for _ in 0..*times { product = &product * f; }
            product
        });
        prop_assert_eq!(product, p.monic());
    }

    #[test]
    fn planted_rational_roots_come_back(roots in prop::collection::vec(small_rational(), 1..7)) {
        let found = isolate_roots(&from_roots(&roots)).unwrap();
        let mut sorted = roots.clone();
        sorted.sort();
        let back: Vec<_> = found.iter().flat_map(|r| vec![r.lo.clone(); r.multiplicity]).collect();
        prop_assert_eq!(back, sorted);
    }

    /// Isolation goes by Descartes' rule; the oracle is Sturm's theorem.
    #[test]
    fn isolation_agrees_with_sturm(p in small_poly(9)) {
        prop_assume!(!p.is_zero());
        let sturm = Sturm::new(&p);
        let found = isolate_roots(&p).unwrap();
        prop_assert_eq!(found.len(), sturm.count_all());
        for r in &found {
            if r.lo == r.hi {
                prop_assert!(p.evaluate(&r.lo).is_zero());
            } else {
                prop_assert!(!p.evaluate(&r.lo).is_zero() && !p.evaluate(&r.hi).is_zero());
                prop_assert_eq!(sturm.count(&r.lo, &r.hi), 1);
            }
            let bound = root_bound(&p);
            prop_assert!(r.lo.abs() <= bound && r.hi.abs() <= bound);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].hi <= pair[1].lo));
    }
}
