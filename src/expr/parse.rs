//! The grammar of expressions lives here; tokens come from `lex.rs`.
//!
//! ```text
//! sum      = term (("+" | "-") term)*
//! term     = unary (("*" | "/") unary)*
//! unary    = ("+" | "-")* power
//! power    = primary (("^" | "**") unary)?      an integer constant after the sign of power
//! primary  = number | name | function "(" sum ")" | "(" sum ")"
//! function = "exp" | "log" | "ln" | "sqrt"
//! ```
//!
//! A constant in closed form knows no names but `e`, whose powers may have any exponent, and a function of one operand
//! may stand without parentheses: `ln 2`, `e^0.5/(1 + e^0.5)`.

use std::ops::Range;

use num_traits::{One, Signed, Zero};

use super::lex::{Placed, Token, tokens};
use super::limits::{MAX_DEPTH, MAX_NESTING, MAX_OPERANDS, MAX_POWER, small_integer};
use super::node::{Expr, Node};
use crate::num::Rational;

/// The functions that expressions may use, as they are spelled.
const FUNCTIONS: [&str; 4] = ["exp", "log", "ln", "sqrt"];

/// What to write where an operand is missing.
const OPERAND_HELP: &str =
    "complete the operation, as in x + 1, or leave out the sign that has nothing to work on";

/// What is wrong with a text, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// The bytes of the text that the error is about; both ends lie on character boundaries.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl ParseError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>, help: Option<String>) -> Self {
        Self { span, message: message.into(), help }
    }
}

/// Reads an expression: `1/2*(10*x1^2 + x2^2)`, `exp(x)/(exp(x) + exp(y))`.
///
/// Numbers are exact (`0.1` is 1/10). `-x^2` is −(x²), `a/b*c` is (a/b)·c, and powers group from the right. There is
/// no multiplication without a sign.
///
/// # Errors
///
/// Text outside the grammar or beyond a limit of [`super::limits`], with its place.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    parse_as(text, false)
}

/// Reads a constant in closed form: `2/11`, `ln 2`, `-1/4 + log(1 + exp(1/4))`, `e^0.5/(1 + e^0.5)`, `5/2 - sqrt(5)/2`.
///
/// As [`parse`], but `e` is the number, and other names are errors.
///
/// # Errors
///
/// As [`parse`]; a name other than `e`.
pub fn parse_closed(text: &str) -> Result<Expr, ParseError> {
    parse_as(text, true)
}

fn parse_as(text: &str, closed: bool) -> Result<Expr, ParseError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, nesting: 0, operands: 0, closed };
    let expr = parser.sum()?;
    match parser.peek() {
        Some(Placed { token: Token::End, .. }) | None => {}
        Some(placed) => return Err(parser.stray(placed)),
    }
    if expr.depth() > MAX_DEPTH {
        let message =
            format!("the tree of the expression is {} deep; the limit is {MAX_DEPTH}", expr.depth());
        let help = "write the expression with fewer operations inside one another";
        return Err(ParseError::new(0..text.len(), message, Some(help.into())));
    }
    Ok(expr)
}

/// Reads an exact constant: `3`, `0.5`, `1e-9`, `1_000`, `1/3`, `-2/5`.
///
/// # Errors
///
/// Anything else: names, arithmetic beyond one fraction bar, a zero denominator, a number beyond a limit.
pub fn parse_constant(text: &str) -> Result<Rational, ParseError> {
    let tokens = tokens(text)?;
    let shape: Vec<&Token> = tokens.iter().map(|t| &t.token).collect();
    let (negative, unsigned) = match shape.as_slice() {
        [Token::Minus, rest @ ..] => (true, rest),
        [Token::Plus, rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let value = match unsigned {
        [Token::Number(n), Token::End] => n.clone(),
        [Token::Number(_), Token::Slash, Token::Number(d), Token::End] if d.is_zero() => {
            return Err(ParseError::new(0..text.len(), "the denominator is zero", None));
        }
        [Token::Number(n), Token::Slash, Token::Number(d), Token::End] => n / d,
        [Token::End] => return Err(ParseError::new(0..text.len(), "a number is missing", None)),
        [Token::Name(name), Token::End] if matches!(name.as_str(), "nan" | "inf") => {
            return Err(ParseError::new(0..text.len(), format!("`{name}` is not an exact number"), None));
        }
        _ => {
            let help = Some("write a number or a fraction, as in 2/5, 0.4 or 4e-1".into());
            return Err(ParseError::new(0..text.len(), "this is not an exact constant", help));
        }
    };
    Ok(if negative { -value } else { value })
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Placed],
    at: usize,
    nesting: usize,
    operands: usize,
    /// Whether a constant is read: `e` is the number, other names are errors.
    closed: bool,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Placed> {
        self.tokens.get(self.at)
    }

    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), |t| t.span.clone())
    }

    /// Steps over the next token if `wanted` says so.
    fn take(&mut self, wanted: impl Fn(&Token) -> bool) -> Option<&'a Placed> {
        let next = self.peek().filter(|t| wanted(&t.token))?;
        self.at += 1;
        Some(next)
    }

    /// The bytes from `start` to the end of the last token that was taken.
    fn since(&self, start: usize) -> Range<usize> {
        let end = self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(start, |t| t.span.end);
        start..end.max(start)
    }

    fn source(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or("")
    }

    /// Goes one level down, and up again after `inside`.
    fn nested<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        if self.nesting >= MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} levels deep, which is the limit");
            let help = "leave out parentheses that change nothing, or multiply out what they hold";
            return Err(ParseError::new(self.here(), message, Some(help.into())));
        }
        self.nesting += 1;
        let result = inside(self);
        self.nesting -= 1;
        result
    }

    fn sum(&mut self) -> Result<Expr, ParseError> {
        let mut terms = vec![self.term()?];
        while let Some(sign) = self.take(|t| matches!(t, Token::Plus | Token::Minus)) {
            let term = self.term()?;
            terms.push(if matches!(sign.token, Token::Minus) { term.negate() } else { term });
        }
        Ok(Expr::sum(terms))
    }

    fn term(&mut self) -> Result<Expr, ParseError> {
        let mut factors = vec![self.unary()?];
        // Divisors that follow one another are gathered: a/b/c is a/(b*c).
        let mut divisors: Vec<Expr> = Vec::new();
        while let Some(sign) = self.take(|t| matches!(t, Token::Times | Token::Slash)) {
            let start = self.here().start;
            let operand = self.unary()?;
            if matches!(sign.token, Token::Slash) {
                if operand.as_number().is_some_and(Zero::is_zero) {
                    let help = "divide by a number other than 0, or leave the term out".into();
                    return Err(ParseError::new(self.since(start), "division by zero", Some(help)));
                }
                divisors.push(operand);
            } else {
                if !divisors.is_empty() {
                    factors =
                        vec![Expr::product(factors).over(&Expr::product(std::mem::take(&mut divisors)))];
                }
                factors.push(operand);
            }
        }
        Ok(Expr::product(factors).over(&Expr::product(divisors)))
    }

    fn unary(&mut self) -> Result<Expr, ParseError> {
        let mut negative = false;
        while let Some(sign) = self.take(|t| matches!(t, Token::Plus | Token::Minus)) {
            negative ^= matches!(sign.token, Token::Minus);
        }
        let power = self.power()?;
        Ok(if negative { power.negate() } else { power })
    }

    fn power(&mut self) -> Result<Expr, ParseError> {
        let start = self.here().start;
        let base = self.primary()?;
        let base_span = self.since(start);
        if self.take(|t| matches!(t, Token::Caret)).is_none() {
            return Ok(base);
        }
        let exponent_start = self.here().start;
        let exponent = self.nested(Self::unary)?;
        let span = self.since(exponent_start);
        if self.closed && self.source(base_span.clone()) == "e" {
            return Ok(exponent.exp());
        }
        if self.closed && exponent.as_number().is_some_and(|r| (r + r).is_one()) {
            return root(base, base_span);
        }
        let Some(n) = exponent.as_number().filter(|n| n.is_integer()) else {
            let help = exponent_help(&base, self.source(base_span), &exponent, self.source(span.clone()));
            return Err(ParseError::new(span, "an exponent has to be an integer constant", help));
        };
        match small_integer(n) {
            Some(n) if (-MAX_POWER..=MAX_POWER).contains(&n) => {
                if n < 0 && base.as_number().is_some_and(Zero::is_zero) {
                    let help = "write a positive exponent, or another base".into();
                    return Err(ParseError::new(
                        self.since(start),
                        "zero has no negative powers",
                        Some(help),
                    ));
                }
                Ok(base.pow(n))
            }
            _ => {
                let message = format!("this exponent is beyond the limit of ±{MAX_POWER}");
                let help = format!("write an exponent from -{MAX_POWER} to {MAX_POWER}");
                Err(ParseError::new(span, message, Some(help)))
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, ParseError> {
        let Some(placed) = self.peek() else {
            let help = Some(OPERAND_HELP.into());
            return Err(ParseError::new(self.here(), "an operand is missing", help));
        };
        let expr = match &placed.token {
            Token::Number(r) => {
                self.at += 1;
                self.count(placed)?;
                Expr::number(r.clone())
            }
            Token::Name(name) => {
                self.at += 1;
                self.count(placed)?;
                match self.take(|t| matches!(t, Token::Open)) {
                    Some(open) => self.call(name, placed, open)?,
                    None if self.closed => self.closed_name(name, placed)?,
                    None if FUNCTIONS.contains(&name.as_str()) => {
                        let message = format!("`{name}` is a function and has no argument here");
                        return Err(ParseError::new(
                            placed.span.clone(),
                            message,
                            Some(format!("write {name}(…)")),
                        ));
                    }
                    None => Expr::var(name),
                }
            }
            Token::Open => {
                self.at += 1;
                let inside = self.nested(Self::sum)?;
                self.close(placed)?;
                inside
            }
            _ => return Err(self.missing(placed)),
        };
        // Two operands side by side are caught here, where both are known.
        match self.peek() {
            Some(next) if matches!(next.token, Token::Number(_) | Token::Name(_) | Token::Open) => {
                Err(self.side_by_side(placed, next))
            }
            _ => Ok(expr),
        }
    }

    fn count(&mut self, placed: &Placed) -> Result<(), ParseError> {
        self.operands += 1;
        if self.operands > MAX_OPERANDS {
            let message = format!("more than {MAX_OPERANDS} numbers and names, which is the limit");
            let help = "add up terms of the same kind, or split the problem";
            return Err(ParseError::new(placed.span.clone(), message, Some(help.into())));
        }
        Ok(())
    }

    /// A function's argument, after its opening parenthesis.
    fn call(&mut self, name: &str, placed: &Placed, open: &Placed) -> Result<Expr, ParseError> {
        if !FUNCTIONS.contains(&name) {
            let message = format!("`{name}` is not a function that expressions know");
            return Err(ParseError::new(placed.span.clone(), message, Some(function_help(name))));
        }
        let start = self.here().start;
        if let Some(Placed { token: Token::Close, span }) = self.peek() {
            let help = Some(format!("write what it is taken of between the parentheses: {name}(x)"));
            return Err(ParseError::new(span.clone(), format!("`{name}` needs an argument"), help));
        }
        let argument = self.nested(Self::sum)?;
        let span = self.since(start);
        if let Some(Placed { token: Token::Comma, span }) = self.peek() {
            let help = Some("write a decimal point as . and leave out a second argument".into());
            return Err(ParseError::new(span.clone(), format!("`{name}` takes one argument"), help));
        }
        self.close(open)?;
        apply(name, argument, span)
    }

    /// What a name without parentheses after it is in a constant: `e`, or a function of the operand that follows.
    fn closed_name(&mut self, name: &str, placed: &Placed) -> Result<Expr, ParseError> {
        if name == "e" {
            return Ok(Expr::integer(1).exp());
        }
        if !FUNCTIONS.contains(&name) {
            let message = format!("`{}` has no value here: the answer is a number", shorten(name));
            let help = "write numbers, e, and ln, exp or sqrt of them";
            return Err(ParseError::new(placed.span.clone(), message, Some(help.into())));
        }
        match self.peek() {
            Some(next) if matches!(next.token, Token::Number(_) | Token::Name(_)) => {
                let start = next.span.start;
                let argument = self.nested(Self::power)?;
                apply(name, argument, self.since(start))
            }
            _ => {
                let message = format!("`{name}` is a function and has no argument here");
                Err(ParseError::new(placed.span.clone(), message, Some(format!("write {name}(…)"))))
            }
        }
    }

    fn close(&mut self, open: &Placed) -> Result<(), ParseError> {
        if self.take(|t| matches!(t, Token::Close)).is_some() {
            return Ok(());
        }
        match self.peek() {
            Some(placed) if !matches!(placed.token, Token::End) => Err(self.stray(placed)),
            _ => {
                let help = Some("close it with ) where it should end, or leave it out".into());
                Err(ParseError::new(open.span.clone(), "this parenthesis is never closed", help))
            }
        }
    }

    /// The error where an operand should stand and something else does.
    fn missing(&self, placed: &Placed) -> ParseError {
        let message = match placed.token {
            Token::End if self.at == 0 => "the expression is empty".into(),
            Token::End => "the expression ends where a number, a name or `(` should stand".into(),
            _ => {
                format!(
                    "a number, a name or `(` should stand here, not `{}`",
                    self.source(placed.span.clone())
                )
            }
        };
        let help = if self.at == 0 { "write an expression, such as x^2 + 1" } else { OPERAND_HELP };
        ParseError::new(placed.span.clone(), message, Some(help.into()))
    }

    /// The error for a token after a complete expression.
    fn stray(&self, placed: &Placed) -> ParseError {
        let found = self.source(placed.span.clone());
        let (message, help) = match placed.token {
            Token::Close => (
                "this parenthesis was never opened".into(),
                Some("open it with ( where it should begin, or leave it out".into()),
            ),
            Token::Comma => {
                ("a comma does not belong here".into(), Some("write a decimal point as .".into()))
            }
            _ => (format!("`{found}` does not belong here"), None),
        };
        ParseError::new(placed.span.clone(), message, help)
    }

    /// The error for two operands without a sign between them.
    fn side_by_side(&self, first: &Placed, next: &Placed) -> ParseError {
        let message = "two operands stand side by side; multiplication is written with *";
        let plain = |t: &Placed| matches!(t.token, Token::Number(_) | Token::Name(_));
        let adjacent = self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map(|t| t.span.clone());
        // Only a short operand that is one token can be repeated whole.
        let help = match adjacent {
            Some(before) if before == first.span && plain(first) && before.len() + next.span.len() <= 60 => {
                let open = matches!(next.token, Token::Open);
                let (a, b) = (self.source(before), if open { "(…)" } else { self.source(next.span.clone()) });
                format!("write {a}*{b}")
            }
            _ => format!("write * before `{}`", shorten(self.source(next.span.clone()))),
        };
        ParseError::new(next.span.start..next.span.end, message, Some(help))
    }
}

/// A function of an argument that stands at `span`.
fn apply(name: &str, argument: Expr, span: Range<usize>) -> Result<Expr, ParseError> {
    match (name, argument.as_number()) {
        ("log" | "ln", Some(r)) if !r.is_positive() => {
            let message = "the logarithm of a number that is not positive does not exist";
            Err(ParseError::new(span, message, Some("take it of a positive number".into())))
        }
        ("exp", _) => Ok(argument.exp()),
        ("sqrt", _) => root(argument, span),
        _ => Ok(argument.ln()),
    }
}

fn root(argument: Expr, span: Range<usize>) -> Result<Expr, ParseError> {
    if argument.as_number().is_some_and(Signed::is_negative) {
        let help = Some("take it of a number that is not negative".into());
        return Err(ParseError::new(span, "the square root of a negative number is not real", help));
    }
    Ok(argument.sqrt())
}

/// What to write instead of an exponent that is no integer constant, for the powers that people mean.
fn exponent_help(base: &Expr, base_text: &str, exponent: &Expr, exponent_text: &str) -> Option<String> {
    let (base_text, exponent_text) = (bare(base_text), bare(exponent_text));
    if base_text.len() + exponent_text.len() > 60 {
        return None;
    }
    let half = exponent.as_number().is_some_and(|r| (r + r).is_one());
    match base.node() {
        _ if half => Some(format!("write sqrt({base_text})")),
        Node::Variable(name) if &**name == "e" => Some(format!("write exp({exponent_text})")),
        Node::Number(r) if r.is_positive() => Some(format!("write exp({exponent_text}*log({base_text}))")),
        _ => None,
    }
}

/// A text without the parentheses that enclose the whole of it.
fn bare(text: &str) -> &str {
    let inner = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    inner.filter(|t| !t.contains(['(', ')'])).unwrap_or(text.trim())
}

fn function_help(name: &str) -> String {
    let nearest = FUNCTIONS.iter().map(|f| (strsim::damerau_levenshtein(f, &shorten(name)), f)).min();
    match nearest {
        Some((distance, function)) if distance <= 1 => format!("write {function}(…)"),
        _ => format!("known are {}; a product is written {}*(…)", FUNCTIONS.join(", "), shorten(name)),
    }
}

/// The first characters of a long piece of text.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_string() } else { text.chars().take(40).chain(['…']).collect() }
}
