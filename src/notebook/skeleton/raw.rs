//! The bytes of a notebook's file: where the characters of a cell's source stand in it, and replacing some of them
//! without touching another byte. What the source means is not known here.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::notebook::error::NotebookError;

/// What stands between two lines of a source where no two are there to be seen.
const BETWEEN: &str = ",\n    ";

#[derive(Deserialize)]
struct File<'a> {
    nbformat: u64,
    #[serde(borrow)]
    cells: Vec<RawCell<'a>>,
}

#[derive(Deserialize)]
struct RawCell<'a> {
    #[serde(borrow)]
    cell_type: &'a RawValue,
    #[serde(borrow)]
    source: &'a RawValue,
}

/// The source of a cell of code, character by character.
pub(super) struct CellText {
    /// Each character with the bytes of the file that it is written with.
    characters: Vec<(char, Range<usize>)>,
    /// Whether the source is a list of lines; then, what stands between two of them.
    between: Option<String>,
}

/// Bytes of the file, and what they become.
pub(super) struct Edit {
    place: Range<usize>,
    text: String,
}

/// The cells of code.
pub(super) fn cells(text: &str) -> Result<Vec<CellText>, NotebookError> {
    let wrong = |why: String| NotebookError::Skeleton(why);
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: File<'_> = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    if file.nbformat != 4 {
        return Err(wrong(format!("its nbformat is {}, not 4", file.nbformat)));
    }
    let mut cells = Vec::new();
    for cell in file.cells.iter().filter(|cell| cell.cell_type.get() == "\"code\"") {
        let broken = || wrong("the source of a cell is neither a text nor a list of texts".to_owned());
        cells.push(source(text, cell.source).ok_or_else(broken)?);
    }
    Ok(cells)
}

/// Where a part of a text stands in it.
fn offset(text: &str, part: &str) -> Option<usize> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (text.get(start..)?.starts_with(part)).then_some(start)
}

fn source(text: &str, source: &RawValue) -> Option<CellText> {
    let mut characters = Vec::new();
    if source.get().starts_with('"') {
        decode(source.get(), offset(text, source.get())?, &mut characters)?;
        return Some(CellText { characters, between: None });
    }
    let lines: Vec<&RawValue> = serde_json::from_str(source.get()).ok()?;
    let mut between = None;
    let mut last: Option<usize> = None;
    for line in lines {
        let start = offset(text, line.get())?;
        if let (None, Some(end)) = (&between, last) {
            between = text.get(end..start).map(str::to_owned);
        }
        last = start.checked_add(line.get().len());
        decode(line.get(), start, &mut characters)?;
    }
    Some(CellText { characters, between: Some(between.unwrap_or_else(|| BETWEEN.to_owned())) })
}

/// Reads a JSON string that stands at a place of the file.
fn decode(raw: &str, start: usize, out: &mut Vec<(char, Range<usize>)>) -> Option<()> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let begin = start.checked_add(1)?;
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        let at = begin.checked_add(inner.len().checked_sub(rest.len())?)?;
        let (c, length) = if first == '\\' { escape(rest)? } else { (first, first.len_utf8()) };
        out.push((c, at..at.checked_add(length)?));
        rest = rest.get(length..)?;
    }
    Some(())
}

/// An escape at the start of a text, with its length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = match text.chars().nth(1)? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        c @ ('"' | '\\' | '/') => c,
        'u' => {
            let unit = |at: usize| u16::from_str_radix(text.get(at..at.checked_add(4)?)?, 16).ok();
            let first = unit(2)?;
            if let Some(Ok(c)) = char::decode_utf16([first]).next() {
                return Some((c, 6));
            }
            let second = text.get(6..8).filter(|mark| *mark == "\\u").and_then(|_| unit(8))?;
            return Some((char::decode_utf16([first, second]).next()?.ok()?, 12));
        }
        _ => return None,
    };
    Some((simple, 2))
}

impl CellText {
    /// The characters of the source.
    pub(super) fn characters(&self) -> Vec<char> {
        self.characters.iter().map(|(c, _)| *c).collect()
    }

    /// Replaces characters that stand on one line by lines.
    pub(super) fn replace(&self, at: usize, length: usize, lines: &[String]) -> Option<Edit> {
        let start = self.characters.get(at)?.1.start;
        let end = self.characters.get(at.checked_add(length)?.checked_sub(1)?)?.1.end;
        let joint = match &self.between {
            None => "\\n".to_owned(),
            Some(between) => format!("\\n\"{between}\""),
        };
        let escaped: Vec<String> = lines.iter().map(|line| inside(line)).collect();
        Some(Edit { place: start..end, text: escaped.join(&joint) })
    }
}

/// A text as it stands between the quotes of a JSON string.
fn inside(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("").to_owned()
}

/// The file with its edits made.
pub(super) fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.place.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in &edits {
        out.push_str(text.get(from..edit.place.start).unwrap_or(""));
        out.push_str(&edit.text);
        from = edit.place.end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}
