//! Random bits live here: sixteen generators side by side, so that one instruction steps several of them. Which stream
//! they give follows from a seed, a label and a number, and from nothing else.

/// How many generators run side by side.
pub const LANES: usize = 16;

/// One draw of 32 bits from every lane.
pub type Bits = [u32; LANES];

/// The odd step of SplitMix64, 2⁶⁴ over the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64: the next state's mixed bits. Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators
/// (2014), with the mixing constants of its variant 13.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(STEP);
    let x = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Sixteen generators xoshiro128++, each with a period of 2¹²⁸ − 1. Source: Blackman, Vigna, Scrambled Linear
/// Pseudorandom Number Generators (2021).
#[derive(Debug, Clone)]
pub struct Lanes {
    state: [Bits; 4],
}

impl Lanes {
    /// The lanes of one chunk: `label` tells apart what is drawn under the same seed, `chunk` its parts.
    #[must_use]
    pub fn new(seed: u64, label: u64, chunk: u64) -> Self {
        let mut from = seed;
        // Each number goes through the mixer before the next is added, so that no two triples meet by addition.
        from = split_mix(&mut from).wrapping_add(label);
        from = split_mix(&mut from).wrapping_add(chunk);
        let mut state = [[0; LANES]; 4];
        let [a, b, c, d] = &mut state;
        for lane in 0..LANES {
            let (x, y) = (split_mix(&mut from), split_mix(&mut from));
            // Never all zero in practice; a state of zeros would stay there.
            (a[lane], b[lane]) = (x as u32 | 1, (x >> 32) as u32);
            (c[lane], d[lane]) = (y as u32, (y >> 32) as u32);
        }
        Self { state }
    }

    /// The next 32 bits of every lane.
    #[inline(always)]
    pub fn step(&mut self) -> Bits {
        let [a, b, c, d] = &mut self.state;
        let mut out = [0; LANES];
        for l in 0..LANES {
            out[l] = a[l].wrapping_add(d[l]).rotate_left(7).wrapping_add(a[l]);
            let t = b[l] << 9;
            c[l] ^= a[l];
            d[l] ^= b[l];
            b[l] ^= c[l];
            a[l] ^= d[l];
            c[l] ^= t;
            d[l] = d[l].rotate_left(11);
        }
        out
    }
}
