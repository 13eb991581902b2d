//! The text of a sheet as errors draw it lives here: long lines are cut around the places that are underlined, and
//! nothing is left that a terminal would obey. Drawing is in `error.rs`.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::source::Source;
use super::words::is_unprintable;

/// The widest line that is drawn, in columns; with the number before it, it fits a terminal.
const MAX_LINE: usize = 72;
/// The columns that a cut line keeps before the place that is underlined.
const BEFORE: usize = 24;

/// A source as it is drawn, and where its places stand in it.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub(super) name: String,
    pub(super) text: String,
    /// The places in bytes of `text`, in the order given, each cut to what is drawn of its first line.
    pub(super) places: Vec<Range<usize>>,
}

impl Excerpt {
    /// Every line of the source is kept, so that lines count as they do in the sheet.
    pub(super) fn new(source: &Source, spans: &[Range<usize>]) -> Self {
        let name = source.name.chars().map(|c| if is_unprintable(c) { '?' } else { c }).collect();
        let mut text = String::with_capacity(source.text.len());
        let mut places = vec![0..0; spans.len()];
        let mut start = 0;
        for line in source.text.split('\n') {
            if start > 0 {
                text.push('\n');
            }
            let body = line.strip_suffix('\r').unwrap_or(line);
            let here = |span: &Range<usize>| (start..=start + line.len()).contains(&span.start);
            let inner = |at: usize| at.saturating_sub(start).min(body.len());
            let first = spans.iter().find(|span| here(span)).map(|span| inner(span.start)..inner(span.end));
            let kept = window(body, first.unwrap_or(0..0));
            text.push_str(if kept.start > 0 { "…" } else { "" });
            let begin = text.len();
            text.extend(body.get(kept.clone()).unwrap_or_default().chars().map(harmless));
            for (span, place) in spans.iter().zip(&mut places) {
                if here(span) {
                    let drawn = |at: usize| begin + inner(at).clamp(kept.start, kept.end) - kept.start;
                    *place = drawn(span.start)..drawn(span.end);
                }
            }
            text.push_str(if kept.end < body.len() { "…" } else { "" });
            start += line.len() + 1;
        }
        Self { name, text, places }
    }
}

/// The bytes of a line that are drawn: all of it, or as much as fits around a place.
fn window(line: &str, place: Range<usize>) -> Range<usize> {
    if columns(line, 0..line.len()) <= MAX_LINE {
        return 0..line.len();
    }
    // The marks of the cuts take a column each.
    let room = MAX_LINE - 2;
    let start = floor(line, place.start);
    let fits = columns(line, 0..floor(line, place.end)) <= room;
    let from = if fits || columns(line, 0..start) <= BEFORE { 0 } else { back(line, start, BEFORE) };
    from..forth(line, from, room)
}

fn columns(line: &str, part: Range<usize>) -> usize {
    line.get(part).map_or(0, |part| part.chars().map(width).sum())
}

/// Columns of a character as it is drawn.
fn width(character: char) -> usize {
    if character == '\t' { 4 } else { harmless(character).width().unwrap_or(0) }
}

/// The place that is so many columns before a place.
fn back(line: &str, at: usize, most: usize) -> usize {
    let mut taken = 0;
    let before = line.get(..at).unwrap_or_default().char_indices().rev();
    before
        .take_while(|(_, c)| {
            taken += width(*c);
            taken <= most
        })
        .last()
        .map_or(at, |(at, _)| at)
}

/// The place that is so many columns after a place.
fn forth(line: &str, at: usize, most: usize) -> usize {
    let mut taken = 0;
    let after = line.get(at..).unwrap_or_default().char_indices();
    after
        .take_while(|(_, c)| {
            taken += width(*c);
            taken <= most
        })
        .last()
        .map_or(at, |(i, c)| at + i + c.len_utf8())
}

/// The largest character boundary that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// A character of the same length in UTF-8 that a terminal can show.
fn harmless(character: char) -> char {
    match character {
        '\t' => character,
        '\r' => ' ',
        _ if !is_unprintable(character) => character,
        _ => match character.len_utf8() {
            1 => '?',
            2 => '·',
            _ => '\u{fffd}',
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, span: Range<usize>) -> (String, String) {
        let excerpt = Excerpt::new(&Source::new("s", text), &[span]);
        let place = excerpt.text.get(excerpt.places.first().cloned().unwrap_or_default());
        (excerpt.text.clone(), place.unwrap_or("no place").to_owned())
    }

    #[test]
    fn short_lines_stay_and_long_ones_are_cut_around_the_place() {
        assert_eq!(drawn("a = 1\r\nb = 2\r\n", 11..12), ("a = 1\nb = 2\n".into(), "2".into()));
        let long = format!("é = \"{}here{}\"", "x".repeat(300), "y".repeat(300));
        let at = long.find("here").unwrap_or(0);
        let (text, place) = drawn(&long, at..at + 4);
        assert_eq!(place, "here");
        assert_eq!(text, format!("…{}here{}…", "x".repeat(24), "y".repeat(42)));
        // A place that is longer than the line begins where it begins.
        let (text, place) = drawn(&long, 5..long.len());
        assert!(text.starts_with("é = \"x") && place.starts_with("\"x"), "{text}: {place}");
        assert_eq!(text.chars().count(), 71);
        // A long line beside the place is cut at its end.
        let (text, place) = drawn(&format!("{long}\nb = 2"), long.len() + 5..long.len() + 6);
        assert!(text.ends_with("x…\nb = 2"), "{text}");
        assert_eq!(place, "2");
    }
}
