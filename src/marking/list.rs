//! Text becomes nested lists of pieces here, each with its place: `[[1, 2], [3, 4]]`, `[1 2; 3 4]`, `(1/2, ln 2)`,
//! `24x24x16`. What a piece means is read elsewhere.

use std::ops::Range;

/// How deep lists may nest.
const MAX_NESTING: usize = 4;

/// A text taken apart: a piece, or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pieces {
    /// A piece that is no list, by its place in the text.
    One(Range<usize>),
    /// A list, in brackets or not.
    Many(Vec<Pieces>),
}

impl Pieces {
    /// How many pieces there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(all) => all.iter().map(Self::count).sum(),
        }
    }
}

/// What is wrong with brackets, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unbalanced {
    pub(super) at: Range<usize>,
    pub(super) message: String,
}

/// Takes a text apart where a list is wanted; a text without separators is a list of one. Where `several` entries are
/// wanted, space alone separates them without brackets as well.
pub(super) fn pieces(text: &str, several: bool) -> Result<Pieces, Unbalanced> {
    let all = trimmed(text, 0..text.len());
    let whole = text.get(all.clone()).unwrap_or("");
    if let Some(sizes) = sizes(whole, all.start) {
        return Ok(Pieces::Many(sizes));
    }
    balanced(text)?;
    let inside = enclosed(text, &all);
    let bracketed = inside.is_some() || several;
    split(text, inside.unwrap_or(all), bracketed, 1)
}

/// `24x24x16`, with any of the signs that people write for it.
fn sizes(text: &str, start: usize) -> Option<Vec<Pieces>> {
    let sign = |c: char| matches!(c, 'x' | 'X' | '×');
    if !text.contains(sign) || !text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || sign(c)) {
        return None;
    }
    let mut at = start;
    let mut sizes = Vec::new();
    for part in text.split(sign) {
        if part.trim().is_empty() {
            return None;
        }
        sizes.push(Pieces::One(trimmed_part(part, at)));
        let after = text.get(at - start + part.len()..).and_then(|rest| rest.chars().next());
        at += part.len() + after.map_or(0, char::len_utf8);
    }
    Some(sizes)
}

fn trimmed_part(part: &str, start: usize) -> Range<usize> {
    let front = part.len() - part.trim_start().len();
    start + front..start + front + part.trim().len()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let start = range.start;
    trimmed_part(text.get(range).unwrap_or(""), start)
}

/// Every bracket has its counterpart.
fn balanced(text: &str) -> Result<(), Unbalanced> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => open.push((at, c)),
            ')' | ']' => {
                let other = if c == ')' { '(' } else { '[' };
                if open.pop().is_none_or(|(_, c)| c != other) {
                    let message = format!("this `{c}` closes nothing");
                    return Err(Unbalanced { at: at..at + 1, message });
                }
            }
            _ => {}
        }
    }
    match open.first() {
        Some((at, _)) => {
            Err(Unbalanced { at: *at..*at + 1, message: "this bracket is never closed".to_owned() })
        }
        None => Ok(()),
    }
}

/// What stands between brackets that enclose the whole of a range of a balanced text.
fn enclosed(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    if !(part.starts_with(['[', '(']) && part.ends_with([']', ')']) && part.len() >= 2) {
        return None;
    }
    let mut depth = 0usize;
    for (at, c) in part.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && at + 1 < part.len() {
            return None;
        }
    }
    Some(range.start + 1..range.end - 1)
}

/// The parts of a range between separators that stand in no brackets; one part where there are none.
fn parts(text: &str, range: &Range<usize>, separator: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0usize, range.start);
    for (at, c) in text.get(range.clone()).unwrap_or("").char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && separator(c) => {
                out.push(start..range.start + at);
                start = range.start + at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(start..range.end);
    out
}

fn split(text: &str, range: Range<usize>, bracketed: bool, depth: usize) -> Result<Pieces, Unbalanced> {
    if depth > MAX_NESTING {
        let message = format!("lists nest deeper than {MAX_NESTING}, the limit");
        return Err(Unbalanced { at: range.start..range.start + 1, message });
    }
    if trimmed(text, range.clone()).is_empty() {
        return Ok(Pieces::Many(Vec::new()));
    }
    let rows = parts(text, &range, |c| c == ';');
    if rows.len() > 1 {
        let rows = rows.into_iter().map(|row| {
            let row = trimmed(text, row);
            let inside = enclosed(text, &row).unwrap_or(row);
            split(text, inside, true, depth + 1)
        });
        return Ok(Pieces::Many(rows.collect::<Result<_, _>>()?));
    }
    let mut items = parts(text, &range, |c| c == ',');
    if items.len() == 1 && bracketed {
        items = words(text, &range);
    }
    let items = items.into_iter().map(|item| {
        let item = trimmed(text, item);
        match enclosed(text, &item) {
            Some(inside) if is_list(text, &item, &inside) => split(text, inside, true, depth + 1),
            _ => Ok(Pieces::One(item)),
        }
    });
    Ok(Pieces::Many(items.collect::<Result<_, _>>()?))
}

/// Square brackets make a list, and so do round ones around a separator.
fn is_list(text: &str, item: &Range<usize>, inside: &Range<usize>) -> bool {
    let square = text.get(item.clone()).is_some_and(|t| t.starts_with('['));
    square || parts(text, inside, |c| c == ',' || c == ';').len() > 1
}

/// The items that space alone separates: numbers beside one another, as in `[1 −2]`, lists beside one another, and
/// expressions between which no sign and no function asks for an operand. Else one item.
fn words(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let at = |word: &Range<usize>| text.get(word.clone()).unwrap_or("");
    let words: Vec<_> =
        parts(text, range, char::is_whitespace).into_iter().filter(|w| !w.is_empty()).collect();
    if words.iter().all(|w| is_item(at(w))) {
        return words;
    }
    let mut items: Vec<Range<usize>> = Vec::new();
    for word in words {
        let joined = items.last().is_some_and(|before| {
            let (left, right) = (at(before), at(&word));
            // A sign right before its operand and apart from the last one begins an item, as in [1 −2].
            let signed = !right.trim_start_matches(is_sign).is_empty()
                && !right.trim_start_matches(is_sign).starts_with(is_operator);
            let begins = right.starts_with(is_operator) && !(right.starts_with(is_sign) && signed);
            let function = ["ln", "log", "exp", "sqrt"].iter().any(|f| {
                let front = left.strip_suffix(f);
                front.is_some_and(|front| !front.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
            });
            begins || left.ends_with(is_operator) || function
        });
        match items.last_mut() {
            Some(last) if joined => last.end = word.end,
            _ => items.push(word),
        }
    }
    items
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '+' | '−' | '–')
}

fn is_operator(c: char) -> bool {
    is_sign(c) || matches!(c, '*' | '/' | '^' | '·' | '⋅' | '×')
}

fn is_item(word: &str) -> bool {
    let number = word.trim_start_matches(is_sign);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | 'e' | 'E'));
    is_number || (word.starts_with('[') && word.ends_with(']'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(text: &str) -> String {
        fn show(text: &str, pieces: &Pieces) -> String {
            match pieces {
                Pieces::One(at) => text.get(at.clone()).unwrap().to_owned(),
                Pieces::Many(all) => {
                    format!("<{}>", all.iter().map(|p| show(text, p)).collect::<Vec<_>>().join("|"))
                }
            }
        }
        pieces(text, false)
            .map_or_else(|why| format!("{}: {}", why.at.start, why.message), |p| show(text, &p))
    }

    #[test]
    fn lists_are_written_in_many_ways() {
        for (text, want) in [
            ("[1, 2]", "<1|2>"),
            ("1, 2", "<1|2>"),
            ("(1/2, ln 2)", "<1/2|ln 2>"),
            ("[[1, 2], [3, 4]]", "<<1|2>|<3|4>>"),
            ("[1 −2; 3 4.5]", "<<1|−2>|<3|4.5>>"),
            ("1 2; 3 4", "<<1|2>|<3|4>>"),
            ("[1, 2; 3, 4]", "<<1|2>|<3|4>>"),
            ("[[1 2] [3 4]]", "<<1|2>|<3|4>>"),
            ("24x24x16", "<24|24|16>"),
            (" 24 × 24 × 16 ", "<24|24|16>"),
            ("10", "<10>"),
            ("", "<>"),
            ("[]", "<>"),
            ("[[]]", "<<>>"),
            ("[(1 + 2)/3, exp(1)/(1 + exp(1))]", "<(1 + 2)/3|exp(1)/(1 + exp(1))>"),
            ("[(1 + 2), 3]", "<(1 + 2)|3>"),
            ("((1, 2), (3, 4))", "<<1|2>|<3|4>>"),
            ("[1 + 2]", "<1 + 2>"),
            ("[1/(1 + e) 0; −1/(1 + e) 0]", "<<1/(1 + e)|0>|<−1/(1 + e)|0>>"),
            ("[ 1/(1 + e)  −2]", "<1/(1 + e)|−2>"),
            ("[x1 −2]", "<x1|−2>"),
            ("[x1 − 2]", "<x1 − 2>"),
            ("[ln 2 exp (3) 1 /2]", "<ln 2|exp (3)|1 /2>"),
            ("[1  +]", "<1  +>"),
            ("(1)(2)", "<(1)(2)>"),
            ("[1, 2", "0: this bracket is never closed"),
            ("1, 2]", "4: this `]` closes nothing"),
            ("[1, (2]", "6: this `]` closes nothing"),
            ("[[[[[1]]]]]", "5: lists nest deeper than 4, the limit"),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn a_million_brackets_are_refused_in_a_line() {
        assert!(pieces(&"[".repeat(1_000_000), true).is_err());
        let closed = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(pieces(&closed, true).is_err());
    }

    #[test]
    fn space_separates_where_several_are_wanted() {
        let count = |text: &str, several| pieces(text, several).unwrap().count();
        assert_eq!((count("1 10", true), count("1 10", false)), (2, 1));
        assert_eq!((count("[1 2] [3 4]", true), count("[1 2] [3 4]", false)), (4, 1));
        assert_eq!(count("1/2 - sqrt(5)/2 3", true), 2);
    }
}
