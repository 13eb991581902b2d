//! Values of PyTorch 2.13 for seed 480, and of the ledger.
#![allow(clippy::unwrap_used)]

use super::{Stream, permutation};
use crate::train::tests::alone;

#[test]
fn shuffles_are_pytorchs() {
    // Source: torch.randperm(n, generator=torch.Generator().manual_seed(480)), PyTorch 2.13.
    assert_eq!(permutation(480, 10), [0, 9, 2, 3, 6, 7, 8, 4, 5, 1]);
    let order = permutation(480, 60_000);
    assert_eq!(order[..4], [48160, 1625, 26244, 50648]);
    assert_eq!(order[59_997..], [10375, 44947, 22119]);
    assert_eq!(permutation(480 + (1 << 32), 10), permutation(480, 10));
    assert_eq!(permutation(480, 0), [0; 0]);
}

#[test]
fn passes_draw_as_loaders_do() {
    let _held = alone();
    // Source: the first images of DataLoader(shuffle=True) after torch.manual_seed(480), PyTorch 2.13.
    let mut stream = Stream::seeded(480).unwrap();
    assert_eq!(stream.pass(60_000, true, "first").unwrap().unwrap()[..3], [46978, 59153, 56364]);
    assert_eq!(stream.pass(60_000, true, "second").unwrap().unwrap()[..3], [17352, 14327, 35797]);
    assert_eq!(stream.pass(10_000, false, "test").unwrap(), None);
    assert_eq!(stream.drawn(), 4 + 4 + 2);
    let mut text = Vec::new();
    stream.write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with(
        "0 2 5632868990758028482 first: base seed\n2 2 2618495190424156041 first: sampler seed\n"
    ));
}

#[test]
fn words_thrown_away_lead_to_the_same_place() {
    let _held = alone();
    let mut once = Stream::seeded(7).unwrap();
    once.pass(10, true, "a").unwrap();
    let ones = tch::Tensor::ones([64, 3], (tch::Kind::Float, tch::Device::Cpu));
    let _ = ones.dropout(0.2, true);
    once.note_masks(1, 192, "mask");
    let next = once.pass(10, true, "b").unwrap();
    let drawn = once.drawn() - 4;
    let mut again = Stream::seeded(7).unwrap();
    again.discard_to(drawn).unwrap();
    assert_eq!(again.pass(10, true, "b").unwrap(), next);
}
