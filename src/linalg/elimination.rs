//! Elimination lives here: echelon form, rank, null space, solutions, inverse, determinant.
//!
//! All of it over integers without fractions (E. H. Bareiss, *Sylvester's identity and multistep
//! integer-preserving Gaussian elimination*, 1968): every entry on the way is a minor of the matrix, so it stays
//! short, and every division leaves nothing.

use num_traits::{One, Zero};

use super::{Grid, Matrix, ShapeError, check_length, check_size, check_square};
use crate::num::{Integer, Rational};

/// The reduced row echelon form of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echelon {
    /// Same shape as the matrix. Row `i`, up to the rank, has its first non-zero entry, a one, in column
    /// `pivots[i]`, and that column has no other; rows beyond the rank are zero.
    pub reduced: Matrix,
    /// The columns with a pivot, ascending, counted from zero; as many as the rank.
    pub pivots: Vec<usize>,
}

/// The reduced row echelon form.
///
/// # Errors
/// `TooLarge`.
pub fn echelon(a: &Matrix) -> Result<Echelon, ShapeError> {
    check_size(a.nrows(), a.ncols())?;
    Ok(reduce(a, a.ncols()).0)
}

/// Echelon form with pivots looked for in the first `columns` columns only, and the last pivot before division: up
/// to sign, the determinant of the rows and columns of the pivots, over integers.
fn reduce(a: &Matrix, columns: usize) -> (Echelon, Integer, bool) {
    let (mut grid, _) = Grid::over_common_denominator(a);
    let mut pivots = Vec::new();
    let mut before = Integer::one();
    let mut swapped = false;
    for column in 0..columns {
        let rank = pivots.len();
        let Some(row) = (rank..a.nrows()).find(|&row| !grid.at(row, column).is_zero()) else { continue };
        if row != rank {
            grid.rows.swap(row, rank);
            swapped = !swapped;
        }
        let pivot = grid.at(rank, column);
        let pivot_row = grid.rows.get(rank).cloned().unwrap_or_default();
        for (_, row) in grid.rows.iter_mut().enumerate().filter(|(row, _)| *row != rank) {
            let factor = row.get(column).cloned().unwrap_or_default();
            for (entry, above) in row.iter_mut().zip(&pivot_row) {
                *entry = (&*entry * &pivot - &factor * above) / &before;
            }
        }
        before = pivot;
        pivots.push(column);
    }
    // Now all pivots are equal to the last one.
    let entry = |row: usize, column: usize| Rational::new(grid.at(row, column), before.clone());
    (Echelon { reduced: Matrix::from_fn(a.nrows(), a.ncols(), entry), pivots }, before.clone(), swapped)
}

/// The number of linearly independent rows.
///
/// # Errors
/// `TooLarge`.
pub fn rank(a: &Matrix) -> Result<usize, ShapeError> {
    Ok(echelon(a)?.pivots.len())
}

/// A basis of the null space: vectors `v` with `Av = 0`, one for each column without a pivot; none when the columns
/// are independent.
///
/// # Errors
/// `TooLarge`.
pub fn nullspace(a: &Matrix) -> Result<Vec<Vec<Rational>>, ShapeError> {
    let form = echelon(a)?;
    let free = (0..a.ncols()).filter(|column| !form.pivots.contains(column));
    Ok(free
        .map(|free| {
            let coordinate = |column: usize| {
                if column == free {
                    return Rational::one();
                }
                let row = form.pivots.iter().position(|&pivot| pivot == column);
                row.and_then(|row| form.reduced.get((row, free))).map_or_else(Rational::zero, |entry| -entry)
            };
            (0..a.ncols()).map(coordinate).collect()
        })
        .collect())
}

/// A solution of `Ax = b`, the one whose free coordinates are zero; `None` when there is none.
///
/// # Errors
/// `Length` unless `b` has an entry for each row; `TooLarge`.
pub fn solve(a: &Matrix, b: &[Rational]) -> Result<Option<Vec<Rational>>, ShapeError> {
    check_length(b, a.nrows())?;
    check_size(a.nrows(), a.ncols())?;
    let columns = a.ncols();
    let entry =
        |row, column| a.get((row, column)).or_else(|| b.get(row)).cloned().unwrap_or_else(Rational::zero);
    let extended = Matrix::from_fn(a.nrows(), columns + 1, entry);
    let (form, ..) = reduce(&extended, columns + 1);
    if form.pivots.contains(&columns) {
        return Ok(None);
    }
    let mut x = vec![Rational::zero(); columns];
    for (row, &pivot) in form.pivots.iter().enumerate() {
        if let (Some(slot), Some(value)) = (x.get_mut(pivot), form.reduced.get((row, columns))) {
            slot.clone_from(value);
        }
    }
    Ok(Some(x))
}

/// The inverse; `None` for a singular matrix.
///
/// # Errors
/// `NotSquare`, `TooLarge`.
pub fn inverse(a: &Matrix) -> Result<Option<Matrix>, ShapeError> {
    check_square(a)?;
    let n = a.nrows();
    let unit = |row, column| if row + n == column { Rational::one() } else { Rational::zero() };
    let extended = Matrix::from_fn(n, 2 * n, |row, column| match a.get((row, column)) {
        Some(entry) if column < n => entry.clone(),
        _ => unit(row, column),
    });
    let (form, ..) = reduce(&extended, n);
    Ok((form.pivots.len() == n).then(|| form.reduced.columns(n, n).into_owned()))
}

/// The determinant; one for the matrix without rows.
///
/// # Errors
/// `NotSquare`, `TooLarge`.
pub fn determinant(a: &Matrix) -> Result<Rational, ShapeError> {
    check_square(a)?;
    let (form, pivot, swapped) = reduce(a, a.ncols());
    if form.pivots.len() < a.nrows() {
        return Ok(Rational::zero());
    }
    let (_, denominator) = Grid::over_common_denominator(a);
    let power = (0..a.nrows()).fold(Integer::one(), |power, _| power * &denominator);
    Ok(Rational::new(if swapped { -pivot } else { pivot }, power))
}
