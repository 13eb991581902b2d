//! The screen of `verify --plant` lives here: a row an answer, how many wrong values each source refuses, the weakest
//! of them; a summary. Nothing is planted here.

mod json;

use std::fmt::Write as _;

use super::verify::name;
use super::{Options, Paint, heading, wrap};
use crate::notation::{display_width, pad_right};
use crate::report::trial::{Finding, Harvest, Origin, Planting, Response, Standing, Trial, Trials};
use crate::report::{Judged, Status};

pub use json::plant_json;

/// Columns before a row's label.
const INDENT: usize = 5;
/// Widest label that gets a column of its own.
const WIDEST_LABEL: usize = 24;

/// The whole screen; with `names`, what was planted is listed under each row.
#[must_use]
pub fn plant(planting: &Planting, options: &Options, names: bool) -> String {
    let mut out = String::new();
    for tried in &planting.questions {
        let rows: Vec<_> = tried.rows().filter(|(judged, trials)| shown(judged, *trials, options)).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", heading(&tried.question, options));
        let columns = Columns::of(&rows, options);
        for (judged, trials) in rows {
            let lines = match trials {
                Some(trials) => columns.row(trials, options, names),
                None => wrap(&format!("nothing planted: {}", not_held(judged)), columns.room),
            };
            columns.push(&mut out, &name(judged), &lines);
        }
        out.push('\n');
    }
    for line in wrap(&summary(&planting.harvest()), options.width) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// Whether a row is printed: all are, or those that are not refused by two sources.
fn shown(judged: &Judged, trials: Option<&Trials>, options: &Options) -> bool {
    match trials {
        _ if !options.quiet => true,
        Some(trials) => trials.standing() != Standing::ByTwo,
        None => judged.status != Status::NotRun,
    }
}

fn not_held(judged: &Judged) -> &'static str {
    match judged.status {
        Status::NotRun => "the answer did not run",
        Status::Fails => "the answer fails its check",
        Status::Undecided | Status::Holds => "the answer is undecided",
    }
}

/// Widths of the columns of one question.
struct Columns {
    label: usize,
    count: usize,
    /// What is left of the line after the label.
    room: usize,
}

impl Columns {
    fn of(rows: &[(&Judged, Option<&Trials>)], options: &Options) -> Self {
        let label = rows.iter().map(|(judged, _)| display_width(&name(judged))).max().unwrap_or(0);
        let label = label.min(WIDEST_LABEL);
        let counts = rows.iter().filter_map(|(_, trials)| *trials).map(|t| display_width(&planted(t)));
        let room = options.width.saturating_sub(INDENT + label + 2);
        Self { label, count: counts.max().unwrap_or(0), room }
    }

    fn push(&self, out: &mut String, label: &str, lines: &[String]) {
        let label = wrap(label, self.label);
        for i in 0..label.len().max(lines.len()) {
            let cell = |cells: &[String]| cells.get(i).cloned().unwrap_or_default();
            let line =
                format!("{}{}  {}", " ".repeat(INDENT), pad_right(&cell(&label), self.label), cell(lines));
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }

    /// Count, sign and sources; below, the weakest, and with `names` what was planted.
    fn row(&self, trials: &Trials, options: &Options, names: bool) -> Vec<String> {
        let (sign, paint, words) = verdict(trials);
        let mut said: Vec<String> = trials.asked().into_iter().map(|source| share(trials, source)).collect();
        if said.is_empty() {
            said.push("no source".to_owned());
        }
        let said = said.join(", ") + &words.map_or(String::new(), |words| format!(" ({words})"));
        // The sign and the blanks between columns take four.
        // A name stays with its number.
        let mut lines = wrap(&said, self.room.saturating_sub(self.count + 4).max(1));
        lines.iter_mut().for_each(|line| *line = line.replace(NO_BREAK, " "));
        let count = planted(trials);
        for (i, line) in lines.iter_mut().enumerate() {
            let blank = |n: usize| " ".repeat(n);
            let said = options.paint(Paint::Dim, line);
            *line = if i == 0 {
                let blank = blank(self.count.saturating_sub(display_width(&count)));
                format!("{blank}{count}  {} {said}", options.paint(paint, sign))
            } else {
                format!("{}{said}", blank(self.count + 4))
            };
        }
        if let Some(weakest) = trials.weakest() {
            lines.extend(wrap(&format!("weakest: {}", told(weakest)), self.room));
        }
        if names {
            let listed = listed(trials).into_iter().flat_map(|text| hanging(&text, self.room));
            lines.extend(listed.map(|line| options.paint(Paint::Dim, &line)));
        }
        lines
    }
}

/// Lines with all but the first a little further in.
fn hanging(text: &str, width: usize) -> Vec<String> {
    let mut lines = wrap(text, width.saturating_sub(2));
    for line in lines.iter_mut().skip(1) {
        *line = format!("  {line}");
    }
    lines
}

/// A blank at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// `14 planted`
fn planted(trials: &Trials) -> String {
    format!("{} planted", grouped(trials.wrong().count()))
}

/// `pivots 14`, or `pivots 12/14` where it does not refuse all.
fn share(trials: &Trials, source: &str) -> String {
    let share = match trials.refused_by(source) {
        (refused, asked) if refused == asked => format!("{source} {}", grouped(refused)),
        (refused, asked) => format!("{source} {}/{}", grouped(refused), grouped(asked)),
    };
    share.replace(' ', &NO_BREAK.to_string())
}

/// What is found about a row: a sign, and words where not two sources refuse every wrong value.
fn verdict(trials: &Trials) -> (&'static str, Paint, Option<String>) {
    let count = |wanted: &dyn Fn(&Trial) -> bool| grouped(trials.wrong().filter(|t| wanted(t)).count());
    match trials.standing() {
        Standing::ByTwo => ("✓", Paint::Green, None),
        Standing::OneSource => ("✓", Paint::Green, Some("one source".to_owned())),
        Standing::ByOneOnly => ("!", Paint::Yellow, Some(format!("{} by one only", count(&Trial::is_weak)))),
        Standing::NotRefused => {
            let n = count(&|t| t.finding == Finding::CannotTell);
            ("✗", Paint::Red, Some(format!("{n} not refused")))
        }
        Standing::Taken => {
            ("✗", Paint::Red, Some(format!("{} taken", count(&|t| t.finding == Finding::Taken))))
        }
    }
}

/// A wrong value with those that do not refuse it.
fn told(trial: &Trial) -> String {
    let mut said: Vec<String> = trial
        .heard
        .iter()
        .filter(|(_, response)| *response != Response::Refused)
        .map(|(source, response)| format!("{source}: {}", response.word()))
        .collect();
    if trial.heard.is_empty() {
        said.push("no source speaks of it".to_owned());
    }
    format!("{} ({})", trial.what(), said.join(", "))
}

/// What was planted, by name: the kind's mistakes; other changes, counted; what was no mistake.
fn listed(trials: &Trials) -> Vec<String> {
    let mut lines = Vec::new();
    let of = |wanted: &dyn Fn(&&Trial) -> bool| -> Vec<String> {
        trials.trials.iter().filter(|t| wanted(t)).map(Trial::what).collect()
    };
    let named = of(&|t| t.finding.counts() && t.origin == Origin::Catalogue);
    if !named.is_empty() {
        lines.push(format!("mistakes: {}", named.join("; ")));
    }
    let mut changes: Vec<(&str, usize)> = Vec::new();
    for trial in trials.wrong().filter(|t| t.origin == Origin::Generic) {
        let change =
            if trial.change.ends_with(" swapped") { "two entries swapped" } else { trial.change.as_str() };
        match changes.iter_mut().find(|(known, _)| *known == change) {
            Some((_, n)) => *n += 1,
            None => changes.push((change, 1)),
        }
    }
    let changes: Vec<String> = changes
        .into_iter()
        .map(|(change, n)| if n == 1 { change.to_owned() } else { format!("{change} ({n} times)") })
        .collect();
    if !changes.is_empty() {
        lines.push(format!("changes: {}", changes.join("; ")));
    }
    for finding in [Finding::EqualAfterAll, Finding::Unsettled] {
        let all = of(&|t| t.finding == finding);
        if !all.is_empty() {
            lines.push(format!("{}: {}", finding.word(), all.join("; ")));
        }
    }
    lines
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// The summary. Short only where every wrong value is refused.
fn summary(h: &Harvest) -> String {
    let mut out = format!(
        "{} planted in {}: ",
        counted(h.planted, "wrong value", "wrong values"),
        counted(h.answers, "answer", "answers")
    );
    let refused = if h.refused == h.planted { "all".to_owned() } else { grouped(h.refused) };
    let _ = write!(out, "{refused} refused, {} by two sources or more", grouped(h.by_two));
    for (n, words) in [(h.taken, "taken"), (h.cannot_tell, "that no source can tell")] {
        if n > 0 {
            let _ = write!(out, "; {} {words}", grouped(n));
        }
    }
    for (n, words) in [(h.equal, "equal after all"), (h.unsettled, "not told from the right value")] {
        if n > 0 {
            let _ = write!(out, "; {} {words}", grouped(n));
        }
    }
    out.push('.');
    if h.one_source > 0 {
        let verb = if h.one_source == 1 { "has" } else { "have" };
        let _ = write!(out, " {} {verb} one source.", counted(h.one_source, "answer", "answers"));
    }
    if h.weak > 0 {
        let verb = if h.weak == 1 { "has" } else { "have" };
        let answers = counted(h.weak, "answer", "answers");
        let _ = write!(out, " {answers} {verb} wrong values that too few sources refuse.");
    }
    if h.not_held > 0 {
        let verb = if h.not_held == 1 { "does" } else { "do" };
        let _ = write!(
            out,
            " {} {verb} not hold, and nothing was planted there.",
            counted(h.not_held, "answer", "answers")
        );
    }
    if h.tried < h.possible {
        let _ = write!(
            out,
            " Of {} possible changes, {} were made: only some entries of a long value are changed.",
            grouped(h.possible),
            grouped(h.tried)
        );
    }
    out
}

/// Digits in threes: 1,234.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_in_threes() {
        let written = [0, 12, 123, 1234, 123_456, 1_234_567].map(grouped);
        assert_eq!(written, ["0", "12", "123", "1,234", "123,456", "1,234,567"]);
    }

    #[test]
    fn a_summary_is_short_only_where_all_is_refused() {
        let good = Harvest {
            answers: 42,
            planted: 1234,
            refused: 1234,
            by_two: 1180,
            equal: 12,
            tried: 1246,
            possible: 1246,
            ..Harvest::default()
        };
        assert_eq!(
            summary(&good),
            "1,234 wrong values planted in 42 answers: all refused, 1,180 by two sources or more; 12 equal after all."
        );
        let bad = Harvest { refused: 1232, taken: 1, cannot_tell: 1, weak: 2, one_source: 1, ..good };
        assert_eq!(
            summary(&bad),
            "1,234 wrong values planted in 42 answers: 1,232 refused, 1,180 by two sources or more; 1 taken; 1 that no \
             source can tell; 12 equal after all. 1 answer has one source. 2 answers have wrong values \
             that too few sources refuse."
        );
    }
}
