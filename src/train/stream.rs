//! Random numbers in PyTorch's order live here: the one generator of the process, the ledger of words drawn from it, and
//! the shuffles. Nobody else draws without an entry in the ledger.
//!
//! The generator is the standard mt19937 (Matsumoto and Nishimura, 1998), and libtorch draws from it: initial weights a
//! word a number, masks two words a number, a seed for every pass over the data two words. A shuffle comes from a second
//! generator, seeded by one of those.

use std::io::{self, Write};

use rand_mt::Mt;
use tch::{Device, Kind, TchError, Tensor};

/// Words that a 64-bit draw takes.
const SEED_WORDS: u64 = 2;
/// How many words are thrown away at once.
const CHUNK: u64 = 1 << 22;

/// The generator's ledger.
pub(super) struct Stream {
    drawn: u64,
    mask: MaskCost,
    entries: Vec<Entry>,
}

/// What a mask of dropout takes. libtorch draws it number by number, or on some processors has a library draw it whole
/// from a single seed; which of the two was found by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MaskCost {
    /// So many words a number.
    Number(u64),
    /// So many words a mask.
    Mask(u64),
}

/// A line of the ledger.
struct Entry {
    /// Words drawn before.
    at: u64,
    /// Words drawn.
    words: u64,
    /// For what.
    what: String,
    /// The value, where it is one number.
    value: Option<i64>,
}

impl Stream {
    /// Seeds the generator. What a mask takes is found out first.
    pub(super) fn seeded(seed: u64) -> Result<Self, TchError> {
        let mask = mask_cost()?;
        manual_seed(seed);
        Ok(Self { drawn: 0, mask, entries: Vec::new() })
    }

    /// Words drawn so far.
    pub(super) fn drawn(&self) -> u64 {
        self.drawn
    }

    /// Notes words that an operation of libtorch has drawn.
    pub(super) fn note(&mut self, words: u64, what: impl Into<String>) {
        let what = what.into();
        self.enter(words, what, None);
    }

    /// Notes the masks of a dropout: so many of them, and the numbers that they hold together.
    pub(super) fn note_masks(&mut self, masks: u64, numbers: u64, what: impl Into<String>) {
        let words = match self.mask {
            MaskCost::Number(words) => numbers.saturating_mul(words),
            MaskCost::Mask(words) => masks.saturating_mul(words),
        };
        self.note(words, what);
    }

    /// Throws words away until so many are drawn, as a run that is gone on with has drawn them.
    pub(super) fn discard_to(&mut self, drawn: u64) -> Result<(), TchError> {
        let words = drawn.saturating_sub(self.drawn);
        discard(words)?;
        self.note(words, "drawn before this run went on");
        Ok(())
    }

    /// Begins a pass over n images as a `DataLoader` does: a base seed, then, where the images are shuffled, the
    /// sampler's seed. The order of the images; none where they are not shuffled.
    pub(super) fn pass(
        &mut self,
        images: usize,
        shuffled: bool,
        what: &str,
    ) -> Result<Option<Vec<i64>>, TchError> {
        self.draw(format!("{what}: base seed"))?;
        if !shuffled {
            return Ok(None);
        }
        let seed = self.draw(format!("{what}: sampler seed"))?;
        Ok(Some(permutation(seed, images)))
    }

    fn draw(&mut self, what: String) -> Result<i64, TchError> {
        let value = draw()?;
        self.enter(SEED_WORDS, what, Some(value));
        Ok(value)
    }

    fn enter(&mut self, words: u64, what: String, value: Option<i64>) {
        self.entries.push(Entry { at: self.drawn, words, what, value });
        self.drawn = self.drawn.saturating_add(words);
    }

    /// Writes the ledger: words before, words drawn, the value where it is one, for what.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for Entry { at, words, what, value } in &self.entries {
            let value = value.map_or_else(|| "-".to_owned(), |v| v.to_string());
            writeln!(out, "{at} {words} {value} {what}")?;
        }
        Ok(())
    }
}

/// Seeds libtorch's generator.
fn manual_seed(seed: u64) {
    // The bits are what counts: libtorch reads the number without its sign.
    tch::manual_seed(i64::from_ne_bytes(seed.to_ne_bytes()));
}

/// A draw as PyTorch's loaders make it: `torch.empty((), dtype=torch.int64).random_()`.
fn draw() -> Result<i64, TchError> {
    let mut one = Tensor::f_empty([1], (Kind::Int64, Device::Cpu))?;
    let _ = one.f_random_()?;
    one.f_int64_value(&[0])
}

/// Draws words and forgets them. A uniform float takes one.
fn discard(words: u64) -> Result<(), TchError> {
    let mut left = words;
    while left > 0 {
        let some = left.min(CHUNK);
        let mut numbers = Tensor::f_empty([i64::try_from(some).unwrap_or(1)], (Kind::Float, Device::Cpu))?;
        let _ = numbers.f_uniform_(0.0, 1.0)?;
        left -= some;
    }
    Ok(())
}

/// Tries a mask and looks at where the generator stands afterwards.
fn mask_cost() -> Result<MaskCost, TchError> {
    const SEED: u32 = 5489;
    const NUMBERS: u64 = 1000;
    manual_seed(u64::from(SEED));
    let _ = Tensor::f_ones([1000], (Kind::Float, Device::Cpu))?.f_dropout(0.5, true)?;
    let found = draw()?;
    let mut words = Mt::new(SEED);
    let mut first = u64::from(words.next_u32());
    for at in 0..=4 * NUMBERS {
        let second = u64::from(words.next_u32());
        if i64::try_from((first << 32 | second) & (u64::MAX >> 1)) == Ok(found) {
            return Ok(match at.checked_rem(NUMBERS) {
                Some(0) => MaskCost::Number(at / NUMBERS),
                _ => MaskCost::Mask(at),
            });
        }
        first = second;
    }
    Err(TchError::Torch("a dropout mask leaves the generator where nobody expects it".to_owned()))
}

/// `torch.randperm(n)` of a generator with that seed, of which the low 32 bits count.
fn permutation(seed: i64, n: usize) -> Vec<i64> {
    let [a, b, c, d, ..] = seed.to_le_bytes();
    let mut words = Mt::new(u32::from_le_bytes([a, b, c, d]));
    let mut order: Vec<i64> = (0..).take(n).collect();
    for at in 0..n.saturating_sub(1) {
        let left = u32::try_from(n - at).unwrap_or(u32::MAX);
        let step = words.next_u32() % left;
        order.swap(at, at + step as usize);
    }
    order
}

#[cfg(test)]
mod tests;
