//! Inertia by symmetric elimination, and directions of negative curvature, live here. Nothing here may use
//! [`super::spectrum`].

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::{Grid, Matrix, ShapeError, check_symmetric, elimination, matvec, quadratic_form};
use crate::num::{Integer, Rational};

/// How many eigenvalues of a symmetric matrix are positive, zero and negative, by Sylvester's law of inertia.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inertia {
    /// Number of positive pivots.
    pub positive: usize,
    /// Dimension of the null space.
    pub zero: usize,
    /// Number of negative pivots.
    pub negative: usize,
    /// The diagonal of `D` in `V H V^T = L D L^T`, in the order of elimination, without the zeros at its end. `V` is
    /// a permutation, unless a remaining diagonal was zero throughout (see [`inertia`]).
    pub pivots: Vec<Rational>,
}

impl Inertia {
    /// No negative eigenvalue.
    #[must_use]
    pub fn is_positive_semidefinite(&self) -> bool {
        self.negative == 0
    }

    /// Only positive eigenvalues.
    #[must_use]
    pub fn is_positive_definite(&self) -> bool {
        self.negative == 0 && self.zero == 0
    }
}

/// A pivot with the vectors, in coordinates of the matrix, that elimination had used before and used then.
struct Step {
    pivot: Rational,
    used: Vec<Vec<Integer>>,
}

/// The inertia of a symmetric matrix by `LDL^T` with symmetric pivoting, right for singular and indefinite matrices.
///
/// The pivot is the first non-zero entry of the remaining diagonal. If that is zero throughout but an entry `h_ij`
/// is not, basis vector `e_i` is replaced by `e_i + e_j`, a congruence that makes the diagonal entry `2h_ij`; the
/// two pivots that follow are the signs of the block `[0 h; h 0]`: one positive, one negative.
///
/// # Errors
/// `NotSquare`, `NotSymmetric`, `TooLarge`.
pub fn inertia(h: &Matrix) -> Result<Inertia, ShapeError> {
    let pivots: Vec<Rational> = eliminate(h, |_| false)?.into_iter().map(|step| step.pivot).collect();
    let negative = pivots.iter().filter(|pivot| pivot.is_negative()).count();
    let positive = pivots.len() - negative;
    Ok(Inertia { positive, zero: h.nrows() - pivots.len(), negative, pivots })
}

/// Symmetric elimination up to the first pivot at which `stop` says so; the vectors are recorded for that one.
fn eliminate(h: &Matrix, stop: impl Fn(&Rational) -> bool) -> Result<Vec<Step>, ShapeError> {
    check_symmetric(h)?;
    let n = h.nrows();
    let (mut grid, denominator) = Grid::over_common_denominator(h);
    let unit = |k: usize| (0..n).map(|i| Integer::from(u8::from(i == k))).collect::<Vec<_>>();
    let mut basis: Vec<Vec<Integer>> = (0..n).map(unit).collect();
    let mut remaining: Vec<usize> = (0..n).collect();
    let mut used = Vec::new();
    let mut steps = Vec::new();
    let mut before = Integer::one();
    loop {
        let place = match remaining.iter().position(|&i| !grid.at(i, i).is_zero()) {
            Some(place) => place,
            None => match hidden_pair(&grid, &remaining) {
                Some((place, i, j)) => {
                    add_to(&mut grid, &mut basis, i, j);
                    place
                }
                None => return Ok(steps),
            },
        };
        let k = remaining.remove(place);
        let minor = grid.at(k, k);
        used.push(basis.get(k).cloned().unwrap_or_default());
        // Bareiss: the entry is a leading minor of the integer matrix, so the pivot is a ratio of two of them.
        let pivot = Rational::new(minor.clone(), &before * &denominator);
        let stopping = stop(&pivot);
        steps.push(Step { pivot, used: if stopping { used.clone() } else { Vec::new() } });
        if stopping {
            return Ok(steps);
        }
        for (done, &i) in remaining.iter().enumerate() {
            for &j in remaining.iter().skip(done) {
                let value = (grid.at(i, j) * &minor - grid.at(i, k) * grid.at(k, j)) / &before;
                grid.set(i, j, value.clone());
                grid.set(j, i, value);
            }
        }
        before = minor;
    }
}

/// The first non-zero entry off the diagonal among the remaining rows: the place of its row among them, row, column.
fn hidden_pair(grid: &Grid, remaining: &[usize]) -> Option<(usize, usize, usize)> {
    remaining.iter().enumerate().find_map(|(place, &i)| {
        let j = remaining.iter().skip(place + 1).find(|&&j| !grid.at(i, j).is_zero())?;
        Some((place, i, *j))
    })
}

/// Replaces basis vector `i` by the sum of `i` and `j`: row to row, then column to column.
fn add_to(grid: &mut Grid, basis: &mut [Vec<Integer>], i: usize, j: usize) {
    let n = basis.len();
    for column in 0..n {
        grid.set(i, column, grid.at(i, column) + grid.at(j, column));
    }
    for row in 0..n {
        grid.set(row, i, grid.at(row, i) + grid.at(row, j));
    }
    let other = basis.get(j).cloned().unwrap_or_default();
    if let Some(vector) = basis.get_mut(i) {
        for (x, y) in vector.iter_mut().zip(other) {
            *x += y;
        }
    }
}

/// A vector `v` with `v^T H v < 0`, of integers without common factor; `None` when there is none, so when the matrix
/// is positive semidefinite.
///
/// A unit vector where the diagonal has a negative entry. The inequality is checked before the vector is handed out.
///
/// # Errors
/// `NotSquare`, `NotSymmetric`, `TooLarge`.
pub fn negative_direction(h: &Matrix) -> Result<Option<Vec<Rational>>, ShapeError> {
    check_symmetric(h)?;
    let n = h.nrows();
    if let Some(k) = (0..n).find(|&k| h.get((k, k)).is_some_and(Signed::is_negative)) {
        return Ok(Some((0..n).map(|i| Rational::from_integer(Integer::from(u8::from(i == k)))).collect()));
    }
    let steps = eliminate(h, Signed::is_negative)?;
    let Some((last, before)) = steps.last().and_then(|step| step.used.split_last()) else { return Ok(None) };
    // v = u + sum y_s u_s, with y such that v is H-orthogonal to all u_s; then v^T H v is the pivot.
    let rational = |v: &[Integer]| v.iter().cloned().map(Rational::from_integer).collect::<Vec<_>>();
    let images = before.iter().map(|u| matvec(h, &rational(u))).collect::<Result<Vec<_>, _>>()?;
    let product = |image: &[Rational], u: &[Integer]| {
        image.iter().zip(u).fold(Rational::zero(), |sum, (x, y)| sum + x * Rational::from_integer(y.clone()))
    };
    let rows: Vec<Vec<Rational>> =
        images.iter().map(|image| before.iter().map(|u| product(image, u)).collect()).collect();
    let target: Vec<Rational> = images.iter().map(|image| -product(image, last)).collect();
    let Some(y) = elimination::solve(&super::from_rows(&rows)?, &target)? else { return Ok(None) };
    let mut v = rational(last);
    for (factor, u) in y.iter().zip(before) {
        for (x, part) in v.iter_mut().zip(u) {
            *x += factor * Rational::from_integer(part.clone());
        }
    }
    let v = without_common_factor(v);
    Ok(quadratic_form(h, &v)?.is_negative().then_some(v))
}

/// The multiple by a positive number whose entries are integers without common factor.
fn without_common_factor(v: Vec<Rational>) -> Vec<Rational> {
    let denominator = v.iter().fold(Integer::one(), |lcm, x| lcm.lcm(x.denom()));
    let common = v.iter().fold(Integer::zero(), |gcd, x| gcd.gcd(&(x.numer() * (&denominator / x.denom()))));
    if common.is_zero() {
        return v;
    }
    let factor = Rational::new(denominator, common);
    v.into_iter().map(|x| x * &factor).collect()
}
