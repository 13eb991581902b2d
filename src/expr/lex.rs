//! Text to tokens happens here: numbers, names, signs, each with its place; the grammar is in `parse.rs`.

use std::ops::Range;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::limits::{MAX_DECIMAL_EXPONENT, MAX_DIGITS, MAX_TEXT};
use super::parse::ParseError;
use crate::num::{Integer, Rational};

/// What a token is.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Number(Rational),
    Name(String),
    Plus,
    Minus,
    Times,
    Slash,
    Caret,
    Open,
    Close,
    Comma,
    End,
}

/// A token and the bytes that it stands on.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// All tokens of a text; the last is [`Token::End`], whose place is the end of the text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ParseError> {
    if text.len() > MAX_TEXT {
        return Err(ParseError::new(
            0..0,
            format!("the text has {} bytes; the limit is {MAX_TEXT}", text.len()),
            None,
        ));
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let width = c.len_utf8();
        let (token, length) = match c {
            _ if c.is_whitespace() => {
                at += width;
                continue;
            }
            '0'..='9' => number(rest, at)?,
            '.' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => number(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let name: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let length = name.len();
                (Token::Name(name), length)
            }
            '+' => (Token::Plus, 1),
            '-' | '−' => (Token::Minus, width),
            '*' if rest.starts_with("**") => (Token::Caret, 2),
            '*' | '·' | '⋅' | '×' => (Token::Times, width),
            '/' => (Token::Slash, 1),
            '^' => (Token::Caret, 1),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            _ => return Err(unexpected(rest, c, at)),
        };
        out.push(Placed { token, span: at..at + length });
        at += length;
    }
    out.push(Placed { token: Token::End, span: text.len()..text.len() });
    Ok(out)
}

/// The error for a character that no token begins with, with what to write instead where that is known.
fn unexpected(rest: &str, c: char, at: usize) -> ParseError {
    let span = at..at + c.len_utf8();
    if superscript(c).is_some() {
        let digits: String = rest.chars().map_while(superscript).collect();
        let length =
            rest.chars().take_while(|c| superscript(*c).is_some()).map(char::len_utf8).sum::<usize>();
        return ParseError::new(
            at..at + length,
            "a raised digit is not read as an exponent",
            Some(format!("write ^{digits}")),
        );
    }
    let help = match c {
        '₀'..='₉' => {
            let digit = u32::from(c).saturating_sub(u32::from('₀'));
            format!("write {digit} on the line, as in x{digit}")
        }
        '[' | '{' => "write (".into(),
        ']' | '}' => "write )".into(),
        '÷' | ':' | '∕' => "write /".into(),
        '–' | '—' => "write -".into(),
        '√' => "write sqrt(…)".into(),
        '½' => "write 1/2".into(),
        '¼' => "write 1/4".into(),
        '¾' => "write 3/4".into(),
        '.' => "a decimal point stands beside a digit, as in 0.5".into(),
        '=' => "an expression has no equals sign".into(),
        _ if c.is_alphabetic() => "names are made of the letters a to z and A to Z, digits and _".into(),
        _ => {
            return ParseError::new(
                span,
                format!("`{}` is not part of an expression", c.escape_debug()),
                None,
            );
        }
    };
    ParseError::new(span, format!("`{c}` is not part of an expression"), Some(help))
}

/// The character on the line that a raised one stands for.
fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '-',
        _ => return None,
    })
}

/// The length of a run of digits in which single underscores may stand between two digits.
fn digits_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        match (bytes.get(length), bytes.get(length + 1)) {
            (Some(b'0'..=b'9'), _) => length += 1,
            (Some(b'_'), Some(b'0'..=b'9')) if length > 0 => length += 1,
            _ => return length,
        }
    }
}

/// The number that `rest` begins with, and its length; `at` is its place in the whole text.
fn number(rest: &str, at: usize) -> Result<(Token, usize), ParseError> {
    let bytes = rest.as_bytes();
    let tail = |from: usize| bytes.get(from..).unwrap_or_default();
    let whole = digits_length(bytes);
    let mut end = whole;
    let mut fraction = 0..0;
    if tail(end).first() == Some(&b'.') {
        fraction = end + 1..end + 1 + digits_length(tail(end + 1));
        end = fraction.end;
    }
    let mut exponent = 0..0;
    if let Some(b'e' | b'E') = tail(end).first() {
        let sign = usize::from(matches!(tail(end + 1).first(), Some(b'+' | b'-')));
        let digits = digits_length(tail(end + 1 + sign));
        // Without digits the letter begins a name, which is then an error of the grammar: 2exp(1).
        if digits > 0 {
            exponent = end + 1..end + 1 + sign + digits;
            end = exponent.end;
        }
    }
    let span = at..at + end;
    match tail(end).first() {
        Some(b'_') => {
            let message = "an underscore in a number stands between two digits";
            return Err(ParseError::new(at..at + end + 1, message, Some("write 1_000".into())));
        }
        Some(b'.') => {
            return Err(ParseError::new(at..at + end + 1, "this number has two decimal points", None));
        }
        _ => {}
    }
    let strip = |range: Range<usize>| -> String { rest.get(range).unwrap_or("").replace('_', "") };
    let (whole, fraction) = (strip(0..whole), strip(fraction));
    let digits = whole + &fraction;
    if digits.len() > MAX_DIGITS {
        return Err(ParseError::new(
            span,
            format!("this number has {} digits; the limit is {MAX_DIGITS}", digits.len()),
            None,
        ));
    }
    let written: i64 = match strip(exponent).trim_start_matches('+') {
        "" => 0,
        // What does not fit 64 bits is beyond the limit as well.
        text => text.parse().unwrap_or(i64::MAX),
    };
    if !(-MAX_DECIMAL_EXPONENT..=MAX_DECIMAL_EXPONENT).contains(&written) {
        let message = format!("this decimal exponent is beyond the limit of ±{MAX_DECIMAL_EXPONENT}");
        return Err(ParseError::new(span, message, None));
    }
    let mantissa = digits.parse::<Integer>().unwrap_or_default();
    let shift = written.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    Ok((Token::Number(decimal(mantissa, shift)), end))
}

/// mantissa · 10^shift in lowest terms.
fn decimal(mantissa: Integer, shift: i64) -> Rational {
    let scale = Integer::from(10).pow(u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX));
    if shift >= 0 || mantissa.is_zero() {
        return Rational::from_integer(if mantissa.is_zero() { mantissa } else { mantissa * scale });
    }
    // A first remainder keeps the greatest common divisor cheap when the mantissa is short and the scale is long.
    let common = (&scale % &mantissa).gcd(&mantissa);
    if common.is_one() {
        Rational::new_raw(mantissa, scale)
    } else {
        Rational::new_raw(mantissa / &common, scale / common)
    }
}
