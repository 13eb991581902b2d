//! The tree of an expression lives here, and what each node remembers of its subtree; constructors are in `build.rs`.

use std::sync::Arc;

use num_traits::{Signed, Zero};

use crate::num::Rational;

/// A symbolic expression: an immutable tree that shares its parts, so a clone costs nothing.
///
/// Built by [`super::parse()`] or by the constructors; every walk over it is a loop, so depth never exhausts the stack.
#[derive(Clone)]
pub struct Expr(pub(crate) Arc<Inner>);

/// One node of an expression.
#[derive(Clone)]
pub enum Node {
    /// An exact rational.
    Number(Rational),
    /// A variable by its name.
    Variable(Arc<str>),
    /// −a
    Negate(Expr),
    /// a + b + …, two terms or more, none of them a sum.
    Sum(Vec<Expr>),
    /// a · b · …, two factors or more, none of them a product; a coefficient comes first.
    Product(Vec<Expr>),
    /// a / b
    Quotient(Expr, Expr),
    /// aⁿ for an integer n.
    Power(Expr, i64),
    /// eᵃ
    Exp(Expr),
    /// The natural logarithm.
    Ln(Expr),
    /// The non-negative square root.
    Sqrt(Expr),
}

/// A node with what is known of its subtree.
pub(crate) struct Inner {
    pub(crate) node: Node,
    /// Nodes on the longest way down.
    pub(crate) depth: u32,
    /// Nodes of the tree, shared ones counted every time.
    pub(crate) size: u64,
    /// Whether the value exists at every point: no division by what may vanish, no logarithm, no root.
    pub(crate) total: bool,
}

impl Node {
    /// The operands: a slice, and the divisor of a quotient after it.
    pub(crate) fn children(&self) -> impl DoubleEndedIterator<Item = &Expr> {
        let (head, tail): (&[Expr], &[Expr]) = match self {
            Node::Number(_) | Node::Variable(_) => (&[], &[]),
            Node::Negate(a) | Node::Power(a, _) | Node::Exp(a) | Node::Ln(a) | Node::Sqrt(a) => {
                (std::slice::from_ref(a), &[])
            }
            Node::Sum(all) | Node::Product(all) => (all, &[]),
            Node::Quotient(a, b) => (std::slice::from_ref(a), std::slice::from_ref(b)),
        };
        head.iter().chain(tail)
    }

    fn total(&self) -> bool {
        let nonzero_number = |e: &Expr| matches!(e.node(), Node::Number(r) if !r.is_zero());
        match self {
            Node::Number(_) | Node::Variable(_) => true,
            Node::Negate(a) | Node::Exp(a) => a.0.total,
            Node::Sum(all) | Node::Product(all) => all.iter().all(|e| e.0.total),
            Node::Quotient(a, b) => a.0.total && nonzero_number(b),
            Node::Power(a, n) => a.0.total && (*n >= 0 || nonzero_number(a)),
            Node::Sqrt(a) => matches!(a.node(), Node::Number(r) if !r.is_negative()),
            Node::Ln(a) => matches!(a.node(), Node::Number(r) if r.is_positive()),
        }
    }
}

impl Expr {
    pub(crate) fn from_node(node: Node) -> Self {
        let depth = node.children().map(|e| e.0.depth).max().unwrap_or(0).saturating_add(1);
        let size = node.children().fold(1u64, |sum, e| sum.saturating_add(e.0.size));
        let total = node.total();
        Self(Arc::new(Inner { node, depth, size, total }))
    }

    /// The outermost node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// The rational that the expression is, if it is one as it stands; nothing is computed.
    #[must_use]
    pub fn as_number(&self) -> Option<&Rational> {
        match self.node() {
            Node::Number(r) => Some(r),
            _ => None,
        }
    }

    /// Nodes on the longest way down.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Nodes of the tree, shared parts counted every time they appear; saturates.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size
    }
}

impl Drop for Inner {
    /// Takes the tree apart in a loop: the drop that the compiler writes would recurse to its full depth.
    fn drop(&mut self) {
        if self.depth <= 2 {
            return;
        }
        let mut pending = Vec::new();
        release(&mut self.node, &mut pending);
        while let Some(expr) = pending.pop() {
            if let Some(mut inner) = Arc::into_inner(expr.0) {
                release(&mut inner.node, &mut pending);
            }
        }
    }
}

/// Moves the operands out of a node, which is left empty.
fn release(node: &mut Node, pending: &mut Vec<Expr>) {
    match std::mem::replace(node, Node::Sum(Vec::new())) {
        Node::Number(_) | Node::Variable(_) => {}
        Node::Negate(a) | Node::Power(a, _) | Node::Exp(a) | Node::Ln(a) | Node::Sqrt(a) => pending.push(a),
        Node::Sum(all) | Node::Product(all) => pending.extend(all),
        Node::Quotient(a, b) => pending.extend([a, b]),
    }
}
