//! How Python writes numbers, texts and long argument lists. What they mean is not known here.

use num_traits::Zero;

use crate::num::Rational;
use crate::num::decimal::{finite_digits, rational_decimal};

/// The widest line that is written, in characters.
const WIDTH: usize = 79;
/// The most digits after the point that a number is written with; beyond, it is a quotient.
const MAX_POINT: u32 = 400;

/// An expression that Python reads as the float nearest to a rational: an exact decimal, or a quotient of integers,
/// which Python rounds correctly.
pub(super) fn number(x: &Rational) -> String {
    match finite_digits(x, MAX_POINT) {
        Some(0) => x.numer().to_string(),
        Some(digits) => rational_decimal(x, digits),
        // Never zero: rationals are in lowest terms. Asked all the same, since Python would stop at it.
        None if x.denom().is_zero() => "0".to_owned(),
        None => format!("{}/{}", x.numer(), x.denom()),
    }
}

/// A text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// `head`, items with commas between them, `tail`, broken where a line would be too wide; later lines start under the
/// first item.
pub(super) fn wrapped(head: &str, items: &[String], tail: &str) -> Vec<String> {
    let indent = " ".repeat(head.chars().count());
    let mut lines = Vec::new();
    let mut line = head.to_owned();
    let mut empty = true;
    for (at, item) in items.iter().enumerate() {
        let last = at + 1 == items.len();
        let end = if last { tail } else { "," };
        let width = line.chars().count() + item.chars().count() + end.chars().count() + usize::from(!empty);
        if !empty && width > WIDTH {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(item);
        line.push_str(end);
        empty = false;
    }
    if items.is_empty() {
        line.push_str(tail);
    }
    lines.push(line);
    lines
}
