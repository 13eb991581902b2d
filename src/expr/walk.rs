//! Walks over expressions live here: from the leaves up, and two trees side by side; loops, never recursion.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::limits::same;
use super::node::{Expr, Inner, Node};

impl Expr {
    /// Gives every node a value from the values of its operands, leaves first; a shared part is visited once.
    pub(crate) fn fold<T: Clone, E>(
        &self,
        mut visit: impl FnMut(&Expr, Vec<T>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut known: HashMap<*const Inner, T> = HashMap::new();
        let mut values: Vec<T> = Vec::new();
        let mut pending = vec![(self, false)];
        while let Some((expr, operands_done)) = pending.pop() {
            let shared = Arc::strong_count(&expr.0) > 1;
            if operands_done {
                let operands = expr.node().children().count();
                let value = visit(expr, values.split_off(values.len().saturating_sub(operands)))?;
                if shared {
                    known.insert(Arc::as_ptr(&expr.0), value.clone());
                }
                values.push(value);
            } else if let Some(value) = shared.then(|| known.get(&Arc::as_ptr(&expr.0))).flatten() {
                values.push(value.clone());
            } else {
                pending.push((expr, true));
                pending.extend(expr.node().children().rev().map(|e| (e, false)));
            }
        }
        Ok(values.pop())
    }

    /// The names of the variables that appear.
    #[must_use]
    pub fn variables(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut seen: HashSet<*const Inner> = HashSet::new();
        let mut pending = vec![self];
        while let Some(expr) = pending.pop() {
            if let Node::Variable(name) = expr.node() {
                names.insert(name.to_string());
            } else if seen.insert(Arc::as_ptr(&expr.0)) {
                pending.extend(expr.node().children());
            }
        }
        names
    }
}

/// Equality as written: the same tree. For equality in value see [`super::equal`].
impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        let mut seen: HashSet<(*const Inner, *const Inner)> = HashSet::new();
        let mut pending = vec![(self, other)];
        while let Some((a, b)) = pending.pop() {
            if Arc::ptr_eq(&a.0, &b.0) {
                continue;
            }
            if a.size() != b.size() || a.depth() != b.depth() {
                return false;
            }
            let alike = match (a.node(), b.node()) {
                (Node::Number(x), Node::Number(y)) => same(x, y),
                (Node::Variable(x), Node::Variable(y)) => x == y,
                (Node::Power(_, x), Node::Power(_, y)) => x == y,
                (Node::Sum(x), Node::Sum(y)) | (Node::Product(x), Node::Product(y)) => x.len() == y.len(),
                (x, y) => std::mem::discriminant(x) == std::mem::discriminant(y),
            };
            if !alike {
                return false;
            }
            if a.depth() > 1 && seen.insert((Arc::as_ptr(&a.0), Arc::as_ptr(&b.0))) {
                pending.extend(a.node().children().zip(b.node().children()));
            }
        }
        true
    }
}

impl Eq for Expr {}
