//! Printing expressions as plain text lives here: text that [`super::parse()`] and SymPy read back to the same value.

use std::fmt::{self, Display, Write};

use num_traits::{One, Signed};

use super::limits::MAX_PRINT_SIZE;
use super::node::{Expr, Node};

/// How tightly a text binds; what binds less than its place asks for gets parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    /// a + b, -a
    Sum,
    /// a*b, a/b
    Product,
    /// a**n
    Power,
    /// x, 3, exp(a), (a + b)
    Atom,
}

/// What is still to be printed, last first.
enum Piece {
    Text(&'static str),
    Exponent(i64),
    /// An expression where at least this binding is needed.
    Expr(Expr, Binding),
}

fn binding(expr: &Expr) -> Binding {
    match expr.node() {
        Node::Number(r) if r.is_negative() => Binding::Sum,
        Node::Number(r) if r.denom().is_one() => Binding::Atom,
        _ if expr.without_minus().is_some() => Binding::Sum,
        Node::Negate(_) | Node::Sum(_) => Binding::Sum,
        Node::Number(_) | Node::Product(_) | Node::Quotient(..) => Binding::Product,
        Node::Power(..) => Binding::Power,
        Node::Variable(_) | Node::Exp(_) | Node::Ln(_) | Node::Sqrt(_) => Binding::Atom,
    }
}

/// The pieces of one expression in reading order; numbers and names are written by the caller.
fn pieces(expr: &Expr) -> Vec<Piece> {
    use Piece::{Exponent, Text};
    let call = |name, a: &Expr| vec![Text(name), Piece::Expr(a.clone(), Binding::Sum), Text(")")];
    if let Node::Sum(terms) = expr.node() {
        let mut out = Vec::new();
        for (i, term) in terms.iter().enumerate() {
            match term.without_minus() {
                Some(rest) => {
                    out.push(Text(if i == 0 { "-" } else { " - " }));
                    out.push(Piece::Expr(rest, Binding::Product));
                }
                None => {
                    out.extend((i > 0).then_some(Text(" + ")));
                    out.push(Piece::Expr(term.clone(), Binding::Product));
                }
            }
        }
        return out;
    }
    if let Some(rest) = expr.without_minus() {
        return vec![Text("-"), Piece::Expr(rest, Binding::Product)];
    }
    match expr.node() {
        Node::Number(_) | Node::Variable(_) | Node::Sum(_) | Node::Negate(_) => Vec::new(),
        Node::Product(factors) => {
            let mut out = Vec::new();
            for (i, factor) in factors.iter().enumerate() {
                out.extend((i > 0).then_some(Text("*")));
                // a*(b/c) keeps its parentheses; (a/b)*c needs none.
                let needed = if i == 0 { Binding::Product } else { Binding::Power };
                out.push(Piece::Expr(factor.clone(), needed));
            }
            out
        }
        Node::Quotient(a, b) => {
            vec![Piece::Expr(a.clone(), Binding::Product), Text("/"), Piece::Expr(b.clone(), Binding::Power)]
        }
        Node::Power(a, n) => vec![Piece::Expr(a.clone(), Binding::Atom), Text("**"), Exponent(*n)],
        Node::Exp(a) => call("exp(", a),
        Node::Ln(a) => call("log(", a),
        Node::Sqrt(a) => call("sqrt(", a),
    }
}

/// Plain text: `-x1**2/2 + 3*exp(y)`. Powers are `**`, the natural logarithm is `log`.
///
/// An expression of more than [`MAX_PRINT_SIZE`] nodes, which no text of permitted length gives, prints as a remark
/// of its size.
impl Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.size() > MAX_PRINT_SIZE {
            return write!(f, "(an expression of more than {MAX_PRINT_SIZE} nodes)");
        }
        let mut pending = vec![Piece::Expr(self.clone(), Binding::Sum)];
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Exponent(n) if n < 0 => write!(f, "({n})")?,
                Piece::Exponent(n) => write!(f, "{n}")?,
                Piece::Expr(expr, needed) if binding(&expr) < needed => {
                    f.write_char('(')?;
                    pending.push(Piece::Text(")"));
                    pending.push(Piece::Expr(expr, Binding::Sum));
                }
                Piece::Expr(expr, _) => match expr.node() {
                    Node::Number(r) if r.denom().is_one() => write!(f, "{}", r.numer())?,
                    Node::Number(r) => write!(f, "{}/{}", r.numer(), r.denom())?,
                    Node::Variable(name) => f.write_str(name)?,
                    _ => pending.extend(pieces(&expr).into_iter().rev()),
                },
            }
        }
        Ok(())
    }
}

/// The text of the expression.
impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({self})")
    }
}

/// The node with its operands as text.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", Expr::from_node(self.clone()))
    }
}
