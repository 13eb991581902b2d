//! A whole file is marked here, question by question, row by row. Only what the judge has accepted is held against what
//! was written, and what was written exactly goes before the same judge.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use num_traits::Signed;

use super::compare::{Agreement, Compared, compare};
use super::diagnose::{Rules, Slip, Start, also_fit, mistake};
use super::read::{Number, Reader, Written};
use super::{MarkedQuestion, MarkedRow, Paper, Verdict, form, letters};
use crate::expr::{self, Expr};
use crate::kinds::Mistake;
use crate::notation;
use crate::num::decimal::rational_decimal;
use crate::pipeline::Key;
use crate::report::{self, Answer, Evidence, Judged, Row, Says, Status, Style, Value};
use crate::sheet::{self, Key as Name, Node, NodeValue, SheetError, Source, nearest, shown};

/// The most answers of a file.
const MAX_ANSWERS: usize = 100_000;
/// The most questions that an error lists.
const LISTED: usize = 20;

/// A person's file as TOML; nothing of it is understood yet.
#[derive(Debug)]
pub struct Form {
    source: Source,
    fields: Vec<(Name, Node)>,
}

impl Form {
    /// Reads the TOML.
    ///
    /// # Errors
    /// A file that is no TOML, with the place where that shows.
    pub fn parse(source: Source) -> Result<Self, SheetError> {
        let fields = sheet::parse_toml(&source)?;
        Ok(Self { source, fields })
    }

    /// The text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The sheet that it says it is for, if it does; with the place where it says so.
    ///
    /// # Errors
    /// One that is named by anything but a text.
    pub fn sheet(&self) -> Result<Option<(String, Range<usize>)>, SheetError> {
        let Some((_, node)) = self.fields.iter().find(|(key, node)| is_sheet(key, node)) else {
            return Ok(None);
        };
        match &node.value {
            NodeValue::Text(name) => Ok(Some((name.clone(), node.span.clone()))),
            other => Err(SheetError::at(
                &self.source,
                node.span.clone(),
                format!("`sheet` is not a text but {}", other.describe()),
                "write the path of the sheet, or the name of one that is built in",
            )),
        }
    }
}

/// `sheet = …` names the sheet; a table of that name is a question's.
fn is_sheet(key: &Name, node: &Node) -> bool {
    key.name == form::SHEET && !matches!(node.value, NodeValue::Table(_))
}

/// Marks a file against the keys of its sheet; the questions that `asked` names by their ids are in the paper.
///
/// # Errors
/// A question or a row that the sheet does not have, a row that is answered twice. An answer that cannot be read is no
/// error here but a row of the paper.
pub fn paper(
    form: &Form,
    title: &str,
    keys: &[Key],
    asked: impl Fn(&str) -> bool,
) -> Result<Paper, SheetError> {
    let source = &form.source;
    let mut answers = Answers { source, keys, found: HashMap::new() };
    for (name, node) in form.fields.iter().filter(|(name, node)| !is_sheet(name, node)) {
        answers.gather(&name.name, name, node, None)?;
    }
    let mut reader = Reader::new(source);
    let questions = keys
        .iter()
        .enumerate()
        .filter(|(_, key)| asked(&key.question.id))
        .map(|(at, key)| {
            let node = |row: &str| answers.found.get(&(at, row.to_owned())).map(|(_, node)| *node);
            Marking { key, source, letters: key.problem.letters() }.question(&mut reader, node)
        })
        .collect();
    Ok(Paper { name: source.name.clone(), title: title.to_owned(), questions })
}

/// The answers of a file by question and row.
struct Answers<'a> {
    source: &'a Source,
    keys: &'a [Key],
    found: HashMap<(usize, String), (Range<usize>, &'a Node)>,
}

impl<'a> Answers<'a> {
    /// Takes in a field; the points of a name may stand in it or between the names of tables, as TOML reads them.
    ///
    /// `table` is where it stands: the path and the name of the table around it.
    fn gather(
        &mut self,
        path: &str,
        name: &Name,
        node: &'a Node,
        table: Option<(&str, &Name)>,
    ) -> Result<(), SheetError> {
        if let NodeValue::Table(fields) = &node.value {
            if fields.is_empty() && !self.keys.iter().any(|k| is_part(&k.question.id, path)) {
                return Err(self.unknown(path, name, None));
            }
            return fields.iter().try_for_each(|(inner, node)| {
                self.gather(&format!("{path}.{}", inner.name), inner, node, Some((path, name)))
            });
        }
        let of = |key: &Key| {
            let row = path.strip_prefix(key.question.id.as_str())?.strip_prefix('.')?;
            key.question.row(row).map(|_| row.to_owned())
        };
        let Some((at, row)) = self.keys.iter().enumerate().find_map(|(i, key)| of(key).map(|row| (i, row)))
        else {
            return Err(self.unknown(path, name, table));
        };
        if self.found.len() >= MAX_ANSWERS {
            let message = format!("the file has more than {MAX_ANSWERS} answers, the limit");
            return Err(SheetError::plain(message, "split it into several files"));
        }
        if let Some((first, _)) = self.found.get(&(at, row.clone())) {
            let message = format!("{} is answered twice", shown(path));
            let error = SheetError::at(self.source, name.span.clone(), message, "keep one of the two");
            return Err(error.also(first, "first answered here"));
        }
        self.found.insert((at, row), (name.span.clone(), node));
        Ok(())
    }

    fn unknown(&self, path: &str, name: &Name, table: Option<(&str, &Name)>) -> SheetError {
        // The longest id that the path begins with is the question that was meant.
        let begun =
            |key: &&Key| path.strip_prefix(key.question.id.as_str()).is_some_and(|r| r.starts_with('.'));
        let question = self.keys.iter().filter(begun).max_by_key(|key| key.question.id.len());
        let Some(key) = question else {
            let (path, name) = table.unwrap_or((path, name));
            let ids: Vec<&str> = self.keys.iter().map(|k| k.question.id.as_str()).take(LISTED).collect();
            let message = format!("the sheet has no question {}", shown(path));
            let help = format!("its questions are {}", sheet::listed(&ids));
            return SheetError::at(self.source, name.span.clone(), message, help);
        };
        let question = &key.question;
        let row = path.get(question.id.len() + 1..).unwrap_or("");
        let message = format!("question {} has no row {}", question.id, shown(row));
        let help = match nearest(row, question.rows.iter().map(|r| r.row.id.as_str())) {
            Some(near) => format!("did you mean {}?", shown(near)),
            None => "the blank form of `backproof answers` has every row".to_owned(),
        };
        SheetError::at(self.source, name.span.clone(), message, help)
    }
}

/// Whether an id is the path, or begins with it and a point.
fn is_part(id: &str, path: &str) -> bool {
    id.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What was read for a row, before it is told where it comes from.
struct Heard<'a> {
    judged: &'a Judged,
    text: Option<String>,
    written: Result<Written, SheetError>,
    said: Said,
}

/// A verdict with what to know about it.
#[derive(Debug)]
struct Said {
    verdict: Verdict,
    detail: String,
    short: bool,
}

impl Said {
    fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { verdict, detail: detail.into(), short: false }
    }
}

/// Marks one question.
struct Marking<'a> {
    key: &'a Key,
    source: &'a Source,
    /// The letters of the problem, with the values that the sheet gives them.
    letters: BTreeMap<String, Option<Expr>>,
}

impl<'a> Marking<'a> {
    fn question(&self, reader: &mut Reader<'_>, node: impl Fn(&str) -> Option<&'a Node>) -> MarkedQuestion {
        let question = &self.key.question;
        reader.knows(letters::of_question(question, &self.letters));
        let mut heard: Vec<Heard<'_>> =
            question.rows.iter().map(|judged| self.hear(judged, node(&judged.row.id), reader)).collect();
        let follows = self.follows(&heard);
        // Only rows that are told by their mistakes ask for them, and what follows from an earlier value of the person's own
        // is no slip of its row. Mistakes cost work, which a right paper need not do.
        let slipped = |h: &Heard<'_>, from: &[String]| h.said.verdict == Verdict::Wrong && from.is_empty();
        let wanted: HashSet<&str> = heard
            .iter()
            .zip(&follows)
            .filter(|(h, from)| h.said.short || slipped(h, from))
            .map(|(h, _)| h.judged.row.id.as_str())
            .collect();
        let mistakes = if wanted.is_empty() {
            Vec::new()
        } else {
            self.key.problem.mistakes_of(&|row| wanted.contains(row))
        };
        for h in heard.iter_mut().filter(|h| h.said.short) {
            tell_apart(h, &mistakes);
        }
        let told: Vec<(Slip, Vec<String>)> = heard
            .iter()
            .zip(follows)
            .map(|(h, from)| {
                let right = h.judged.row.answer.value().filter(|_| slipped(h, &from));
                let slip = match (right, &h.written) {
                    // A formula is no mistake's number: with d_ff = 4d many that differ come to the same.
                    (Some(right), Ok(written)) => mistake(&mistakes, &h.judged.row.id, written, right),
                    _ => Slip::Unknown,
                };
                let rows = from.iter().filter_map(|id| question.row(id));
                (slip, rows.map(|judged| name(&judged.row)).collect())
            })
            .collect();
        let rows = heard.into_iter().zip(told).map(|(heard, (slip, follows))| {
            let Said { verdict, mut detail, short } = heard.said;
            if slip == Slip::Several {
                detail = joined(&detail, "more than one slip gives this");
            }
            let diagnosis = if let Slip::One(name) = slip { Some(name) } else { None };
            let (row, text, fault) = (heard.judged.clone(), heard.text, heard.written.err());
            MarkedRow { row, text, verdict, detail, short, diagnosis, follows, fault }
        });
        MarkedQuestion {
            id: question.id.clone(),
            title: question.title.clone(),
            kind: question.kind,
            points: question.points.clone(),
            rows: rows.collect(),
        }
    }

    /// The rows of the person's own, by id, that each row rightly follows from where it is wrong or off.
    fn follows(&self, heard: &[Heard<'_>]) -> Vec<Vec<String>> {
        let is_off = |h: &Heard<'_>| matches!(h.said.verdict, Verdict::Wrong | Verdict::Off);
        if !heard.iter().any(is_off) {
            return vec![Vec::new(); heard.len()];
        }
        let rules = self.key.problem.follow();
        let rules = Rules::of(&rules);
        let by_id: HashMap<&str, &Heard<'_>> = heard.iter().map(|h| (h.judged.row.id.as_str(), h)).collect();
        // In order, so that a blank row between two of the person's passes on what went into it.
        let mut starts: HashMap<&str, Option<Start>> = HashMap::new();
        for h in heard {
            let id = h.judged.row.id.as_str();
            let start = |id: &str| {
                starts.get(id).cloned().unwrap_or_else(|| by_id.get(id).and_then(|h| self.started(h)))
            };
            let missing = matches!(h.said.verdict, Verdict::Blank | Verdict::Unreadable);
            let carried = if missing { rules.carried(id, start) } else { None };
            // What comes out right after all has nothing of the slip in it.
            let right = h.judged.row.answer.value();
            let differs = |s: &Start| right.is_none_or(|right| s.value.same(right) != Some(true));
            starts.insert(id, carried.filter(differs).or_else(|| self.started(h)));
        }
        let start = |id: &str| starts.get(id).cloned().flatten();
        let from = |h: &Heard<'_>| match &h.written {
            Ok(written) if is_off(h) => {
                let in_numbers = self.in_numbers(written, h.judged);
                rules.follows(&h.judged.row.id, in_numbers.as_ref().unwrap_or(written), start)
            }
            _ => Vec::new(),
        };
        heard.iter().map(from).collect()
    }

    fn hear<'b>(&self, judged: &'b Judged, node: Option<&Node>, reader: &mut Reader<'_>) -> Heard<'b> {
        let written = node.map_or(Ok(Written::Blank), |node| reader.read(node, &judged.row));
        let said = match &written {
            Err(error) => Said::new(Verdict::Unreadable, error.message()),
            Ok(_) if judged.status != Status::Holds => {
                Said::new(Verdict::NotJudged, judged.reason().unwrap_or("nothing settled the answer"))
            }
            Ok(Written::Blank) => Said::new(Verdict::Blank, ""),
            Ok(written) => self.say(judged, written),
        };
        let blank = matches!(written, Ok(Written::Blank));
        let text = node.filter(|_| !blank).map(|node| match &node.value {
            NodeValue::Text(text) => text.trim().to_owned(),
            _ => self.source.slice(&node.span).to_owned(),
        });
        Heard { judged, text, written, said }
    }

    /// The verdict on what was written for a row that holds.
    fn say(&self, judged: &Judged, written: &Written) -> Said {
        let value = match (&judged.row.answer, written) {
            (Answer::Absent { reason }, Written::Absent) => {
                return self.accepted(judged, Answer::absent(reason.clone()), "there is none");
            }
            (Answer::Absent { .. }, _) => {
                return Said::new(Verdict::Wrong, "there is no such value");
            }
            (_, Written::Absent) => return Said::new(Verdict::Wrong, "there is a value"),
            (Answer::Value(value), _) => value,
            _ => return Said::new(Verdict::NotJudged, "there is no answer to hold it against"),
        };
        if let Written::TooLong(entries) = written {
            return Said::new(Verdict::Wrong, format!("{entries} entries where {} is right", value.shape()));
        }
        if let (Written::Formula(formula), Value::Number(_), Some(right)) =
            (written, value, &judged.row.formula)
        {
            return match expr::equal(formula, right) {
                Ok(true) => self.accepted(judged, formula.clone().into(), "in letters"),
                Ok(false) => self.at_the_given(judged, formula, right),
                Err(why) => Said::new(Verdict::NotJudged, why.reason),
            };
        }
        if let (Written::Formula(formula), Value::Formula(right)) = (written, value) {
            // The answer is in fewer letters than the law, as the sheet gives the others.
            let more = formula.variables().into_iter().filter(|name| !right.variables().contains(name));
            let (values, told) = self.values_of(more);
            let filled = letters::filled(formula, &values);
            if !values.is_empty() && expr::equal(&filled, right) == Ok(true) {
                return self.accepted(judged, filled.into(), &format!("with {told}"));
            }
        }
        let compared = compare(written, value);
        if let Some(said) = self.of_a_run(judged, written, value, &compared) {
            return said;
        }
        if compared.misshapen {
            if judged.row.style == Style::Items {
                return Said::new(Verdict::Wrong, "");
            }
            let shape = written.value().map_or_else(|| "no value".to_owned(), |v| v.shape());
            let right = value.shape();
            let detail =
                if shape == right { entry(&compared) } else { format!("{shape} where {right} is right") };
            return Said::new(Verdict::Wrong, detail);
        }
        match &compared.agreement {
            Agreement::Exact => match written.value() {
                // A name may be written in other capitals.
                Some(Value::Name(_)) => self.accepted(judged, value.clone().into(), ""),
                Some(value) => self.accepted(judged, value.into(), ""),
                None => Said::new(Verdict::NotJudged, "nothing settled it"),
            },
            // What the judge has accepted is the answer itself, and this is the answer to its digits.
            Agreement::Digits(_) if says_nothing(written, value, self.key.question.digits) => {
                Said::new(Verdict::Wrong, "a zero with too few decimals to say anything")
            }
            Agreement::Digits(_) => self.to_digits(&compared),
            Agreement::Agrees(digits) => {
                Said::new(Verdict::Digits, format!("agrees to {digits} decimals, and no form decides more"))
            }
            Agreement::Unknown(why) => Said::new(Verdict::NotJudged, why.clone()),
            Agreement::Off(cut) => {
                let cut = if *cut { "truncated where rounding was due".to_owned() } else { String::new() };
                Said::new(Verdict::Off, joined(&entry(&compared), &cut))
            }
            Agreement::Wrong => Said::new(Verdict::Wrong, entry(&compared)),
        }
    }

    /// The verdict on a number that was measured: right within what another run may give. `None` of any other row.
    fn of_a_run(
        &self,
        judged: &Judged,
        written: &Written,
        value: &Value,
        compared: &Compared,
    ) -> Option<Said> {
        let tolerance = judged.row.tolerance.as_ref()?;
        let (Written::Number(number), Value::Number(x)) = (written, value) else { return None };
        let asked = i64::from(self.key.question.digits);
        match compared.agreement {
            // To what was written; so few decimals that they say no more than the tolerance does are told so.
            Agreement::Digits(places) if places >= asked => return None,
            Agreement::Exact => return None,
            _ => {}
        }
        let apart = number.value.sub(x).as_rational().ok()??.abs();
        let within = rational_decimal(tolerance, 2);
        Some(if apart <= *tolerance {
            Said::new(Verdict::Near, format!("{within}; your run may differ from the record's"))
        } else {
            Said::new(Verdict::Wrong, format!("more than {within} from the record's"))
        })
    }

    /// The verdict on a formula that is not the law: right where it is the law once the letters that it leaves out are what
    /// the sheet gives. Letters that it has stay letters, so that no coincidence of the sheet's numbers makes it right.
    fn at_the_given(&self, judged: &Judged, formula: &Expr, law: &Expr) -> Said {
        let used = formula.variables();
        let (values, told) = self.values_of(law.variables().into_iter().filter(|name| !used.contains(name)));
        let number = letters::number(formula, &self.letters);
        if values.is_empty() || expr::equal(formula, &letters::filled(law, &values)) != Ok(true) {
            let is_number = number.is_some() && number == letters::number(law, &self.letters);
            let by_chance = if is_number { "the number on this sheet, and not the law" } else { "" };
            return Said::new(Verdict::Wrong, by_chance);
        }
        match number {
            Some(number) => self.accepted(judged, number.into(), &format!("in letters, with {told}")),
            None => Said::new(Verdict::NotJudged, "the sheet does not give all its letters"),
        }
    }

    /// What the sheet gives for letters, and that in words: `mu = 0, sigma = 1`.
    fn values_of(&self, names: impl Iterator<Item = String>) -> (BTreeMap<String, Expr>, String) {
        let values: BTreeMap<String, Expr> =
            names.filter_map(|name| Some((name.clone(), self.letters.get(&name)?.clone()?))).collect();
        let told: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        (values, told.join(", "))
    }

    /// A formula in place of a number, as the number that it is on the sheet; `None` of anything else.
    fn in_numbers(&self, written: &Written, judged: &Judged) -> Option<Written> {
        let (Written::Formula(formula), Some(Value::Number(_))) = (written, judged.row.answer.value()) else {
            return None;
        };
        let value = letters::number(formula, &self.letters)?.into();
        Some(Written::Number(Number { value, places: None }))
    }

    /// What a rule starts from, for a row that holds.
    fn started(&self, heard: &Heard<'_>) -> Option<Start> {
        match heard.said.verdict {
            Verdict::Digits | Verdict::Near | Verdict::TooFew | Verdict::Off | Verdict::Wrong => {
                let written = heard.written.as_ref().ok()?;
                let value = match self.in_numbers(written, heard.judged) {
                    Some(number) => number.value()?,
                    None => written.value()?,
                };
                Some(Start { value, own: vec![heard.judged.row.id.clone()] })
            }
            Verdict::Exact | Verdict::Blank => {
                Some(Start { value: heard.judged.row.answer.value()?.clone(), own: Vec::new() })
            }
            Verdict::Unreadable | Verdict::NotJudged => None,
        }
    }

    fn to_digits(&self, compared: &Compared) -> Said {
        let asked = i64::from(self.key.question.digits);
        let places = compared.places.unwrap_or(asked);
        let short = places < asked;
        let detail = if short { format!("{} of {asked} decimals", places.max(0)) } else { String::new() };
        Said { verdict: Verdict::Digits, detail, short }
    }

    /// What is equal to the answer goes before the judge that accepted the answer, with the same evidence.
    fn accepted(&self, judged: &Judged, answer: Answer, detail: &str) -> Said {
        let number = matches!(judged.row.answer.value(), Some(Value::Number(_)));
        let in_letters = number && matches!(answer, Answer::Value(Value::Formula(_)));
        let mut row = Row::new(judged.row.id.clone(), judged.row.label.clone(), answer);
        row.formula.clone_from(&judged.row.formula);
        let all = self.key.evidence.get(&judged.row.id).map_or(&[][..], Vec::as_slice);
        // A formula in place of a number is held against what is said of formulas.
        let of_formulas = |e: &&Evidence| !in_letters || matches!(e.says, Says::Formula(_));
        let evidence: Vec<Evidence> = all.iter().filter(of_formulas).cloned().collect();
        let (verdicts, status) = report::judge(&row, &evidence, self.key.question.digits);
        if status == Status::Holds {
            return Said::new(Verdict::Exact, detail);
        }
        let judged = Judged { row, verdicts, status };
        Said::new(Verdict::NotJudged, judged.reason().unwrap_or("nothing settled it"))
    }
}

/// Whether a zero stands for a value that is not zero, with fewer decimals than are asked for.
fn says_nothing(written: &Written, value: &Value, asked: u32) -> bool {
    match (written, value) {
        (Written::Number(n), Value::Number(x)) => {
            n.places.is_some_and(|places| places < i64::from(asked))
                && n.value.is_zero() == Ok(true)
                && x.is_zero() != Ok(true)
        }
        (Written::List(a), Value::List(b)) => a.iter().zip(b).any(|(a, b)| says_nothing(a, b, asked)),
        _ => false,
    }
}

/// Takes back that a row is right where a usual mistake gives the digits that were written as well.
fn tell_apart(heard: &mut Heard<'_>, mistakes: &[Mistake]) {
    let (Ok(written), Some(right)) = (&heard.written, heard.judged.row.answer.value()) else { return };
    let names = also_fit(mistakes, &heard.judged.row.id, written, right);
    let fits = match names.as_slice() {
        [] => return,
        [name] => format!("fit as well: {name}"),
        [one, other] => format!("fit as well: {one}; {other}"),
        [one, other, more @ ..] => format!("fit as well: {one}; {other}; and {} more", more.len()),
    };
    let detail = format!("{} {fits}", heard.said.detail);
    heard.said = Said::new(Verdict::TooFew, detail);
}

/// The place of the worst entry: `entry 2`, `entry (2, 1)`.
fn entry(compared: &Compared) -> String {
    let at: Vec<String> = compared.at.iter().map(ToString::to_string).collect();
    match at.as_slice() {
        [] => String::new(),
        [only] => format!("entry {only}"),
        _ => format!("entry ({})", at.join(", ")),
    }
}

fn joined(a: &str, b: &str) -> String {
    if a.is_empty() || b.is_empty() { format!("{a}{b}") } else { format!("{a}, {b}") }
}

/// What a person calls a row: its letters, else its label.
fn name(row: &Row) -> String {
    row.symbol.as_ref().map_or_else(|| row.label.clone(), notation::text)
}
