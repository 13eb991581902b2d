//! The solution of a linear system that is nearest to a given point lives here.

use num_traits::Zero;

use super::elimination::{nullspace, solve};
use super::{Matrix, ShapeError, check_length, dot, from_rows};
use crate::num::Rational;

/// The solution of `Hx = -b` nearest to `start` in the Euclidean norm; `None` when there is no solution.
///
/// For `f(x) = x^T H x / 2 + b^T x + c` with `H` symmetric the solutions are the stationary points, and the minimisers
/// where `H` is positive semidefinite. The nearest one is the orthogonal projection of `start` onto them: with `p` any
/// solution and `n_1, ..., n_d` a basis of the null space, `p + sum t_i n_i` where the Gram matrix `(n_i . n_j)` times
/// `t` is `(n_i . (start - p))`.
///
/// # Errors
/// `Length` unless `b` has an entry for each row and `start` for each column; `TooLarge`.
pub fn nearest_solution(
    h: &Matrix,
    b: &[Rational],
    start: &[Rational],
) -> Result<Option<Vec<Rational>>, ShapeError> {
    check_length(start, h.ncols())?;
    let target: Vec<Rational> = b.iter().map(|entry| -entry).collect();
    let Some(mut x) = solve(h, &target)? else { return Ok(None) };
    let basis = nullspace(h)?;
    if basis.is_empty() {
        return Ok(Some(x));
    }
    let away: Vec<Rational> = start.iter().zip(&x).map(|(s, p)| s - p).collect();
    let gram = |n: &Vec<Rational>| basis.iter().map(|m| dot(n, m)).collect::<Result<Vec<_>, _>>();
    let gram = from_rows(&basis.iter().map(gram).collect::<Result<Vec<_>, _>>()?)?;
    let components = basis.iter().map(|n| dot(n, &away)).collect::<Result<Vec<_>, _>>()?;
    // The Gram matrix of independent vectors is regular, so there is a solution.
    let Some(t) = solve(&gram, &components)? else { return Ok(None) };
    for (factor, n) in t.iter().zip(&basis).filter(|(factor, _)| !factor.is_zero()) {
        for (coordinate, part) in x.iter_mut().zip(n) {
            *coordinate += factor * part;
        }
    }
    Ok(Some(x))
}
