//! What becomes of wrong values lives here: each is held against the evidence, a source at a time. How they are made
//! is in `planted`.

use super::judge::{outcome, speaks_of_the_answer};
use super::planted::{self, Extent, Instead, Planted, spread};
use super::{Answer, Evidence, Judged, Outcome, Question, Row, Status, Strength, Value};

/// What a source makes of a wrong value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// It contradicts it.
    Refused,
    /// It is too coarse: the value lies within what it proved, or nothing could be settled.
    CannotTell,
    /// It says that the wrong value is the right one.
    Taken,
}

impl Response {
    /// The word in print and in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CannotTell => "cannot tell",
            Self::Taken => "taken",
        }
    }
}

/// Where a wrong value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The kind's catalogue of mistakes.
    Catalogue,
    /// A change that any value can suffer.
    Generic,
}

impl Origin {
    /// The word in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Generic => "generic",
        }
    }
}

/// What is found in the end about a planted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is the right value: it was not counted as wrong.
    EqualAfterAll,
    /// Whether it is the right value was not settled: it was not counted as wrong either.
    Unsettled,
    /// So many sources refuse it, at least one, and none takes it.
    Refused(usize),
    /// No source refuses it and none takes it.
    CannotTell,
    /// A source takes it.
    Taken,
}

impl Finding {
    /// The word in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::EqualAfterAll => "equal after all",
            Self::Unsettled => "not settled",
            Self::Refused(_) => Response::Refused.word(),
            Self::CannotTell => Response::CannotTell.word(),
            Self::Taken => Response::Taken.word(),
        }
    }

    /// Whether a wrong value was planted, as far as could be settled.
    #[must_use]
    pub fn counts(self) -> bool {
        !matches!(self, Self::EqualAfterAll | Self::Unsettled)
    }
}

/// A planted value and what each source made of it.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Where it was changed; empty where as a whole.
    pub place: String,
    /// What was changed, or the name of the mistake.
    pub change: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether the formula beside the number was changed, not the answer.
    pub beside: bool,
    /// Sources that speak of it, each once.
    pub heard: Vec<(&'static str, Response)>,
    /// What is found in the end.
    pub finding: Finding,
}

impl Trial {
    /// Place and change in one.
    #[must_use]
    pub fn what(&self) -> String {
        if self.place.is_empty() { self.change.clone() } else { format!("{}: {}", self.place, self.change) }
    }

    /// Whether fewer refuse it than should: two where two sources speak, else one.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        match self.finding {
            Finding::EqualAfterAll | Finding::Unsettled => false,
            Finding::Refused(by) => by < self.heard.len().min(2),
            Finding::CannotTell | Finding::Taken => true,
        }
    }
}

/// How a row stands after its trials, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Two sources or more refuse every wrong value.
    ByTwo,
    /// The only source refuses every wrong value.
    OneSource,
    /// Every wrong value is refused, but one of several sources alone refuses some.
    ByOneOnly,
    /// Some wrong value is not refused.
    NotRefused,
    /// A source takes some wrong value.
    Taken,
}

impl Standing {
    /// The words in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ByTwo => "refused by two",
            Self::OneSource => "refused by the only source",
            Self::ByOneOnly => "refused by one only",
            Self::NotRefused => "not refused",
            Self::Taken => "taken",
        }
    }
}

/// The trials of a row.
#[derive(Debug, Clone)]
pub struct Trials {
    /// Sources that speak of the answer, in order.
    pub sources: Vec<&'static str>,
    /// What was planted.
    pub trials: Vec<Trial>,
    /// How many values could have been planted.
    pub possible: usize,
}

impl Trials {
    /// Wrong values that were planted.
    pub fn wrong(&self) -> impl Iterator<Item = &Trial> {
        self.trials.iter().filter(|t| t.finding.counts())
    }

    /// How the row stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let of = |t: &Trial| match t.finding {
            Finding::Taken => Standing::Taken,
            Finding::CannotTell => Standing::NotRefused,
            Finding::Refused(_) if t.is_weak() => Standing::ByOneOnly,
            // A formula beside the number is another matter than the answer's sources.
            Finding::Refused(1) if !t.beside => Standing::OneSource,
            _ => Standing::ByTwo,
        };
        self.wrong().map(of).max().unwrap_or(Standing::ByTwo)
    }

    /// The wrong value that comes off best, where one is refused by fewer than it should.
    #[must_use]
    pub fn weakest(&self) -> Option<&Trial> {
        let order = |t: &&Trial| match t.finding {
            Finding::Taken => 0,
            Finding::CannotTell => 1,
            _ => 2,
        };
        self.wrong().filter(|t| t.is_weak()).min_by_key(order)
    }

    /// Of the wrong values that a source was asked about, how many it refuses: refused, asked.
    #[must_use]
    pub fn refused_by(&self, source: &str) -> (usize, usize) {
        let heard = || self.wrong().flat_map(|t| &t.heard).filter(|(s, _)| *s == source);
        (heard().filter(|(_, r)| *r == Response::Refused).count(), heard().count())
    }

    /// All sources that were asked, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<&'static str> {
        let mut all = self.sources.clone();
        for (source, _) in self.trials.iter().flat_map(|t| &t.heard) {
            if !all.contains(source) {
                all.push(source);
            }
        }
        all
    }
}

/// A question with the trials of its rows.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The question, judged.
    pub question: Question,
    /// The trials of each row, in the order of the rows; `None` where the row does not hold.
    pub trials: Vec<Option<Trials>>,
}

impl Tried {
    /// The rows with their trials.
    pub fn rows(&self) -> impl Iterator<Item = (&Judged, Option<&Trials>)> {
        self.question.rows.iter().zip(self.trials.iter().map(Option::as_ref))
    }
}

/// A sheet with wrong values planted in its answers.
#[derive(Debug, Clone)]
pub struct Planting {
    /// The sheet's title.
    pub title: String,
    /// Questions in order.
    pub questions: Vec<Tried>,
}

/// How many planted values went where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Harvest {
    /// Answers with wrong values planted in them.
    pub answers: usize,
    /// Of those, answers that one source speaks of.
    pub one_source: usize,
    /// Answers that hold, and of which a source refuses too few.
    pub weak: usize,
    /// Wrong values.
    pub planted: usize,
    /// Values that could have been planted, right ones among them.
    pub possible: usize,
    /// Values that were planted, right ones among them.
    pub tried: usize,
    /// Wrong values that are refused.
    pub refused: usize,
    /// Of those, refused by two sources or more.
    pub by_two: usize,
    /// Wrong values that are taken.
    pub taken: usize,
    /// Wrong values about which no source can tell.
    pub cannot_tell: usize,
    /// Planted values that are the right ones.
    pub equal: usize,
    /// Planted values about which that was not settled.
    pub unsettled: usize,
    /// Answers that fail or are undecided, so that nothing could be planted.
    pub not_held: usize,
}

impl Planting {
    /// Counts planted values by what was found.
    #[must_use]
    pub fn harvest(&self) -> Harvest {
        let mut h = Harvest::default();
        for (judged, trials) in self.questions.iter().flat_map(Tried::rows) {
            let Some(trials) = trials else {
                h.not_held += usize::from(matches!(judged.status, Status::Fails | Status::Undecided));
                continue;
            };
            h.answers += 1;
            h.one_source += usize::from(trials.sources.len() == 1);
            h.weak += usize::from(trials.standing() >= Standing::ByOneOnly);
            h.possible += trials.possible;
            h.tried += trials.trials.len();
            for trial in &trials.trials {
                h.planted += usize::from(trial.finding.counts());
                match trial.finding {
                    Finding::EqualAfterAll => h.equal += 1,
                    Finding::Unsettled => h.unsettled += 1,
                    Finding::Refused(by) => {
                        h.refused += 1;
                        h.by_two += usize::from(by >= 2);
                    }
                    Finding::CannotTell => h.cannot_tell += 1,
                    Finding::Taken => h.taken += 1,
                }
            }
        }
        h
    }
}

/// Plants wrong values in a row that holds: the named mistakes, and changes that any value can suffer. At most `most`
/// are planted, at equal distances in that order.
#[must_use]
pub fn plant(
    judged: &Judged,
    mistakes: Vec<(String, Value)>,
    evidence: &[Evidence],
    digits: u32,
    most: usize,
) -> Option<Trials> {
    if judged.status != Status::Holds {
        return None;
    }
    let row = &judged.row;
    let about: Vec<&Evidence> = evidence
        .iter()
        .filter(|e| e.concerns(row))
        .zip(&judged.verdicts)
        .filter_map(|(e, verdict)| verdict.holds().then_some(e))
        .collect();
    let mut sources = Vec::new();
    for e in about.iter().filter(|e| speaks_of_the_answer(row, &e.says)) {
        if !sources.contains(&e.source) {
            sources.push(e.source);
        }
    }
    let changes = planted::changes(row, Extent::Chosen);
    let (named, possible) = (mistakes.len(), mistakes.len() + planted::how_many(row));
    let mut mistakes: Vec<Option<(String, Value)>> = mistakes.into_iter().map(Some).collect();
    let mut trials = Vec::new();
    for i in spread(named + changes.len(), most) {
        let made = match mistakes.get_mut(i) {
            Some(mistake) => {
                mistake.take().map(|(name, value)| (Origin::Catalogue, Planted::named(row, name, value)))
            }
            None => changes
                .get(i.saturating_sub(named))
                .and_then(|change| change.make(row))
                .map(|planted| (Origin::Generic, planted)),
        };
        if let Some((origin, planted)) = made {
            trials.push(trial(row, planted, origin, &about, digits));
        }
    }
    Some(Trials { sources, trials, possible })
}

fn trial(row: &Row, planted: Planted, origin: Origin, about: &[&Evidence], digits: u32) -> Trial {
    let beside = matches!(planted.instead, Instead::Formula(_));
    let mut heard: Vec<(&'static str, Response)> = Vec::new();
    if planted.differs == Some(true) {
        let wrong = planted.row(row);
        for e in about.iter().filter(|e| speaks(row, e, beside)) {
            let response = response(&outcome(&wrong, &e.says, digits));
            match heard.iter_mut().find(|(source, _)| *source == e.source) {
                Some((_, before)) => *before = together(*before, response),
                None => heard.push((e.source, response)),
            }
        }
    }
    let finding = match planted.differs {
        Some(false) => Finding::EqualAfterAll,
        None => Finding::Unsettled,
        Some(true) => find(&heard),
    };
    Trial { place: planted.place, change: planted.change, origin, beside, heard, finding }
}

fn find(heard: &[(&'static str, Response)]) -> Finding {
    let count = |wanted: Response| heard.iter().filter(|(_, r)| *r == wanted).count();
    match (count(Response::Taken), count(Response::Refused)) {
        (0, 0) => Finding::CannotTell,
        (0, by) => Finding::Refused(by),
        _ => Finding::Taken,
    }
}

/// What one source says in two pieces: a piece that takes a wrong value is a fault whatever the other says.
fn together(a: Response, b: Response) -> Response {
    match (a, b) {
        (Response::Taken, _) | (_, Response::Taken) => Response::Taken,
        (Response::Refused, _) | (_, Response::Refused) => Response::Refused,
        _ => Response::CannotTell,
    }
}

/// Whether evidence speaks of what was changed: the answer, or the formula beside it.
fn speaks(row: &Row, evidence: &Evidence, beside: bool) -> bool {
    let of_answer = speaks_of_the_answer(row, &evidence.says);
    if beside { !of_answer && matches!(row.answer, Answer::Value(_)) } else { of_answer }
}

/// A wrong value that agrees within bounds or within an error of sampling was not told from the right one; one that is
/// said to be equal was taken.
fn response(outcome: &Outcome) -> Response {
    match outcome {
        Outcome::Fails(_) => Response::Refused,
        Outcome::Undecided(_) | Outcome::Holds(Strength::Enclosed { .. } | Strength::Measured) => {
            Response::CannotTell
        }
        Outcome::Holds(Strength::Decided | Strength::Proved) => Response::Taken,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::{Exact, Interval, ratio};
    use crate::report::{Bounds, judge};

    fn tried(value: Value, evidence: &[Evidence], mistakes: Vec<(String, Value)>) -> Trials {
        let row = Row::new("k", "k", value);
        let (verdicts, status) = judge(&row, evidence, 2);
        plant(&Judged { row, verdicts, status }, mistakes, evidence, 2, usize::MAX).unwrap()
    }

    /// A formula at no letters is equal to whatever is asked: evidence that takes everything.
    fn planting(trials: Trials) -> Planting {
        let row = Row::new("k", "k", Value::integer(0));
        let judged = Judged { row, verdicts: Vec::new(), status: Status::Holds };
        let question = Question {
            id: "1".to_owned(),
            kind: "none",
            title: String::new(),
            points: None,
            digits: 2,
            rows: vec![judged],
        };
        Planting { title: String::new(), questions: vec![Tried { question, trials: vec![Some(trials)] }] }
    }

    #[test]
    fn a_value_that_is_right_after_all_is_no_wrong_one() {
        let evidence = [Evidence::equal("k", "counting", Value::integer(0), "")];
        let named = vec![("nothing".to_owned(), Value::integer(0)), ("k + 1".to_owned(), Value::integer(1))];
        let trials = tried(Value::integer(0), &evidence, named);
        let equal: Vec<String> =
            trials.trials.iter().filter(|t| t.finding == Finding::EqualAfterAll).map(Trial::what).collect();
        assert_eq!(equal, ["nothing", "the sign"]);
        // k + 1, a thousandth, one more, none.
        assert_eq!(trials.refused_by("counting"), (4, 4));
        assert_eq!(trials.standing(), Standing::OneSource);
        let harvest = planting(trials).harvest();
        assert_eq!((harvest.planted, harvest.refused, harvest.equal, harvest.one_source), (4, 4, 2, 1));
    }

    #[test]
    fn an_interval_that_holds_a_wrong_value_cannot_tell() {
        let around = |width: i64| {
            let bounds = Interval::hull(&ratio(10 - width, 1), &ratio(10 + width, 1), 64);
            Evidence::within("k", "bounds", Bounds::Number(bounds), "")
        };
        // From 9 to 11 no decimal is settled, so that the row would not hold by it: not a source at all.
        let wide = [Evidence::equal("k", "counting", Value::integer(10), ""), around(1)];
        assert_eq!(tried(Value::integer(10), &wide, Vec::new()).sources, ["counting"]);
        let narrow = Interval::hull(&ratio(999_999, 100_000), &ratio(1_000_001, 100_000), 64);
        let near = (String::from("nearly"), Value::from(ratio(10_000_001, 1_000_000)));
        let narrow = Evidence::within("k", "bounds", Bounds::Number(narrow), "");
        let both = [Evidence::equal("k", "counting", Value::integer(10), ""), narrow.clone()];
        let trials = tried(Value::integer(10), &both, vec![near.clone()]);
        assert_eq!(trials.standing(), Standing::ByOneOnly);
        let weakest = trials.weakest().unwrap();
        assert_eq!(weakest.what(), "nearly");
        assert_eq!(weakest.heard, [("counting", Response::Refused), ("bounds", Response::CannotTell)]);
        assert_eq!((trials.refused_by("counting"), trials.refused_by("bounds")), ((5, 5), (4, 5)));
        let alone = tried(Value::integer(10), &[narrow], vec![near]);
        assert_eq!(alone.standing(), Standing::NotRefused);
        let harvest = planting(alone).harvest();
        assert_eq!((harvest.planted, harvest.refused, harvest.cannot_tell, harvest.weak), (5, 4, 1, 1));
    }

    #[test]
    fn evidence_that_takes_everything_is_found() {
        // It lists the right value and, in a second piece, whatever it is shown.
        let blind = [
            Evidence::equal("k", "blind", Value::integer(10), ""),
            Evidence::equal("k", "honest", Value::integer(10), ""),
        ];
        let right = Row::new("k", "k", Value::integer(10));
        let blind_of = |wrong: &Value| {
            let mut evidence = blind.to_vec();
            if let Some(first) = evidence.first_mut() {
                *first = Evidence::equal("k", "blind", wrong.clone(), "");
            }
            evidence
        };
        let wrong = Value::integer(11);
        let evidence = blind_of(&wrong);
        let about: Vec<&Evidence> = evidence.iter().collect();
        let planted = Planted::named(&right, "one more", wrong);
        let one = trial(&right, planted, Origin::Generic, &about, 2);
        assert_eq!(one.heard, [("blind", Response::Taken), ("honest", Response::Refused)]);
        assert_eq!(one.finding, Finding::Taken);
        let trials = Trials { sources: vec!["blind", "honest"], trials: vec![one], possible: 1 };
        assert_eq!(trials.standing(), Standing::Taken);
        let harvest = planting(trials).harvest();
        assert_eq!((harvest.planted, harvest.refused, harvest.taken), (1, 0, 1));
    }

    #[test]
    fn a_formula_that_no_evidence_tells_from_another_is_taken() {
        use crate::expr::Expr;
        use crate::report::Instance;
        // At x = 0 alone, twice x is x.
        let with = std::collections::BTreeMap::from([("x".to_owned(), Expr::integer(0))]);
        let instance = Instance { with, equals: Expr::integer(0) };
        let evidence = [Evidence::formula("k", "one point", vec![instance], "")];
        let trials = tried(Value::Formula(Expr::var("x")), &evidence, Vec::new());
        assert_eq!(trials.standing(), Standing::Taken);
        assert_eq!(trials.weakest().map(Trial::what).as_deref(), Some("the sign"));
    }

    #[test]
    fn what_holds_by_nothing_gets_nothing_planted() {
        let row = Row::new("k", "k", Value::Number(Exact::one()));
        let judged = Judged { row, verdicts: Vec::new(), status: Status::Undecided };
        assert!(plant(&judged, Vec::new(), &[], 2, 10).is_none());
    }
}
