//! Counting without multiplying and dividing lives here: copies are added up, amounts are shared out, and the last
//! number that passes a test is found by halving. What is counted is for the kinds to say.

use num_traits::Zero;

use crate::num::Integer;

/// So many copies of a number, added up: the copies are paired, then the pairs, so that it takes as many rounds as
/// `times` has bits.
#[must_use]
pub fn copies(of: &Integer, mut times: u128) -> Integer {
    let (mut sum, mut heap) = (Integer::zero(), of.clone());
    while times > 0 {
        if times & 1 == 1 {
            sum += &heap;
        }
        heap = &heap + &heap;
        times >>= 1;
    }
    sum
}

/// How many shares of a size an amount gives, and what is left over: shares are taken away in doubled heaps, the
/// largest first. `None` for shares of nothing.
#[must_use]
pub fn shared_out(amount: u128, share: u128) -> Option<(u128, u128)> {
    if share == 0 {
        return None;
    }
    let mut heaps = Vec::new();
    let (mut size, mut shares) = (share, 1_u128);
    while size <= amount {
        heaps.push((size, shares));
        // What cannot be doubled any more is larger than half of all numbers, so that no larger heap fits.
        let Some(double) = size.checked_add(size) else { break };
        (size, shares) = (double, shares + shares);
    }
    let (mut left, mut count) = (amount, 0);
    for (size, shares) in heaps.into_iter().rev() {
        if size <= left {
            left -= size;
            count += shares;
        }
    }
    Some((count, left))
}

/// The last number from 0 to `most` that passes a test, by halving; 0 passes unasked, and after a number that does not
/// pass none does.
pub fn last_that(most: u128, passes: impl Fn(u128) -> bool) -> u128 {
    let (mut passed, mut open) = (0, most);
    while passed < open {
        let middle = open - (open - passed) / 2;
        if passes(middle) {
            passed = middle;
        } else {
            open = middle - 1;
        }
    }
    passed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_are_met() {
        assert_eq!(copies(&Integer::from(7), 0), Integer::zero());
        assert_eq!(copies(&Integer::from(1), u128::MAX), Integer::from(u128::MAX));
        assert_eq!(shared_out(5, 0), None);
        assert_eq!(shared_out(u128::MAX, 1), Some((u128::MAX, 0)));
        assert_eq!(shared_out(u128::MAX, u128::MAX - 1), Some((1, 1)));
        assert_eq!(last_that(0, |_| true), 0);
        assert_eq!(last_that(u128::MAX, |_| true), u128::MAX);
        assert_eq!(last_that(u128::MAX, |_| false), 0);
    }

    proptest! {
        #[test]
        fn adding_up_is_multiplying_and_sharing_is_dividing(a in any::<u64>(), b in 1..u64::MAX, c in any::<u128>()) {
            let (wide, by) = (u128::from(a), u128::from(b));
            prop_assert_eq!(copies(&Integer::from(a), by), Integer::from(a) * b);
            prop_assert_eq!(copies(&Integer::from(c), wide), Integer::from(c) * a);
            prop_assert_eq!(shared_out(c, by), Some((c / by, c % by)));
            prop_assert_eq!(shared_out(wide, by), Some((wide / by, wide % by)));
            prop_assert_eq!(last_that(u128::MAX, |n| n <= c), c);
            prop_assert_eq!(last_that(wide, |n| n <= c), wide.min(c));
        }
    }
}
