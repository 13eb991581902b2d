//! How wide words are, and how long ones are cut, lives here. No font is read: a picture is shown in whatever font the
//! viewer has, so widths are those of a wide one (DejaVu Sans), and what has room for it has room for others.

use unicode_width::UnicodeWidthChar;

/// What stands for a character that a picture cannot hold or should not.
const REPLACEMENT: char = '\u{fffd}';

/// The width of words in a size, at least what they take.
pub(super) fn width(words: &str, size: f64) -> f64 {
    words.chars().map(em).sum::<f64>() * size
}

/// The width of a character, in units of the size.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '\'' | '|' | '!' | ' ' | '.' | ',' | ':' | ';' | '·' => 0.35,
        'f' | 't' | 'r' | '-' | '(' | ')' | '[' | ']' | '/' => 0.42,
        'm' | 'M' | 'W' | '%' | '@' | '…' => 1.0,
        'w' | '→' | '+' | '=' | '<' | '>' | '~' | '&' | '#' => 0.84,
        'a'..='z' | '0'..='9' | '_' => 0.64,
        ' '..='~' => 0.79,
        _ => match c.width() {
            Some(0) => 0.0,
            Some(1) => 0.85,
            _ => 1.05,
        },
    }
}

/// Words that a picture may hold: no line ends, nothing that XML has no character for, nothing that turns the direction
/// of writing.
pub(super) fn fit_for_xml(words: &str) -> String {
    let fit = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => REPLACEMENT,
        '\u{fffe}' | '\u{ffff}' => REPLACEMENT,
        c if c.is_control() => REPLACEMENT,
        c => c,
    };
    words.chars().map(fit).collect()
}

/// Words cut in their middle until they fit: beginning and end are what tells names apart.
pub(super) fn cut(words: &str, size: f64, room: f64) -> String {
    let words = fit_for_xml(words);
    if width(&words, size) <= room {
        return words;
    }
    // No more characters than can be seen are looked at.
    let all: Vec<char> = words.chars().collect();
    let most = (room / size / 0.3).max(0.0) as usize;
    for kept in (2..all.len().min(most)).rev() {
        let end = kept / 2;
        let shorter: String = all
            .iter()
            .take(kept.saturating_sub(end))
            .chain(&['…'])
            .chain(all.iter().skip(all.len().saturating_sub(end)))
            .collect();
        if width(&shorter, size) <= room {
            return shorter;
        }
    }
    "…".to_owned()
}

/// Words broken into two lines where that makes them narrower.
pub(super) fn broken(words: &str, size: f64) -> Vec<String> {
    let whole = vec![words.to_owned()];
    let breaks = words.char_indices().filter(|(_, c)| matches!(c, ' ' | '/' | '-' | '_'));
    breaks
        .filter_map(|(at, c)| words.split_at_checked(at.saturating_add(c.len_utf8())))
        .filter(|(first, second)| !first.trim().is_empty() && !second.trim().is_empty())
        .map(|(first, second)| vec![first.trim_end().to_owned(), second.to_owned()])
        .fold(whole, |best, lines| if widest(&lines, size) < widest(&best, size) { lines } else { best })
}

/// The width of the widest.
pub(super) fn widest<S: AsRef<str>>(lines: &[S], size: f64) -> f64 {
    lines.iter().map(|line| width(line.as_ref(), size)).fold(0.0, f64::max)
}
