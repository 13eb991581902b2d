//! The one error of reading: what is wrong, where it stands in the file, and what to write instead. It also draws
//! itself; it decides nothing.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use super::excerpt::Excerpt;
use super::source::Source;

/// The width that errors are wrapped to, in columns.
const WIDTH: usize = 80;

/// What is wrong with a sheet, with its place and with help.
#[derive(Clone, thiserror::Error)]
#[error("{}", .0.message)]
pub struct SheetError(Box<Fault>);

#[derive(Clone)]
struct Fault {
    message: String,
    help: Option<String>,
    place: Option<Place>,
}

#[derive(Clone)]
struct Place {
    source: Source,
    span: Range<usize>,
    /// Other places of the same source, with words.
    others: Vec<(Range<usize>, String)>,
}

impl SheetError {
    /// An error that has no place in a file.
    #[must_use]
    pub fn plain(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new(Fault { message: message.into(), help: some_text(help.into()), place: None }))
    }

    /// An error at a span of a source. An empty help is left out.
    #[must_use]
    pub fn at(
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let place = Place { source: source.clone(), span, others: Vec::new() };
        Self(Box::new(Fault { message: message.into(), help: some_text(help.into()), place: Some(place) }))
    }

    /// Points at a second place of the same source, with words.
    #[must_use]
    pub fn also(mut self, span: &Range<usize>, words: &str) -> Self {
        if let Some(place) = &mut self.0.place {
            place.others.push((span.clone(), words.to_owned()));
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
            // Names such as layer-table stay whole.
            .with_break_words(false)
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
            .without_cause_chain();
        let mut text = String::new();
        if handler.render_report(&mut text, &Drawing::of(&self.0)).is_err() {
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

fn some_text(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

/// An error as it is drawn.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Drawing {
    message: String,
    help: Option<String>,
    code: Option<Code>,
    labels: Vec<LabeledSpan>,
}

impl Drawing {
    fn of(fault: &Fault) -> Self {
        let (message, help) = (fault.message.clone(), fault.help.clone());
        let Some(place) = &fault.place else { return Self { message, help, code: None, labels: Vec::new() } };
        let spans: Vec<Range<usize>> =
            std::iter::once(&place.span).chain(place.others.iter().map(|other| &other.0)).cloned().collect();
        let excerpt = Excerpt::new(&place.source, &spans);
        let words = std::iter::once(None).chain(place.others.iter().map(|other| Some(other.1.clone())));
        let labels = excerpt.places.iter().zip(words).map(|(at, words)| {
            let at = SourceSpan::from((at.start, at.len()));
            // The place without words is what the error is about; its line is the one named.
            if words.is_none() {
                LabeledSpan::new_primary_with_span(words, at)
            } else {
                LabeledSpan::new_with_span(words, at)
            }
        });
        let labels = labels.collect();
        let column = place.source.line_column(place.span.start).1;
        Self { message, help, code: Some(Code { excerpt, column }), labels }
    }
}

impl Diagnostic for Drawing {
    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.code.as_ref().map(|code| code as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() { None } else { Some(Box::new(self.labels.iter().cloned())) }
    }
}

/// The drawn text, and the column where the error stands in the sheet itself.
#[derive(Debug)]
struct Code {
    excerpt: Excerpt,
    column: usize,
}

impl SourceCode for Code {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.excerpt.text.read_span(span, before, after)?;
        // Without lines around it, it is the place that is read, for the line and the column above the drawing.
        let place = (before, after) == (0, 0);
        let column = if place { self.column.saturating_sub(1) } else { part.column() };
        Ok(Box::new(MietteSpanContents::new_named(
            self.excerpt.name.clone(),
            part.data(),
            *part.span(),
            part.line(),
            column,
            part.line_count(),
        )))
    }
}
