//! The one pass that puts parentheses into formulas lives here; it prints nothing.

use super::symbol::{Name, superscript_char};
use super::{Math, Relation};
use crate::num::{Integer, Rational};
use num_traits::{Signed, Zero};

/// For which kind of notation parentheses are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// ASCII on a line: functions are called by name, powers are `**`.
    Plain,
    /// Unicode on a line.
    Text,
    /// Unicode, with matrices drawn over several lines.
    Block,
    /// Two-dimensional: fraction bars, raised exponents and roots hold their contents together.
    Drawn,
}

/// How tightly a node holds together, loosest first. A node stands bare where at least a certain level is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sequence,
    /// A chain with ⟹ in it, which may have other chains for its sides.
    Implication,
    Chain,
    Sum,
    /// Begins with a minus.
    Negative,
    /// Takes all factors to its right along: Σⱼ a·b, ln 2.
    Prefix,
    Product,
    /// A factor anywhere, but neither the base of a power nor transposed as it stands.
    Factor,
    Atom,
}

/// The formula with [`Math::Group`] wherever its notation needs parentheses, and in a form that prints node by node:
///
/// - a minus is always a [`Math::Negative`]: numbers and decimals are not negative any more, and the sign of a first
///   factor or of a numerator stands before the product or fraction;
/// - in text and drawn notation `exp(a)` is a power of e, and a decimal with an exponent is a product with a power
///   of ten;
/// - sums and products of one thing are that thing; of nothing, 0 and 1.
///
/// The value does not change, and a second pass changes nothing.
#[must_use]
pub fn grouped(math: &Math, notation: Notation) -> Math {
    Pass { notation }.node(math)
}

#[derive(Clone, Copy)]
struct Pass {
    notation: Notation,
}

impl Pass {
    fn node(self, math: &Math) -> Math {
        match math {
            Math::Number(value) if value.is_negative() => Math::neg(Math::num(-value)),
            Math::Decimal(digits) => self.decimal(digits),
            Math::Number(_) | Math::Symbol(_) | Math::Words(_) => math.clone(),
            Math::Negative(operand) => Math::neg(self.at_least(operand, Level::Prefix)),
            Math::Sum(terms) => match terms.as_slice() {
                [] => Math::int(0),
                [single] => self.node(single),
                _ => Math::Sum(terms.iter().map(|term| self.at_least(term, Level::Negative)).collect()),
            },
            Math::Product(factors) => match factors.as_slice() {
                [] => Math::int(1),
                [single] => self.node(single),
                [first, rest @ ..] => self.product(first, rest),
            },
            Math::Fraction(numerator, denominator) => self.fraction(numerator, denominator),
            Math::Power(base, exponent) => {
                let base = self.at_least(base, Level::Atom);
                Math::pow(base, self.exponent(exponent))
            }
            Math::Root(radicand) => Math::sqrt(match self.notation {
                Notation::Text | Notation::Block => self.at_least(radicand, Level::Atom),
                Notation::Plain | Notation::Drawn => self.node(radicand),
            }),
            Math::Apply(name, arguments) => self.apply(name, arguments),
            Math::Sub(base, index) => self.sub(base, index),
            Math::Transpose(operand) => Math::transpose(match self.notation {
                Notation::Plain => self.node(operand),
                _ => self.at_least(operand, Level::Atom),
            }),
            Math::Partial(of, by) => match self.notation {
                Notation::Plain => Math::partial(self.node(of), self.node(by)),
                _ => Math::partial(self.at_least(of, Level::Atom), self.at_least(by, Level::Atom)),
            },
            Math::Norm(operand) => Math::norm(self.node(operand)),
            Math::Abs(operand) => Math::abs(self.node(operand)),
            Math::Indicator(statement) => Math::indicator(self.node(statement)),
            Math::BigSum { index, from, to, body } => Math::BigSum {
                index: Box::new(self.node(index)),
                from: from.as_ref().map(|bound| Box::new(self.node(bound))),
                to: to.as_ref().map(|bound| Box::new(self.node(bound))),
                body: Box::new(match self.notation {
                    Notation::Plain => self.at_least(body, Level::Implication),
                    _ => self.at_least(body, Level::Prefix),
                }),
            },
            Math::Matrix(rows) => Math::Matrix(rows.iter().map(|row| self.entries(row)).collect()),
            Math::List(entries) => Math::List(self.entries(entries)),
            Math::Chain(first, links) => self.chain(first, links),
            Math::Sequence(items) => match items.as_slice() {
                [single] => self.node(single),
                _ => Math::Sequence(self.entries(items)),
            },
            Math::Group(inner) => match self.node(inner) {
                already @ Math::Group(_) => already,
                other => Math::group(other),
            },
        }
    }

    /// The node, in parentheses if it holds together less than `wanted`.
    fn at_least(self, math: &Math, wanted: Level) -> Math {
        self.wrapped(self.node(math), wanted)
    }

    fn wrapped(self, node: Math, wanted: Level) -> Math {
        if self.level(&node) < wanted { Math::group(node) } else { node }
    }

    fn entries(self, entries: &[Math]) -> Vec<Math> {
        entries.iter().map(|entry| self.at_least(entry, Level::Implication)).collect()
    }

    fn decimal(self, digits: &str) -> Math {
        let (negative, size) = match digits.strip_prefix(['-', '−']) {
            Some(size) => (true, size),
            None => (false, digits),
        };
        let scaled = size.split_once(['e', 'E']).and_then(|(mantissa, exponent)| {
            let exponent: i64 = exponent.parse().ok()?;
            (self.notation != Notation::Plain).then(|| {
                Math::prod(vec![Math::decimal(mantissa), Math::pow(Math::int(10), Math::int(exponent))])
            })
        });
        let positive = scaled.map_or_else(|| Math::decimal(size), |product| self.node(&product));
        if negative { Math::neg(positive) } else { positive }
    }

    fn product(self, first: &Math, rest: &[Math]) -> Math {
        let (negative, first) = match self.node(first) {
            Math::Negative(size) => (true, *size),
            other => (false, other),
        };
        // A fraction of numbers may lead: 1/2·x is read from the left.
        let first = match first {
            Math::Number(_) => first,
            other => self.wrapped(other, Level::Factor),
        };
        let mut factors = vec![first];
        for (i, factor) in rest.iter().enumerate() {
            let last = i + 1 == rest.len();
            let node = self.node(factor);
            // What takes everything to its right along does no harm where nothing follows.
            let bare = last && self.is_prefix(&node);
            factors.push(if bare { node } else { self.wrapped(node, Level::Factor) });
        }
        let product = Math::Product(factors);
        if negative { Math::neg(product) } else { product }
    }

    fn fraction(self, numerator: &Math, denominator: &Math) -> Math {
        let drawn = self.notation == Notation::Drawn;
        let (negative, numerator) = match self.node(numerator) {
            // A sum above a fraction bar needs no parentheses, but it does after a minus.
            Math::Negative(size) if !(drawn && matches!(*size, Math::Group(_))) => (true, *size),
            other => (false, other),
        };
        let denominator = self.node(denominator);
        let fraction = if drawn {
            Math::frac(numerator, denominator)
        } else {
            Math::frac(
                self.linear_part(numerator, Level::Product),
                self.linear_part(denominator, Level::Factor),
            )
        };
        if negative { Math::neg(fraction) } else { fraction }
    }

    /// A numerator or denominator on a line: a second slash never stands bare.
    fn linear_part(self, node: Math, wanted: Level) -> Math {
        let slash = match &node {
            Math::Number(value) => !value.is_integer(),
            Math::Fraction(..) => true,
            Math::Partial(..) => self.notation != Notation::Plain,
            _ => false,
        };
        if slash { Math::group(node) } else { self.wrapped(node, wanted) }
    }

    fn exponent(self, exponent: &Math) -> Math {
        let node = self.node(exponent);
        match self.notation {
            Notation::Drawn => node,
            Notation::Text | Notation::Block if superscript(&node).is_some() => node,
            _ => self.wrapped(node, Level::Atom),
        }
    }

    fn apply(self, name: &str, arguments: &[Math]) -> Math {
        match (name, arguments) {
            ("exp", [exponent]) if self.notation != Notation::Plain => {
                let one =
                    matches!(exponent, Math::Number(value) if *value == Rational::from_integer(1.into()));
                if one { Math::sym("e") } else { Math::pow(Math::sym("e"), self.exponent(exponent)) }
            }
            _ => Math::apply(name, self.entries(arguments)),
        }
    }

    fn sub(self, base: &Math, index: &Math) -> Math {
        let base = match self.at_least(base, Level::Atom) {
            // z₁ with the subscript 2 would read as z₁₂.
            node if has_subscript(&node) && self.notation != Notation::Plain => Math::group(node),
            node => node,
        };
        let index = self.node(index);
        let index = match self.notation {
            Notation::Text | Notation::Block if !is_index(&index) => self.wrapped(index, Level::Atom),
            _ => index,
        };
        Math::sub(base, index)
    }

    fn chain(self, first: &Math, links: &[(Relation, Math)]) -> Math {
        // Between two ⟹ a whole chain may stand.
        let side = |math: &Math, before: Option<Relation>, after: Option<Relation>| {
            let implied = [before, after].iter().flatten().all(|relation| *relation == Relation::Implies);
            self.at_least(math, if implied { Level::Chain } else { Level::Sum })
        };
        if links.is_empty() {
            return self.node(first);
        }
        let start = side(first, None, links.first().map(|link| link.0));
        let rest = links.iter().enumerate().map(|(i, (relation, math))| {
            let after = links.get(i + 1).map(|link| link.0);
            (*relation, side(math, Some(*relation), after))
        });
        Math::Chain(Box::new(start), rest.collect())
    }

    /// How tightly a node that has been through the pass holds together.
    fn level(self, node: &Math) -> Level {
        let linear = self.notation != Notation::Drawn;
        match node {
            Math::Sequence(_) => Level::Sequence,
            Math::Chain(_, links) if links.iter().any(|link| link.0 == Relation::Implies) => {
                Level::Implication
            }
            Math::Chain(..) => Level::Chain,
            Math::Sum(_) => Level::Sum,
            Math::Negative(_) => Level::Negative,
            Math::Product(factors) if factors.last().is_some_and(|last| self.is_prefix(last)) => {
                Level::Prefix
            }
            Math::Product(_) => Level::Product,
            Math::Number(value) if value.is_integer() => Level::Atom,
            Math::Number(_) | Math::Fraction(..) if linear => Level::Product,
            Math::Number(_) | Math::Fraction(..) | Math::Power(..) => Level::Factor,
            Math::Decimal(digits) if digits.contains(['e', 'E']) => Level::Factor,
            Math::Symbol(name) if self.notation != Notation::Plain && Name::parse(name).has_superscript() => {
                Level::Factor
            }
            Math::Root(_) | Math::Transpose(_) | Math::Partial(..) if self.notation != Notation::Plain => {
                Level::Factor
            }
            // On a line a column is written as the transpose of a row.
            Math::Matrix(rows) if self.notation == Notation::Text && is_column(rows) => Level::Factor,
            _ if self.is_prefix(node) => Level::Prefix,
            _ => Level::Atom,
        }
    }

    /// Whether the node takes the factors to its right along.
    fn is_prefix(self, node: &Math) -> bool {
        match node {
            Math::BigSum { .. } => self.notation != Notation::Plain,
            Math::Apply(name, arguments) => self.notation != Notation::Plain && bare_log(name, arguments),
            _ => false,
        }
    }
}

/// Whether this is a logarithm that is written without parentheses: `ln 2`, `ln u`. It knows nodes after the pass.
pub(super) fn bare_log(name: &str, arguments: &[Math]) -> bool {
    name == "log"
        && match arguments {
            [Math::Number(value)] => value.is_integer() && !value.is_negative(),
            [Math::Symbol(_)] => true,
            _ => false,
        }
}

/// Whether rows make a column vector of two entries or more.
pub(super) fn is_column(rows: &[Vec<Math>]) -> bool {
    rows.len() > 1 && rows.iter().all(|row| row.len() == 1)
}

/// An exponent in small high letters, where Unicode has all of them: ², ⁻¹², ᵏ, ᵏ⁺¹, ⁽ᵏ⁾. It knows nodes after the
/// pass.
pub(super) fn superscript(node: &Math) -> Option<String> {
    if let Math::Group(inner) = node {
        return Some(format!("⁽{}⁾", superscript(inner)?));
    }
    script(node, false)?.chars().map(superscript_char).collect()
}

/// The characters of a number, a letter, or a sum of such, without spaces.
fn script(node: &Math, inside: bool) -> Option<String> {
    match node {
        Math::Number(value) if value.is_integer() && !value.is_negative() => Some(value.numer().to_string()),
        Math::Symbol(name) => Name::parse(name).single_letter().map(String::from),
        Math::Negative(size) if matches!(**size, Math::Number(_) | Math::Symbol(_)) => {
            Some(format!("−{}", script(size, true)?))
        }
        Math::Sum(terms) if !inside => {
            let mut out = String::new();
            for (i, term) in terms.iter().enumerate() {
                let text = script(term, true)?;
                if i > 0 && !text.starts_with('−') {
                    out.push('+');
                }
                out.push_str(&text);
            }
            Some(out)
        }
        _ => None,
    }
}

/// An index in small low letters, where Unicode has all of them. It knows nodes after the pass.
pub(super) fn subscript(node: &Math) -> Option<String> {
    match node {
        Math::Sequence(items) => {
            let parts: Option<Vec<String>> = items.iter().map(subscript).collect();
            // Two indices of one character each are read apart; longer ones are not.
            parts
                .filter(|parts| parts.iter().all(|part| part.chars().count() == 1))
                .map(|parts| parts.concat())
        }
        _ => script(node, false)?.chars().map(super::symbol::subscript_char).collect(),
    }
}

/// Whether a subscript needs no parentheses on a line.
fn is_index(node: &Math) -> bool {
    subscript(node).is_some()
}

fn has_subscript(node: &Math) -> bool {
    match node {
        Math::Sub(..) => true,
        Math::Symbol(name) => Name::parse(name).has_subscript(),
        _ => false,
    }
}

/// Numerator and denominator of a number that is not negative any more, as text; the denominator of an integer is absent.
pub(super) fn ratio_parts(value: &Rational) -> (String, Option<String>) {
    let one = Integer::from(1);
    let denominator = (!value.denom().is_zero() && *value.denom() != one).then(|| value.denom().to_string());
    (value.numer().to_string(), denominator)
}
