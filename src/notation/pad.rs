//! Widths and padding of text in a terminal's columns live here; nothing about formulas.

use unicode_width::UnicodeWidthStr;

/// The number of terminal columns that `text` takes; combining marks take none.
#[must_use]
pub fn display_width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` with spaces before it, up to `width` columns: right-aligned. Wider text is left as it is.
#[must_use]
pub fn pad_left(text: &str, width: usize) -> String {
    let mut padded = " ".repeat(width.saturating_sub(display_width(text)));
    padded.push_str(text);
    padded
}

/// `text` with spaces after it, up to `width` columns: left-aligned. Wider text is left as it is.
#[must_use]
pub fn pad_right(text: &str, width: usize) -> String {
    let mut padded = text.to_owned();
    padded.push_str(&" ".repeat(width.saturating_sub(display_width(text))));
    padded
}
