//! Changes of a sheet that leave it a sheet live here: other numbers in the place of numbers, lists longer and shorter.
//!
//! Changed bytes alone nearly always end as a refused sheet; these reach the solvers and the evidence.

use std::ops::Range;

/// Numbers that are as good as random, from a seed.
struct Random(u64);

impl Random {
    /// A number from 0 to below `n`, for n ≥ 1.
    fn below(&mut self, n: usize) -> usize {
        // Marsaglia, Xorshift RNGs (2003), with the shifts 13, 7, 17.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % n.max(1)
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }
}

/// The text with one number or one item of a list changed; `None` where it has neither.
#[must_use]
pub fn changed(text: &str, seed: u32) -> Option<String> {
    let mut random = Random(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (place, with) =
        if random.below(4) == 0 { item(text, &mut random)? } else { number(text, &mut random)? };
    let mut text = text.to_owned();
    text.replace_range(place, &with);
    Some(text)
}

/// Where the numbers of a text stand, without their signs.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'.')) {
            at += 1;
        }
        if at > start && bytes[start].is_ascii_digit() {
            found.push(start..at);
        }
        at = at.max(start + 1);
    }
    found
}

fn number(text: &str, random: &mut Random) -> Option<(Range<usize>, String)> {
    let found = numbers(text);
    let place = found.get(random.below(found.len()))?.clone();
    let quoted =
        text[..place.start].rsplit('\n').next().is_some_and(|line| line.matches('"').count() % 2 == 1);
    let small = |random: &mut Random| random.below(12).to_string();
    let with = match random.below(10) {
        0 | 1 => small(random),
        2 => format!("-{}", small(random)),
        3 if quoted => format!("{}/{}", small(random), random.below(12) + 1),
        3 => format!("\"{}/{}\"", small(random), random.below(12) + 1),
        4 => {
            let n = random.below(6) + 1;
            format!("{}.{}", small(random), random.digits(n))
        }
        5 => format!("{}e-{}", small(random), random.below(1001)),
        6 => format!("{}e{}", small(random), random.below(1001)),
        7 => {
            let n = random.below(300) + 1;
            format!("1{}", random.digits(n))
        }
        8 => {
            let n = random.below(5) + 1;
            format!("1{}", random.digits(n))
        }
        _ => text[found.get(random.below(found.len()))?.clone()].to_owned(),
    };
    Some((place, with))
}

fn item(text: &str, random: &mut Random) -> Option<(Range<usize>, String)> {
    let commas: Vec<usize> = text.match_indices(',').map(|found| found.0).collect();
    let end = *commas.get(random.below(commas.len()))? + 1;
    let start = text[..end - 1].rfind(['[', '{', ',', '\n'])? + 1;
    let times = [0, 2, 2, 3, 8][random.below(5)];
    Some((start..end, text[start..end].repeat(times)))
}
