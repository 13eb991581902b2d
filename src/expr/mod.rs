//! Symbolic expressions over exact rationals live here: reading, printing, differentiating, deciding equality.
//!
//! Nothing here knows a sheet, and nothing here rounds. The files:
//!
//! | file | holds |
//! | --- | --- |
//! | `node.rs`, `build.rs` | the tree, and the constructors that keep it light |
//! | `walk.rs` | walks over the tree that never recurse, so that no depth can exhaust the stack |
//! | `lex.rs`, `parse.rs` | text to expression, errors with their place |
//! | `display.rs`, `math.rs` | expression to text that reads back, and to the notation tree |
//! | `calculus.rs`, `evaluate.rs` | derivative, substitution, exact values |
//! | `monomial.rs`, `affine.rs`, `form.rs`, `normal.rs` | the normal form, and equality decided by it |
//! | `polynomial.rs` | polynomials with rational coefficients |
//! | `limits.rs` | every limit, by name |
//!
//! ```
//! use backproof::expr::{equal, parse};
//! let f = parse("exp(x)/(exp(x) + exp(y))")?;
//! let by_hand = parse("exp(x)*exp(y)/(exp(x) + exp(y))^2")?;
//! assert_eq!(equal(&f.derivative("x"), &by_hand), Ok(true));
//! # Ok::<(), backproof::expr::ParseError>(())
//! ```

mod affine;
mod build;
mod calculus;
mod display;
mod evaluate;
mod form;
mod lex;
pub mod limits;
mod math;
mod monomial;
mod node;
mod normal;
mod parse;
mod polynomial;
mod walk;

#[cfg(test)]
mod tests;

pub use evaluate::EvalError;
pub use monomial::Monomial;
pub use node::{Expr, Node};
pub use normal::{Normal, equal};
pub use parse::{ParseError, parse, parse_closed, parse_constant};
pub use polynomial::{NotPolynomial, Polynomial, as_polynomial};
