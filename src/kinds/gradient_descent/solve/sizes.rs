//! Rows about the size of the step live here: what each theorem allows, the exact limit, the step of the sheet.

use std::cmp::Ordering;

use super::constants::{Found, Missing};
use super::letters::{either, is, number, sym};
use super::{Solved, number_row};
use crate::notation::{Math, Relation};
use crate::num::Exact;
use crate::report::Row;

pub(super) fn rows(solved: &Solved<'_>) -> Vec<Row> {
    vec![convex(solved), strongly_convex(solved), limit(solved), step(solved)]
}

/// c/L, which needs f convex.
fn over_l(solved: &Solved<'_>, c: i64) -> Found<Exact> {
    if !solved.constants.convex {
        return Err(Missing::Absent("f is not convex, so descent has no minimum to converge to".to_owned()));
    }
    solved.constants.over_l(c)
}

fn convex(solved: &Solved<'_>) -> Row {
    let bound = over_l(solved, 1);
    let made = number_row("step-convex", &bound).symbol(Math::frac(Math::int(1), sym("L")));
    match &bound {
        Ok(bound) => made.step(
            "The convex theorem holds for steps up to 1/L.",
            vec![is(sym("t").then(Relation::LessEqual, Math::frac(Math::int(1), sym("L"))), bound)],
        ),
        Err(_) => made,
    }
}

fn strongly_convex(solved: &Solved<'_>) -> Row {
    let bound = solved.constants.two_over_sum();
    let sum = Math::sum(vec![sym("m"), sym("L")]);
    let letters = Math::frac(Math::int(2), sum);
    let made = number_row("step-strongly-convex", &bound).symbol(letters.clone());
    match (&bound, solved.constants.positive_m()) {
        (Ok(bound), Some(m)) => {
            let ((strong, m), (smooth, l)) = (number(m), number(&solved.constants.smoothness));
            let numbers = Math::frac(Math::int(2), Math::sum(vec![m, l]));
            made.step(
                "The strongly convex theorem holds for steps up to 2/(m + L).",
                vec![is(
                    sym("t").then(Relation::LessEqual, letters).then(either(strong, smooth), numbers),
                    bound,
                )],
            )
        }
        _ => made,
    }
}

fn limit(solved: &Solved<'_>) -> Row {
    let bound = over_l(solved, 2);
    let made = number_row("step-limit", &bound).symbol(Math::frac(Math::int(2), sym("L")));
    let Ok(bound) = &bound else { return made };
    let factor = |t: Math| Math::abs(Math::minus(Math::int(1), Math::prod(vec![t, sym("lambda")])));
    let theorems = if solved.constants.positive_m().is_some() {
        "The theorems' own bounds, 1/L and 2/(m + L), are smaller: they guarantee a rate besides convergence."
    } else {
        "The convex theorem's own bound, 1/L, is smaller: it guarantees a rate besides convergence."
    };
    let unless = if solved.constants.spectrum.len() == 1 && solved.constants.positive_m().is_some() {
        " Here m = L, so that 2/(m + L) is 1/L."
    } else {
        ""
    };
    made.step(
        "A step multiplies the error along an eigenvector by 1 − tλ; it shrinks for every λ > 0 exactly for t < 2/L.",
        vec![
            factor(sym("t")).then(Relation::Less, Math::int(1)).then(
                Relation::Implies,
                is(sym("t").then(Relation::Less, Math::frac(Math::int(2), sym("L"))), bound),
            ),
        ],
    )
    .remark(format!(
        "On a quadratic, gradient descent converges from every start if and only if 0 < t < 2/L; the limit is strict, as at \
         t = 2/L a component changes its sign for ever. {theorems}{unless}"
    ))
}

fn step(solved: &Solved<'_>) -> Row {
    let mut made = number_row("step", &solved.t).symbol(sym("t"));
    let Ok(t) = &solved.t else { return made };
    if solved.given.step.as_number().is_none() {
        made = made.step("", vec![is(sym("t").equals(solved.given.step.to_math()), t)]);
    }
    if !solved.constants.convex {
        return made;
    }
    let compare = |bound: &Found<Exact>, formula: &str| {
        let bound = bound.as_ref().ok()?;
        solved.constants.compare(solved.given, t, bound, formula).ok()
    };
    let low = compare(&solved.constants.over_l(1), "1/L");
    let middle = compare(&solved.constants.two_over_sum(), "2/(m + L)");
    let high = compare(&solved.constants.over_l(2), "2/L");
    let remark = match (low, middle, high) {
        (_, _, Some(Ordering::Greater)) => "t is above 2/L: from nearly every start, the iterates diverge.",
        (_, _, Some(Ordering::Equal)) => {
            "t is 2/L: the component along the largest eigenvalue changes its sign for ever."
        }
        (_, Some(Ordering::Greater), _) => {
            "t is above 2/(m + L) and below 2/L: descent converges, but neither theorem applies."
        }
        (Some(Ordering::Greater), _, _) => "t is above 1/L, so the convex theorem does not apply.",
        _ => return made,
    };
    made.remark(remark)
}
