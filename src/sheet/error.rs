//! The one error of reading: what is wrong, where it stands in the file, and what to write instead. It also draws
//! itself; it decides nothing.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use super::source::Source;
use super::words::is_unprintable;

/// The width that errors are wrapped to, in columns.
const WIDTH: usize = 80;
/// The longest underline, in bytes.
const MAX_UNDERLINE: usize = 100;
/// Lines beyond this many bytes are cut around the underline.
const MAX_EXCERPT: usize = 600;

/// What is wrong with a sheet, with its place and with help.
#[derive(Clone, thiserror::Error)]
#[error("{}", .0.message)]
pub struct SheetError(Box<Fault>);

#[derive(Clone)]
struct Fault {
    message: String,
    help: Option<String>,
    place: Option<Place>,
    labels: Vec<LabeledSpan>,
}

#[derive(Clone)]
struct Place {
    source: Source,
    span: Range<usize>,
    excerpt: Excerpt,
}

impl SheetError {
    /// An error that has no place in a file.
    #[must_use]
    pub fn plain(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            message: message.into(),
            help: some_text(help.into()),
            place: None,
            labels: Vec::new(),
        }))
    }

    /// An error at a span of a source. An empty help is left out.
    #[must_use]
    pub fn at(
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let place = Place { source: source.clone(), span: span.clone(), excerpt: Excerpt::new(source) };
        let label = underline(&source.text, &span, None);
        Self(Box::new(Fault {
            message: message.into(),
            help: some_text(help.into()),
            place: Some(place),
            labels: vec![label],
        }))
    }

    /// Points at a second place of the same source, with words.
    #[must_use]
    pub fn also(mut self, span: &Range<usize>, words: &str) -> Self {
        if let Some(place) = &self.0.place {
            let label = underline(&place.source.text, span, Some(words.to_owned()));
            self.0.labels.push(label);
        }
        self
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to write instead.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Where it stands, in bytes of the source.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.0.place.as_ref().map(|place| place.span.clone())
    }

    /// Where it stands: line and column, from 1.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        self.0.place.as_ref().map(|place| place.source.line_column(place.span.start))
    }

    /// The error as people see it: message, file, line, the place underlined, help.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(WIDTH)
            .with_context_lines(1)
            .with_links(false)
            .with_primary_span_start()
            .without_cause_chain();
        let mut text = String::new();
        if handler.render_report(&mut text, self).is_err() {
            // A drawing that fails must not hide the error.
            text = self.to_string();
            if let Some(help) = &self.0.help {
                text.push_str("\n  help: ");
                text.push_str(help);
            }
            text.push('\n');
        }
        text
    }
}

impl fmt::Debug for SheetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl PartialEq for SheetError {
    fn eq(&self, other: &Self) -> bool {
        self.0.message == other.0.message && self.0.help == other.0.help && self.span() == other.span()
    }
}

impl Diagnostic for SheetError {
    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.0.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.place.as_ref().map(|place| &place.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.0.labels.is_empty() { None } else { Some(Box::new(self.0.labels.iter().cloned())) }
    }
}

fn some_text(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

/// A span cut to its first line and to a length that can be drawn.
fn underline(text: &str, span: &Range<usize>, words: Option<String>) -> LabeledSpan {
    let start = floor_boundary(text, span.start);
    let end = floor_boundary(text, span.end.min(start.saturating_add(MAX_UNDERLINE)));
    let part = text.get(start..end).unwrap_or("");
    let line = part.split(['\n', '\r']).next().unwrap_or("");
    let place = SourceSpan::from((start, line.len()));
    // The place without words is what the error is about; its line is the one named.
    if words.is_none() {
        LabeledSpan::new_primary_with_span(words, place)
    } else {
        LabeledSpan::new_with_span(words, place)
    }
}

/// The largest character boundary that is not beyond `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// A source as it is drawn: characters that a terminal would obey are replaced, byte for byte, so spans stay right.
#[derive(Clone)]
struct Excerpt {
    name: String,
    text: String,
}

impl Excerpt {
    fn new(source: &Source) -> Self {
        let text = source.text.chars().map(harmless).collect();
        let name = source.name.chars().map(|c| if is_unprintable(c) { '?' } else { c }).collect();
        Self { name, text }
    }
}

/// A character of the same length in UTF-8 that a terminal can show.
fn harmless(character: char) -> char {
    match character {
        '\n' | '\t' => character,
        '\r' => ' ',
        _ if !is_unprintable(character) => character,
        _ => match character.len_utf8() {
            1 => '?',
            2 => '·',
            _ => '\u{fffd}',
        },
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = self.text.read_span(span, before, after)?;
        if whole.data().len() <= MAX_EXCERPT {
            return Ok(Box::new(MietteSpanContents::new_named(
                self.name.clone(),
                whole.data(),
                *whole.span(),
                whole.line(),
                whole.column(),
                whole.line_count(),
            )));
        }
        // Very long lines: the neighbourhood of the span alone.
        let line_start =
            self.text.get(..span.offset()).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        let from = floor_boundary(&self.text, line_start.max(span.offset().saturating_sub(30)));
        let after_span = span.offset().saturating_add(span.len());
        let line_end = self
            .text
            .get(after_span..)
            .and_then(|text| text.find('\n'))
            .map_or(self.text.len(), |at| after_span + at);
        let to = floor_boundary(&self.text, line_end.min(after_span.saturating_add(10)));
        let data = self.text.get(from..to).unwrap_or("");
        let line = self.text.get(..from).map_or(0, |text| text.matches('\n').count());
        let column = self.text.get(line_start..from).map_or(0, |text| text.chars().count());
        let cut = SourceSpan::from((from, data.len()));
        let lines = data.matches('\n').count() + 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            cut,
            line,
            column,
            lines,
        )))
    }
}
