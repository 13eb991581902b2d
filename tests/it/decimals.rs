//! Decimals are held against an unrelated library here: a hundred thousand values, near-ties among them.

use backproof::evidence::library::Library;
use backproof::num::{Exact, Rational, Rounding, ratio};
use backproof::report::{Row, Status, judge};
use num_traits::One;

/// A generator of whole numbers that needs no crate: the one of Steele, Lea and Flood (2014), splitmix.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `least` on, of so many.
    fn from(&mut self, least: i64, count: u64) -> i64 {
        least + i64::try_from(self.next() % count).unwrap()
    }

    fn rational(&mut self) -> Rational {
        ratio(self.from(-20_000, 40_001), self.from(1, 2_000))
    }
}

/// Ours, and what the library makes of the same.
fn value(n: &mut Numbers, at: u64, l: &Library) -> (Exact, backproof::report::Bounds) {
    let q = n.rational();
    let small = ratio(n.from(-900, 1_801), n.from(1, 60));
    match at % 5 {
        // A softmax of two or three classes.
        0 | 1 => {
            let logits = [ratio(0, 1), small, ratio(n.from(-40, 81), 7)];
            let logits = &logits[..if at.is_multiple_of(2) { 2 } else { 3 }];
            let sum = logits.iter().fold(Exact::zero(), |s, q| s.add(&Exact::exp(q)));
            let ours = Exact::exp(&logits[1]).checked_div(&sum).unwrap().unwrap();
            let (p, _) = l.softmax(&l.numbers(logits).unwrap(), 1).unwrap();
            (ours, l.bounds(&p[1]))
        }
        // A cross-entropy.
        2 => {
            let logits = [ratio(0, 1), small];
            let sum = Exact::one().add(&Exact::exp(&logits[1]));
            let (_, loss) = l.softmax(&l.numbers(&logits).unwrap(), 0).unwrap();
            (sum.ln().unwrap().unwrap(), l.bounds(&loss))
        }
        // A rational.
        3 => {
            let bounds = l.bounds(&l.number(&q).unwrap());
            (q.into(), bounds)
        }
        // A rational that lies 10^(−20) beside a tie of the fourth decimal, or on it.
        _ => {
            let tie = ratio(2 * n.from(-50_000, 100_001) + 1, 20_000);
            let sliver = Rational::new(n.from(-1, 3).into(), backproof::num::Integer::from(10).pow(20));
            let near = tie + sliver;
            let bounds = l.bounds(&l.number(&near).unwrap());
            (near.into(), bounds)
        }
    }
}

#[test]
fn a_hundred_thousand_decimals_agree_with_an_unrelated_library() {
    const COUNT: u64 = 100_000;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let share = COUNT.div_ceil(threads);
    let run = |part: u64| {
        let mut n = Numbers(part);
        for at in 0..share {
            let digits = u32::try_from(1 + n.next() % 12).unwrap();
            let digits = if at % 5 == 4 { 4 } else { digits };
            let l = Library::for_digits(digits);
            let (ours, bounds) = value(&mut n, at, &l);
            let row = Row::new("x", "x", ours.clone());
            let (verdicts, status) = judge(&row, &[l.evidence("x", bounds)], digits);
            assert_eq!(status, Status::Holds, "{ours:?} to {digits}: {verdicts:?}");
        }
    };
    std::thread::scope(|s| {
        (0..threads).for_each(|part| {
            s.spawn(move || run(part));
        });
    });
}

/// What the test above would miss if it could not fail: a value that is off by less than a digit that is printed.
#[test]
fn a_value_that_is_off_past_the_printed_digits_is_refused() {
    let l = Library::for_digits(4);
    let p = Exact::one().checked_div(&Exact::one().add(&Exact::exp(&Rational::one()))).unwrap().unwrap();
    let (bounds, _) = l.softmax(&l.numbers(&[ratio(0, 1), ratio(1, 1)]).unwrap(), 0).unwrap();
    let evidence = [l.evidence("p", l.bounds(&bounds[0]))];
    assert_eq!(judge(&Row::new("p", "p", p.clone()), &evidence, 4).1, Status::Holds);
    let off = p.add(&Rational::new(1.into(), backproof::num::Integer::from(10).pow(30)).into());
    assert_eq!(off.decimal(Rounding::Digits(4)), p.decimal(Rounding::Digits(4)));
    assert_eq!(judge(&Row::new("p", "p", off), &evidence, 4).1, Status::Fails);
}
