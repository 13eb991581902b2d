//! The fields of a Transformer encoder live here: reading them and refusing what makes no sense. Nothing is counted.

use crate::sheet::{Entry, Field, FieldType, Located, SheetError, listed, nearest, shown};

/// The largest width, and the largest number of heads.
pub const MAX_WIDTH: u64 = 1_000_000_000_000;

/// The most layers; the evidence adds them one by one.
pub const MAX_LAYERS: u64 = 10_000;

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::required("d", WIDTH, "256", "model dimension: the length of a token's vector"),
    Field::required("heads", WIDTH, "8", "number of attention heads; it divides `d`"),
    Field::required("d_ff", WIDTH, "1024", "inner width of the feedforward sublayer"),
    Field::optional(
        "layers",
        FieldType::Count { least: 1, most: MAX_LAYERS },
        "6",
        "number of encoder layers, all equal",
    )
    .or("1"),
    Field::optional(
        "biases",
        FieldType::List { of: &FieldType::OneOf(&PARTS), least: 0, most: PARTS.len() },
        "[\"attention\", \"ffn2\"]",
        "which parts have a bias, `norm` for β; `attention` stands for q, k, v, o, `feedforward` for ffn1, ffn2",
    )
    .or("[]"),
    Field::optional(
        "norm",
        FieldType::OneOf(&NORMS),
        "\"none\"",
        "whether LayerNorms have parameters: γ, and β where `biases` has `norm`",
    )
    .or("\"affine\""),
    Field::optional(
        "final_norm",
        FieldType::Boolean,
        "true",
        "whether one LayerNorm more follows the last layer",
    )
    .or("false"),
];

const WIDTH: FieldType = FieldType::Count { least: 1, most: MAX_WIDTH };

/// Parts that may have a bias, and the groups of them.
const PARTS: [&str; 9] = ["q", "k", "v", "o", "ffn1", "ffn2", "norm", "attention", "feedforward"];

/// What LayerNorms may be.
const NORMS: [&str; 2] = ["affine", "none"];

/// Which parts have a bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Biases {
    /// The query projection.
    pub q: bool,
    /// The key projection.
    pub k: bool,
    /// The value projection.
    pub v: bool,
    /// The output projection.
    pub o: bool,
    /// The first matrix of the feedforward sublayer: a bias of `d_ff` entries.
    pub ffn1: bool,
    /// The second: a bias of `d` entries.
    pub ffn2: bool,
    /// The shift β of LayerNorms.
    pub norm: bool,
}

impl Biases {
    fn part(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "q" => &mut self.q,
            "k" => &mut self.k,
            "v" => &mut self.v,
            "o" => &mut self.o,
            "ffn1" => &mut self.ffn1,
            "ffn2" => &mut self.ffn2,
            "norm" => &mut self.norm,
            _ => return None,
        })
    }
}

/// An encoder: a stack of equal layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Model dimension.
    pub d: u64,
    /// Heads; a divisor of `d`.
    pub heads: u64,
    /// Width of the feedforward sublayer.
    pub d_ff: u64,
    /// Layers.
    pub layers: u64,
    /// Biases.
    pub biases: Biases,
    /// Whether LayerNorms have parameters at all.
    pub affine: bool,
    /// Whether one LayerNorm more follows the last layer.
    pub final_norm: bool,
}

impl Given {
    /// Reads an entry.
    ///
    /// # Errors
    /// A field that is missing, unknown, of the wrong type or beyond its limit; heads that do not divide `d`; a part
    /// that is unknown or named twice.
    pub fn read(entry: &Entry) -> Result<Self, SheetError> {
        let d = entry.count("d", MAX_WIDTH)?;
        let heads = entry.count("heads", MAX_WIDTH)?;
        let d_ff = entry.count("d_ff", MAX_WIDTH)?;
        let layers = entry.opt_count("layers", MAX_LAYERS)?.map_or(1, |n| n.value);
        let biases = read_biases(entry)?;
        let affine = read_norm(entry)?;
        let final_norm = entry.bool_or("final_norm", false)?;
        entry.finish(FIELDS)?;
        check_heads(entry, d.value, &heads)?;
        Ok(Self { d: d.value, heads: heads.value, d_ff: d_ff.value, layers, biases, affine, final_norm })
    }
}

fn check_heads(entry: &Entry, d: u64, heads: &Located<u64>) -> Result<(), SheetError> {
    let h = heads.value;
    if d.checked_rem(h) == Some(0) {
        return Ok(());
    }
    let (below, above) = divisors_around(d, h);
    let help = match above {
        Some(above) => format!("the nearest divisors of {d} are {below} and {above}"),
        None => format!("the largest divisor of {d} is {below}"),
    };
    let message = format!("{h} heads do not divide d = {d}: every head takes d/h of the d columns");
    Err(entry.error_at(heads.span.clone(), message, help))
}

/// The largest divisor of `n` below `at` and the smallest one above it. `n` and `at` are positive.
fn divisors_around(n: u64, at: u64) -> (u64, Option<u64>) {
    let (mut below, mut above) = (1, None);
    let mut small = 1_u64;
    // At most √MAX_WIDTH rounds.
    while let Some(large) = n.checked_div(small).filter(|large| *large >= small) {
        if n.checked_rem(small) == Some(0) {
            for divisor in [small, large] {
                if divisor <= at {
                    below = below.max(divisor);
                } else {
                    above = Some(above.map_or(divisor, |least: u64| least.min(divisor)));
                }
            }
        }
        small += 1;
    }
    (below, above)
}

fn read_biases(entry: &Entry) -> Result<Biases, SheetError> {
    let mut biases = Biases::default();
    let Some(names) = entry.opt_texts("biases")? else { return Ok(biases) };
    for name in &names.value {
        let parts: &[&str] = match name.value.as_str() {
            "attention" => &["q", "k", "v", "o"],
            "feedforward" => &["ffn1", "ffn2"],
            single => &[single],
        };
        for part in parts {
            let Some(flag) = biases.part(part) else { return Err(unknown_part(entry, name)) };
            if *flag {
                let message = format!("the bias of {} is named twice", shown(part));
                return Err(entry.error_at(
                    name.span.clone(),
                    message,
                    "name every part once; \"attention\" stands for q, k, v, o and \"feedforward\" for ffn1, ffn2",
                ));
            }
            *flag = true;
        }
    }
    Ok(biases)
}

fn unknown_part(entry: &Entry, name: &Located<String>) -> SheetError {
    let all = format!("the parts are {}", listed(&PARTS));
    let help = match nearest(&name.value, PARTS) {
        Some(near) => format!("did you mean {}? {all}", shown(near)),
        None => all,
    };
    entry.error_at(name.span.clone(), format!("{} is not a part that has a bias", shown(&name.value)), help)
}

fn read_norm(entry: &Entry) -> Result<bool, SheetError> {
    let Some(norm) = entry.opt_text("norm")? else { return Ok(true) };
    match norm.value.as_str() {
        "affine" => Ok(true),
        "none" => Ok(false),
        other => {
            let help = match nearest(other, NORMS) {
                Some(near) => format!("did you mean {}?", shown(near)),
                None => "write norm = \"affine\" (γ, and β where biases has \"norm\") or norm = \"none\""
                    .to_owned(),
            };
            Err(entry.error_at(norm.span.clone(), format!("{} is not a norm", shown(other)), help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_around_a_number_are_the_nearest() {
        assert_eq!(divisors_around(256, 7), (4, Some(8)));
        assert_eq!(divisors_around(256, 300), (256, None));
        assert_eq!(divisors_around(97, 8), (1, Some(97)));
        // Naive: run through all numbers.
        for n in 1..=120_u64 {
            for at in 1..=130_u64 {
                let below = (1..=at).rev().find(|q| n % q == 0).unwrap_or(1);
                let above = (at + 1..=n).find(|q| n % q == 0);
                assert_eq!(divisors_around(n, at), (below, above), "{n} around {at}");
            }
        }
    }
}
