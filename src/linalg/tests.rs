//! Known answers and properties of exact linear algebra; the oracles are the definitions, written out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

use super::elimination::{determinant, echelon, inverse, nullspace, rank, solve};
use super::ldlt::{inertia, negative_direction};
use super::nearest::nearest_solution;
use super::spectrum::{characteristic_polynomial, eigenvalues};
use super::*;
use crate::num::algebraic::RealRoot;
use crate::num::poly::Poly;
use crate::num::poly::sturm::Sturm;
use crate::num::ratio;

fn matrix(rows: &[&[i64]]) -> Matrix {
    let rows: Vec<Vec<Rational>> =
        rows.iter().map(|row| row.iter().map(|&x| ratio(x, 1)).collect()).collect();
    from_rows(&rows).unwrap()
}

fn vector(entries: &[i64]) -> Vec<Rational> {
    entries.iter().map(|&x| ratio(x, 1)).collect()
}

fn counts(h: &Matrix) -> (usize, usize, usize) {
    let found = inertia(h).unwrap();
    (found.positive, found.zero, found.negative)
}

fn surd(root: &RealRoot) -> (Rational, Rational, Rational) {
    match root {
        RealRoot::Algebraic(value) => value.as_quadratic().unwrap(),
        RealRoot::Rational(value) => panic!("{value} is rational"),
    }
}

/// The second difference matrix: 2 on the diagonal, -1 beside it; eigenvalues 2 - 2cos(k pi/(n+1)).
fn second_difference(n: usize) -> Matrix {
    Matrix::from_fn(n, n, |i, j| ratio(if i == j { 2 } else { -i64::from(i.abs_diff(j) == 1) }, 1))
}

/// Determinant by Leibniz' sum over permutations, here by expansion along the first row.
fn leibniz(a: &[Vec<Poly>]) -> Poly {
    let Some((first, rest)) = a.split_first() else { return Poly::from_integers(&[1]) };
    let mut sum = Poly::zero();
    for (j, entry) in first.iter().enumerate() {
        let minor: Vec<Vec<Poly>> = rest.iter().map(|row| [&row[..j], &row[j + 1..]].concat()).collect();
        let term = entry * &leibniz(&minor);
        sum = if j % 2 == 0 { &sum + &term } else { &sum - &term };
    }
    sum
}

fn leibniz_characteristic(a: &Matrix) -> Poly {
    let entry = |i, j| if i == j { Poly::with_root(&a[(i, j)]) } else { Poly::constant(-a[(i, j)].clone()) };
    leibniz(&(0..a.nrows()).map(|i| (0..a.ncols()).map(|j| entry(i, j)).collect()).collect::<Vec<_>>())
}

#[test]
fn shapes_are_refused_by_name() {
    assert_eq!(
        from_rows(&[vector(&[1, 2]), vector(&[3])]),
        Err(ShapeError::Length { expected: 2, found: 1 })
    );
    let wide = matrix(&[&[1, 2, 3], &[4, 5, 6]]);
    assert_eq!(inertia(&wide), Err(ShapeError::NotSquare { rows: 2, columns: 3 }));
    assert_eq!(determinant(&wide), Err(ShapeError::NotSquare { rows: 2, columns: 3 }));
    assert_eq!(inertia(&matrix(&[&[1, 2], &[3, 4]])), Err(ShapeError::NotSymmetric { row: 0, column: 1 }));
    assert_eq!(matvec(&wide, &vector(&[1])), Err(ShapeError::Length { expected: 3, found: 1 }));
    assert!(solve(&wide, &vector(&[1])).is_err() && nearest_solution(&wide, &vector(&[1, 2]), &[]).is_err());
    let large = Matrix::from_element(65, 65, ratio(0, 1));
    assert_eq!(rank(&large), Err(ShapeError::TooLarge { found: 65 }));
}

#[test]
fn the_matrix_without_rows_has_no_surprises() {
    let empty = from_rows(&[]).unwrap();
    assert_eq!(determinant(&empty), Ok(ratio(1, 1)));
    assert_eq!(inverse(&empty).unwrap().unwrap().shape(), (0, 0));
    assert_eq!(counts(&empty), (0, 0, 0));
    assert_eq!(eigenvalues(&empty), Ok(vec![]));
    assert_eq!(negative_direction(&empty), Ok(None));
    assert_eq!(solve(&empty, &[]), Ok(Some(vec![])));
    assert_eq!(nearest_solution(&empty, &[], &[]), Ok(Some(vec![])));
}

#[test]
fn echelon_form_of_a_textbook_matrix() {
    // By hand: row 2 - 2 row 1, row 3 - row 1; the third column is free.
    let a = matrix(&[&[1, 2, 3, 4], &[2, 4, 7, 9], &[1, 2, 4, 5]]);
    let form = echelon(&a).unwrap();
    assert_eq!(form.pivots, vec![0, 2]);
    assert_eq!(form.reduced, matrix(&[&[1, 2, 0, 1], &[0, 0, 1, 1], &[0, 0, 0, 0]]));
    assert_eq!(nullspace(&a).unwrap(), vec![vector(&[-2, 1, 0, 0]), vector(&[-1, 0, -1, 1])]);
}

#[test]
fn inconsistent_systems_have_no_solution() {
    let a = matrix(&[&[1, 1], &[2, 2]]);
    assert_eq!(solve(&a, &vector(&[1, 3])), Ok(None));
    assert_eq!(solve(&a, &vector(&[1, 2])), Ok(Some(vector(&[1, 0]))));
    assert_eq!(inverse(&a), Ok(None));
}

#[test]
fn determinant_of_the_hilbert_matrix() {
    // det of the 3x3 Hilbert matrix is 1/2160 (D. Hilbert, 1894).
    let hilbert = Matrix::from_fn(3, 3, |i, j| ratio(1, i64::try_from(i + j + 1).unwrap()));
    assert_eq!(determinant(&hilbert), Ok(ratio(1, 2160)));
}

#[test]
fn pivots_of_a_diagonal_matrix_are_its_entries() {
    let found = inertia(&matrix(&[&[10, 0], &[0, 1]])).unwrap();
    assert_eq!(found.pivots, vector(&[10, 1]));
    assert!(found.is_positive_definite());
}

#[test]
fn pivots_are_those_of_ldlt() {
    // [4 2; 2 3] = L diag(4, 2) L^T with l = 1/2, by hand; halved, halved.
    let h = matrix(&[&[4, 2], &[2, 3]]).map(|x| x / ratio(2, 1));
    assert_eq!(inertia(&h).unwrap().pivots, vector(&[2, 1]));
}

#[test]
fn a_zero_diagonal_hides_an_indefinite_matrix() {
    assert_eq!(counts(&matrix(&[&[0, 1], &[1, 0]])), (1, 0, 1));
    assert_eq!(counts(&matrix(&[&[0, -3], &[-3, 0]])), (1, 0, 1));
    // Zero pivot with a column that is not zero, later on: [1 1 0; 1 1 1; 0 1 0] has determinant -1, trace 2.
    assert_eq!(counts(&matrix(&[&[1, 1, 0], &[1, 1, 1], &[0, 1, 0]])), (2, 0, 1));
    // Path of four vertices: eigenvalues +-(sqrt 5 +- 1)/2.
    assert_eq!(counts(&matrix(&[&[0, 1, 0, 0], &[1, 0, 1, 0], &[0, 1, 0, 1], &[0, 0, 1, 0]])), (2, 0, 2));
    // Complete graph of three vertices: 2, -1, -1; with an isolated one, also 0.
    assert_eq!(counts(&matrix(&[&[0, 1, 1, 0], &[1, 0, 1, 0], &[1, 1, 0, 0], &[0, 0, 0, 0]])), (1, 1, 2));
}

#[test]
fn directions_of_negative_curvature() {
    assert_eq!(negative_direction(&matrix(&[&[0, 1], &[1, 0]])), Ok(Some(vector(&[-1, 1]))));
    assert_eq!(negative_direction(&matrix(&[&[1, 0], &[0, -2]])), Ok(Some(vector(&[0, 1]))));
    // [1 2; 2 1]: v = (-2, 1) gives 4 - 8 + 1 = -3.
    assert_eq!(negative_direction(&matrix(&[&[1, 2], &[2, 1]])), Ok(Some(vector(&[-2, 1]))));
    assert_eq!(negative_direction(&matrix(&[&[1, 1], &[1, 1]])), Ok(None));
    assert_eq!(negative_direction(&matrix(&[&[0, 0], &[0, 0]])), Ok(None));
}

#[test]
fn eigenvalues_of_small_matrices() {
    let one = |x| RealRoot::Rational(ratio(x, 1));
    assert_eq!(eigenvalues(&matrix(&[&[10, 0], &[0, 1]])), Ok(vec![(one(1), 1), (one(10), 1)]));
    assert_eq!(eigenvalues(&matrix(&[&[3, 0], &[0, 3]])), Ok(vec![(one(3), 2)]));
    // Complete graph of four vertices: -1 three times, 3.
    let complete = Matrix::from_fn(4, 4, |i, j| ratio(i64::from(i != j), 1));
    assert_eq!(eigenvalues(&complete), Ok(vec![(one(-1), 3), (one(3), 1)]));
    // [2 1; 1 3]: trace 5, determinant 5, so (5 -+ sqrt 5)/2.
    let found = eigenvalues(&matrix(&[&[2, 1], &[1, 3]])).unwrap();
    assert_eq!(surd(&found[0].0), (ratio(5, 2), ratio(-1, 2), ratio(5, 1)));
    // Second differences, n = 3: 2, 2 -+ sqrt 2.
    let found = eigenvalues(&second_difference(3)).unwrap();
    assert_eq!(surd(&found[0].0), (ratio(2, 1), ratio(-1, 1), ratio(2, 1)));
    assert_eq!(found[1].0, one(2));
}

#[test]
fn second_differences_of_order_eleven_come_apart() {
    // 2 - 2cos(k pi/12): rational for k = 4, 6, 8; with sqrt 2 for 3, 9; with sqrt 3 for 2, 10; and for
    // k = 1, 5, 7, 11, cos is (sqrt 6 +- sqrt 2)/4 up to sign, of degree four.
    let found = eigenvalues(&second_difference(11)).unwrap();
    let degree = |root: &RealRoot| match root {
        RealRoot::Rational(_) => 1,
        RealRoot::Algebraic(value) => value.poly().degree().unwrap(),
    };
    let degrees: Vec<_> = found.iter().map(|(root, _)| degree(root)).collect();
    assert_eq!(degrees, vec![4, 2, 2, 1, 4, 1, 4, 1, 2, 2, 4]);
}

#[test]
fn equal_eigenvalues_of_separate_blocks_are_one() {
    // [1 1; 1 -1] has eigenvalues -sqrt 2 and sqrt 2; here twice, with 1 twice on the diagonal beside it.
    let h = matrix(&[
        &[1, 0, 1, 0, 0, 0],
        &[0, 1, 0, 1, 0, 0],
        &[1, 0, -1, 0, 0, 0],
        &[0, 1, 0, -1, 0, 0],
        &[0, 0, 0, 0, 1, 0],
        &[0, 0, 0, 0, 0, 1],
    ]);
    let found = eigenvalues(&h).unwrap();
    assert_eq!(found.iter().map(|(_, times)| *times).collect::<Vec<_>>(), vec![2, 2, 2]);
    assert_eq!(surd(&found[2].0), (ratio(0, 1), ratio(1, 1), ratio(2, 1)));
}

#[test]
fn repeated_irrational_eigenvalues_keep_their_multiplicity() {
    // Two copies of [2 1; 1 3], reflected along (1, 2, 3, 4) so that no block shows: (5 -+ sqrt 5)/2, each twice.
    let copies = matrix(&[&[2, 1, 0, 0], &[1, 3, 0, 0], &[0, 0, 2, 1], &[0, 0, 1, 3]]);
    let v = [1, 2, 3, 4];
    let q = Matrix::from_fn(4, 4, |i, j| ratio(i64::from(i == j), 1) - ratio(2 * v[i] * v[j], 30));
    let found = eigenvalues(&(q.transpose() * copies * q)).unwrap();
    assert_eq!(found.iter().map(|(_, times)| *times).collect::<Vec<_>>(), vec![2, 2]);
    assert_eq!(surd(&found[1].0), (ratio(5, 2), ratio(1, 2), ratio(5, 1)));
}

#[test]
fn thirty_by_thirty_with_fractions() {
    // A dense matrix of fractions; inertia of H - qI is the oracle for the number of eigenvalues below q.
    let entry = |i: usize, j: usize| {
        let (low, high) = (i64::try_from(i.min(j)).unwrap(), i64::try_from(i.max(j)).unwrap());
        ratio((low * 37 + high * high * 11 + 5) % 201 - 100, 1 + (low + high) % 7)
    };
    let h = Matrix::from_fn(30, 30, entry);
    let found = eigenvalues(&h).unwrap();
    assert_eq!(found.iter().map(|(_, times)| times).sum::<usize>(), 30);
    for q in [ratio(-301, 2), ratio(0, 1), ratio(77, 5)] {
        let below: usize =
            found.iter().filter(|(root, _)| root.cmp_rational(&q).is_lt()).map(|(_, times)| times).sum();
        assert_eq!(inertia(&shifted(&h, &q).unwrap()).unwrap().negative, below);
    }
    assert!(negative_direction(&h).unwrap().is_some());
}

#[test]
fn nearest_point_of_a_line() {
    // x + y = 2 in the plane: from (5, 1), go along (1, 1): (3, -1).
    let h = matrix(&[&[1, 1], &[1, 1]]);
    assert_eq!(nearest_solution(&h, &vector(&[-2, -2]), &vector(&[5, 1])), Ok(Some(vector(&[3, -1]))));
    assert_eq!(nearest_solution(&h, &vector(&[-2, -3]), &vector(&[5, 1])), Ok(None));
    let zero = matrix(&[&[0, 0], &[0, 0]]);
    assert_eq!(nearest_solution(&zero, &vector(&[0, 0]), &vector(&[7, 8])), Ok(Some(vector(&[7, 8]))));
}

fn rational() -> impl Strategy<Value = Rational> {
    prop_oneof![2 => Just(ratio(0, 1)), 5 => (-9_i64..=9, 1_i64..=4).prop_map(|(n, d)| ratio(n, d))]
}

fn square(n: usize) -> impl Strategy<Value = Matrix> {
    prop::collection::vec(rational(), n * n).prop_map(move |entries| Matrix::from_vec(n, n, entries))
}

fn symmetric(top: usize) -> impl Strategy<Value = Matrix> {
    (1..=top).prop_flat_map(square).prop_map(|a| {
        let n = a.nrows();
        Matrix::from_fn(n, n, |i, j| a[(i.min(j), i.max(j))].clone())
    })
}

/// `Q^T D Q` with a known diagonal `D` and the rational orthogonal `Q` that reflects along `v`:
/// `Q = I - 2 v v^T / (v . v)`. Its eigenvalues are the diagonal.
fn with_known_eigenvalues() -> impl Strategy<Value = (Matrix, Vec<Rational>)> {
    (2_usize..=6).prop_flat_map(|n| {
        (prop::collection::vec(rational(), n), prop::collection::vec(1_i64..=5, n)).prop_map(
            |(diagonal, v)| {
                let n = diagonal.len();
                let length = v.iter().map(|x| x * x).sum::<i64>();
                let q = Matrix::from_fn(n, n, |i, j| {
                    ratio(i64::from(i == j), 1) - ratio(2 * v[i] * v[j], length)
                });
                let d = Matrix::from_diagonal(&nalgebra::DVector::from_vec(diagonal.clone()));
                (q.transpose() * d * q, diagonal)
            },
        )
    })
}

fn number_of_roots(root: &[(RealRoot, usize)], sign: Ordering) -> usize {
    root.iter().filter(|(root, _)| root.sign() == sign).map(|(_, times)| times).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn characteristic_polynomial_is_the_determinant(a in (0_usize..=4).prop_flat_map(square)) {
        prop_assert_eq!(characteristic_polynomial(&a).unwrap(), leibniz_characteristic(&a));
    }

    #[test]
    fn determinant_agrees_with_leibniz(a in (0_usize..=4).prop_flat_map(square)) {
        let constant: Vec<Vec<Poly>> =
            a.row_iter().map(|row| row.iter().map(|x| Poly::constant(x.clone())).collect()).collect();
        prop_assert_eq!(Poly::constant(determinant(&a).unwrap()), leibniz(&constant));
    }

    #[test]
    fn inverse_times_matrix_is_the_identity(a in (1_usize..=5).prop_flat_map(square)) {
        match inverse(&a).unwrap() {
            Some(b) => prop_assert_eq!(&a * &b, Matrix::from_fn(a.nrows(), a.nrows(), |i, j| ratio(i64::from(i == j), 1))),
            None => prop_assert!(determinant(&a).unwrap().is_zero()),
        }
    }

    #[test]
    fn null_vectors_are_null_and_complete(entries in prop::collection::vec(-2_i64..=2, 20)) {
        let a = Matrix::from_fn(4, 5, |i, j| ratio(entries[i * 5 + j], 1));
        let basis = nullspace(&a).unwrap();
        prop_assert_eq!(basis.len() + rank(&a).unwrap(), 5);
        for v in &basis {
            prop_assert!(matvec(&a, v).unwrap().iter().all(Zero::is_zero));
        }
        prop_assert_eq!(rank(&from_rows(&basis).unwrap()).unwrap(), basis.len());
    }

    #[test]
    fn solutions_solve(a in (1_usize..=4).prop_flat_map(square), x in prop::collection::vec(rational(), 4)) {
        let b = matvec(&a, &x[..a.ncols()]).unwrap();
        let found = solve(&a, &b).unwrap().unwrap();
        prop_assert_eq!(matvec(&a, &found).unwrap(), b);
    }

    #[test]
    fn planted_eigenvalues_come_back((h, mut planted) in with_known_eigenvalues()) {
        planted.sort();
        let found = eigenvalues(&h).unwrap();
        let back: Vec<Rational> =
            found.iter().flat_map(|(root, times)| vec![root.as_rational().cloned().unwrap(); *times]).collect();
        prop_assert_eq!(&back, &planted);
        let (positive, zero, negative) = counts(&h);
        prop_assert_eq!(positive, planted.iter().filter(|x| x.is_positive()).count());
        prop_assert_eq!(negative, planted.iter().filter(|x| x.is_negative()).count());
        prop_assert_eq!(zero, planted.iter().filter(|x| x.is_zero()).count());
    }

    /// Elimination and roots of the characteristic polynomial, two ways to the same signs; Sturm is the third.
    #[test]
    fn inertia_agrees_with_signs_of_eigenvalues(h in symmetric(6), q in rational()) {
        let h = shifted(&h, &q).unwrap();
        let roots = eigenvalues(&h).unwrap();
        let signs = [Ordering::Greater, Ordering::Equal, Ordering::Less].map(|sign| number_of_roots(&roots, sign));
        prop_assert_eq!(counts(&h), signs.into());
        prop_assert_eq!(roots.len(), Sturm::new(&characteristic_polynomial(&h).unwrap()).count_all());
        prop_assert_eq!(roots.iter().map(|(_, times)| times).sum::<usize>(), h.nrows());
    }

    /// The sum of the eigenvalues is the trace, their product the determinant.
    #[test]
    fn eigenvalues_sum_to_the_trace_and_multiply_to_the_determinant(h in symmetric(5)) {
        let (mut sum, mut product) = ((Rational::zero(), Rational::zero()), (Rational::one(), Rational::one()));
        for (root, times) in eigenvalues(&h).unwrap() {
            let (lo, hi) = root.enclose(128);
            for _ in 0..times {
                sum = (sum.0 + &lo, sum.1 + &hi);
                let corners = [&product.0 * &lo, &product.0 * &hi, &product.1 * &lo, &product.1 * &hi];
                product = (corners.iter().min().unwrap().clone(), corners.iter().max().unwrap().clone());
            }
        }
        let trace = (0..h.nrows()).fold(Rational::zero(), |trace, i| trace + &h[(i, i)]);
        prop_assert!(sum.0 <= trace && trace <= sum.1);
        let determinant = determinant(&h).unwrap();
        prop_assert!(product.0 <= determinant && determinant <= product.1);
        prop_assert!(&product.1 - &product.0 < ratio(1, 1_000_000_000));
    }

    #[test]
    fn negative_directions_exist_just_where_inertia_says(h in symmetric(6)) {
        match negative_direction(&h).unwrap() {
            Some(v) => {
                prop_assert!(quadratic_form(&h, &v).unwrap().is_negative());
                prop_assert!(v.iter().all(num_rational::Ratio::is_integer));
            }
            None => prop_assert!(inertia(&h).unwrap().is_positive_semidefinite()),
        }
    }

    /// The way from the nearest solution to the start is orthogonal to every direction that keeps a solution one.
    #[test]
    fn the_nearest_solution_is_a_projection(h in symmetric(5), entries in prop::collection::vec(rational(), 10)) {
        let n = h.nrows();
        let (b, start) = (&entries[..n], &entries[5..5 + n]);
        if let Some(x) = nearest_solution(&h, b, start).unwrap() {
            let negated: Vec<Rational> = b.iter().map(|entry| -entry).collect();
            prop_assert_eq!(matvec(&h, &x).unwrap(), negated);
            let way: Vec<Rational> = start.iter().zip(&x).map(|(s, x)| s - x).collect();
            for direction in nullspace(&h).unwrap() {
                prop_assert!(dot(&direction, &way).unwrap().is_zero());
            }
        } else {
            prop_assert!(determinant(&h).unwrap().is_zero());
        }
    }
}
