//! Characteristic polynomials and the eigenvalues of symmetric matrices live here. Nothing here may use
//! [`super::ldlt`].

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::{Grid, LinalgError, Matrix, ShapeError, check_square, check_symmetric};
use crate::num::algebraic::{RealRoot, real_roots};
use crate::num::poly::Poly;
use crate::num::{Integer, Rational, Undecided};

/// The characteristic polynomial `det(zI - A)`, monic, of degree `n`.
///
/// Product over the blocks that the non-zero entries connect; for each, the method of Faddeev and Le Verrier over
/// integers (D. K. Faddeev, V. N. Faddeeva, *Computational methods of linear algebra*, 1963): with `M_1 = I`,
/// `c_{n-k} = -tr(A M_k)/k` and `M_{k+1} = A M_k + c_{n-k} I`, where every division by `k` leaves nothing.
///
/// # Errors
/// `NotSquare`, `TooLarge`.
pub fn characteristic_polynomial(a: &Matrix) -> Result<Poly, ShapeError> {
    check_square(a)?;
    let blocks = blocks(a);
    Ok(blocks.iter().fold(Poly::constant(Rational::one()), |product, block| &product * &of_block(a, block)))
}

/// Sets of indices, each ascending, such that entries between different sets are zero; as small as possible.
fn blocks(a: &Matrix) -> Vec<Vec<usize>> {
    let linked =
        |i: usize, j: usize| [(i, j), (j, i)].iter().any(|&at| a.get(at).is_some_and(|x| !x.is_zero()));
    let mut left: Vec<usize> = (0..a.nrows()).collect();
    let mut blocks = Vec::new();
    while !left.is_empty() {
        let mut block = vec![left.remove(0)];
        let mut seen = 0;
        while let Some(&i) = block.get(seen) {
            let (reached, rest): (Vec<usize>, Vec<usize>) = left.iter().partition(|&&j| linked(i, j));
            block.extend(reached);
            left = rest;
            seen += 1;
        }
        block.sort_unstable();
        blocks.push(block);
    }
    blocks
}

/// The characteristic polynomial of the rows and columns in `block`.
fn of_block(a: &Matrix, block: &[usize]) -> Poly {
    let entry = |&i: &usize, &j: &usize| a.get((i, j)).cloned().unwrap_or_else(Rational::zero);
    if let [single] = block {
        return Poly::with_root(&entry(single, single));
    }
    let n = block.len();
    let part = Matrix::from_iterator(n, n, block.iter().flat_map(|j| block.iter().map(move |i| entry(i, j))));
    let (grid, denominator) = Grid::over_common_denominator(&part);
    let symmetric = super::is_symmetric(&part);
    // det(zI - A) = det((dz)I - dA) / d^n: coefficient n-k of the integer matrix is divided by d^k.
    let mut coefficients = vec![Rational::one()];
    let mut product = grid.rows.clone();
    let mut power = denominator.clone();
    for k in 1..=n {
        let trace: Integer = product.iter().enumerate().filter_map(|(i, row)| row.get(i)).sum();
        let coefficient = -trace / Integer::from(k);
        coefficients.push(Rational::new(coefficient.clone(), power.clone()));
        if k == n {
            break;
        }
        for (i, row) in product.iter_mut().enumerate() {
            if let Some(entry) = row.get_mut(i) {
                *entry += &coefficient;
            }
        }
        product = multiply(&grid.rows, &product, symmetric);
        power *= &denominator;
    }
    coefficients.reverse();
    Poly::new(coefficients)
}

/// The product of two square integer matrices. Polynomials of one symmetric matrix are symmetric, so half of their
/// product is enough; `symmetric` says that this is such a case.
fn multiply(a: &[Vec<Integer>], b: &[Vec<Integer>], symmetric: bool) -> Vec<Vec<Integer>> {
    let columns: Vec<Vec<&Integer>> =
        (0..b.len()).map(|j| b.iter().filter_map(|row| row.get(j)).collect()).collect();
    let scalar = |row: &[Integer], column: &[&Integer]| -> Integer {
        row.iter().zip(column).filter(|(x, y)| !x.is_zero() && !y.is_zero()).map(|(x, &y)| x * y).sum()
    };
    let mut product: Vec<Vec<Integer>> = Vec::with_capacity(a.len());
    for (i, row) in a.iter().enumerate() {
        let mirrored: Vec<Integer> = if symmetric {
            product.iter().filter_map(|above| above.get(i).cloned()).collect()
        } else {
            Vec::new()
        };
        let from = mirrored.len();
        let computed = columns.iter().skip(from).map(|column| scalar(row, column));
        product.push(mirrored.into_iter().chain(computed).collect());
    }
    product
}

/// The distinct eigenvalues of a symmetric matrix, ascending, with multiplicities that add up to `n`.
///
/// # Errors
/// `NotSquare`, `NotSymmetric`, `TooLarge`; `Undecided` where the entries are so long that the roots of the
/// characteristic polynomial are not looked for.
pub fn eigenvalues(h: &Matrix) -> Result<Vec<(RealRoot, usize)>, LinalgError> {
    check_symmetric(h)?;
    let mut all: Vec<(RealRoot, usize)> = Vec::new();
    let mut known: Vec<(Poly, Vec<(RealRoot, usize)>)> = Vec::new();
    for block in blocks(h) {
        let poly = of_block(h, &block);
        let roots = match known.iter().find(|(other, _)| *other == poly) {
            Some((_, roots)) => roots.clone(),
            None => {
                let roots = real_roots(&poly)?;
                known.push((poly, roots.clone()));
                roots
            }
        };
        for (root, multiplicity) in roots {
            insert(&mut all, root, multiplicity)?;
        }
    }
    Ok(all)
}

/// Puts an eigenvalue in its place, or adds its multiplicity to an equal one.
fn insert(all: &mut Vec<(RealRoot, usize)>, root: RealRoot, multiplicity: usize) -> Result<(), Undecided> {
    for (place, (other, times)) in all.iter_mut().enumerate() {
        match root.compare(other)? {
            Ordering::Equal => {
                *times += multiplicity;
                return Ok(());
            }
            Ordering::Less => {
                all.insert(place, (root, multiplicity));
                return Ok(());
            }
            Ordering::Greater => {}
        }
    }
    all.push((root, multiplicity));
    Ok(())
}
