//! Algebraic numbers against numbers whose polynomial and digits are known.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::num::ratio;

fn roots(coefficients: &[i64]) -> Vec<(RealRoot, usize)> {
    real_roots(&Poly::from_integers(coefficients)).unwrap()
}

fn algebraic(root: &RealRoot) -> &Algebraic {
    match root {
        RealRoot::Algebraic(value) => value,
        RealRoot::Rational(value) => panic!("{value} is rational"),
    }
}

/// The positive square root of an integer that is not a square.
fn root_of(n: i64) -> Algebraic {
    algebraic(&roots(&[-n, 0, 1])[1].0).clone()
}

fn surds(found: &[(RealRoot, usize)]) -> Vec<(Rational, Rational, Rational)> {
    found.iter().filter_map(|(root, _)| algebraic(root).as_quadratic()).collect()
}

#[test]
fn golden_ratio_is_a_quadratic() {
    // x^2 - x - 1: (1 -+ sqrt 5)/2.
    let found = roots(&[-1, -1, 1]);
    let half = ratio(1, 2);
    let five = ratio(5, 1);
    assert_eq!(surds(&found), vec![(half.clone(), -half.clone(), five.clone()), (half.clone(), half, five)]);
}

#[test]
fn square_factors_leave_the_root_sign() {
    // 72 = 6^2 * 2; and 10007 is a prime above the bound of trial division, but what is left, 10007^2, is a square.
    assert_eq!(root_of(72).as_quadratic(), Some((ratio(0, 1), ratio(6, 1), ratio(2, 1))));
    assert_eq!(root_of(2 * 10007 * 10007).as_quadratic(), Some((ratio(0, 1), ratio(10007, 1), ratio(2, 1))));
    // 3x^2 - 2: sqrt(2/3) = sqrt(6)/3.
    let found = roots(&[-2, 0, 3]);
    assert_eq!(algebraic(&found[1].0).as_quadratic(), Some((ratio(0, 1), ratio(1, 3), ratio(6, 1))));
}

#[test]
fn quadratic_factors_are_split_off() {
    // (z-2)(z^2-4z+2) = z^3 - 6z^2 + 10z - 4: 2, 2 -+ sqrt 2.
    let found = roots(&[-4, 10, -6, 1]);
    assert_eq!(found[1].0, RealRoot::Rational(ratio(2, 1)));
    assert_eq!(algebraic(&found[0].0).as_quadratic(), Some((ratio(2, 1), ratio(-1, 1), ratio(2, 1))));
    // (z^2-4z+1)(z-1)(z^2-4z+2)(z^2-2)^2: four kinds of factors at once.
    let parts: [&[i64]; 5] = [&[1, -4, 1], &[-1, 1], &[2, -4, 1], &[-2, 0, 1], &[-2, 0, 1]];
    let product = parts.iter().fold(Poly::from_integers(&[1]), |p, c| &p * &Poly::from_integers(c));
    let found = real_roots(&product).unwrap();
    // In order: -sqrt 2 (twice), 2 - sqrt 3, 2 - sqrt 2, 1, sqrt 2 (twice), 2 + sqrt 2, 2 + sqrt 3.
    assert_eq!(found.iter().map(|(_, times)| *times).collect::<Vec<_>>(), vec![2, 1, 1, 1, 2, 1, 1]);
    let quadratics: Vec<_> = found.iter().filter(|(root, _)| root.as_rational().is_none()).cloned().collect();
    let r = |a, b, c| (ratio(a, 1), ratio(b, 1), ratio(c, 1));
    let expected = vec![r(0, -1, 2), r(2, -1, 3), r(2, -1, 2), r(0, 1, 2), r(2, 1, 2), r(2, 1, 3)];
    assert_eq!(surds(&quadratics), expected);
}

#[test]
fn quadratics_beside_an_irreducible_cubic_are_split_off() {
    // (2x^2 - 3)(x^3 - 3x + 1); the cubic has three real roots, 2cos of 40, 80 and 160 degrees, all of degree 3.
    let product = &Poly::from_integers(&[-3, 0, 2]) * &Poly::from_integers(&[1, -3, 0, 1]);
    let found = real_roots(&product).unwrap();
    let degrees: Vec<_> = found.iter().map(|(root, _)| algebraic(root).poly().degree().unwrap()).collect();
    // 2cos160 = -1.879, -sqrt 1.5 = -1.225, 2cos80 = 0.347, 1.225, 2cos40 = 1.532.
    assert_eq!(degrees, vec![3, 2, 3, 2, 3]);
}

#[test]
fn the_square_root_of_two_has_its_known_digits() {
    // sqrt 2 = 1.41421356237309504880168872420969807856967187537694... (OEIS A002193).
    let (lo, hi) = root_of(2).enclose(200);
    let digits = "141421356237309504880168872420969807856967187537694";
    let below = Rational::new(digits.parse().unwrap(), Integer::from(10).pow(50));
    let above = &below + Rational::new(Integer::one(), Integer::from(10).pow(50));
    assert!(below < lo && lo < hi && hi < above);
}

#[test]
fn two_thousand_bits_are_right() {
    let number = algebraic(&roots(&[1, -3, 0, 1])[1].0).clone();
    let (lo, hi) = number.enclose(2000);
    assert!(&hi - &lo <= Rational::new(Integer::one(), Integer::one() << 2000_u32));
    assert!(number.poly().sign_at(&lo) == number.poly().sign_at(&hi).reverse());
}

#[test]
fn order_against_rationals_needs_no_refining() {
    // 1.414 < sqrt 2 < 1.415.
    let root = root_of(2);
    assert_eq!(root.cmp_rational(&ratio(1414, 1000)), Ordering::Greater);
    assert_eq!(root.cmp_rational(&ratio(1415, 1000)), Ordering::Less);
    assert_eq!((root.sign(), root.neg().sign()), (Ordering::Greater, Ordering::Less));
}

#[test]
fn equal_numbers_of_different_polynomials_are_equal() {
    // sqrt 2 as a root of x^4 - 5x^2 + 6 = (x^2-2)(x^2-3), kept whole.
    let whole = Poly::from_integers(&[6, 0, -5, 0, 1]).primitive();
    let cell = Cell { low: Integer::from(11), width: Integer::from(2), shift: 3 };
    let long = Algebraic::of_cell(whole, cell);
    assert_eq!(long.compare(&root_of(2)), Ok(Ordering::Equal));
    assert_eq!(long.compare(&root_of(3)), Ok(Ordering::Less));
    assert_eq!(root_of(2), long);
    assert_ne!(root_of(3), root_of(2));
}

#[test]
fn close_numbers_are_ordered() {
    // sqrt(10^18 + 1) and sqrt(10^18 + 2) differ by 5e-10; 1/sqrt by 5e-28.
    let (a, b) = (root_of(1_000_000_000_000_000_001), root_of(1_000_000_000_000_000_002));
    assert_eq!(a.compare(&b), Ok(Ordering::Less));
    assert_eq!(a.reciprocal().unwrap().compare(&b.reciprocal().unwrap()), Ok(Ordering::Greater));
}

#[test]
fn maps_land_where_they_should() {
    let root = root_of(2);
    let surd = |x: Option<Algebraic>| x.unwrap().as_quadratic().unwrap();
    // -3/2 sqrt 2; sqrt 2 + 1/3; 1/sqrt 2 = sqrt(2)/2; 1/(1 - sqrt 2) = -1 - sqrt 2.
    assert_eq!(surd(root.scale(&ratio(-3, 2))), (ratio(0, 1), ratio(-3, 2), ratio(2, 1)));
    assert_eq!(surd(root.shift(&ratio(1, 3))), (ratio(1, 3), ratio(1, 1), ratio(2, 1)));
    assert_eq!(surd(root.reciprocal()), (ratio(0, 1), ratio(1, 2), ratio(2, 1)));
    let moved = root.neg().shift(&ratio(1, 1)).unwrap();
    assert_eq!(surd(moved.reciprocal()), (ratio(-1, 1), ratio(-1, 1), ratio(2, 1)));
    assert_eq!(root.scale(&ratio(0, 1)), None);
    assert_eq!(moved.abs(), root.shift(&ratio(-1, 1)).unwrap());
}

#[test]
fn only_one_irrational_root_makes_a_number() {
    let p = Poly::from_integers(&[2, 0, -1]);
    assert_eq!(Algebraic::new(&p, &ratio(0, 1), &ratio(5, 1)), Ok(Some(root_of(2))));
    assert_eq!(Algebraic::new(&p, &ratio(-5, 1), &ratio(5, 1)), Ok(None));
    assert_eq!(Algebraic::new(&p, &ratio(2, 1), &ratio(5, 1)), Ok(None));
    assert_eq!(Algebraic::new(&Poly::from_integers(&[-4, 0, 1]), &ratio(1, 1), &ratio(3, 1)), Ok(None));
}

#[test]
fn degree_thirty_with_sixty_digits_agrees_with_sturm() {
    // Coefficients from a linear congruential generator, alternating so that there are real roots.
    let mut state = Integer::from(12_345);
    let modulus = Integer::from(10).pow(60);
    let coefficients = (0..=30).map(|i| {
        state = (&state * 6_364_136_223_846_793_005_i64 + 1_442_695_040_888_963_407_i64).pow(3) % &modulus;
        Rational::from_integer(if i % 2 == 0 { state.clone() } else { -state.clone() })
    });
    let p = Poly::new(coefficients.collect());
    let found = real_roots(&p).unwrap();
    // The oracle is Sturm's theorem.
    assert_eq!(found.len(), crate::num::poly::sturm::Sturm::new(&p).count_all());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The oracle squares: |a + b sqrt r - q| against q settles the order without any interval.
    #[test]
    fn order_agrees_with_squaring(n in 2_i64..60, num in -400_i64..400, den in 1_i64..50) {
        prop_assume!(!(1..8).any(|k| k * k == n));
        let (root, q) = (root_of(n), ratio(num, den));
        let expected = if num < 0 || num * num < n * den * den { Ordering::Greater } else { Ordering::Less };
        prop_assert_eq!(root.cmp_rational(&q), expected);
    }

    /// A product of random quadratics comes apart again: every irrational root is a quadratic surd that solves it.
    #[test]
    fn products_of_quadratics_come_apart(parts in prop::collection::vec((1_i64..5, -9_i64..9, -9_i64..9), 1..5)) {
        let p = parts.iter().fold(Poly::from_integers(&[1]), |p, (a, b, c)| &p * &Poly::from_integers(&[*c, *b, *a]));
        let mut last: Option<RealRoot> = None;
        for (root, _) in real_roots(&p).unwrap() {
            if let RealRoot::Algebraic(value) = &root {
                let (a, b, r) = value.as_quadratic().unwrap();
                let sum = &a + &a;
                let product = &a * &a - &b * &b * &r;
                let factor = Poly::new(vec![product, -sum, ratio(1, 1)]);
                prop_assert!(p.div_rem(&factor).unwrap().1.is_zero());
                // a + b sqrt r lies on the side of a that the sign of b says.
                prop_assert_eq!(value.cmp_rational(&a), b.cmp(&ratio(0, 1)));
            }
            if let Some(before) = last {
                prop_assert_eq!(before.compare(&root), Ok(Ordering::Less));
            }
            last = Some(root);
        }
    }
}

proptest! {
    #[test]
    fn a_multiple_keeps_a_primitive_polynomial(n in 2i64..60, a in -30i64..30, b in 1i64..30, c in 1i64..30) {
        // A root zero of the polynomial is beside the number, and its coefficients share factors with the multiple.
        let poly = Poly::from_integers(&[0, -n * b * b, 0, 1]);
        for (root, _) in real_roots(&poly).unwrap() {
            if let (RealRoot::Algebraic(x), false) = (root, a == 0) {
                let wider = Algebraic::of_cell(poly.primitive(), x.cell_within(40));
                for number in [&x, &wider] {
                    let scaled = number.scale(&ratio(a, c)).unwrap();
                    prop_assert_eq!(scaled.poly().clone(), scaled.poly().clone().primitive());
                    prop_assert_eq!(&scaled.scale(&ratio(c, a)).unwrap(), &x);
                }
            }
        }
    }
}
