//! Tests of marking: readings, agreements with a naive oracle, diagnoses. Whole files are marked in `tests/it/check.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

use num_traits::{One, Signed};
use proptest::prelude::*;

use super::compare::{Agreement, compare, numbers};
use super::diagnose::{Slip, also_fit, mistake};
use super::read::{Number, Reader, Written};
use crate::expr;
use crate::kinds::Mistake;
use crate::num::decimal::rational_decimal;
use crate::num::{Exact, Rational, Rounding, ratio};
use crate::report::{Answer, Row, Value};
use crate::sheet::{Source, parse_toml};

/// Reads `a = …` for a row with a value.
fn read(toml: &str, value: impl Into<Answer>) -> Result<Written, String> {
    let source = Source::new("form", &format!("a = {toml}\n"));
    let fields = parse_toml(&source).unwrap();
    let row = Row::new("a", "a", value);
    let read = Reader::new(&source).read(&fields[0].1, &row);
    read.map_err(|error| error.message().to_owned())
}

fn number(text: &str) -> Number {
    match read(&format!("\"{text}\""), Exact::zero()).unwrap() {
        Written::Number(number) => number,
        other => panic!("{text} is read as {other:?}"),
    }
}

fn rational(text: &str) -> Option<Rational> {
    number(text).value.as_rational().ok().flatten()
}

#[test]
fn numbers_are_written_in_many_ways() {
    for (text, value, places) in [
        ("416", ratio(416, 1), None),
        ("13,162", ratio(13162, 1), None),
        ("1 234 567", ratio(1_234_567, 1), None),
        ("1\u{2009}000", ratio(1000, 1), None),
        ("-1,000", ratio(-1000, 1), None),
        ("1_000", ratio(1000, 1), None),
        ("3.", ratio(3, 1), None),
        ("0.50", ratio(1, 2), Some(2)),
        ("−0.05", ratio(-1, 20), Some(2)),
        ("–.5", ratio(-1, 2), Some(1)),
        ("1e3", ratio(1000, 1), Some(-3)),
        ("2.5e-3", ratio(1, 400), Some(4)),
        ("2/4", ratio(1, 2), None),
        ("0.5/2", ratio(1, 4), None),
        ("2^-3", ratio(1, 8), None),
        ("sqrt(9/4)", ratio(3, 2), None),
        ("4^(1/2)", ratio(2, 1), None),
        ("ln(e^2)", ratio(2, 1), None),
        ("ln e", ratio(1, 1), None),
        ("e^0", ratio(1, 1), None),
        ("-(1 + 2)*3", ratio(-9, 1), None),
    ] {
        assert_eq!(rational(text), Some(value), "{text}");
        assert_eq!(number(text).places, places, "{text}");
    }
    let half = Exact::exp(&ratio(1, 2));
    let softmax = half.checked_div(&Exact::one().add(&half)).unwrap().unwrap();
    assert_eq!(number("e^0.5/(1+e^0.5)").value.equals(&softmax), Ok(true));
    assert_eq!(number("ln 2").value.equals(&Exact::integer(2).ln().unwrap().unwrap()), Ok(true));
}

#[test]
fn what_is_no_number_is_refused_with_words() {
    for (text, message) in [
        ("1..0", "two decimal points"),
        ("0,5", "comma does not belong"),
        ("ten", "`ten` has no value here"),
        ("1/0", "division by zero"),
        ("1/(1-1)", "divi"),
        ("ln 0", "does not exist"),
        ("ln(1-2)", "does not exist"),
        ("sqrt(-2)", "not real"),
        ("12,34", "comma does not belong"),
        ("1e2000", "beyond 1000"),
        ("[1]", "no list is wanted"),
        ("9^1000^1000", "exponent"),
        ("(9^1000)^1000", "limit"),
        ("e^(e^(e^1))", "higher in one another"),
    ] {
        let error = read(&format!("\"{text}\""), Exact::zero()).unwrap_err();
        assert!(error.contains(message), "{text}: {error}");
    }
    assert!(read("true", Exact::zero()).unwrap_err().contains("yes or no"));
    assert!(read("{ a = 1 }", Exact::zero()).unwrap_err().contains("a table"));
    assert!(read("1", true).unwrap_err().contains("a number"));
}

#[test]
fn none_is_an_empty_list_where_one_is_wanted() {
    let empty = Value::List(vec![Value::List(Vec::new())]);
    for text in ["\"none\"", "[]", "[[]]", "\"[]\""] {
        let written = read(text, empty.clone()).unwrap();
        assert_eq!(compare(&written, &empty).agreement, Agreement::Exact, "{text}");
    }
    assert!(matches!(read("\"n/a\"", Exact::zero()), Ok(Written::Absent)));
    assert!(matches!(read("\" \"", Exact::zero()), Ok(Written::Blank)));
}

#[test]
fn a_list_much_longer_than_the_answer_is_not_read() {
    let pair: Value = vec![Exact::zero(), Exact::one()].into();
    let long = format!("[{}]", "\"x\",".repeat(1000));
    assert!(matches!(read(&long, pair), Ok(Written::TooLong(1000))));
}

fn agreement(text: &str, value: &Exact) -> Agreement {
    numbers(&number(text), value)
}

#[test]
fn decimals_agree_to_their_digits_or_are_off() {
    // 2/3 = 0.666…; ln 2 = 0.693147…, −ln 2 the same below zero; 0.125 is a tie at two digits.
    let ln2 = Exact::integer(2).ln().unwrap().unwrap();
    let (two_thirds, eighth): (Exact, Exact) = (ratio(2, 3).into(), ratio(1, 8).into());
    for (text, value, want) in [
        ("0.6667", &two_thirds, Agreement::Digits(4)),
        ("0.67", &two_thirds, Agreement::Digits(2)),
        ("0.6666", &two_thirds, Agreement::Off(true)),
        ("0.6668", &two_thirds, Agreement::Off(false)),
        ("0.6669", &two_thirds, Agreement::Wrong),
        ("0.6665", &two_thirds, Agreement::Wrong),
        ("2/3", &two_thirds, Agreement::Exact),
        ("0.6931", &ln2, Agreement::Digits(4)),
        ("6.931e-1", &ln2, Agreement::Digits(4)),
        ("0.6932", &ln2, Agreement::Off(false)),
        ("0.69314", &ln2, Agreement::Off(true)),
        ("0.693", &ln2, Agreement::Digits(3)),
        ("-0.6931", &ln2, Agreement::Wrong),
        ("-0.69314", &ln2.neg(), Agreement::Off(true)),
        ("-0.69315", &ln2.neg(), Agreement::Digits(5)),
        ("693147/1000000", &ln2, Agreement::Wrong),
        ("ln 4 / 2", &ln2, Agreement::Exact),
        ("0.12", &eighth, Agreement::Digits(2)),
        ("0.13", &eighth, Agreement::Digits(2)),
        ("0.125000", &eighth, Agreement::Exact),
        ("1000.0", &Exact::integer(1000), Agreement::Exact),
        // A whole number is never nearly right, nor is a decimal that needs no rounding.
        ("999.9", &Exact::integer(1000), Agreement::Wrong),
        ("1001", &Exact::integer(1000), Agreement::Wrong),
        ("1", &two_thirds, Agreement::Wrong),
    ] {
        assert_eq!(agreement(text, value), want, "{text}");
    }
}

#[test]
fn a_number_without_a_form_agrees_to_digits_only() {
    let tower = number("e^(e^0.5)").value;
    assert_eq!(agreement("e^(e^(1/2))", &tower), Agreement::Agrees(100));
    assert_eq!(agreement("e^(e^0.51)", &tower), Agreement::Wrong);
    // e^(e^0.5) = 5.20032…
    assert_eq!(agreement("5.2003", &tower), Agreement::Digits(4));
}

#[test]
fn one_mistake_is_named_and_two_are_not() {
    let value = |n: i64| -> Value { Exact::integer(n).into() };
    let slip = |name: &str, n| Mistake { row: "a".to_owned(), name: name.to_owned(), value: value(n) };
    let catalogue = [slip("one", 5), slip("two", 6), slip("three", 6), slip("three", 7), slip("three", 7)];
    let told = |n: i64| {
        let written = Written::Number(Number { value: Exact::integer(n), places: None });
        mistake(&catalogue, "a", &written, &value(20))
    };
    assert_eq!(told(5), Slip::One("one".to_owned()));
    assert_eq!(told(6), Slip::Several);
    assert_eq!(told(7), Slip::One("three".to_owned()));
    assert_eq!(told(8), Slip::Unknown);
    assert_eq!(told(-20), Slip::One("the sign turned".to_owned()));
    assert_eq!(told(21), Slip::One("one too many".to_owned()));
    let written = read("\"[[1, 3], [2, 4]]\"", value(0)).err();
    assert!(written.is_some(), "a matrix is no number");
}

#[test]
fn constants_are_read_as_they_are_printed() {
    for text in
        ["ln 2", "ln(2)", "log(2)", "e", "exp(1)", "2*e^-1.5", "sqrt 2", "2^0.5", "e^(1/2)/(1 + e^(1/2))"]
    {
        assert!(expr::parse_closed(text).is_ok(), "{text}");
    }
    for text in ["x", "ln", "e e", "exp", "pi", "e(2)", "2 ln 2", "2^0.3", "ln(0)", "sqrt(-1)", "(-1)^(1/2)"]
    {
        assert!(expr::parse_closed(text).is_err(), "{text}");
    }
    // Sheets keep their letters.
    assert!(expr::parse("e^2 + e").unwrap().variables().contains("e"));
    assert!(expr::parse("ln 2").is_err());
}

/// Reads a text for a number with a formula beside it, in a question with the letters d and d_ff.
fn in_letters(text: &str, beside: Option<&str>) -> Result<Written, String> {
    let source = Source::new("form", &format!("a = \"{text}\"\n"));
    let fields = parse_toml(&source).unwrap();
    let mut row = Row::new("a", "a", Exact::zero());
    row.formula = beside.map(|text| expr::parse(text).unwrap());
    let mut reader = Reader::new(&source);
    reader.knows(["d", "d_ff"].map(str::to_owned).into());
    reader.read(&fields[0].1, &row).map_err(|error| error.message().to_owned())
}

#[test]
fn letters_are_those_of_the_question() {
    let value = |written: Result<Written, String>| match written.unwrap() {
        Written::Number(number) => number.value.as_rational().ok().flatten(),
        _ => None,
    };
    for beside in [None, Some("d^2")] {
        assert_eq!(value(in_letters("0*d", beside)), Some(ratio(0, 1)));
        assert_eq!(value(in_letters("d_ff/d_ff + d - d", beside)), Some(ratio(1, 1)));
        // A letter that falls out has to be one of the question's all the same.
        assert!(
            in_letters("0*q + d - d", beside).unwrap_err().contains("`q` is not a letter of this answer")
        );
    }
    assert!(matches!(in_letters("2·d_ff", Some("d")), Ok(Written::Formula(_))));
    assert!(in_letters("2·d_ff", None).unwrap_err().contains("has no value here"));
    assert_eq!(
        in_letters("2*d*q", Some("d")).unwrap_err(),
        "`q` is not a letter of this answer; it knows d, d_ff"
    );
    assert!(in_letters("2 d", Some("d")).unwrap_err().contains("side by side"));
    assert!(in_letters("2 ln 2", Some("d")).unwrap_err().contains("side by side"));
}

#[test]
fn few_digits_fit_mistakes_as_well() {
    let slip = |name: &str, value: Value| Mistake { row: "a".to_owned(), name: name.to_owned(), value };
    let right: Value = vec![Exact::from(ratio(9, 40)), Exact::from(ratio(1, 10))].into();
    let old: Value = vec![Exact::from(ratio(1, 5)), Exact::from(ratio(1, 10))].into();
    let catalogue =
        [slip("not updated", old.clone()), slip("no slip here", right.clone()), slip("not updated", old)];
    let fit = |text: &str| also_fit(&catalogue, "a", &read(text, right.clone()).unwrap(), &right);
    assert_eq!(fit("[0.2, 0.1]"), ["not updated"]);
    assert!(fit("[0.23, 0.1]").is_empty());
    assert!(also_fit(&catalogue, "b", &read("[0.2, 0.1]", right.clone()).unwrap(), &right).is_empty());
}

/// The agreement of a decimal with a fraction, by the digits of the rounded and the truncated value.
fn naive(written: &Rational, places: u32, value: &Rational) -> Agreement {
    if written == value {
        return Agreement::Exact;
    }
    let unit = Rational::new(1.into(), crate::num::Integer::from(10).pow(places));
    let scaled = value / &unit;
    let (floor, ceil) = (scaled.floor() * &unit, scaled.ceil() * &unit);
    let nearest = |x: &Rational| (x - value).abs() <= &unit / ratio(2, 1).numer();
    let right: Vec<&Rational> = [&floor, &ceil].into_iter().filter(|x| nearest(x)).collect();
    if right.contains(&written) {
        return Agreement::Digits(i64::from(places));
    }
    if floor == ceil || !right.iter().any(|x| (*x - written).abs() == unit) {
        return Agreement::Wrong;
    }
    let toward_zero = if value.is_negative() { &ceil } else { &floor };
    Agreement::Off(written == toward_zero)
}

proptest! {
    #[test]
    fn fractions_agree_as_their_digits_do(a in -300i64..300, b in 1i64..90, places in 1u32..4, off in -3i64..4) {
        let value = ratio(a, b);
        let unit = Rational::new(1.into(), crate::num::Integer::from(10).pow(places));
        let shown = rational_decimal(&value, places);
        let rounded: Rational = rational(&shown).unwrap();
        let written = rounded + unit * ratio(off, 1);
        let number = Number { value: written.clone().into(), places: Some(i64::from(places)) };
        prop_assert_eq!(numbers(&number, &value.clone().into()), naive(&written, places, &value));
    }

    #[test]
    fn rounded_numbers_are_right_to_their_digits(a in -40i64..40, b in 1i64..9, digits in 1u32..30) {
        let x = Exact::exp(&ratio(a, b)).add(&Exact::one()).ln().unwrap().unwrap();
        let text = x.decimal(Rounding::Digits(digits)).unwrap();
        prop_assert_eq!(agreement(&text, &x), Agreement::Digits(i64::from(digits)));
        let unit = Rational::one() / Rational::from_integer(crate::num::Integer::from(10).pow(digits));
        let next = Number {
            value: number(&text).value.add(&(unit * ratio(2, 1)).into()),
            places: Some(i64::from(digits)),
        };
        prop_assert_eq!(numbers(&next, &x), Agreement::Wrong);
    }

    #[test]
    fn no_text_panics(text in "[-0-9a-z+*/^().,;\\[\\]e×x −½ ]{0,40}") {
        let quoted = format!("\"{text}\"");
        let matrix: Value = vec![vec![Exact::one(), Exact::zero()], vec![Exact::zero(), Exact::one()]].into();
        for value in [Exact::one().into(), true.into(), matrix, expr::parse("x + 1").unwrap().into()] {
            let value: Value = value;
            if let Ok(written) = read(&quoted, value.clone()) {
                let _ = compare(&written, &value);
            }
        }
    }
}
