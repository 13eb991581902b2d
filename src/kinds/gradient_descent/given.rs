//! From an entry of a sheet to a validated problem: reading, limits, errors with their place. Nothing is answered here.

use num_integer::Integer as _;
use num_traits::{One, Signed};

use crate::expr::{self, Expr, Node, NotPolynomial, ParseError, Polynomial};
use crate::num::{Integer, Rational};
use crate::sheet::{Entry, Field, FieldType, Located, NUMBER, NodeValue, Range, SheetError, nearest, shown};

/// The most variables of an objective.
pub const MAX_VARIABLES: usize = 32;

/// The largest product of the number of variables and the bits of the accuracy, or of the longest coefficient or start, each
/// brought to one denominator.
pub const MAX_NUMBER_BITS: u64 = 16_384;

/// The largest product of the square of the number of variables and those bits: how long a determinant gets, for each of the
/// variables.
pub const MAX_HESSIAN_BITS: u64 = 131_072;

/// From this many variables on, the longest numbers that are allowed take about the same time.
const MANY_VARIABLES: u64 = 16;

/// The fields of an entry.
pub const FIELDS: &[Field] = &[
    Field::required(
        "objective",
        FieldType::Formula,
        "\"1/2*(10*x1^2 + x2^2)\"",
        "a quadratic f in the variables of `start`; every product with its sign",
    ),
    Field::required(
        "start",
        FieldType::Named { of: &NUMBER, least: 1, most: MAX_VARIABLES },
        "{ x1 = 1, x2 = 1 }",
        "the first iterate, a number for each variable; it fixes the order of the variables",
    ),
    Field::required(
        "accuracy",
        FieldType::Number(Range::Positive),
        "0.01",
        "ε: how close to its minimum f has to come",
    ),
    Field::optional(
        "step",
        FieldType::NumberOrFormula,
        "\"2/(m + L)\"",
        "the step size t: a number, or an expression in L (smoothness) and m (strong convexity)",
    )
    .or("\"1/L\""),
];

/// A quadratic objective, where descent starts, how close it has to come, and with what step.
#[derive(Debug, Clone)]
pub struct Given {
    /// Variables in order.
    pub variables: Vec<String>,
    /// The objective, a polynomial of degree two at most in the variables.
    pub objective: Expr,
    /// The first iterate, a number for each variable.
    pub start: Vec<Rational>,
    /// ε > 0.
    pub accuracy: Rational,
    /// The step size, an expression in `L` and `m`.
    pub step: Expr,
    /// Decimals that the question asks for.
    pub digits: u32,
    /// Bits of the objective's longest coefficient over their common denominator.
    longest_coefficient: u64,
}

impl Given {
    /// Reads and validates an entry.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its place in the sheet.
    pub fn read(entry: &Entry) -> Result<Self, SheetError> {
        let objective = entry.text("objective")?;
        let start = entry.number_table("start")?;
        let accuracy = entry.number("accuracy")?;
        let step = read_step(entry)?;

        if start.len() > MAX_VARIABLES {
            return Err(entry.error(
                "start",
                format!("{} has {} variables; the limit is {MAX_VARIABLES}", entry.what(), start.len()),
                "leave out variables that the objective does not need, or split the problem",
            ));
        }
        for (key, _) in &start {
            let is_name = expr::parse(&key.name)
                .is_ok_and(|e| matches!(e.node(), Node::Variable(name) if **name == *key.name));
            if !is_name {
                return Err(entry.error_at(
                    key.span.clone(),
                    format!("{} cannot be the name of a variable", shown(&key.name)),
                    "write a letter, then letters, digits and underscores, such as x1; exp, log and sqrt are taken",
                ));
            }
        }
        let variables: Vec<String> = start.iter().map(|(key, _)| key.name.clone()).collect();
        let f = parse_in(entry, &objective)?;
        known_variables(entry, &objective, &f, &variables)?;
        let polynomial = quadratic(entry, &f, &variables)?;
        if !accuracy.value.is_positive() {
            return Err(entry.error_at(
                accuracy.span,
                format!("the accuracy of {} is not positive", entry.what()),
                "write a positive number: accuracy = 0.01",
            ));
        }
        let given = Self {
            longest_coefficient: bits_over_one_denominator(polynomial.iter().map(|(_, c)| c)),
            variables,
            objective: f,
            start: start.into_iter().map(|(_, x)| x.value).collect(),
            accuracy: accuracy.value,
            step,
            digits: entry.digits,
        };
        given.check_length(entry)?;
        Ok(given)
    }

    /// The longest number in thousandths of the longest that is allowed with so many variables; less with few variables,
    /// where the longest takes less time.
    pub(super) fn thousandths(&self) -> u64 {
        let of_accuracy = bits_over_one_denominator([&self.accuracy]);
        let longest = bits_over_one_denominator(&self.start).max(of_accuracy).max(self.longest_coefficient);
        let n = self.variables.len();
        let few = (n as u64).clamp(1, MANY_VARIABLES);
        let whole = longest_number(n).saturating_mul(MANY_VARIABLES).max(1);
        longest.saturating_mul(1000).saturating_mul(few).div_ceil(whole).max(1)
    }

    fn check_length(&self, entry: &Entry) -> Result<(), SheetError> {
        let n = self.variables.len();
        let limit = longest_number(n);
        let of_objective = self.longest_coefficient;
        let of_start = bits_over_one_denominator(self.start.iter());
        let of_accuracy = bits_over_one_denominator([&self.accuracy]);
        let fields = [("objective", of_objective), ("start", of_start), ("accuracy", of_accuracy)];
        let Some((field, longest)) = fields.into_iter().find(|(_, bits)| *bits > limit) else {
            return Ok(());
        };
        let joint = if field == "accuracy" { "" } else { ", brought to one denominator," };
        Err(entry.error(
            field,
            format!(
                "a number in the {field} of {}{joint} is {longest} bits long; with {n} variables the limit is {limit} bits",
                entry.what()
            ),
            "write numbers with fewer digits, or use fewer variables",
        ))
    }
}

/// The most bits of a number of a question with so many variables.
fn longest_number(variables: usize) -> u64 {
    let n = (variables as u64).max(1);
    (MAX_NUMBER_BITS / n).min(MAX_HESSIAN_BITS / n.saturating_mul(n))
}

/// Bits of the least common denominator or of the longest numerator over it; the denominator is not followed far beyond the limit.
fn bits_over_one_denominator<'a>(numbers: impl IntoIterator<Item = &'a Rational>) -> u64 {
    let numbers: Vec<&Rational> = numbers.into_iter().collect();
    let mut denominator = Integer::one();
    for x in &numbers {
        denominator = denominator.lcm(x.denom());
        if denominator.bits() > MAX_NUMBER_BITS {
            return denominator.bits();
        }
    }
    let numerators = numbers.iter().map(|x| (x.numer() * (&denominator / x.denom())).bits());
    numerators.max().unwrap_or(0).max(denominator.bits())
}

fn parse_in(entry: &Entry, text: &Located<String>) -> Result<Expr, SheetError> {
    expr::parse(&text.value).map_err(|ParseError { span, message, help }| {
        let help = help.unwrap_or_else(|| {
            "write + - * / ^ and parentheses, with every sign of multiplication".to_owned()
        });
        entry.error_at(entry.locate_in_text(text, &span), message, help)
    })
}

/// The step size as an expression in `L` and `m`.
fn read_step(entry: &Entry) -> Result<Expr, SheetError> {
    let text = match entry.node("step") {
        None => return Ok(Expr::integer(1).over(&Expr::var("L"))),
        Some(node) if matches!(node.value, NodeValue::Text(_)) => entry.text_of(node, "step")?,
        Some(node) => return Ok(Expr::number(entry.number_of(node, "step")?.value)),
    };
    let step = parse_in(entry, &text)?;
    match step.variables().into_iter().find(|name| name != "L" && name != "m") {
        None => Ok(step),
        Some(name) => Err(entry.error_at(
            place_of(entry, &text, &name),
            format!("{} in the step of {} means nothing", shown(&name), entry.what()),
            "a step is a number, or an expression in L (smoothness) and m (strong convexity): step = \"2/(m + L)\"",
        )),
    }
}

/// Where a name stands in a text of the sheet: its first appearance as a whole word.
fn place_of(entry: &Entry, text: &Located<String>, name: &str) -> std::ops::Range<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |at: usize| {
        let before = text.value.get(..at).and_then(|s| s.chars().next_back());
        let after = text.value.get(at + name.len()..).and_then(|s| s.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    };
    let found = text.value.match_indices(name).map(|(at, _)| at).find(|&at| whole(at));
    found.map_or_else(|| text.span.clone(), |at| entry.locate_in_text(text, &(at..at + name.len())))
}

fn known_variables(
    entry: &Entry,
    text: &Located<String>,
    f: &Expr,
    variables: &[String],
) -> Result<(), SheetError> {
    let Some(unknown) = f.variables().into_iter().find(|name| !variables.contains(name)) else {
        return Ok(());
    };
    let help = match nearest(&unknown, variables.iter().map(String::as_str)) {
        Some(near) => {
            format!("did you mean {}? A variable of its own needs a number in `start`", shown(near))
        }
        None => format!("give it a number in `start`: start = {{ {unknown} = 0, … }}"),
    };
    Err(entry.error_at(
        place_of(entry, text, &unknown),
        format!("`start` of {} has no {}", entry.what(), shown(&unknown)),
        help,
    ))
}

/// Plain text with powers as sheets write them, x^3.
fn as_in_sheets(shown: &impl std::fmt::Display) -> String {
    shown.to_string().replace("**", "^")
}

/// The objective as a polynomial of degree two at most.
fn quadratic(entry: &Entry, f: &Expr, variables: &[String]) -> Result<Polynomial, SheetError> {
    let help = "write a polynomial of degree two at most, such as \"x1^2 + x1*x2 + 3*x2\"";
    let polynomial = expr::as_polynomial(f).map_err(|fault| {
        let message = match fault {
            NotPolynomial::Undecided(why) => {
                format!("the objective of {} is not read: {}", entry.what(), why.reason)
            }
            other => {
                format!("the objective of {} is not quadratic: {}", entry.what(), as_in_sheets(&other))
            }
        };
        entry.error("objective", message, help)
    })?;
    let highest = polynomial.iter().max_by_key(|(monomial, _)| monomial.degree());
    match highest {
        Some((monomial, c)) if monomial.degree() > 2 => {
            let term = Polynomial::from_terms([(monomial.clone(), c.clone())]).to_expr(variables);
            let term = as_in_sheets(&term);
            let message = format!(
                "the objective of {} is not quadratic: its term {term} has degree {}",
                entry.what(),
                monomial.degree()
            );
            Err(entry.error("objective", message, help))
        }
        _ => Ok(polynomial),
    }
}
