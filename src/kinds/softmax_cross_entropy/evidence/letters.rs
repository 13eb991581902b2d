//! The gradient's formula by another derivation lives here: with a letter x for each power of e the probabilities are
//! rational functions, and ∂J/∂θᵢ = −(xᵢ/p_y)·∂p_y/∂xᵢ. No exponential and no logarithm is differentiated.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::report::{Evidence, Instance};

/// The formula for the true class and for another, also where there is none, as it is one for any number of classes: the powers of e of all further classes
/// contain neither letter, so that one letter R stands for their sum, whatever it is.
pub(super) fn formula() -> Evidence {
    let (x, y, rest) = (Expr::var("x"), Expr::var("x_y"), Expr::var("R"));
    let chain = |own: &str, sum: &Expr, delta: i64| {
        let p_y = y.over(sum);
        // θ = ln x, so that ∂/∂θ = x·∂/∂x; and J = −ln p_y.
        let slope = Expr::product([Expr::var(own), p_y.derivative(own)]).over(&p_y);
        let with = BTreeMap::from([
            ("p_i".to_owned(), Expr::var(own).over(sum)),
            ("delta_i".to_owned(), Expr::integer(delta)),
        ]);
        Instance { with, equals: slope.negate() }
    };
    let instances = vec![
        chain("x_y", &Expr::sum([y.clone(), rest.clone()]), 1),
        chain("x", &Expr::sum([x, y.clone(), rest]), 0),
    ];
    let detail = "x = e^θ: −(x_i/p_y)·∂p_y/∂x_i";
    Evidence::formula("gradient-formula", "powers as letters", instances, detail)
}
