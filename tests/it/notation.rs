//! What is printed reads back here: every `exact` of the JSON is read by a small reader of its own, enclosed, and held
//! against the `decimal` printed beside it. The two are printed from one number by different code.

use backproof::num::{Integer, Interval, Rational, Rounding};
use backproof::render::{self, Options};
use backproof::report::Report;
use backproof::sheet::{Sheet, Source};
use backproof::{notation, pipeline};
use num_traits::{One, Signed};
use serde_json::Value as Json;

use crate::cases;
use crate::support::sources;

/// Significant digits that are printed and compared.
const DIGITS: u32 = 30;

// ---- a reader of exact values --------------------------------------------------------------------

/// Reads `log(1 + exp(1/2)) - sqrt(5)/2` into an enclosure: sums, products, powers, three functions, whole numbers.
struct Reader<'a> {
    rest: &'a str,
    bits: u32,
}

impl Reader<'_> {
    fn read(text: &str, bits: u32) -> Result<Interval, String> {
        let mut reader = Reader { rest: text, bits };
        let value = reader.sum()?;
        if reader.rest.trim().is_empty() { Ok(value) } else { Err(format!("left over: {}", reader.rest)) }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = self.rest.trim_start().strip_prefix(sign);
        // `**` is not a `*`.
        let found = found.filter(|after| sign != "*" || !after.starts_with('*'));
        found.map(|after| self.rest = after).is_some()
    }

    fn whole(&self, n: i64) -> Interval {
        Interval::from_rational(&Rational::from_integer(n.into()), self.bits)
    }

    fn sum(&mut self) -> Result<Interval, String> {
        let mut value = self.product()?;
        loop {
            if self.takes("+") {
                value = value.add(&self.product()?);
            } else if self.takes("-") {
                value = value.sub(&self.product()?);
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<Interval, String> {
        let mut value = self.signed()?;
        loop {
            if self.takes("*") {
                value = value.mul(&self.signed()?);
            } else if self.takes("/") {
                value = value.checked_div(&self.signed()?).ok_or("a divisor that may be zero")?;
            } else {
                return Ok(value);
            }
        }
    }

    fn signed(&mut self) -> Result<Interval, String> {
        if self.takes("-") { Ok(self.signed()?.neg()) } else { self.power() }
    }

    fn power(&mut self) -> Result<Interval, String> {
        let base = self.atom()?;
        if !self.takes("**") {
            return Ok(base);
        }
        let exponent = self.signed()?.lower();
        let n = u32::try_from(exponent.to_integer()).map_err(|_| "an exponent that is not a small number")?;
        Ok((0..n).fold(self.whole(1), |product, _| product.mul(&base)))
    }

    fn atom(&mut self) -> Result<Interval, String> {
        if self.takes("(") {
            let value = self.sum()?;
            return if self.takes(")") { Ok(value) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        self.rest = after;
        if let Ok(n) = word.parse::<Integer>() {
            return Ok(Interval::from_rational(&Rational::from_integer(n), self.bits));
        }
        if !self.takes("(") {
            return Err(format!("`{word}` is no number and no function"));
        }
        let x = self.sum()?;
        if !self.takes(")") {
            return Err(format!("{word}( is not closed"));
        }
        match word {
            "exp" => x.exp().map_err(|e| e.reason),
            "log" => {
                x.ln().map_err(|e| e.reason)?.ok_or_else(|| "a logarithm of nothing positive".to_owned())
            }
            "sqrt" => root(&x).ok_or_else(|| "a root of nothing positive".to_owned()),
            other => Err(format!("`{other}` is no function")),
        }
    }
}

fn root(x: &Interval) -> Option<Interval> {
    if x.lo().is_negative() {
        return None;
    }
    let scaled = |end: &Integer| (end << x.bits()).sqrt();
    Some(Interval::new(scaled(x.lo()), scaled(x.hi()) + 1, x.bits()))
}

/// A printed decimal and a unit of its last digit.
fn decimal(text: &str) -> Option<(Rational, Rational)> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Integer = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let ten = Rational::from_integer(Integer::from(10).pow(u32::try_from(shift.unsigned_abs()).ok()?));
    let unit = if shift < 0 { ten.recip() } else { ten };
    Some((Rational::from_integer(digits) * &unit, unit))
}

/// What is wrong with a decimal beside an exact value: it must be within half a unit of its last digit.
fn fault(exact: &str, printed: &str) -> Option<String> {
    let Some((value, unit)) = decimal(printed) else { return Some(format!("{printed} is no decimal")) };
    let half = &unit / Rational::from_integer(2.into());
    // An enclosure can be wider than the distance to a tie; a hundredth of a unit is left to it.
    let slack = &unit / Rational::from_integer(100.into());
    let mut bits = 256;
    loop {
        match Reader::read(exact, bits) {
            Err(why) if bits >= 1 << 14 => return Some(format!("{exact} is not read: {why}")),
            Err(why) if why.contains("no function") || why.contains("left over") => {
                return Some(format!("{exact} is not read: {why}"));
            }
            Ok(x) if x.upper() - x.lower() < slack => {
                let off = (x.lower() - &value).abs().max((x.upper() - &value).abs());
                return (off > half + slack).then(|| format!("{exact} is printed as {printed}"));
            }
            _ if bits >= 1 << 14 => return Some(format!("{exact} is not enclosed beside {printed}")),
            _ => bits *= 2,
        }
    }
}

/// Compares nested values number by number; counts them.
fn compare(exact: &Json, printed: &Json, place: &str, faults: &mut Vec<String>) -> usize {
    match (exact, printed) {
        (Json::Array(a), Json::Array(b)) => a.iter().zip(b).map(|(a, b)| compare(a, b, place, faults)).sum(),
        (Json::String(a), Json::String(b)) => {
            faults.extend(fault(a, b).map(|f| format!("{place}: {f}")));
            1
        }
        _ => 0,
    }
}

fn reports() -> impl Iterator<Item = (String, Report)> {
    let known = cases::sheets().into_iter().map(|(id, text)| Source::new(id, &text));
    sources().into_iter().chain(known).map(|source| {
        let name = source.name.clone();
        (name, pipeline::examine(&Sheet::parse(source).unwrap()).unwrap())
    })
}

#[test]
fn exact_values_and_decimals_say_the_same() {
    let (mut count, mut faults) = (0, Vec::new());
    let options = Options { rounding: Some(Rounding::Significant(DIGITS)), ..Options::default() };
    for (name, report) in reports() {
        let report: Json = serde_json::from_str(&render::json(&report, &options)).unwrap();
        for row in report["questions"].as_array().unwrap().iter().flat_map(|q| q["rows"].as_array().unwrap())
        {
            let place = format!("{name}: {}", row["id"].as_str().unwrap());
            count += compare(&row["exact"], &row["decimal"], &place, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
    assert!(count > 1000, "only {count} numbers were compared");
}

#[test]
fn steps_print_in_text_and_in_latex_without_a_gap() {
    for (name, report) in reports() {
        for row in report.questions.iter().flat_map(|q| &q.rows) {
            for math in row.row.steps.iter().flat_map(|s| &s.math).chain(&row.row.symbol) {
                let (text, latex) = (notation::text(math), notation::latex(math));
                assert!(!text.trim().is_empty() && !latex.trim().is_empty(), "{name}: {}", row.row.id);
                assert!(!text.contains('\\') && !text.contains("{}"), "{name}: {}: {text}", row.row.id);
                let open = latex.matches('{').count();
                assert_eq!(open, latex.matches('}').count(), "{name}: {}: {latex}", row.row.id);
                let left = latex.matches("\\left").count() - latex.matches("\\leftarrow").count();
                let right = latex.matches("\\right").count() - latex.matches("\\rightarrow").count();
                assert_eq!(left, right, "{name}: {}: {latex}", row.row.id);
            }
        }
    }
}

#[test]
fn the_reader_reads_and_refuses() {
    for (text, want) in [
        ("2 + 3*4", 14),
        ("-(1 - 3)*2**3", 16),
        ("exp(0) + log(1)", 1),
        ("sqrt(16)/2 - 1/2*2", 1),
        ("7 - 2 - 3", 2),
        ("12/2/3", 2),
    ] {
        let x = Reader::read(text, 64).unwrap();
        let want = Rational::from_integer(Integer::from(want));
        let near = (x.lower() - &want).abs().max((x.upper() - &want).abs());
        assert!(near < Rational::new(Integer::one(), Integer::from(1_000_000)), "{text}: {x:?}");
    }
    for wrong in ["", "2 +", "(1", "p_i", "sin(1)", "2 3", "log(0 - 1)", "1/(1 - 1)"] {
        assert!(Reader::read(wrong, 64).is_err(), "{wrong:?}");
    }
    assert!(fault("1/3", "0.33333").is_none() && fault("1/3", "0.33334").is_some());
    assert!(fault("exp(-100)", "3.72008e-44").is_none() && fault("exp(-100)", "3.72009e-44").is_some());
}
