//! The tree that formulas are printed from lives here; printers are a file each, and none of them computes.
//!
//! A formula is built as it is meant ([`Math`]), goes once through [`grouped`], which puts in the parentheses that the
//! notation needs, and is then printed by functions that look at a node and its children only. The printers walk
//! the tree by recursion: whoever builds trees from input bounds their depth.

mod block;
mod build;
mod escape;
mod exact;
mod group;
mod latex;
mod pad;
mod plain;
mod symbol;
mod text;

#[cfg(test)]
mod tests;

pub use block::{DEFAULT_WIDTH, text_block, text_block_within};
pub use escape::escape_latex;
pub use exact::closed_form;
pub use group::{Notation, grouped};
pub use latex::{latex, latex_aligned};
pub use pad::{display_width, pad_left, pad_right};
pub use plain::{plain, rational_plain};
pub use text::{rational_text, text};

use crate::num::Rational;

/// A formula as it is meant, before any printer has seen it.
///
/// Parentheses are not part of the meaning: one pass puts them in ([`Math::Group`]), printers never do.
#[derive(Debug, Clone, PartialEq)]
pub enum Math {
    /// An exact rational: `-3/4`.
    Number(Rational),
    /// A decimal that was already rounded, as text: `0.1974`.
    Decimal(String),
    /// A name in the spelling of sheets, with its subscript after `_` or as trailing digits: `x1`, `theta_y`, `d_k`.
    Symbol(String),
    /// Words inside a formula.
    Words(String),
    /// −a
    Negative(Box<Math>),
    /// a + b + …; a term that is `Negative` prints as a subtraction.
    Sum(Vec<Math>),
    /// a · b · …
    Product(Vec<Math>),
    /// a / b, drawn as a fraction where the printer can.
    Fraction(Box<Math>, Box<Math>),
    /// aᵇ
    Power(Box<Math>, Box<Math>),
    /// √a
    Root(Box<Math>),
    /// A function applied to arguments: `exp`, `log` (natural), `Var`, `E`, `softmax`, `diag`, `relu`, …
    Apply(String, Vec<Math>),
    /// base with a subscript: z₁
    Sub(Box<Math>, Box<Math>),
    /// Transpose: aᵀ
    Transpose(Box<Math>),
    /// ∂a/∂b
    Partial(Box<Math>, Box<Math>),
    /// Euclidean norm: ‖a‖
    Norm(Box<Math>),
    /// |a|
    Abs(Box<Math>),
    /// `1[a]`, the indicator of a statement
    Indicator(Box<Math>),
    /// Σ over `index` from `from` to `to` of `body`; the bounds may be absent.
    BigSum {
        /// The summation index, with its range if it has one: `j`, or `i ≠ j`.
        index: Box<Math>,
        /// Lower bound, `None` where the index alone stands under the sign.
        from: Option<Box<Math>>,
        /// Upper bound.
        to: Option<Box<Math>>,
        /// What is summed.
        body: Box<Math>,
    },
    /// A matrix by rows; a column vector has rows of one entry.
    Matrix(Vec<Vec<Math>>),
    /// A tuple or list: (a, b, …), [a, b, …] in plain text.
    List(Vec<Math>),
    /// A chain of relations: `a = b ≤ c` is `Chain(a, [(Equal, b), (LessEqual, c)])`.
    Chain(Box<Math>, Vec<(Relation, Math)>),
    /// Things set side by side with commas: `m = 1, L = 10`.
    Sequence(Vec<Math>),
    /// Parentheses that a printer must show; put in by the pass, or asked for.
    Group(Box<Math>),
}

/// The relation between two sides of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// ≈
    Approx,
    /// <
    Less,
    /// ≤
    LessEqual,
    /// >
    Greater,
    /// ≥
    GreaterEqual,
    /// ⟹
    Implies,
    /// ∈
    In,
}
