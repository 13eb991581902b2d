//! Rows about numbers of iterations live here: what each theorem guarantees, and the first k in truth.

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::constants::{Found, Missing, Optimum};
use super::counts::{ceiling, convex_bound, strong_count};
use super::descent::First;
use super::gap::Gap;
use super::letters::{self, all, distance, either, epsilon, gap, half_l, is, number, rational, squares, sym};
use super::{Solved, answer, field, row, short_decimal};
use crate::notation::{Math, Relation};
use crate::num::real::Real;
use crate::num::{Exact, Integer, Rational, ratio};
use crate::report::{Row, Value};

pub(super) fn rows(solved: &Solved<'_>) -> Vec<Row> {
    vec![convex(solved), strongly_convex(solved), exact(solved)]
}

/// The row of a count, which is an integer.
fn count_row(id: &'static str, found: &Found<Integer>) -> Row {
    let value = found.as_ref().map(|k| Value::integer(k.clone())).map_err(Clone::clone);
    row(id, answer(&value))
}

fn sign_is_positive(t: &Exact) -> Result<bool, Missing> {
    Ok(t.sign()? == num_bigint::Sign::Plus)
}

fn whole(k: &Integer) -> Math {
    Math::num(Rational::from_integer(k.clone()))
}

/// What a bound needs, if anything: optimum and step.
fn needs<'a>(solved: &'a Solved<'_>) -> Found<(&'a Optimum, &'a Exact)> {
    let optimum = solved.optimum.as_ref().map_err(Clone::clone)?;
    let t = solved.t.as_ref().map_err(Clone::clone)?;
    if !sign_is_positive(t)? {
        return Err(Missing::Absent("the theorem needs t > 0".to_owned()));
    }
    Ok((optimum, t))
}

/// ‖x⁽⁰⁾ − x*‖² with its numbers.
fn distance_chain(solved: &Solved<'_>, optimum: &Optimum) -> Math {
    let (start, minimiser) = (&solved.given.start, &optimum.minimiser);
    let filled = distance().then(all(start.iter().chain(minimiser)), squares(start, minimiser));
    is(filled, &optimum.distance.clone().into())
}

// ---- the convex theorem --------------------------------------------------------------------------

/// How t compares with 1/L; anything is below it where L = 0.
fn against_convex(solved: &Solved<'_>, t: &Exact) -> Found<Ordering> {
    match solved.constants.over_l(1) {
        Ok(bound) => Ok(solved.constants.compare(solved.given, t, &bound, "1/L")?),
        Err(Missing::Absent(_)) => Ok(Ordering::Less),
        Err(other) => Err(other),
    }
}

fn convex(solved: &Solved<'_>) -> Row {
    let accuracy = &solved.given.accuracy;
    let bare = needs(solved).and_then(|(optimum, t)| convex_bound(&optimum.distance, t, accuracy));
    let applies = needs(solved).and_then(|(_, t)| against_convex(solved, t));
    let smallest = bare.clone().and_then(|k| Ok(ceiling(&k)?.max(Integer::one())));
    let found = match &applies {
        Ok(Ordering::Greater) => {
            let bound =
                solved.constants.over_l(1).map_or_else(|_| String::new(), |b| format!(" {}", plain(&b)));
            Err(Missing::Absent(format!("the convex theorem needs 0 < t ≤ 1/L{bound}, and t is larger")))
        }
        Ok(_) => smallest.clone(),
        Err(why) => Err(why.clone()),
    };
    let mut made = count_row("k-convex", &found);
    if let (Err(_), Ok(k), Ok(Ordering::Greater)) = (&found, &smallest, &applies) {
        return made.remark(format!(
            "The bare formula ‖x⁽⁰⁾ − x*‖²/(2tk) ≤ ε would give {k}, but for this t the theorem does not guarantee it."
        ));
    }
    let (Ok(k), Ok(real), Ok((optimum, t))) = (&found, &bare, needs(solved)) else { return made };
    let two_t_k = |t: Math| Math::prod(vec![Math::int(2), t, sym("k")]);
    let (given, t) = number(t);
    // With rounded numbers the inequality is another one, so it stays in letters until k is alone.
    let rounded = either(given, all([&optimum.distance, accuracy])) == Relation::Approx;
    let (relation, least) = number(real);
    let in_letters = Math::frac(distance(), Math::prod(vec![Math::int(2), sym("t"), epsilon()]));
    let large_enough = if rounded {
        Math::frac(distance(), two_t_k(sym("t")))
            .then(Relation::LessEqual, epsilon())
            .then(Relation::Implies, sym("k").then(Relation::GreaterEqual, in_letters).then(relation, least))
    } else {
        let solved_for_k = if relation == Relation::Approx {
            sym("k").then(Relation::GreaterEqual, in_letters).then(Relation::Approx, least)
        } else {
            sym("k").then(Relation::GreaterEqual, least)
        };
        Math::frac(rational(&optimum.distance), two_t_k(t))
            .then(Relation::LessEqual, rational(accuracy))
            .then(Relation::Implies, solved_for_k)
    };
    made = made
        .step(
            "The convex theorem, with t as given.",
            vec![gap(sym("k")).then(Relation::LessEqual, Math::frac(distance(), two_t_k(sym("t"))))],
        )
        .step("The distance from the start to the minimiser:", vec![distance_chain(solved, optimum)])
        .step("The bound is at most ε once k is large enough:", vec![large_enough])
        .step("So the smallest k that is guaranteed is", vec![sym("k").equals(whole(k))]);
    if optimum.distance.is_zero() {
        made = made.remark("The start is a minimiser; the bound needs k ≥ 1 to mean anything.");
    }
    made
}

/// `= 1/10`, or `≈ 0.160022` for a number that has no closed form.
fn plain(x: &Exact) -> String {
    let (relation, shown) = number(x);
    let sign = if relation == Relation::Approx { "≈" } else { "=" };
    format!("{sign} {}", crate::notation::text(&shown))
}

// ---- the strongly convex theorem -----------------------------------------------------------------

/// γ = 1 − m·min(t, 1/L), how t compares with 1/L, and C = (L/2)‖x⁽⁰⁾ − x*‖².
struct Rate {
    gamma: Exact,
    against: Ordering,
    factor: Exact,
}

fn rate(solved: &Solved<'_>) -> Found<Rate> {
    let (optimum, t) = match needs(solved) {
        Err(Missing::Absent(_)) if solved.constants.convex && solved.constants.positive_m().is_none() => {
            return Err(Missing::Absent(solved.constants.not_strongly_convex().to_owned()));
        }
        other => other?,
    };
    let Some(m) = solved.constants.positive_m() else {
        return Err(Missing::Absent(solved.constants.not_strongly_convex().to_owned()));
    };
    let against = against_convex(solved, t)?;
    // 1/L ≤ 2/(m + L) as m ≤ L, so only larger steps need the comparison.
    if against == Ordering::Greater {
        let bound = solved.constants.two_over_sum()?;
        if solved.constants.compare(solved.given, t, &bound, "2/(m + L)")? == Ordering::Greater {
            return Err(Missing::Absent(format!(
                "the strongly convex theorem needs 0 < t ≤ 2/(m + L) {}, and t is larger",
                plain(&bound)
            )));
        }
    }
    let product = if against == Ordering::Less {
        field::mul(m, t)
    } else {
        let quotient = field::div(m, &solved.constants.smoothness)?;
        quotient.ok_or_else(|| Missing::Absent("L = 0".to_owned()))?
    };
    let gamma = field::add(&Exact::one(), &product.neg());
    let factor = solved.constants.smoothness.scale(&(&optimum.distance * ratio(1, 2)));
    Ok(Rate { gamma, against, factor })
}

fn strongly_convex(solved: &Solved<'_>) -> Row {
    let rate = rate(solved);
    let accuracy = &solved.given.accuracy;
    let found = match &rate {
        Ok(rate) => strong_count(&rate.gamma, &rate.factor, accuracy).map_err(Missing::from),
        Err(why) => Err(why.clone()),
    };
    let mut made = count_row("k-strongly-convex", &found);
    let (Ok(k), Ok(rate), Ok(optimum), Ok(t)) = (&found, &rate, &solved.optimum, &solved.t) else {
        return made;
    };
    let power = |gamma: Math| Math::pow(gamma, sym("k"));
    let (smooth, l) = number(&solved.constants.smoothness);
    let (strong, m) = solved.m_math();
    let (letters, between, m_and) = if rate.against == Ordering::Less {
        let (relation, t) = number(t);
        (Math::prod(vec![sym("m"), sym("t")]), either(strong, relation), Math::prod(vec![m, t]))
    } else {
        (Math::frac(sym("m"), sym("L")), either(strong, smooth), Math::frac(m, l.clone()))
    };
    let gamma = sym("gamma")
        .equals(Math::minus(Math::int(1), letters))
        .then(between, Math::minus(Math::int(1), m_and));
    let theorem =
        gap(sym("k")).then(Relation::LessEqual, Math::prod(vec![power(sym("gamma")), half_l(), distance()]));
    let (far, d) = number(&optimum.distance.clone().into());
    let letters = Math::prod(vec![half_l(), distance()]);
    let named = if needs_names(rate, accuracy) { sym("C").equals(letters) } else { letters };
    let factor = named.then(either(smooth, far), Math::prod(vec![Math::frac(l, Math::int(2)), d]));
    made = made
        .step("The strongly convex theorem:", vec![theorem, is(gamma, &rate.gamma), is(factor, &rate.factor)])
        .step("The bound is at most ε once k is large enough:", vec![solved_for_k(rate, accuracy)])
        .step("So the smallest k that is guaranteed is", vec![sym("k").equals(whole(k))]);
    if rate.against == Ordering::Less {
        made = made.remark(
            "t is below 1/L, so the factor is 1 − mt; 1 − m/L belongs to t = 1/L and would promise too much here.",
        );
    }
    if rate.gamma.is_zero() == Ok(true) {
        made = made.remark("γ = 0, with 0⁰ = 1: m = L and t = 1/L, so that one step leads to the minimiser.");
    }
    made
}

/// γᵏ·C ≤ ε ⟹ k ≥ ln(C/ε)/ln(1/γ) ≈ …
fn solved_for_k(rate: &Rate, accuracy: &Rational) -> Math {
    let (about, inequality) = rounded_or_not(rate, accuracy);
    let quotient = rate.factor.scale(&accuracy.recip());
    let above_one = quotient.compare(&Exact::one()) == Ok(Ordering::Greater);
    let inverse = rate.gamma.reciprocal().ok().flatten();
    let (true, Some(inverse)) = (above_one, inverse) else { return inequality };
    let real =
        Real::quotient(Real::ln(Real::exact(quotient.clone())), Real::ln(Real::exact(inverse.clone())));
    let decimal =
        Exact::from(real).decimal(crate::num::Rounding::Digits(2)).unwrap_or_else(|_| "…".to_owned());
    let ((above, quotient), (below, inverse)) = (number(&quotient), number(&inverse));
    let bound = Math::frac(Math::ln(quotient), Math::ln(inverse));
    let k = if either(about, either(above, below)) == Relation::Approx {
        let over = |a: Math, b: Math| Math::ln(Math::frac(a, b));
        let letters = Math::frac(over(sym("C"), epsilon()), over(Math::int(1), sym("gamma")));
        sym("k").then(Relation::GreaterEqual, letters).then(Relation::Approx, bound)
    } else {
        sym("k").then(Relation::GreaterEqual, bound)
    };
    inequality.then(Relation::Implies, k.then(Relation::Approx, Math::decimal(decimal)))
}

/// Whether the bound is written in letters, so that C has to be introduced.
fn needs_names(rate: &Rate, accuracy: &Rational) -> bool {
    let quotient = number(&rate.factor.scale(&accuracy.recip())).0;
    let inverse = rate.gamma.reciprocal().ok().flatten().map_or(Relation::Equal, |x| number(&x).0);
    either(rounded_or_not(rate, accuracy).0, either(quotient, inverse)) == Relation::Approx
}

/// γᵏ·C ≤ ε with numbers; in letters where one of them would be rounded.
fn rounded_or_not(rate: &Rate, accuracy: &Rational) -> (Relation, Math) {
    let ((first, gamma), (second, factor)) = (number(&rate.gamma), number(&rate.factor));
    let about = either(either(first, second), all([accuracy]));
    let product = |gamma: Math, factor: Math| Math::prod(vec![Math::pow(gamma, sym("k")), factor]);
    let inequality = if about == Relation::Approx {
        product(sym("gamma"), sym("C")).then(Relation::LessEqual, epsilon())
    } else {
        product(gamma, factor).then(Relation::LessEqual, rational(accuracy))
    };
    (about, inequality)
}

// ---- in truth --------------------------------------------------------------------------------------

fn exact(solved: &Solved<'_>) -> Row {
    let optimum = match &solved.optimum {
        Ok(optimum) => optimum,
        Err(why) => return count_row("k-exact", &Err(why.clone())),
    };
    let accuracy = &solved.given.accuracy;
    let t = match &solved.t {
        Ok(t) => t,
        // No step is needed where the start is close enough.
        Err(_) if optimum.gap <= *accuracy => {
            return count_row("k-exact", &Ok(Integer::zero())).step(
                "The start is within ε of the minimum, so no step is needed.",
                vec![at_start(optimum, accuracy)],
            );
        }
        Err(why) => return count_row("k-exact", &Err(why.clone())),
    };
    let curve = match Gap::of(&solved.f, &solved.constants, optimum, t, accuracy) {
        Ok(curve) => curve,
        Err(why) => return count_row("k-exact", &Err(why.into())),
    };
    let first = match curve.first() {
        Ok(First::At(k, last)) => Ok((k, last)),
        Ok(First::Never(why)) => Err(Missing::Absent(why)),
        Err(why) => Err(why.into()),
    };
    let made = count_row("k-exact", &first.as_ref().map(|(k, _)| k.clone()).map_err(Clone::clone));
    let Ok((k, last)) = first else { return made };
    if k.is_zero() {
        let made = made.step(
            "The start is within ε of the minimum, so no step is needed.",
            vec![at_start(optimum, accuracy)],
        );
        return leaving(made, last);
    }
    let index = |name: &str| Math::sub(sym(name), sym("i"));
    let factor = Math::minus(Math::int(1), Math::prod(vec![sym("t"), index("lambda")]));
    let terms = Math::prod(vec![
        index("lambda"),
        Math::pow(index("c"), Math::int(2)),
        Math::pow(factor, Math::prod(vec![Math::int(2), sym("k")])),
    ]);
    let formula = gap(sym("k"))
        .equals(Math::prod(vec![Math::frac(Math::int(1), Math::int(2)), Math::sum_over(sym("i"), terms)]));
    let before: Integer = &k - 1u32;
    let value = |k: &Integer| short_decimal(&curve.at(k), 4);
    let both =
        value(&k).then(Relation::LessEqual, letters::rational(accuracy)).then(Relation::Less, value(&before));
    let made = made
        .step(
            "A step multiplies the component cᵢ of the error along an eigenvector by 1 − tλᵢ, so the iterates' own gap is",
            vec![formula],
        )
        .step(format!("It is at most ε for the first time at k = {k} (left), and not yet at {before} (right):"), vec![both]);
    leaving(made, last)
}

fn at_start(optimum: &Optimum, accuracy: &Rational) -> Math {
    let accuracy = if all([accuracy]) == Relation::Equal { rational(accuracy) } else { epsilon() };
    is(gap(Math::int(0)), &optimum.gap.clone().into()).then(Relation::LessEqual, accuracy)
}

fn leaving(made: Row, last: Option<Integer>) -> Row {
    match last {
        None => made,
        Some(last) => made.remark(format!(
            "The iterates diverge: they are within ε up to k = {last} and leave again after it."
        )),
    }
}

impl Solved<'_> {
    fn m_math(&self) -> (Relation, Math) {
        self.constants.strong.as_ref().map_or_else(|| (Relation::Equal, sym("m")), number)
    }
}
