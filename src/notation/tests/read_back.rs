//! A reader for each notation, and the property that it finds the value that was printed.

use crate::notation::*;
use crate::num::{Integer, Rational, ratio};
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;

/// The values that the letters stand for while reading back; chosen so that no two small formulas agree by chance.
fn letter_value(letter: char) -> Option<Rational> {
    match letter {
        'x' => Some(ratio(17, 7)),
        'L' => Some(ratio(-13, 11)),
        _ => None,
    }
}

fn power(base: &Rational, exponent: &Rational) -> Option<Rational> {
    let n = exponent.is_integer().then(|| exponent.to_integer().to_i64())??;
    if n < 0 && base.is_zero() {
        return None;
    }
    let size = (0..n.abs()).fold(Rational::one(), |product, _| product * base);
    Some(if n < 0 { size.recip() } else { size })
}

fn divided(a: &Rational, b: &Rational) -> Option<Rational> {
    (!b.is_zero()).then(|| a / b)
}

fn decimal_value(digits: &str) -> Option<Rational> {
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: Integer = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    Some(Rational::from_integer(all) * power(&ratio(10, 1), &ratio(shift, 1))?)
}

/// The value of a tree, straight from its meaning.
fn value(math: &Math) -> Option<Rational> {
    match math {
        Math::Number(value) => Some(value.clone()),
        Math::Decimal(digits) => decimal_value(digits),
        Math::Symbol(name) => letter_value(name.chars().next()?),
        Math::Negative(a) => Some(-value(a)?),
        Math::Sum(terms) => terms.iter().try_fold(Rational::zero(), |sum, term| Some(sum + value(term)?)),
        Math::Product(factors) => {
            factors.iter().try_fold(Rational::one(), |all, factor| Some(all * value(factor)?))
        }
        Math::Fraction(a, b) => divided(&value(a)?, &value(b)?),
        Math::Power(a, b) => power(&value(a)?, &value(b)?),
        Math::Abs(a) => Some(value(a)?.abs()),
        Math::Group(a) => value(a),
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(Rational),
    Letter(char),
    Plus,
    Minus,
    Times,
    Slash,
    /// `**` and `^`, with the exponent after it.
    Power,
    /// A raised number.
    Raised(Rational),
    Open,
    Close,
    Bar,
    Frac,
    OpenBrace,
    CloseBrace,
}

/// A number from the front: digits, a point, and an exponent where the notation has one.
fn number(rest: &str, with_exponent: bool) -> Option<(Token, usize)> {
    let digits = |text: &str| text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
    let mut length = digits(rest);
    if with_exponent && rest[length..].starts_with('e') {
        let sign = usize::from(rest[length + 1..].starts_with('-'));
        length += 1 + sign + digits(&rest[length + 1 + sign..]);
    }
    Some((Token::Number(decimal_value(&rest[..length])?), length))
}

fn raised_char(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻".chars().zip("0123456789+-".chars()).find(|pair| pair.0 == c).map(|pair| pair.1)
}

/// A raised sum of integers, `-2+1`, as it stands in `x⁻²⁺¹`.
fn raised_sum(text: &str) -> Option<Rational> {
    let spaced = text.replace('+', " +").replace('-', " -");
    spaced
        .split_whitespace()
        .try_fold(Rational::zero(), |sum, term| Some(sum + Rational::from_integer(term.parse().ok()?)))
}

fn tokens(text: &str, fixed: &[(&str, Option<Token>)], with_exponent: bool) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text;
    'next: while let Some(c) = rest.chars().next() {
        for (spelling, token) in fixed {
            if let Some(after) = rest.strip_prefix(spelling) {
                out.extend(token.clone());
                rest = after;
                continue 'next;
            }
        }
        let raised: String = rest.chars().map_while(raised_char).collect();
        if !raised.is_empty() {
            out.push(Token::Raised(raised_sum(&raised)?));
            rest = rest.trim_start_matches(|c| raised_char(c).is_some());
        } else if c.is_ascii_digit() {
            let (token, length) = number(rest, with_exponent)?;
            out.push(token);
            rest = &rest[length..];
        } else if c.is_ascii_alphabetic() {
            out.push(Token::Letter(c));
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    Some(out)
}

/// Recursive descent over tokens; strict: a minus only where a sum begins, a power of an atom only.
struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn eat(&mut self, token: &Token) -> Option<()> {
        (self.tokens.get(self.at) == Some(token)).then(|| self.at += 1)
    }

    fn sum(&mut self) -> Option<Rational> {
        let negative = self.eat(&Token::Minus).is_some();
        let first = self.product()?;
        let mut total = if negative { -first } else { first };
        loop {
            if self.eat(&Token::Plus).is_some() {
                total += self.product()?;
            } else if self.eat(&Token::Minus).is_some() {
                total -= self.product()?;
            } else {
                return Some(total);
            }
        }
    }

    fn product(&mut self) -> Option<Rational> {
        let mut total = self.factor()?;
        loop {
            if self.eat(&Token::Times).is_some() {
                total *= self.factor()?;
            } else if self.eat(&Token::Slash).is_some() {
                total = divided(&total, &self.factor()?)?;
            } else {
                return Some(total);
            }
        }
    }

    fn factor(&mut self) -> Option<Rational> {
        if self.eat(&Token::Frac).is_some() {
            let above = self.braces()?;
            let below = self.braces()?;
            return divided(&above, &below);
        }
        let base = self.atom()?;
        if self.eat(&Token::Power).is_some() {
            let exponent = if self.tokens.get(self.at) == Some(&Token::OpenBrace) {
                self.braces()?
            } else {
                self.atom()?
            };
            return power(&base, &exponent);
        }
        if let Some(Token::Raised(exponent)) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            return power(&base, &exponent);
        }
        Some(base)
    }

    fn braces(&mut self) -> Option<Rational> {
        self.eat(&Token::OpenBrace)?;
        let inside = self.sum()?;
        self.eat(&Token::CloseBrace)?;
        Some(inside)
    }

    fn atom(&mut self) -> Option<Rational> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Number(value) => Some(value),
            Token::Letter(letter) => letter_value(letter),
            Token::Open => {
                let inside = self.sum()?;
                self.eat(&Token::Close)?;
                Some(inside)
            }
            Token::Bar => {
                let inside = self.sum()?;
                self.eat(&Token::Bar)?;
                Some(inside.abs())
            }
            _ => None,
        }
    }
}

fn read(tokens: Option<Vec<Token>>) -> Option<Rational> {
    let mut reader = Reader { tokens: tokens?, at: 0 };
    let value = reader.sum()?;
    (reader.at == reader.tokens.len()).then_some(value)
}

fn read_plain(text: &str) -> Option<Rational> {
    use Token::*;
    let fixed = [
        ("**", Some(Power)),
        ("*", Some(Times)),
        ("/", Some(Slash)),
        (" + ", Some(Plus)),
        (" - ", Some(Minus)),
        ("-", Some(Minus)),
        ("(", Some(Open)),
        (")", Some(Close)),
    ];
    read(tokens(text, &fixed, true))
}

fn read_text(text: &str) -> Option<Rational> {
    use Token::*;
    let fixed = [
        ("·", Some(Times)),
        ("/", Some(Slash)),
        ("^", Some(Power)),
        (" + ", Some(Plus)),
        (" − ", Some(Minus)),
        ("−", Some(Minus)),
        ("(", Some(Open)),
        (")", Some(Close)),
        ("|", Some(Bar)),
    ];
    read(tokens(text, &fixed, false))
}

fn read_latex(text: &str) -> Option<Rational> {
    use Token::*;
    let fixed = [
        (r"\left(", Some(Open)),
        (r"\right)", Some(Close)),
        (r"\cdot", Some(Times)),
        (r"\,", Some(Times)),
        (r"\frac", Some(Frac)),
        ("{", Some(OpenBrace)),
        ("}", Some(CloseBrace)),
        ("^", Some(Power)),
        ("/", Some(Slash)),
        ("+", Some(Plus)),
        ("-", Some(Minus)),
        ("(", Some(Open)),
        (")", Some(Close)),
        (" ", None),
    ];
    read(tokens(text, &fixed, false))
}

fn arithmetic() -> impl Strategy<Value = Math> {
    let leaf = prop_oneof![
        (-9i64..=9).prop_map(Math::int),
        (-6i64..=6, 2i64..=5).prop_map(|(a, b)| Math::num(ratio(a, b))),
        prop_oneof![Just("x"), Just("L")].prop_map(Math::sym),
        prop_oneof![Just("0.25"), Just("-1.5"), Just("2.5e-2"), Just("-3e1")].prop_map(Math::decimal),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Math::Sum),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Math::Product),
            inner.clone().prop_map(Math::neg),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Math::frac(a, b)),
            (inner.clone(), -2i64..=3).prop_map(|(a, n)| Math::pow(a, Math::int(n))),
            (inner.clone(), -2i64..=2)
                .prop_map(|(a, n)| { Math::pow(a, Math::sum(vec![Math::int(n), Math::int(1)])) }),
            inner.clone().prop_map(Math::group),
        ]
    })
}

/// Every kind of node, for what must hold of all of them.
fn anything() -> impl Strategy<Value = Math> {
    let relation = prop_oneof![Just(Relation::Equal), Just(Relation::Less), Just(Relation::Implies)];
    let name =
        prop_oneof![Just("x"), Just("theta_y"), Just("x_star"), Just("W2_next"), Just("p_hat"), Just("exp")];
    let leaf = prop_oneof![arithmetic(), name.clone().prop_map(Math::sym), Just(Math::words("if a_b > 0")),];
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let pair = (inner.clone(), inner.clone());
        let several = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            several.clone().prop_map(Math::Sum),
            several.clone().prop_map(Math::Product),
            several.clone().prop_map(Math::List),
            several.clone().prop_map(Math::Sequence),
            prop::collection::vec(several.clone(), 0..3).prop_map(Math::Matrix),
            several.clone().prop_map(Math::column),
            (prop_oneof![Just("exp"), Just("log"), Just("E"), Just("softmax")], several.clone())
                .prop_map(|(name, arguments)| Math::apply(name, arguments)),
            pair.clone().prop_map(|(a, b)| Math::frac(a, b)),
            pair.clone().prop_map(|(a, b)| Math::pow(a, b)),
            pair.clone().prop_map(|(a, b)| Math::sub(a, b)),
            pair.clone().prop_map(|(a, b)| Math::partial(a, b)),
            pair.clone().prop_map(|(a, b)| Math::sum_over(a, b)),
            (pair.clone(), pair.clone()).prop_map(|((a, b), (c, d))| Math::sum_between(a, b, c, d)),
            inner.clone().prop_map(Math::neg),
            inner.clone().prop_map(Math::sqrt),
            inner.clone().prop_map(Math::transpose),
            inner.clone().prop_map(Math::norm),
            inner.clone().prop_map(Math::abs),
            inner.clone().prop_map(Math::indicator),
            inner.clone().prop_map(Math::group),
            (inner.clone(), prop::collection::vec((relation.clone(), inner), 0..3))
                .prop_map(|(first, links)| Math::Chain(Box::new(first), links)),
        ]
    })
}

/// Whether brackets of each kind close in the order in which they opened.
fn balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => open.push(c),
            ')' if open.pop() != Some('(') => return false,
            ']' if open.pop() != Some('[') => return false,
            '}' if open.pop() != Some('{') => return false,
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn the_readers_know_the_usual_conventions() {
    // Worked by hand: −2² = −4, 1/2·4 = 2, 7 − (2 − 5) = 10.
    assert_eq!(read_plain("-2**2"), Some(ratio(-4, 1)));
    assert_eq!(read_text("−2²"), Some(ratio(-4, 1)));
    assert_eq!(read_latex("-2^{2}"), Some(ratio(-4, 1)));
    assert_eq!(read_plain("1/2*4"), Some(ratio(2, 1)));
    assert_eq!(read_latex(r"7 - \left(2 - 5\right)"), Some(ratio(10, 1)));
    assert_eq!(read_latex(r"\frac{1}{2}^{2}"), None);
    assert_eq!(read_text("2·−3"), None);
    assert_eq!(read_text("2⁻²⁺¹"), Some(ratio(1, 2)));
    assert_eq!(read_text("2²³"), Some(Rational::from_integer(Integer::from(8_388_608))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn plain_reads_back(math in arithmetic()) {
        let printed = plain(&math);
        prop_assert!(printed.is_ascii());
        if let Some(expected) = value(&math) {
            prop_assert_eq!(read_plain(&printed), Some(expected), "{}", printed);
        }
    }

    #[test]
    fn text_reads_back(math in arithmetic()) {
        let printed = text(&math);
        if let Some(expected) = value(&math) {
            prop_assert_eq!(read_text(&printed), Some(expected), "{}", printed);
        }
    }

    #[test]
    fn latex_reads_back(math in arithmetic()) {
        let printed = latex(&math);
        if let Some(expected) = value(&math) {
            prop_assert_eq!(read_latex(&printed), Some(expected), "{}", printed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn every_tree_prints_with_balanced_brackets_and_settles_in_one_pass(math in anything(), width in 0usize..100) {
        for printed in [text(&math), plain(&math), latex(&math)] {
            prop_assert!(balanced(&printed), "{}", printed);
        }
        let _ = (text_block_within(&math, width), latex_aligned(&math));
        for notation in [Notation::Plain, Notation::Text, Notation::Block, Notation::Drawn] {
            let once = grouped(&math, notation);
            prop_assert_eq!(grouped(&once, notation), once);
        }
    }

    #[test]
    fn latex_never_has_two_scripts_on_one_base(math in anything()) {
        let printed = latex(&math);
        prop_assert!(!double_script(&printed), "{}", printed);
    }
}

/// Whether TeX would stop with "double superscript" or "double subscript": two of a kind directly after one another.
fn double_script(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let group_end = |start: usize| {
        let mut depth = 0usize;
        (start..chars.len()).find(|i| {
            match chars[*i] {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0
        })
    };
    (0..chars.len()).any(|i| {
        let script = |at: usize| {
            matches!(chars.get(at), Some('^' | '_')) && chars.get(at.wrapping_sub(1)) != Some(&'\\')
        };
        if !script(i) {
            return false;
        }
        let mut seen = vec![chars[i]];
        let mut at = i;
        while let Some(end) = group_end(at + 1) {
            at = end + 1;
            if !script(at) {
                return false;
            }
            if seen.contains(&chars[at]) {
                return true;
            }
            seen.push(chars[at]);
        }
        false
    })
}
