//! What sampling promises: normal numbers that are normal, standard errors that are right, alarms at the rate asked for,
//! the same result on any number of threads.
#![allow(clippy::unwrap_used, clippy::panic)]

use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::functions::{exp_minus, ln, normal_quantile, normal_tail};
use super::lanes::{LANES, Lanes};
use super::{Average, Entries, Law, Level, Sums, fill_normal, scores, softmax, threads};
use crate::num::{Rational, ratio};
use crate::report::Estimate;

// ---- functions ------------------------------------------------------------------------------------

fn near(x: f64, y: f64, relative: f64) {
    assert!((x - y).abs() <= relative * y.abs(), "{x} is not {y}");
}

#[test]
fn exp_and_ln_are_those_of_the_standard_library() {
    for n in 0..4000 {
        let x = f64::from(n) * 0.173;
        near(exp_minus(x), (-x).exp(), 1e-13);
        near(ln(1.1 + x), (1.1 + x).ln(), 1e-14);
        near(ln(1.0 / (1.1 + x)), -(1.1 + x).ln(), 1e-14);
    }
    assert_eq!((exp_minus(0.0), ln(1.0), exp_minus(1e9)), (1.0, 0.0, 0.0));
}

#[test]
fn the_normal_tail_is_that_of_tables() {
    // Source: erfc(z/√2)/2 by Python 3.11 (math.erfc).
    for (z, tail) in [
        (0.0, 0.5),
        (1.0, 0.158_655_253_931_457_05),
        (1.959_963_984_540_054, 0.025),
        (2.999, 0.001_354_336_533_727_1),
        (3.0, 0.001_349_898_031_630_094_6),
        (6.0, 9.865_876_450_376_98e-10),
    ] {
        near(normal_tail(z), tail, 1e-9);
        near(normal_quantile(tail).max(1e-12), z.max(1e-12), 1e-9);
    }
    // Both formulas, where they meet.
    near(normal_tail(3.0 - 1e-12), normal_tail(3.0), 1e-10);
}

// ---- normal numbers ------------------------------------------------------------------------------

const MANY: usize = 4_000_000;

fn normals(seed: u64) -> Vec<f64> {
    let mut out = vec![0.0_f32; MANY];
    fill_normal(&mut out, seed, threads::available());
    out.into_iter().map(f64::from).collect()
}

/// The moments E[zⁿ] of a standard normal number for n = 0, …, 16: 1·3·5·…·(n − 1), or 0.
fn moment(n: i32) -> f64 {
    if n % 2 == 1 { 0.0 } else { (1..n).step_by(2).map(f64::from).product() }
}

#[test]
fn moments_to_the_eighth_are_those_of_a_normal_number() {
    let all = normals(1);
    for n in 1..=8 {
        let seen = all.iter().map(|z| z.powi(n)).sum::<f64>() / MANY as f64;
        let error = ((moment(2 * n) - moment(n).powi(2)) / MANY as f64).sqrt();
        assert!((seen - moment(n)).abs() < 4.0 * error, "moment {n}: {seen} ± {error}");
    }
}

#[test]
fn tails_are_as_heavy_as_they_should_be() {
    let all = normals(2);
    for z in [1.0, 2.0, 3.0, 4.0, 4.5, 5.0] {
        for sign in [-1.0, 1.0] {
            let seen = all.iter().filter(|x| **x * sign > z).count() as f64;
            let wanted = MANY as f64 * normal_tail(z);
            assert!((seen - wanted).abs() < 4.0 * wanted.sqrt() + 1.0, "beyond {z}: {seen}, not {wanted}");
        }
    }
    assert!(all.iter().all(|z| z.abs() < 6.7));
}

#[test]
fn normal_numbers_fit_their_distribution() {
    // Pearson's chi-square over 200 parts of equal probability: 199 degrees of freedom, deviation √(2·199) = 20.
    const PARTS: usize = 200;
    let bounds: Vec<f64> = (1..PARTS)
        .map(|n| {
            let p = n as f64 / PARTS as f64;
            if p < 0.5 { -normal_quantile(p) } else { normal_quantile(1.0 - p) }
        })
        .collect();
    let mut seen = [0.0; PARTS];
    for z in normals(3) {
        seen[bounds.partition_point(|b| *b < z)] += 1.0;
    }
    let wanted = MANY as f64 / PARTS as f64;
    let square: f64 = seen.iter().map(|s| (s - wanted) * (s - wanted) / wanted).sum();
    assert!((square - 199.0).abs() < 4.0 * 20.0, "chi-square {square}");
}

#[test]
fn neighbours_and_lanes_are_uncorrelated() {
    let all = normals(4);
    for lag in [1, 2, LANES, 2 * LANES, 4 * LANES] {
        for power in [1, 2] {
            // z, or z² − 1 over its deviation √2.
            let of = |z: f64| if power == 1 { z } else { (z * z - 1.0) / std::f64::consts::SQRT_2 };
            let n = (all.len() - lag) as f64;
            let r = all.iter().zip(&all[lag..]).map(|(a, b)| of(*a) * of(*b)).sum::<f64>() / n;
            assert!(r.abs() < 4.5 / n.sqrt(), "lag {lag}, power {power}: {r}");
        }
    }
}

#[test]
fn streams_are_told_apart_by_seed_label_and_chunk() {
    let first = |seed, label, chunk| Lanes::new(seed, label, chunk).step();
    let mut all = std::collections::BTreeSet::new();
    for n in 0..3 {
        for label in 0..3 {
            for chunk in 0..3 {
                all.extend(first(n, label, chunk));
            }
        }
    }
    assert_eq!(all.len(), 27 * LANES);
}

#[test]
fn the_numbers_of_a_seed_are_fixed() {
    // Written down once from this program, so that a processor or a compiler that gives others is noticed.
    let mut out = [0.0_f32; 2 * LANES];
    fill_normal(&mut out, 480, 1);
    let bits = out.iter().fold(0_u64, |h, x| h.rotate_left(7) ^ u64::from(x.to_bits()));
    assert_eq!(bits, 0x3a80_259b_2400_152c, "{bits:#x}");
}

// ---- laws ----------------------------------------------------------------------------------------

fn distributions() -> Vec<Entries> {
    let (zero, one) = (ratio(0, 1), ratio(1, 1));
    let table = |values: &[(i64, i64, i64)]| {
        let table: Vec<_> = values.iter().map(|(v, p, q)| (ratio(*v, 1), ratio(*p, *q))).collect();
        Entries::table(&table).unwrap()
    };
    vec![
        Entries::normal(&zero, &one).unwrap(),
        Entries::normal(&ratio(-3, 2), &ratio(4, 1)).unwrap(),
        Entries::uniform(&ratio(1, 2), &ratio(1, 12)).unwrap(),
        table(&[(-1, 1, 2), (1, 1, 2)]),
        table(&[(1, 1, 6), (2, 1, 6), (3, 1, 6), (4, 1, 6), (5, 1, 6), (6, 1, 6)]),
        table(&[(-4, 1, 5), (1, 4, 5)]),
        table(&[(0, 9, 10), (700, 1, 10)]),
    ]
}

#[test]
fn the_standard_error_of_normal_entries_is_the_known_one() {
    // Var((qᵀk)²) = 2d² + 6d for standard normal entries: E[(qᵀk)⁴] = 3d² + 6d, less d².
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1)).unwrap();
    for d in [1, 2, 3, 16, 64, 1024, 65_536] {
        let law = Law::of_scores(&entries, d);
        let n = 1000;
        let x = d as f64;
        near(law.squares_of(n).standard_error, ((2.0 * x * x + 6.0 * x) / n as f64).sqrt(), 1e-12);
        near(law.mean_of(n).standard_error, (x / n as f64).sqrt(), 1e-12);
        near(law.squares_of(n).expectation, x, 1e-12);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_moments_of_a_score_are_those_of_all_its_cases(
        table in proptest::collection::vec((-4_i64..5, 1_i64..4), 2..4),
        d in 1_u64..3,
    ) {
        let total: i64 = table.iter().map(|t| t.1).sum();
        let table: Vec<_> = table.iter().map(|(v, w)| (ratio(*v, 3), ratio(*w, total))).collect();
        let Ok(entries) = Entries::table(&table) else { return Ok(()) };
        let mut cases = vec![(ratio(0, 1), ratio(1, 1))];
        for _ in 0..d {
            cases = cases
                .iter()
                .flat_map(|(s, p)| table.iter().map(move |(v, a)| (s, p, v, a)))
                .flat_map(|(s, p, v, a)| table.iter().map(move |(w, b)| (s + v * w, p * a * b)))
                .collect();
        }
        let sum = |of: &dyn Fn(&Rational) -> Rational| {
            cases.iter().fold(ratio(0, 1), |sum, (s, p)| sum + of(s) * p)
        };
        let mean = sum(&|s| s.clone());
        let law = Law::of_scores(&entries, d);
        let unit = entries.square().to_f64().unwrap();
        let scale = (law.central[2]).sqrt();
        prop_assert!((law.mean * unit - mean.to_f64().unwrap()).abs() < 1e-12 * unit);
        for n in 0..9_u8 {
            let exact = sum(&|s| num_traits::pow(s - &mean, usize::from(n))).to_f64().unwrap();
            let found = law.central[usize::from(n)] * unit.powi(i32::from(n));
            let size = (scale * unit).powi(i32::from(n)) * 100.0;
            prop_assert!((found - exact).abs() <= 1e-12 * size.max(exact.abs()), "{n}: {found}, not {exact}");
        }
    }
}

#[test]
fn entries_that_cannot_be_drawn_are_refused() {
    let (zero, one) = (ratio(0, 1), ratio(1, 1));
    assert!(Entries::normal(&one, &zero).unwrap_err().contains("do not vary"));
    assert!(Entries::uniform(&ratio(101, 1), &one).unwrap_err().contains("100 standard deviations"));
    assert!(Entries::table(&[(one.clone(), one.clone())]).unwrap_err().contains("do not vary"));
    assert!(Entries::table(&[(ratio(1000, 1), ratio(1, 2)), (ratio(1001, 1), ratio(1, 2))]).is_err());
    assert!(Entries::table(&[]).is_err());
    let huge = num_traits::pow(ratio(10, 1), 200);
    assert!(Entries::normal(&huge, &one).is_err());
    assert!(Entries::normal(&zero, &huge).is_ok());
}

// ---- scores --------------------------------------------------------------------------------------

#[test]
fn any_number_of_threads_gives_the_same() {
    let mut one = vec![0.0_f32; 100_001];
    fill_normal(&mut one, 7, 1);
    for entries in distributions() {
        for d in [1, 3, 65, 200] {
            let law = Law::of_scores(&entries, d);
            let alone = scores::draw(&entries, &law, d, 5000, 7, 1);
            assert_eq!(alone.count, scores::whole(5000));
            for threads in [2, 3, 8] {
                assert_eq!(scores::draw(&entries, &law, d, 5000, 7, threads), alone);
            }
            assert_ne!(scores::draw(&entries, &law, d, 5000, 8, 1), alone);
        }
        let alone = softmax::saturation(&entries, 5, 4, 100, 7, 1);
        assert_eq!(softmax::saturation(&entries, 5, 4, 100, 7, 5), alone);
    }
    for threads in [2, 5] {
        let mut many = vec![0.0_f32; 100_001];
        fill_normal(&mut many, 7, threads);
        assert_eq!(many, one);
    }
}

#[test]
fn chunks_come_back_in_order_and_none_is_lost() {
    for (chunks, helpers) in [(0, 4), (1, 4), (1000, 1), (1000, 16)] {
        let all = threads::in_order(chunks, helpers, |c| c * c);
        assert_eq!(all, (0..chunks).map(|c| c * c).collect::<Vec<_>>());
    }
}

#[test]
fn whole_numbers_are_summed_without_rounding() {
    // Dice: every product, sum and square is a whole number, in the unit 8².
    let entries = distributions().swap_remove(4);
    let law = Law::of_scores(&entries, 3);
    let sums = scores::draw(&entries, &law, 3, 4096, 1, 1);
    let mean = sums.mean(&law) * 64.0 * sums.count as f64;
    assert!((mean - mean.round()).abs() < 1e-6, "{mean}");
}

/// p-values of mean, variance and scaled variance for seeds from 0 on.
fn p_values(entries: &Entries, d: u64, scores: u64, seeds: u64) -> [Vec<f64>; 3] {
    let law = Law::of_scores(entries, d);
    let all: Vec<Sums> = threads::in_order(seeds, threads::available(), |seed| {
        scores::draw(entries, &law, d, scores, seed, 1)
    });
    let of = |average: Average, seen: &dyn Fn(&Sums) -> f64| {
        all.iter().map(|s| average.p_value(seen(s))).collect::<Vec<f64>>()
    };
    let count = scores::whole(scores);
    [
        of(law.mean_of(count), &|s| s.mean(&law)),
        of(law.squares_of(count), &|s| s.variance()),
        of(law.squares_of(count).over(d as f64), &|s| s.scaled_variance()),
    ]
}

#[test]
fn p_values_are_uniform_and_alarms_as_frequent_as_promised() {
    const SEEDS: u64 = 2000;
    for (n, entries) in distributions().iter().enumerate() {
        for (d, scores) in [(1, 8192), (4, 2048), (16, 1024)] {
            // The variance of products of signs does not vary at d = 1.
            let known = n == 3 && d == 1;
            for (row, mut p) in p_values(entries, d, scores, SEEDS).into_iter().enumerate() {
                if known && row > 0 {
                    continue;
                }
                let seeds = SEEDS as f64;
                p.sort_by(f64::total_cmp);
                // Kolmogorov and Smirnov: D√n beyond 2.0 has a probability of 2·e⁻⁸ = 0.0007; all p are whole parts
                // where scores are few and whole, which adds the weight of a part.
                let distance = p
                    .iter()
                    .enumerate()
                    .map(|(i, p)| (p - i as f64 / seeds).abs().max((p - (i + 1) as f64 / seeds).abs()))
                    .fold(0.0, f64::max);
                assert!(distance * seeds.sqrt() < 2.2, "entries {n}, d = {d}, row {row}: {distance}");
                for level in [0.05, 0.01, 0.001] {
                    let alarms = p.iter().filter(|p| **p < level).count() as f64;
                    let wanted = seeds * level;
                    assert!(
                        (alarms - wanted).abs() < 4.0 * wanted.sqrt() + 0.5,
                        "entries {n}, d = {d}, row {row}: {alarms} alarms at {level}"
                    );
                }
            }
        }
    }
}

#[test]
fn bounds_and_p_values_say_the_same() {
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1)).unwrap();
    let d = 4;
    let law = Law::of_scores(&entries, d);
    let average = law.squares_of(4096);
    let one = ratio(1, 1);
    let mut alarms = 0;
    for seed in 0..500 {
        let seen = scores::draw(&entries, &law, d, 4096, seed, 1).variance();
        for level in [0.2, 0.01] {
            let Estimate { from, to, .. } = average.estimate(seen, Level::shared(level, 1), &one).unwrap();
            let right = ratio(4, 1);
            let refused = right < from || right > to;
            assert_eq!(refused, average.p_value(seen) < level, "seed {seed}");
            alarms += u32::from(refused);
        }
    }
    // 100 + 5, deviation 9.
    assert!((60..150).contains(&alarms), "{alarms}");
}

#[test]
fn a_deviation_that_is_called_visible_is_refused() {
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1)).unwrap();
    let (d, one) = (16, ratio(1, 1));
    let law = Law::of_scores(&entries, d);
    let average = law.squares_of(2048);
    let missed = (0..500)
        .filter(|seed| {
            let seen = scores::draw(&entries, &law, d, 2048, *seed, 1).variance();
            let e = average.estimate(seen, Level::shared(0.001, 1), &one).unwrap();
            let right = ratio(16, 1);
            let (low, high) = (&right - &e.resolution, &right + &e.resolution);
            [low, high].iter().any(|claim| &e.from <= claim && claim <= &e.to)
        })
        .count();
    // One in 1000 on each side.
    assert!(missed <= 5, "{missed}");
}

#[test]
fn too_few_draws_of_heavy_tails_claim_nothing() {
    let entries = Entries::table(&[(ratio(0, 1), ratio(9_999, 10_000)), (ratio(1, 1), ratio(1, 10_000))]);
    let law = Law::of_scores(&entries.unwrap(), 1);
    let said = law.squares_of(1000).estimate(0.0, Level::shared(1e-6, 1), &ratio(1, 1)).unwrap_err();
    assert!(said.contains("heavy"), "{said}");
    // A mean far below what can be seen.
    let entries = Entries::normal(&ratio(1, 1000), &ratio(1, 1)).unwrap();
    let law = Law::of_scores(&entries, 4);
    assert!(
        law.mean_of(1 << 17)
            .estimate(0.0, Level::shared(1e-6, 1), &ratio(1, 1))
            .unwrap_err()
            .contains("smaller")
    );
}

// ---- softmax -------------------------------------------------------------------------------------

#[test]
fn a_softmax_over_scaled_scores_stays_where_it_is() {
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1)).unwrap();
    let at = |d| softmax::saturation(&entries, d, 8, 1024, 1, 2).unwrap();
    let [raw, scaled] = at(256);
    let [near_raw, near_scaled] = at(16);
    assert!(raw.largest.mean > 0.9 && raw.jacobian.mean < 0.1 && raw.entropy.mean < 0.2, "{raw:?}");
    assert!(near_raw.largest.mean < raw.largest.mean);
    assert!((scaled.largest.mean - near_scaled.largest.mean).abs() < 0.02, "{scaled:?} {near_scaled:?}");
    assert!(scaled.entropy.mean > 1.5 && scaled.jacobian.mean > 0.3, "{scaled:?}");
}

#[test]
fn a_softmax_is_measured_as_its_definition_has_it() {
    // Two keys whose scores hardly differ: p = 1/2, entropy ln 2, Jacobian [1/4 −1/4; −1/4 1/4] of norm 1/2.
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1_000_000_000)).unwrap();
    let [raw, _] = softmax::saturation(&entries, 1, 2, 64, 1, 1).unwrap();
    near(raw.largest.mean, 0.5, 1e-6);
    near(raw.entropy.mean, std::f64::consts::LN_2, 1e-6);
    near(raw.jacobian.mean, 0.5, 1e-6);
    assert!(softmax::saturation(&entries, 0, 2, 64, 1, 1).is_none());
    assert!(softmax::saturation(&entries, 1, 0, 64, 1, 1).is_none());
}

#[test]
fn the_mean_largest_probability_is_that_of_an_integral() {
    // Two keys with standard normal scores over √d, d large: the gap is normal with variance 2, and
    // E[1/(1 + e^−|g|)] = 0.7252 by the trapezoids below.
    let step = 1e-3;
    let integral: f64 = (0..12_000)
        .map(|n| {
            let g = f64::from(n) * step;
            let weight = if n == 0 { 0.5 } else { 1.0 };
            weight * step * 2.0 * (-g * g / 4.0).exp()
                / (4.0 * std::f64::consts::PI).sqrt()
                / (1.0 + (-g).exp())
        })
        .sum();
    let entries = Entries::normal(&ratio(0, 1), &ratio(1, 1)).unwrap();
    let [_, scaled] = softmax::saturation(&entries, 512, 2, 4096, 1, 2).unwrap();
    let seen = scaled.largest;
    assert!((seen.mean - integral).abs() < 4.0 * seen.standard_error + 1e-3, "{seen:?}, not {integral}");
}

#[test]
fn an_average_is_shown_to_the_digit_of_its_error() {
    let text = |mean, standard_error| softmax::Seen { mean, standard_error }.text();
    assert_eq!(text(0.87123, 0.0021), "0.871(2)");
    assert_eq!(text(0.87123, 0.00096), "0.871(1)");
    assert_eq!(text(0.87123, 0.0094), "0.871(9)");
    assert_eq!(text(0.87123, 0.0096), "0.87(1)");
    assert_eq!(text(12.0, 3.2), "12(3)");
    assert_eq!(text(0.5, 0.0), "0.500000");
}
