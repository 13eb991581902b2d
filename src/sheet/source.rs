//! The text of a sheet and the places in it live here: reading a file within limits, cutting spans, finding a place
//! inside a string value. Nothing here knows TOML beyond how its strings are quoted.

use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::error::SheetError;

/// The largest sheet that is read, in bytes: 1 MiB.
pub const MAX_SHEET_BYTES: u64 = 1 << 20;

/// A value and the bytes of the sheet that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// Where it stands, in bytes of [`Source::text`].
    pub span: Range<usize>,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: change(self.value), span: self.span }
    }
}

/// A text with its name; every span of the sheet is a byte range of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What errors call it: the path as it was given, or another short name.
    pub name: String,
    /// The text, without a byte-order mark.
    pub text: Arc<str>,
}

impl Source {
    /// A text under a name. A byte-order mark at the front is left out.
    pub fn new(name: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { name: name.into(), text: Arc::from(text) }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A file that is missing, unreadable, a folder, empty, larger than [`MAX_SHEET_BYTES`], or not UTF-8.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SheetError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let shown = super::words::shown(&name);
        let metadata = std::fs::metadata(path).map_err(|error| unreadable(&shown, &error))?;
        if metadata.is_dir() {
            return Err(SheetError::plain(
                format!("{shown} is a folder, not a sheet"),
                "name a file in it, such as `sheet.toml`",
            ));
        }
        if metadata.len() > MAX_SHEET_BYTES {
            return Err(too_large(&shown));
        }
        let file = std::fs::File::open(path).map_err(|error| unreadable(&shown, &error))?;
        Self::read_from(file, &name)
    }

    /// Reads a sheet from anything that can be read, under a name for errors.
    ///
    /// # Errors
    ///
    /// What cannot be read, is empty, larger than [`MAX_SHEET_BYTES`], or not UTF-8.
    pub fn read_from(reader: impl Read, name: &str) -> Result<Self, SheetError> {
        let shown = super::words::shown(name);
        let mut bytes = Vec::new();
        // The length that a device or a pipe reports means nothing, so the reading itself is bounded.
        reader
            .take(MAX_SHEET_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(&shown, &error))?;
        if bytes.len() as u64 > MAX_SHEET_BYTES {
            return Err(too_large(&shown));
        }
        if bytes.is_empty() {
            return Err(SheetError::plain(
                format!("{shown} is empty"),
                "a sheet is a TOML file with at least one [[question]]; `backproof example KIND` prints one",
            ));
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(SheetError::plain(
                format!("{shown} is not UTF-8: byte {} is not part of a character", error.valid_up_to()),
                "save the file as UTF-8; bytes are counted from 0",
            )),
        }
    }

    /// The text of a span; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or("")
    }

    /// Line and column of a byte, both from 1; a column counts characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let before = self.text.get(..end).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// Maps a byte range inside a string value to the file.
    ///
    /// `node_span` is where the string stands, quotes included, `text` is its value and `inner` a range of that value.
    /// The answer is exact where the string is written without escapes (in any of TOML's four ways of quoting, over
    /// one line or several); else it is the whole of `node_span`.
    #[must_use]
    pub fn locate_in_text(&self, node_span: &Range<usize>, text: &str, inner: &Range<usize>) -> Range<usize> {
        self.place_in_string(node_span, text, inner).unwrap_or_else(|| node_span.clone())
    }

    fn place_in_string(
        &self,
        node_span: &Range<usize>,
        text: &str,
        inner: &Range<usize>,
    ) -> Option<Range<usize>> {
        let raw = self.text.get(node_span.clone())?;
        if inner.start > inner.end || inner.end > text.len() {
            return None;
        }
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote))?;
        let mut at = quote.len();
        if quote.len() == 3 {
            // A line break right after the opening quotes is not part of the value.
            let rest = raw.get(at..)?;
            at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        }
        let body = raw.get(at..)?.strip_suffix(quote)?.as_bytes();
        let (mut start, mut end) = (None, None);
        let mut i = 0;
        for (j, byte) in text.bytes().enumerate() {
            if j == inner.start {
                start = Some(i);
            }
            if j == inner.end {
                end = Some(i);
            }
            // TOML may read a CRLF as a bare line feed.
            if byte == b'\n' && body.get(i) == Some(&b'\r') && body.get(i + 1) == Some(&b'\n') {
                i += 2;
            } else if body.get(i) == Some(&byte) {
                i += 1;
            } else {
                return None;
            }
        }
        if i != body.len() {
            return None;
        }
        let base = node_span.start.checked_add(at)?;
        Some(base + start.unwrap_or(i)..base + end.unwrap_or(i))
    }
}

fn too_large(shown: &str) -> SheetError {
    SheetError::plain(
        format!("{shown} is larger than {MAX_SHEET_BYTES} bytes, the limit for a sheet"),
        "split it into several sheets",
    )
}

fn unreadable(shown: &str, error: &std::io::Error) -> SheetError {
    match error.kind() {
        std::io::ErrorKind::NotFound => SheetError::plain(
            format!("there is no file {shown}"),
            "give the path of a TOML file, or no path for the built-in sheet",
        ),
        std::io::ErrorKind::PermissionDenied => {
            SheetError::plain(format!("{shown} may not be read"), "check the permissions of the file")
        }
        _ => SheetError::plain(format!("{shown} cannot be read: {error}"), "check the path"),
    }
}
