//! What a person wrote is read here, with how precisely it was written: text and TOML's own values, one row at a time.
//! Whether it is right is not known here.

use std::collections::BTreeSet;
use std::ops::Range;

use super::constant::{self, WORK};
use super::letters;
use super::list::{self, Pieces};
use super::plain::Plain;
use crate::expr::limits::Budget;
use crate::expr::{self, Expr, Node as ExprNode, Normal, ParseError};
use crate::num::Exact;
use crate::report::{Row, Value};
use crate::sheet::{Node, NodeValue, SheetError, Source, parse_constant, shown};

/// The longest text of an answer, in bytes.
pub const MAX_ANSWER: usize = 10_000;
/// Entries that a list may have beyond four times those of the answer.
const SPARE_ENTRIES: usize = 16;
/// The most terms that a formula may have when it is multiplied out.
const MAX_FORMULA_TERMS: u64 = 5_000;

/// A number with how precisely it was written.
#[derive(Debug, Clone)]
pub struct Number {
    /// The number that was written.
    pub value: Exact,
    /// Where the last digit of a decimal stands: so many places after the point, before it if negative. `None` where the
    /// number was written exactly: a whole number, a fraction, a closed form.
    pub places: Option<i64>,
}

/// What a person wrote for a row.
#[derive(Debug, Clone)]
pub enum Written {
    /// Nothing.
    Blank,
    /// That there is no such value.
    Absent,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A formula in letters.
    Formula(Expr),
    /// A name of the sheet.
    Name(String),
    /// A list.
    List(Vec<Written>),
    /// A list of many more entries than the answer has, which are not read.
    TooLong(usize),
}

impl Written {
    /// The value that was written, a decimal as the fraction that it is; `None` where there is none.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Blank | Self::Absent | Self::TooLong(_) => None,
            Self::Bool(b) => Some(Value::Bool(*b)),
            Self::Number(n) => Some(Value::Number(n.value.clone())),
            Self::Formula(e) => Some(Value::Formula(e.clone())),
            Self::Name(name) => Some(Value::Name(name.clone())),
            Self::List(items) => items.iter().map(Self::value).collect::<Option<_>>().map(Value::List),
        }
    }

    fn is_flat(&self) -> bool {
        matches!(self, Self::List(items) if !items.iter().any(|i| matches!(i, Self::List(_))))
    }
}

/// What kind of value a row wants.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Bool,
    /// A number, or where `true` also a formula that is promised beside it.
    Number(bool),
    Formula,
    Name,
    List(&'a [Value]),
    /// The answer is no value: anything may have been written.
    Anything,
}

impl<'a> Wanted<'a> {
    fn by(value: &'a Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number(false),
            Value::Formula(_) => Self::Formula,
            Value::Name(_) => Self::Name,
            Value::List(items) => Self::List(items),
        }
    }

    fn of(row: &'a Row) -> Self {
        match row.answer.value() {
            None => Self::Anything,
            Some(Value::Number(_)) => Self::Number(row.formula.is_some()),
            Some(value) => Self::by(value),
        }
    }

    /// What an entry of a list has to be, where this is one.
    fn entry(self, at: usize) -> Self {
        match self {
            Self::List(items) => items.get(at).or(items.first()).map_or(Self::Anything, Self::by),
            // Entries of a list where none was wanted are read by the same rule.
            other => other,
        }
    }
}

/// How to write what is wanted.
fn help(wanted: Wanted<'_>) -> &'static str {
    match wanted {
        Wanted::Bool => "write \"yes\" or \"no\"",
        Wanted::Number(_) => "write a number: \"1/10\", \"0.0333\", \"ln 2\", \"e^0.5/(1 + e^0.5)\"",
        Wanted::Formula => "write a formula with every sign of multiplication: \"2*d*d_ff + d\"",
        Wanted::Name => "write a name as the sheet has it",
        Wanted::List(_) => "write a list: \"[1/2, 0]\", \"[[1, 2], [3, 4]]\", \"24x24x16\"",
        Wanted::Anything => "write a number, a list, \"yes\", \"no\", or \"none\"",
    }
}

/// Reads the answers of one file; all of them together may cost so much work.
pub(super) struct Reader<'a> {
    source: &'a Source,
    budget: Budget,
    /// The letters of the question that is read; none where any will do.
    letters: BTreeSet<String>,
}

/// A text of the file, where it stands, and the same in the signs of the grammar.
#[derive(Clone, Copy)]
struct Text<'a> {
    node: &'a Node,
    written: &'a str,
    plain: &'a Plain,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, budget: Budget::new(WORK), letters: BTreeSet::new() }
    }

    /// Takes the letters of the question that is read next; with none, any letter will do.
    pub(super) fn knows(&mut self, letters: BTreeSet<String>) {
        self.letters = letters;
    }

    /// What was written for a row.
    ///
    /// # Errors
    /// What is no answer of the kind that the row wants, at its place.
    pub(super) fn read(&mut self, node: &Node, row: &Row) -> Result<Written, SheetError> {
        if let NodeValue::Text(text) = &node.value {
            self.check_length(node, text)?;
            let word = text.trim().to_lowercase();
            if word.is_empty() {
                return Ok(Written::Blank);
            }
            if is_none(&word) {
                return Ok(row.answer.value().and_then(nothing).unwrap_or(Written::Absent));
            }
        }
        let wanted = Wanted::of(row);
        if let Some(value) = row.answer.value() {
            let (found, most) =
                (entries(node, value.entries() > 1), value.entries().saturating_mul(4) + SPARE_ENTRIES);
            if found > most {
                return Ok(Written::TooLong(found));
            }
        } else if entries(node, false) > SPARE_ENTRIES {
            return Ok(Written::TooLong(entries(node, false)));
        }
        let written = self.node(node, wanted)?;
        Ok(row.answer.value().map_or(written.clone(), |value| fit(written, value)))
    }

    fn check_length(&self, node: &Node, text: &str) -> Result<(), SheetError> {
        if text.len() <= MAX_ANSWER {
            return Ok(());
        }
        let message = format!("the answer has {} bytes, and the limit is {MAX_ANSWER}", text.len());
        Err(SheetError::at(self.source, node.span.clone(), message, "write a shorter one, or a decimal"))
    }

    fn node(&mut self, node: &Node, wanted: Wanted<'_>) -> Result<Written, SheetError> {
        let not_wanted = |what: &str| {
            let message = format!("{what} is no answer to this");
            Err(SheetError::at(self.source, node.span.clone(), message, help(wanted)))
        };
        match (&node.value, wanted) {
            (NodeValue::Bool(b), Wanted::Bool | Wanted::Anything) => Ok(Written::Bool(*b)),
            (NodeValue::Bool(_), _) => not_wanted("yes or no"),
            (NodeValue::Table(_), _) => not_wanted("a table"),
            (NodeValue::Integer(_) | NodeValue::Float(_), Wanted::Bool | Wanted::Name) => {
                not_wanted("a number")
            }
            (NodeValue::Integer(text) | NodeValue::Float(text), _) => {
                let number = literal(text).map(|literal| literal.number());
                match number {
                    Some(Ok(number)) => Ok(as_wanted(number, wanted)),
                    Some(Err(fault)) => {
                        Err(SheetError::at(self.source, node.span.clone(), fault.message, fault.help))
                    }
                    None => not_wanted("this"),
                }
            }
            (NodeValue::Array(_), Wanted::Bool | Wanted::Name) => not_wanted("a list"),
            (NodeValue::Array(items), _) => {
                let entry = |(at, item): (usize, &Node)| self.node(item, wanted.entry(at));
                Ok(Written::List(items.iter().enumerate().map(entry).collect::<Result<_, _>>()?))
            }
            (NodeValue::Text(text), Wanted::Name) => {
                self.check_length(node, text)?;
                Ok(Written::Name(text.trim().to_owned()))
            }
            (NodeValue::Text(text), _) => {
                self.check_length(node, text)?;
                let plain = Plain::of(text, |name| self.letters.contains(name));
                self.text(Text { node, written: text, plain: &plain }, wanted)
            }
        }
    }

    fn text(&mut self, at: Text<'_>, wanted: Wanted<'_>) -> Result<Written, SheetError> {
        let text = at.plain.text.as_str();
        let whole = 0..text.len();
        match wanted {
            Wanted::List(items) => {
                let several = items.iter().map(Value::entries).sum::<usize>() > 1;
                let pieces = list::pieces(text, several).map_err(|why| {
                    self.error(at, why.at, why.message, "a list is written [1, 2], a matrix [[1, 2], [3, 4]]")
                })?;
                self.pieces(at, &pieces, wanted)
            }
            Wanted::Anything if text.trim_start().starts_with(['[', '(']) => {
                match list::pieces(text, false) {
                    Ok(pieces) => self.pieces(at, &pieces, wanted),
                    Err(_) => self.piece(at, whole, wanted),
                }
            }
            _ => self.piece(at, whole, wanted),
        }
    }

    fn pieces(&mut self, at: Text<'_>, pieces: &Pieces, wanted: Wanted<'_>) -> Result<Written, SheetError> {
        match pieces {
            Pieces::One(place) => self.piece(at, place.clone(), wanted),
            Pieces::Many(all) if all.len() == 1 && is_no_entry(at, all, wanted) => {
                Ok(Written::List(Vec::new()))
            }
            Pieces::Many(all) => {
                let entry = |(i, piece): (usize, &Pieces)| self.pieces(at, piece, wanted.entry(i));
                Ok(Written::List(all.iter().enumerate().map(entry).collect::<Result<_, _>>()?))
            }
        }
    }

    /// A piece of text that is no list.
    fn piece(
        &mut self,
        at: Text<'_>,
        place: Range<usize>,
        wanted: Wanted<'_>,
    ) -> Result<Written, SheetError> {
        let text = at.plain.text.get(place.clone()).unwrap_or("");
        let word = text.trim().to_lowercase();
        if word.is_empty() {
            return Err(self.error(at, place, "an entry is missing".to_owned(), help(wanted)));
        }
        match (word.as_str(), wanted) {
            ("yes" | "true" | "y", Wanted::Bool | Wanted::Anything) => return Ok(Written::Bool(true)),
            ("no" | "false" | "n", Wanted::Bool | Wanted::Anything) => return Ok(Written::Bool(false)),
            (_, Wanted::Bool) => {
                let message = "this is neither yes nor no".to_owned();
                return Err(self.error(at, place, message, help(wanted)));
            }
            _ if text.trim_start().starts_with('[') => {
                let message = "this is a list, and no list is wanted here".to_owned();
                return Err(self.error(at, place, message, help(wanted)));
            }
            _ => {}
        }
        // The dashes that stand for a minus sign take as many bytes as it does, so that places stay.
        let plain = text.replace(['–', '—'], "−");
        if matches!(wanted, Wanted::Formula) {
            self.known_letters(at, &place, &plain, wanted)?;
            return self.formula(at, place, &plain, wanted).map(Written::Formula);
        }
        if let Some(literal) = literal(bare(&plain)) {
            let number = literal.number().map_err(|why| self.error(at, place, why.message, &why.help))?;
            return Ok(as_wanted(number, wanted));
        }
        match self.constant(at, place.clone(), &plain, wanted) {
            Ok(value) => Ok(Written::Number(Number { value, places: None })),
            Err(fault) => self.in_letters(at, place, &plain, wanted, fault),
        }
    }

    /// A text that is no constant, where a number is wanted: a formula where one is promised beside the number, and a
    /// number all the same where its letters fall out, as in `0*d`. Else what was wrong with the constant.
    fn in_letters(
        &mut self,
        at: Text<'_>,
        place: Range<usize>,
        text: &str,
        wanted: Wanted<'_>,
        fault: SheetError,
    ) -> Result<Written, SheetError> {
        let promised = match wanted {
            Wanted::Number(promised) => promised,
            _ => return Err(fault),
        };
        let is_known = |name: Range<usize>| text.get(name).is_some_and(|name| self.letters.contains(name));
        let names = letters::names(text);
        if names.is_empty() || !(promised || names.into_iter().any(is_known)) {
            return Err(fault);
        }
        self.known_letters(at, &place, text, wanted)?;
        let formula = self.formula(at, place, text, wanted)?;
        match Normal::of(&formula).and_then(|normal| normal.as_rational()) {
            Ok(Some(value)) => Ok(Written::Number(Number { value: value.into(), places: None })),
            _ if promised => Ok(Written::Formula(formula)),
            _ => Err(fault),
        }
    }

    /// Refuses a formula with a letter that the question does not have.
    fn known_letters(
        &self,
        at: Text<'_>,
        place: &Range<usize>,
        text: &str,
        wanted: Wanted<'_>,
    ) -> Result<(), SheetError> {
        if self.letters.is_empty() {
            return Ok(());
        }
        let is_unknown =
            |name: &Range<usize>| text.get(name.clone()).is_some_and(|n| !self.letters.contains(n));
        let Some(name) = letters::names(text).into_iter().find(is_unknown) else { return Ok(()) };
        let letter = shown(text.get(name.clone()).unwrap_or(""));
        let known = letters::listed(&self.letters);
        let message = format!("{letter} is not a letter of this answer; it knows {known}");
        let help = match wanted {
            Wanted::Number(_) => "write the formula in these letters, or the number that it is",
            _ => "write the formula in these letters",
        };
        Err(self.error(at, place.start + name.start..place.start + name.end, message, help))
    }

    fn constant(
        &mut self,
        at: Text<'_>,
        place: Range<usize>,
        text: &str,
        wanted: Wanted<'_>,
    ) -> Result<Exact, SheetError> {
        let expr = expr::parse_closed(text).map_err(|why| self.parse_error(at, &place, why, wanted))?;
        constant::exact(&expr, &mut self.budget)
            .map_err(|why| self.error(at, place, why, "write a decimal in its place"))
    }

    fn formula(
        &mut self,
        at: Text<'_>,
        place: Range<usize>,
        text: &str,
        wanted: Wanted<'_>,
    ) -> Result<Expr, SheetError> {
        let expr = expr::parse(text).map_err(|why| self.parse_error(at, &place, why, wanted))?;
        if terms(&expr) > MAX_FORMULA_TERMS {
            let message = format!("multiplied out this has more than {MAX_FORMULA_TERMS} terms, the limit");
            return Err(self.error(at, place, message, "write the formula in a simpler way"));
        }
        Ok(expr)
    }

    fn parse_error(
        &self,
        at: Text<'_>,
        place: &Range<usize>,
        why: ParseError,
        wanted: Wanted<'_>,
    ) -> SheetError {
        let inner = place.start + why.span.start..place.start + why.span.end;
        let help = why.help.unwrap_or_else(|| help(wanted).to_owned());
        self.error(at, inner, why.message, &help)
    }

    fn error(&self, at: Text<'_>, place: Range<usize>, message: String, help: &str) -> SheetError {
        let span = self.source.locate_in_text(&at.node.span, at.written, &at.plain.original(&place));
        SheetError::at(self.source, span, message, help)
    }
}

/// Whether a word says that there is none; after a colon it may say why.
fn is_none(word: &str) -> bool {
    let word = word.split_once(':').map_or(word, |(word, _)| word).trim_end();
    matches!(word, "none" | "does not exist" | "n/a" | "na" | "–" | "—" | "∅" | "no such value")
}

/// Whether the one piece of a list of a list says that it has no entries.
fn is_no_entry(at: Text<'_>, all: &[Pieces], wanted: Wanted<'_>) -> bool {
    let (Wanted::List(_), [Pieces::One(place)]) = (wanted, all) else { return false };
    is_none(&at.plain.text.get(place.clone()).unwrap_or("").trim().to_lowercase())
}

/// A number where a formula is wanted is the formula that it is.
fn as_wanted(number: Number, wanted: Wanted<'_>) -> Written {
    match (wanted, number.value.as_rational()) {
        (Wanted::Formula, Ok(Some(r))) => Written::Formula(Expr::number(r)),
        _ => Written::Number(number),
    }
}

/// "none" where the value is a list without entries: that list.
fn nothing(value: &Value) -> Option<Written> {
    match value {
        Value::List(items) => items.iter().map(nothing).collect::<Option<_>>().map(Written::List),
        _ => None,
    }
}

/// A list of one list may be written without its outer brackets, and a list of one entry without any.
fn fit(written: Written, value: &Value) -> Written {
    let Value::List(items) = value else { return written };
    let written = match written {
        one @ (Written::Number(_) | Written::Formula(_) | Written::Bool(_) | Written::Name(_)) => {
            Written::List(vec![one])
        }
        other => other,
    };
    match items.as_slice() {
        [Value::List(_)] if written.is_flat() && !is_empty_list(&written) => Written::List(vec![written]),
        [inner @ Value::List(_)] if is_empty_list(&written) => {
            nothing(inner).map_or(written, |n| Written::List(vec![n]))
        }
        _ => written,
    }
}

fn is_empty_list(written: &Written) -> bool {
    matches!(written, Written::List(items) if items.is_empty())
}

/// Entries that a value of the file has, before any is read.
fn entries(node: &Node, several: bool) -> usize {
    match &node.value {
        NodeValue::Array(items) => items.iter().map(|item| entries(item, several)).sum(),
        NodeValue::Text(text) => list::pieces(text, several).map_or(1, |pieces| pieces.count()),
        _ => 1,
    }
}

/// Terms that an expression may have when it is multiplied out; saturates.
fn terms(expr: &Expr) -> u64 {
    let count = |node: &Expr, operands: Vec<u64>| -> Result<u64, ()> {
        let product = || operands.iter().fold(1u64, |p, n| p.saturating_mul(*n));
        Ok(match node.node() {
            ExprNode::Number(_) | ExprNode::Variable(_) => 1,
            ExprNode::Sum(_) => operands.iter().fold(0u64, |s, n| s.saturating_add(*n)),
            ExprNode::Power(..) if product() == 1 => 1,
            ExprNode::Power(_, n) => {
                product().saturating_pow(u32::try_from(n.unsigned_abs()).unwrap_or(u32::MAX))
            }
            _ => product(),
        })
    };
    expr.fold(count).ok().flatten().unwrap_or(u64::MAX)
}

/// A number that is nothing but sign, digits, point and exponent.
struct Literal {
    text: String,
    places: Option<i64>,
}

impl Literal {
    fn number(&self) -> Result<Number, crate::sheet::NumberFault> {
        let value = parse_constant(&self.text)?;
        Ok(Number { value: value.into(), places: self.places })
    }
}

/// A text without the parentheses around the whole of it.
fn bare(text: &str) -> &str {
    let inner = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    inner.filter(|t| !t.contains(['(', ')'])).unwrap_or(text)
}

/// The literal that a text is, separators of a whole number taken out.
fn literal(text: &str) -> Option<Literal> {
    let text = text.trim().replace('−', "-");
    let text = without_separators(&text).unwrap_or(text);
    let unsigned = text.trim_start_matches(['-', '+']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, Some(unsigned.get(at + 1..)?)),
        None => (unsigned, None),
    };
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit() || c == '_');
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let any_digit = |t: &str| t.contains(|c: char| c.is_ascii_digit());
    if !(digits(whole) && fraction.is_none_or(digits))
        || !(any_digit(whole) || fraction.is_some_and(any_digit))
    {
        return None;
    }
    let shift = match exponent {
        None => 0,
        Some(e) => {
            let size = e.trim_start_matches(['-', '+']);
            if size.is_empty() || e.len() - size.len() > 1 || !digits(size) {
                return None;
            }
            // What is too long for it is beyond the limit on exponents, which reading the number finds.
            let size = size.replace('_', "").parse::<i64>().unwrap_or(i64::MAX / 2);
            if e.starts_with('-') { -size } else { size }
        }
    };
    let after = fraction.map_or(0, |f| i64::try_from(f.replace('_', "").len()).unwrap_or(i64::MAX / 2));
    // "3." says no digit after the point, so that it is the whole number.
    let decimal = after > 0 || exponent.is_some();
    Some(Literal { places: decimal.then(|| after.saturating_sub(shift)), text })
}

/// `1,000`, `1 000` and the like, in groups of three and with one separator, without it.
fn without_separators(text: &str) -> Option<String> {
    const SEPARATORS: [char; 7] = [',', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];
    let unsigned = text.trim_start_matches(['-', '+']);
    let separator = unsigned.chars().find(|c| SEPARATORS.contains(c))?;
    let mut groups = unsigned.split(separator);
    let first = groups.next()?;
    let all_digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    let fits = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && all_digits(first)
        && groups.all(|group| group.len() == 3 && all_digits(group));
    fits.then(|| text.replace(separator, ""))
}
