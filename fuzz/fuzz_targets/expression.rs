//! Any text as an expression lives here: what is read prints and reads back to the same function, and what can be
//! asked of it ends.
#![no_main]

use std::collections::BTreeMap;

use backproof::expr::{Expr, Normal, as_polynomial, equal, parse, parse_constant};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The longest input, in bytes.
const MAX_BYTES: usize = 4096;

fuzz_target!(|text: &str| -> Corpus {
    if text.len() > MAX_BYTES {
        return Corpus::Reject;
    }
    if let Err(error) = parse_constant(text) {
        assert!(text.get(error.span.clone()).is_some(), "{error:?} stands in no place");
    }
    let expr = match parse(text) {
        Ok(expr) => expr,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?} stands in no place");
            return Corpus::Keep;
        }
    };
    let printed = expr.to_string();
    // Without a normal form nothing is decided, and no question after that need be asked.
    let decided = Normal::of(&expr).is_ok();
    match parse(&printed) {
        Ok(back) => {
            if decided {
                assert_ne!(equal(&expr, &back), Ok(false), "{printed} is read as {back}");
            }
        }
        // A number may have grown past what may be written.
        Err(error) => assert!(error.message.contains("limit"), "{printed}: {error:?}"),
    }
    let _ = (expr.to_math(), expr.evaluate(&BTreeMap::new()));
    let slope = expr.derivative("x");
    if !decided {
        return Corpus::Keep;
    }
    if let Ok(polynomial) = as_polynomial(&expr) {
        assert_eq!(as_polynomial(&polynomial.to_expr(&[])).as_ref(), Ok(&polynomial), "{printed}");
        if let Ok(theirs) = as_polynomial(&slope) {
            assert_eq!(theirs, polynomial.derivative("x"), "the slope of {printed}");
        }
    }
    assert_ne!(equal(&expr, &(&expr + Expr::integer(1))), Ok(true), "{printed} is one more than itself");
    Corpus::Keep
});
