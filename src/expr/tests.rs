//! Tests of the expression code live here: known answers, then properties against plain evaluation.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::limits::{MAX_NESTING, MAX_OPERANDS};
use super::*;
use crate::notation::Math;
use crate::num::{Rational, ratio};

fn e(text: &str) -> Expr {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn point(values: &[(&str, Rational)]) -> BTreeMap<String, Rational> {
    values.iter().map(|(name, r)| ((*name).to_string(), r.clone())).collect()
}

fn fails(text: &str) -> (String, String, String) {
    let error = parse(text).unwrap_err();
    let there = text.get(error.span.clone()).unwrap_or_else(|| panic!("{text}: span {:?}", error.span));
    (there.to_string(), error.message, error.help.unwrap_or_default())
}

fn decided(a: &str, b: &str) -> bool {
    equal(&e(a), &e(b)).unwrap_or_else(|error| panic!("{a} = {b}: {error}"))
}

#[test]
fn constants_are_read_exactly() {
    // The examples of the sheet language, and TOML's other spellings of numbers.
    for (text, n, d) in [
        ("1/3", 1, 3),
        ("-2/5", -2, 5),
        ("0.5", 1, 2),
        ("1e-9", 1, 1_000_000_000),
        ("2/4", 1, 2),
        ("0.1", 1, 10),
        ("1_000", 1000, 1),
        ("+1.50E+2", 150, 1),
        ("-0", 0, 1),
        ("0e-5", 0, 1),
        ("1e-1_2", 1, 1_000_000_000_000),
        (" 0.5 / 0.25 ", 2, 1),
        ("−3", -3, 1),
        (".5", 1, 2),
    ] {
        assert_eq!(parse_constant(text).unwrap(), ratio(n, d), "{text}");
    }
    for text in [
        "", "1/0", "nan", "inf", "x", "1/2/3", "1+1", "1__0", "1_", "1.2.3", "2/-5", "(1)", "1e5000", "0x10",
        "1e",
    ] {
        assert!(parse_constant(text).is_err(), "{text}");
    }
}

#[test]
fn signs_bind_as_in_mathematics() {
    let at = point(&[("x", ratio(3, 1)), ("a", ratio(7, 1)), ("b", ratio(2, 1)), ("c", ratio(5, 1))]);
    for (text, n, d) in [
        ("-x^2", -9, 1),
        ("(-x)^2", 9, 1),
        ("a/b*c", 35, 2),
        ("a/b/c", 7, 10),
        ("a/b*c/x", 35, 6),
        ("a - b - c", 0, 1),
        ("x^-1", 1, 3),
        ("x^(2)", 9, 1),
        ("x**2", 9, 1),
        ("2^3^2", 512, 1),
        ("2*-x", -6, 1),
        ("--x", 3, 1),
        ("+x - +x", 0, 1),
        ("1/2*x^2", 9, 2),
        ("x^2/2", 9, 2),
        ("−x·2×a⋅b", -84, 1),
        ("exp(0) + log(1) + ln(1) + sqrt(9/4)", 5, 2),
        ("0*x", 0, 1),
        ("x^0", 1, 1),
    ] {
        assert_eq!(e(text).evaluate(&at), Ok(ratio(n, d)), "{text}");
    }
}

#[test]
fn errors_stand_in_their_place_and_say_what_to_write() {
    for (text, there, help) in [
        ("3 + 2x1", "x1", "write 2*x1"),
        ("2(x+1)", "(", "write 2*(…)"),
        ("(x)(y)", "(", "write * before `(`"),
        ("x y", "y", "write x*y"),
        ("2exp(1)", "exp", "write 2*exp"),
        ("x² + 1", "²", "write ^2"),
        ("x⁻¹²", "⁻¹²", "write ^-12"),
        ("x₁", "₁", "write 1 on the line, as in x1"),
        ("sqr(x)", "sqr", "write sqrt(…)"),
        ("x(2)", "x", "known are exp, log, ln, sqrt; a product is written x*(…)"),
        ("log + 1", "log", "write log(…)"),
        ("x^(1/2)", "(1/2)", "write sqrt(x)"),
        ("e^x", "x", "write exp(x)"),
        ("2^x", "x", "write exp(x*log(2))"),
        ("[x]", "[", "write ("),
        ("θ + 1", "θ", "names are made of the letters a to z and A to Z, digits and _"),
        ("1__0", "1_", "write 1_000"),
        ("1,5", ",", "write a decimal point as ."),
        ("x/0", "0", "divide by a number other than 0, or leave the term out"),
        ("x^1001", "1001", "write an exponent from -1000 to 1000"),
        ("(x + 1", "(", "close it with ) where it should end, or leave it out"),
        ("x + 1)", ")", "open it with ( where it should begin, or leave it out"),
        ("log(-1)", "-1", "take it of a positive number"),
    ] {
        let (found, _, found_help) = fails(text);
        assert_eq!((found.as_str(), found_help.as_str()), (there, help), "{text}");
    }
    for (text, there, message) in [
        ("", "", "the expression is empty"),
        ("x +", "", "the expression ends where a number, a name or `(` should stand"),
        ("(x + 1", "(", "this parenthesis is never closed"),
        ("x)", ")", "this parenthesis was never opened"),
        ("x * / y", "/", "a number, a name or `(` should stand here, not `/`"),
        ("1/(2 - 2)", "(2 - 2)", "division by zero"),
        ("0^-1", "0^-1", "zero has no negative powers"),
        ("log(x, 2)", ",", "`log` takes one argument"),
        ("exp()", ")", "`exp` needs an argument"),
        ("log(0)", "0", "the logarithm of a number that is not positive does not exist"),
        ("x^1001", "1001", "this exponent is beyond the limit of ±1000"),
        ("1e1001", "1e1001", "this decimal exponent is beyond the limit of ±1000"),
    ] {
        let (found, found_message, _) = fails(text);
        assert_eq!((found.as_str(), found_message.as_str()), (there, message), "{text}");
    }
}

#[test]
fn limits_are_errors_that_name_them() {
    let deep = |n: usize| "(".repeat(n) + "x" + &")".repeat(n);
    assert!(parse(&deep(MAX_NESTING)).is_ok());
    assert!(fails(&deep(MAX_NESTING + 1)).1.contains("64 levels"));
    assert!(fails(&deep(40_000)).1.contains("64 levels"));
    assert!(fails(&("x^".repeat(1000) + "1")).1.contains("64 levels"));
    assert!(fails(&"9".repeat(1001)).1.contains("limit is 1000"));
    assert!(fails(&("x+".repeat(MAX_OPERANDS) + "x")).1.contains("10000"));
    assert!(fails(&"x".repeat(100_001)).1.contains("limit is 100000"));
    assert!(fails(&("a".to_string() + &"/b*c".repeat(3000))).1.contains("limit is 400"));
    // Long and flat is no trouble.
    assert!(parse(&("-".repeat(50_000) + "x")).is_ok());
    assert!(parse(&("a".to_string() + &"/b".repeat(9000))).is_ok());
    // Towers of powers stay unfolded, and what asks for their value is told no.
    let tower = e("(((9^1000)^1000)^1000)^1000");
    assert_eq!(tower.evaluate(&BTreeMap::new()), Err(EvalError::TooLarge));
    assert!(equal(&tower, &e("1")).is_err());
}

#[test]
fn no_depth_exhausts_the_stack() {
    let mut deep = Expr::var("x");
    for _ in 0..200_000 {
        deep = deep.exp();
    }
    assert!(deep.substitute(&BTreeMap::new()) == deep);
    assert!(deep.evaluate(&point(&[("x", ratio(1, 1))])).is_err());
    assert!(Normal::of(&deep).is_err());
    assert!(matches!(deep.to_math(), Math::Words(_)));
    assert_eq!(deep.variables().len(), 1);
    assert!(deep.to_string().starts_with("exp(exp("));
    let mut signs = Expr::var("x");
    for _ in 0..100_000 {
        signs = (signs + Expr::integer(1)).negate();
    }
    assert_eq!(signs.derivative("x"), Expr::integer(1));
    // Shared parts: a tree of 2^100 nodes in a hundred.
    let mut shared = Expr::var("x");
    for _ in 0..100 {
        shared = (&shared + &Expr::integer(1)).pow(2) + shared.exp();
    }
    assert!(shared.derivative("x").to_string().contains("nodes"));
}

#[test]
fn derivatives_are_tidy() {
    for (text, var, derivative) in [
        ("1/2*(10*x1^2 + x2^2)", "x1", "10*x1"),
        ("5*x1^2 + x2^2/2", "x2", "x2"),
        ("3*x + 2", "x", "3"),
        ("y", "x", "0"),
        ("exp(x)", "x", "exp(x)"),
        ("log(x)", "x", "1/x"),
        ("sqrt(x)", "x", "1/(2*sqrt(x))"),
        ("1/x", "x", "-1/x**2"),
        ("x*y*z", "y", "x*z"),
        ("x^-2", "x", "-2*x**(-3)"),
        ("exp(-x)", "x", "-exp(-x)"),
    ] {
        assert_eq!(e(text).derivative(var).to_string(), derivative, "{text}");
    }
    assert!(decided("x^2*exp(x)", "x^2*exp(x)"));
    let product = (1..=200).map(|i| format!("(x + {i})")).collect::<Vec<_>>().join("*");
    let at = point(&[("x", ratio(0, 1))]);
    // (log of the product)' = Σ 1/(x + i), so the slope at zero is 200!·H₂₀₀.
    let harmonic = (1..=200).fold(ratio(0, 1), |sum, i| sum + ratio(1, i));
    let value = e(&product).evaluate(&at).unwrap();
    assert_eq!(e(&product).derivative("x").evaluate(&at).unwrap(), value * harmonic);
}

#[test]
fn text_is_what_sympy_reads() {
    for (text, printed) in [
        ("x^2", "x**2"),
        ("-x^2 + y", "-x**2 + y"),
        ("a - (b + c)", "a - (b + c)"),
        ("a - -3", "a + 3"),
        ("x - 1/2", "x - 1/2"),
        ("a/(b*c)", "a/(b*c)"),
        ("a*(b/c)", "a*(b/c)"),
        ("(-x)^2", "(-x)**2"),
        ("(x^2)^-1", "x**(-2)"),
        ("(1/x)^2", "(1/x)**2"),
        ("(2/3)*x", "2/3*x"),
        ("x*-1", "-x"),
        ("x*3", "3*x"),
        ("a + (-x)/2", "a - x/2"),
        ("ln(2) + sqrt(2) + exp(1/2)", "log(2) + sqrt(2) + exp(1/2)"),
        ("(x+1)^2*y", "(x + 1)**2*y"),
    ] {
        assert_eq!(e(text).to_string(), printed, "{text}");
    }
}

#[test]
fn formulas_carry_their_sign_in_front() {
    let symbol = |s: &str| Math::Symbol(s.into());
    let number = |n| Math::Number(ratio(n, 1));
    let negative = |m| Math::Negative(Box::new(m));
    assert_eq!(e("x*-1").to_math(), negative(symbol("x")));
    assert_eq!(e("-2*x").to_math(), negative(Math::Product(vec![number(2), symbol("x")])));
    assert_eq!(e("x - 3").to_math(), Math::Sum(vec![symbol("x"), negative(number(3))]));
    assert_eq!(e("-3").to_math(), number(-3));
    assert_eq!(e("-x/y").to_math(), negative(Math::Fraction(Box::new(symbol("x")), Box::new(symbol("y")))));
    assert_eq!(e("x^2").to_math(), Math::Power(Box::new(symbol("x")), Box::new(number(2))));
    assert_eq!(e("ln(x)").to_math(), Math::Apply("log".into(), vec![symbol("x")]));
}

#[test]
fn equality_is_decided() {
    for (a, b) in [
        ("(x + y)^2", "x^2 + 2*x*y + y^2"),
        ("(x^2 - 1)/(x - 1)", "x + 1"),
        ("1/x + 1/y", "(x + y)/(x*y)"),
        ("exp(x + y)", "exp(x)*exp(y)"),
        ("exp(x)^-2", "exp(-2*x)"),
        ("exp(2*x) - 1", "(exp(x) - 1)*(exp(x) + 1)"),
        ("1/(1 + exp(-x))", "exp(x)/(1 + exp(x))"),
        ("exp(1/2)/(1 + exp(1/2))", "1/(1 + exp(-1/2))"),
        ("sqrt(4/9)*exp(0) + log(1)", "2/3"),
        ("log(exp(x + 1))", "x + 1"),
        ("sqrt(exp(2*x))", "exp(x)"),
        ("x*y^-1*y", "x"),
        ("((x+1)/(x+2))^-3", "(x+2)^3/(x+1)^3"),
        ("0.1 + 0.2", "0.3"),
    ] {
        assert!(decided(a, b), "{a} = {b}");
    }
    for (a, b) in [
        ("exp(1)", "2.718281828459045235360287471352662497757"),
        ("exp(x)", "1 + x + x^2/2"),
        ("exp(1/2) + exp(1/3)", "exp(5/6)"),
        ("x", "y"),
        ("(x + y)^3", "x^3 + y^3"),
        ("1e-1000", "0"),
        ("sqrt(2)", "1"),
    ] {
        assert!(!decided(a, b), "{a} ≠ {b}");
    }
    for (a, b) in [
        ("1/(x - x)", "1"),
        ("0*(1/(x - x))", "0"),
        ("log(2)", "log(2)"),
        ("sqrt(2)", "sqrt(2)"),
        ("exp(x^2)", "1"),
        ("exp(1/x)", "1"),
        ("sqrt(x^2)", "x"),
        ("(a+b+c+d+f+g+h+k)^30", "1 + x"),
    ] {
        assert!(equal(&e(a), &e(b)).is_err(), "{a} = {b}");
    }
    assert!(equal(&e("1/(x-x)"), &e("0")).unwrap_err().reason.contains("identically zero"));
}

#[test]
fn a_constant_function_is_seen() {
    for (text, r) in [
        ("(x^2 - 1)/(2*(x - 1)*(x + 1))", Some(ratio(1, 2))),
        ("exp(x)*exp(-x)*3", Some(ratio(3, 1))),
        ("x - x", Some(ratio(0, 1))),
        ("exp(1)", None),
        ("(x + 1)/(x + 2)", None),
    ] {
        assert_eq!(Normal::of(&e(text)).unwrap().as_rational(), Ok(r), "{text}");
    }
}

#[test]
fn decimals_that_nearly_agree_are_compared_without_recursion() {
    // Numbers whose continued fractions share hundreds of terms.
    let digits: String = (0..990u32).map(|i| char::from(b'0' + ((i * i / 7 + 3) % 10) as u8)).collect();
    let (a, b) = (format!("0.{digits}1"), format!("0.{digits}101"));
    let (x, y) = (e(&a), e(&b));
    assert!(x != y);
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let thread = small.spawn(move || equal(&e(&format!("exp({a})")), &e(&format!("exp({b})"))));
    assert_eq!(thread.unwrap().join().unwrap(), Ok(false));
}

#[test]
fn polynomials_are_read_and_written() {
    let p = as_polynomial(&e("1/2*(10*x1^2 + x2^2) + (x1 - 3)*(x2 + 1) - x1*x2")).unwrap();
    assert_eq!(p.degree(), 2);
    assert_eq!(p.coefficient(&Monomial::product(["x1", "x1"])), ratio(5, 1));
    assert_eq!(p.coefficient(&Monomial::product(["x2", "x1"])), ratio(0, 1));
    assert_eq!(p.coefficient(&Monomial::one()), ratio(-3, 1));
    let order = |names: &[&str]| names.iter().map(|n| (*n).to_string()).collect::<Vec<_>>();
    assert_eq!(p.to_expr(&order(&["x1", "x2"])).to_string(), "5*x1**2 + 1/2*x2**2 + x1 - 3*x2 - 3");
    assert_eq!(p.to_expr(&order(&["x2"])).to_string(), "1/2*x2**2 + 5*x1**2 - 3*x2 + x1 - 3");
    assert_eq!(p.derivative("x1").to_expr(&[]).to_string(), "10*x1 + 1");
    assert_eq!(as_polynomial(&e("2*x1 + 3 - x2")).unwrap().to_expr(&[]).to_string(), "2*x1 - x2 + 3");
    let q = as_polynomial(&e("x*y + z^2 + y^2 + x^2 + x*z")).unwrap();
    assert_eq!(q.to_expr(&[]).to_string(), "x**2 + x*y + x*z + y**2 + z**2");
    assert_eq!(as_polynomial(&e("x - x")).unwrap(), Polynomial::default());
    assert_eq!(as_polynomial(&e("x^2/x")).unwrap(), as_polynomial(&e("x")).unwrap());
    assert_eq!(as_polynomial(&e("1/x")), Err(NotPolynomial::Denominator));
    assert_eq!(as_polynomial(&e("1/(x+1)")), Err(NotPolynomial::Denominator));
    assert_eq!(as_polynomial(&e("exp(x)")), Err(NotPolynomial::Exponential));
    assert_eq!(as_polynomial(&e("x*exp(1)")), Err(NotPolynomial::Exponential));
    assert!(matches!(as_polynomial(&e("log(x)")), Err(NotPolynomial::Undecided(_))));
    assert_eq!(
        as_polynomial(&e("exp(x)*(x+1) + x - exp(x) - x*exp(x)")).unwrap(),
        as_polynomial(&e("x")).unwrap()
    );
}

#[test]
fn fifty_variables_and_twelve_classes_take_milliseconds() {
    let start = std::time::Instant::now();
    let names: Vec<String> = (1..=50).map(|i| format!("x{i}")).collect();
    let linear = names.join(" + ");
    let squares = parse(&format!("({linear})^2 + 0.5*({linear}) + 1")).unwrap();
    let p = as_polynomial(&squares).unwrap();
    assert_eq!(p.iter().len(), 1275 + 50 + 1);
    let q = p.to_expr(&names);
    assert_eq!(as_polynomial(&parse(&q.to_string()).unwrap()).unwrap(), p);

    let logits: Vec<String> = (0..12).map(|i| format!("exp(z{i})")).collect();
    let total = logits.join(" + ");
    let probability = |i: usize| e(&format!("exp(z{i})/({total})"));
    for i in 0..12 {
        let slope = probability(3).derivative(&format!("z{i}"));
        let by_hand = if i == 3 {
            probability(3) * (Expr::integer(1) - probability(3))
        } else {
            -(probability(3) * probability(i))
        };
        assert_eq!(equal(&slope, &by_hand), Ok(true));
        assert_eq!(equal(&slope, &probability(3)), Ok(false));
    }
    assert_eq!(equal(&Expr::sum((0..12).map(probability)), &Expr::integer(1)), Ok(true));
    // Some 20 ms where this was written; a blow-up would take minutes.
    assert!(start.elapsed().as_secs() < 5);
}

/// Rational functions and exponentials of affine forms in x, y, z.
fn expression(exponentials: bool) -> BoxedStrategy<Expr> {
    let number = (-6i64..=6, 1i64..=4).prop_map(|(n, d)| Expr::number(ratio(n, d)));
    let variable = prop_oneof![Just("x"), Just("y"), Just("z")].prop_map(Expr::var);
    let affine = (number.clone(), variable.clone(), number.clone()).prop_map(|(a, x, b)| (a * x + b).exp());
    let leaf = if exponentials {
        prop_oneof![3 => number, 3 => variable, 1 => affine].boxed()
    } else {
        prop_oneof![number, variable].boxed()
    };
    combined(combined(leaf.prop_recursive(3, 12, 3, combined).boxed()))
}

/// Expressions over those given.
fn combined(inner: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    prop_oneof![
        prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::sum),
        prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::product),
        (inner.clone(), inner.clone()).prop_map(|(a, b)| a - b),
        inner.clone().prop_map(|a| -a),
        (inner.clone(), -2i64..=3).prop_map(|(a, n)| a.pow(n)),
        (inner.clone(), inner).prop_map(|(a, b)| a.over(&b)),
    ]
    .boxed()
}

fn place() -> impl Strategy<Value = BTreeMap<String, Rational>> {
    let r = || (-50i64..50, 1i64..20).prop_map(|(n, d)| ratio(n, d));
    (r(), r(), r()).prop_map(|(x, y, z)| point(&[("x", x), ("y", y), ("z", z)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_printed_reads_back(a in expression(true)) {
        // A literal division by zero prints but is not read.
        if let Ok(back) = parse(&a.to_string()) {
            if let Ok(same) = equal(&a, &back) {
                prop_assert!(same, "{} became {}", a, back);
            }
            // Reading may simplify, so the text may change once more, but never the value.
            let again = parse(&back.to_string()).unwrap();
            if let Ok(same) = equal(&back, &again) {
                prop_assert!(same, "{} became {}", back, again);
            }
        } else {
            prop_assert!(Normal::of(&a).is_err(), "{}", a);
        }
    }

    #[test]
    fn values_near_a_point_are_those_at_each(a in expression(false), base in place(), to in place()) {
        let moved = |names: &[&str]| -> BTreeMap<String, Rational> {
            names.iter().map(|name| ((*name).to_owned(), to[*name].clone())).collect()
        };
        let moves = [moved(&[]), moved(&["x"]), moved(&["y", "z"]), moved(&["x", "y", "z"])];
        if let Ok(near) = a.evaluate_near(&base, &moves) {
            for (value, moved) in near.iter().zip(&moves) {
                let mut at = base.clone();
                at.extend(moved.clone());
                prop_assert_eq!(a.evaluate(&at).unwrap(), value.clone());
            }
        }
    }

    #[test]
    fn the_normal_form_agrees_with_evaluation(a in expression(false), b in expression(false), at in place()) {
        if let (Ok(u), Ok(v), Ok(same)) = (a.evaluate(&at), b.evaluate(&at), equal(&a, &b)) {
            prop_assert!(!same || u == v, "{} and {}", a, b);
            let sum = &a + &b;
            prop_assert_eq!(sum.evaluate(&at).unwrap(), &u + &v);
            prop_assert_eq!((&a * &b).evaluate(&at).unwrap(), &u * &v);
            // The value itself, as another expression for the same number after substitution.
            let values = at.iter().map(|(k, r)| (k.clone(), Expr::number(r.clone()))).collect();
            prop_assert_eq!(equal(&a.substitute(&values), &Expr::number(u.clone())), Ok(true));
        }
    }

    #[test]
    fn algebra_holds_in_the_normal_form(a in expression(true), b in expression(true), c in expression(true)) {
        let holds = |l: &Expr, r: &Expr| equal(l, r).unwrap_or(true);
        prop_assert!(holds(&(&a * &(&b + &c)), &(&a * &b + &a * &c)));
        prop_assert!(holds(&(&a + &b).pow(2), &(a.pow(2) + Expr::integer(2) * &a * &b + b.pow(2))));
        prop_assert!(holds(&a.over(&b).over(&c), &a.over(&(&b * &c))));
        let one_more = &a + Expr::integer(1);
        prop_assert_ne!(equal(&a, &one_more), Ok(true));
    }

    #[test]
    fn derivatives_obey_their_rules(a in expression(true), b in expression(true)) {
        let holds = |l: &Expr, r: &Expr| equal(l, r).unwrap_or(true);
        let (da, db) = (a.derivative("x"), b.derivative("x"));
        prop_assert!(holds(&(&a + &b).derivative("x"), &(&da + &db)));
        prop_assert!(holds(&(&a * &b).derivative("x"), &(&da * &b + &a * &db)));
        prop_assert!(holds(&da.derivative("y"), &a.derivative("y").derivative("x")));
        // Shifting commutes with the derivative.
        let shift = BTreeMap::from([("x".to_string(), e("x + 1/3"))]);
        prop_assert!(holds(&a.substitute(&shift).derivative("x"), &da.substitute(&shift)));
    }

    #[test]
    fn polynomials_agree_with_the_tree(a in expression(false), at in place()) {
        if let Ok(p) = as_polynomial(&a) {
            prop_assert_eq!(as_polynomial(&p.to_expr(&[])).unwrap(), p.clone());
            prop_assert_eq!(as_polynomial(&a.derivative("x")), Ok(p.derivative("x")));
            if let Ok(value) = a.evaluate(&at) {
                prop_assert_eq!(p.evaluate(&at).unwrap(), value);
            }
        }
    }

    #[test]
    fn no_text_panics(text in "[-+*/^().,0-9_xye ²−]{0,40}", any in ".{0,30}") {
        for text in [&text, &any] {
            for error in [parse(text).err(), parse_constant(text).err()].into_iter().flatten() {
                prop_assert!(text.get(error.span.clone()).is_some(), "{:?} in {:?}", error, text);
            }
            if let Ok(expr) = parse(text) {
                prop_assert!(parse(&expr.to_string()).is_ok(), "{} from {}", expr, text);
                drop((Normal::of(&expr), expr.to_math(), expr.derivative("x"), expr.evaluate(&BTreeMap::new())));
            }
        }
    }
}

#[test]
fn a_root_is_told_from_another_expression_by_its_square() {
    let parsed = |text: &str| parse(text).unwrap();
    assert_eq!(equal(&parsed("sqrt(x)"), &parsed("x")), Ok(false));
    assert_eq!(equal(&parsed("3*x"), &parsed("sqrt(3*x)")), Ok(false));
    // The squares are one function; the roots are not where x is negative.
    assert!(equal(&parsed("sqrt(x^2)"), &parsed("x")).is_err());
}
