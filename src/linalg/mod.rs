//! Exact linear algebra over the rationals lives here: elimination, inertia, eigenvalues, nearest solutions.
//!
//! No floating point, no sheet. [`ldlt`] and [`spectrum`] do not use one another, so that each can be held against
//! the other: the number of eigenvalues below `q` is the number of negative pivots of `H - qI`.

pub mod elimination;
pub mod ldlt;
pub mod nearest;
pub mod spectrum;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use crate::num::{Integer, Rational, Undecided};

/// A matrix of rationals. nalgebra's operators panic on shapes that do not fit; the functions here check first.
pub type Matrix = nalgebra::DMatrix<Rational>;

/// The largest number of rows or columns that is worked with.
pub const MAX_DIMENSION: usize = 64;

/// What a matrix or vector is refused for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Rows and columns differ in number.
    #[error("a square matrix is wanted; this one has {rows} rows and {columns} columns")]
    NotSquare {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// An entry differs from its mirror image; rows and columns counted from zero.
    #[error(
        "a symmetric matrix is wanted; entries ({row}, {column}) and ({column}, {row}) differ, counted from 0"
    )]
    NotSymmetric {
        /// Row of the first such entry.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// A vector has the wrong length.
    #[error("a vector of length {expected} is wanted; this one has length {found}")]
    Length {
        /// The length that fits.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// The matrix is too large.
    #[error("matrices have at most {MAX_DIMENSION} rows and columns; this one has {found}")]
    TooLarge {
        /// The larger of its two dimensions.
        found: usize,
    },
}

/// Why a question about a matrix has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinalgError {
    /// The shape does not fit.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A limit of exact arithmetic stands in the way.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

/// A matrix from its rows; `Length` names the first row that is not as long as the first one.
///
/// # Errors
/// `Length`, as said; `TooLarge` beyond [`MAX_DIMENSION`].
pub fn from_rows(rows: &[Vec<Rational>]) -> Result<Matrix, ShapeError> {
    let columns = rows.first().map_or(0, Vec::len);
    for row in rows {
        check_length(row, columns)?;
    }
    check_size(rows.len(), columns)?;
    Ok(Matrix::from_row_iterator(rows.len(), columns, rows.iter().flatten().cloned()))
}

/// The scalar product `a . b`.
///
/// # Errors
/// `Length` when the vectors differ in length.
pub fn dot(a: &[Rational], b: &[Rational]) -> Result<Rational, ShapeError> {
    check_length(b, a.len())?;
    let ((a, below_a), (b, below_b)) = (over_common_denominator(a), over_common_denominator(b));
    Ok(Rational::new(integer_dot(&a, &b), below_a * below_b))
}

/// The numbers times their least common denominator, and that: a sum of products of integers needs no common divisors.
#[must_use]
pub fn over_common_denominator(numbers: &[Rational]) -> (Vec<Integer>, Integer) {
    let denominator = numbers.iter().fold(Integer::one(), |lcm, x| lcm.lcm(x.denom()));
    let whole = numbers.iter().map(|x| x.numer() * (&denominator / x.denom())).collect();
    (whole, denominator)
}

/// The sum of the products, as far as both go.
#[must_use]
pub fn integer_dot(a: &[Integer], b: &[Integer]) -> Integer {
    a.iter().zip(b).filter(|(x, y)| !x.is_zero() && !y.is_zero()).map(|(x, y)| x * y).sum()
}

/// The product of a matrix and a column.
///
/// # Errors
/// `Length` unless the vector has one entry for each column.
pub fn matvec(a: &Matrix, v: &[Rational]) -> Result<Vec<Rational>, ShapeError> {
    check_length(v, a.ncols())?;
    let (grid, below) = Grid::over_common_denominator(a);
    let (v, below_v) = over_common_denominator(v);
    let denominator = below * below_v;
    Ok(grid.rows.iter().map(|row| Rational::new(integer_dot(row, &v), denominator.clone())).collect())
}

/// The quadratic form `v^T H v`.
///
/// # Errors
/// `Length` unless the vector fits both sides of the matrix.
pub fn quadratic_form(h: &Matrix, v: &[Rational]) -> Result<Rational, ShapeError> {
    dot(&matvec(h, v)?, v)
}

/// Whether the matrix is square and equal to its transpose.
#[must_use]
pub fn is_symmetric(a: &Matrix) -> bool {
    check_symmetric(a).is_ok()
}

/// `H - q I`.
///
/// # Errors
/// `NotSquare`.
pub fn shifted(h: &Matrix, q: &Rational) -> Result<Matrix, ShapeError> {
    check_square(h)?;
    let mut result = h.clone();
    for k in 0..result.nrows() {
        if let Some(entry) = result.get_mut((k, k)) {
            *entry -= q;
        }
    }
    Ok(result)
}

pub(crate) fn check_length(v: &[Rational], expected: usize) -> Result<(), ShapeError> {
    if v.len() == expected { Ok(()) } else { Err(ShapeError::Length { expected, found: v.len() }) }
}

fn check_size(rows: usize, columns: usize) -> Result<(), ShapeError> {
    let found = rows.max(columns);
    if found > MAX_DIMENSION { Err(ShapeError::TooLarge { found }) } else { Ok(()) }
}

fn check_square(a: &Matrix) -> Result<(), ShapeError> {
    check_size(a.nrows(), a.ncols())?;
    if a.is_square() { Ok(()) } else { Err(ShapeError::NotSquare { rows: a.nrows(), columns: a.ncols() }) }
}

fn check_symmetric(a: &Matrix) -> Result<(), ShapeError> {
    check_square(a)?;
    for row in 0..a.nrows() {
        for column in row + 1..a.ncols() {
            if a.get((row, column)) != a.get((column, row)) {
                return Err(ShapeError::NotSymmetric { row, column });
            }
        }
    }
    Ok(())
}

/// A matrix of integers, row by row, without operators that could panic.
#[derive(Debug, Clone)]
struct Grid {
    rows: Vec<Vec<Integer>>,
}

impl Grid {
    /// Integers `A'` and a positive integer `d` with `A = A' / d`.
    fn over_common_denominator(a: &Matrix) -> (Self, Integer) {
        let denominator = a.iter().fold(Integer::one(), |lcm, entry| lcm.lcm(entry.denom()));
        let integer = |entry: &Rational| entry.numer() * (&denominator / entry.denom());
        let rows = a.row_iter().map(|row| row.iter().map(integer).collect()).collect();
        (Self { rows }, denominator)
    }

    /// The entry; zero outside.
    fn at(&self, row: usize, column: usize) -> Integer {
        self.rows.get(row).and_then(|row| row.get(column)).cloned().unwrap_or_default()
    }

    fn set(&mut self, row: usize, column: usize, value: Integer) {
        if let Some(entry) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *entry = value;
        }
    }
}

#[cfg(test)]
mod tests;
