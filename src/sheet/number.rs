//! Exact constants as sheets write them, from text to a rational. No expressions and no names: only signs, digits,
//! a point, an exponent and one slash.

use num_bigint::BigInt;
use num_traits::{Num, Zero};

use super::words::shown;
use crate::num::Rational;

/// The most digits that a number may have.
pub const MAX_DIGITS: usize = 1000;
/// The largest exponent of ten, either way.
pub const MAX_EXPONENT: u32 = 1000;

/// Why a text is not an exact constant, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NumberFault {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

const WANTED: &str = "write an integer, a decimal such as 0.1 or 1e-9, or a quotient such as \"1/3\"";

impl NumberFault {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Reads an exact constant: `"1/3"`, `"-2/5"`, `"0.5"`, `"1e-9"`, `"1_000"`.
///
/// # Errors
///
/// Anything else, a zero denominator, and numbers beyond [`MAX_DIGITS`] or [`MAX_EXPONENT`].
pub fn parse_constant(text: &str) -> Result<Rational, NumberFault> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(NumberFault::new("an empty text is not a number", WANTED));
    }
    if trimmed.contains(['−', '–', '—']) {
        return Err(NumberFault::new(
            format!("{} has a typographic minus sign", shown(trimmed)),
            "write - (the hyphen of the keyboard)",
        ));
    }
    let unsigned = trimmed.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if matches!(unsigned.as_str(), "nan" | "inf" | "infinity" | "∞") {
        return Err(NumberFault::new(format!("{} is not an exact number", shown(trimmed)), WANTED));
    }
    let mut parts = trimmed.split('/');
    let (first, second, third) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    if third.is_some() {
        return Err(NumberFault::new(format!("{} has more than one `/`", shown(trimmed)), WANTED));
    }
    let numerator = decimal(first.trim_end(), trimmed)?;
    let Some(second) = second else { return Ok(numerator) };
    let second = second.trim_start();
    if second.starts_with(['+', '-']) {
        return Err(NumberFault::new(
            format!("{} has a sign after the `/`", shown(trimmed)),
            "write the sign in front, as in \"-1/3\"",
        ));
    }
    let denominator = decimal(second, trimmed)?;
    if denominator.is_zero() {
        return Err(NumberFault::new(
            format!("{} divides by zero", shown(trimmed)),
            "write a denominator other than 0",
        ));
    }
    Ok(numerator / denominator)
}

/// Reads an integer as TOML writes it, with its radix prefix if it has one: `42`, `-1_000`, `0xff`, `0o17`, `0b1011`.
///
/// # Errors
///
/// As [`parse_constant`].
pub(super) fn parse_toml_integer(text: &str) -> Result<Rational, NumberFault> {
    let radix = match text.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return parse_constant(text),
    };
    let digits: String = text.chars().skip(2).filter(|&digit| digit != '_').collect();
    if digits.len() > MAX_DIGITS {
        return Err(too_many_digits());
    }
    match BigInt::from_str_radix(&digits, radix) {
        Ok(value) => Ok(Rational::from_integer(value)),
        Err(_) => Err(NumberFault::new(format!("{} is not a number", shown(text)), WANTED)),
    }
}

fn too_many_digits() -> NumberFault {
    NumberFault::new(
        format!("the number has more than {MAX_DIGITS} digits, the limit"),
        "write fewer digits, or a quotient of shorter numbers",
    )
}

fn too_large_exponent() -> NumberFault {
    NumberFault::new(
        format!("the exponent is beyond {MAX_EXPONENT}, the limit either way"),
        format!("write an exponent between -{MAX_EXPONENT} and {MAX_EXPONENT}"),
    )
}

/// A cursor over the characters of one number.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let first = self.rest.chars().next().filter(|first| wanted.contains(first))?;
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or("");
        Some(first)
    }

    /// Digits, with single underscores between them; `None` where an underscore stands elsewhere.
    fn digits(&mut self) -> Option<String> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(self.rest.len());
        let (run, rest): (&'a str, &'a str) = self.rest.split_at(end);
        self.rest = rest;
        let misplaced = run.starts_with('_') || run.ends_with('_') || run.contains("__");
        (!misplaced).then(|| run.replace('_', ""))
    }
}

/// Sign, digits, point, digits, exponent. `whole` is the text that messages show.
fn decimal(text: &str, whole: &str) -> Result<Rational, NumberFault> {
    let fault = || {
        let help = if whole.contains(',') && !whole.contains('.') {
            "write the decimal point as `.`, as in 0.5"
        } else if whole.ends_with('%') {
            "write a percentage as a decimal or a quotient: 0.5, or \"1/2\""
        } else {
            WANTED
        };
        NumberFault::new(format!("{} is not an exact constant", shown(whole)), help)
    };
    let mut reader = Reader { rest: text };
    let negative = reader.take(&['+', '-']) == Some('-');
    let mut digits = reader.digits().ok_or_else(fault)?;
    let mut decimals = 0;
    if reader.take(&['.']).is_some() {
        let fraction = reader.digits().ok_or_else(fault)?;
        decimals = fraction.len();
        digits.push_str(&fraction);
    }
    if digits.is_empty() {
        return Err(fault());
    }
    let mut exponent: i64 = 0;
    if reader.take(&['e', 'E']).is_some() {
        let down = reader.take(&['+', '-']) == Some('-');
        let power = reader.digits().filter(|power| !power.is_empty()).ok_or_else(fault)?;
        let significant = power.trim_start_matches('0');
        let size = match significant {
            "" => 0,
            // Five digits are enough to pass the limit, so longer ones are not read.
            long if long.len() > 5 => u32::MAX,
            short => short.parse::<u32>().map_err(|_| fault())?,
        };
        if size > MAX_EXPONENT {
            return Err(too_large_exponent());
        }
        exponent = if down { -i64::from(size) } else { i64::from(size) };
    }
    if !reader.rest.is_empty() {
        return Err(fault());
    }
    if digits.len() > MAX_DIGITS {
        return Err(too_many_digits());
    }
    let mut mantissa = BigInt::from_str_radix(&digits, 10).map_err(|_| fault())?;
    if negative {
        mantissa = -mantissa;
    }
    // At most MAX_EXPONENT + MAX_DIGITS in size.
    let scale = exponent - i64::try_from(decimals).map_err(|_| too_many_digits())?;
    let power = BigInt::from(10).pow(u32::try_from(scale.unsigned_abs()).map_err(|_| too_large_exponent())?);
    Ok(if scale < 0 { Rational::new(mantissa, power) } else { Rational::from_integer(mantissa * power) })
}
