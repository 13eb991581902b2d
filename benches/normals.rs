//! Times normal numbers: drawn into memory, and drawn and used up as sampling does it. Prints a line of normals a second
//! for each run: `normals [COUNT [RUNS]]`.
#![allow(missing_docs, clippy::float_arithmetic)]

use std::time::Instant;

use backproof::evidence::sampling::{Entries, Law, fill_normal, scores, threads};
use backproof::num::ratio;

/// Length of the vectors whose scores are drawn.
const D: u64 = 64;

fn rate(count: usize, work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    count as f64 / start.elapsed().as_secs_f64()
}

fn main() -> Result<(), String> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let count = numbers.first().copied().unwrap_or(10_000_000);
    let runs = numbers.get(1).copied().unwrap_or(15);
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1))?;
    let law = Law::of_scores(&entries, D);
    let cores = threads::available();
    let mut out = vec![0.0_f32; count];
    for run in 0..=runs {
        let seed = run as u64;
        let filled = rate(count, || {
            fill_normal(&mut out, seed, cores);
            std::hint::black_box(&mut out);
        });
        let summed = rate(count, || {
            std::hint::black_box(scores::draw(&entries, &law, D, count as u64 / (2 * D), seed, cores));
        });
        // The first run warms up.
        if run > 0 {
            println!("{filled:.0} {summed:.0}");
        }
    }
    Ok(())
}
