//! The words about a run are made here, once for worked steps and for notebooks: its epochs, what is confused, how two
//! models compare and what one run can tell. Every number comes from the record or the networks.

use num_traits::{Signed, Zero};

use super::given::{Given, Model};
use crate::net::{self, Layer};
use crate::num::decimal::rational_decimal;
use crate::num::{Integer, Rational, ratio};
use crate::record::{By, Images, Named, Trained};
use crate::report::Step;

/// Epochs that are listed; of more, the first and the last half of so many.
const LISTED: usize = 20;
/// Decimals of an accuracy, as the assignment prints them.
pub(super) const DECIMALS: u32 = 4;
/// Decimals to which square roots are taken before they are rounded for print.
const ROOT_DECIMALS: u32 = 12;

/// A model with what came out.
pub(super) struct Ranked<'a> {
    pub model: &'a Model,
    pub train: u64,
    pub test: u64,
}

/// The models, the highest test accuracy first; none where there is no record.
pub(super) fn ranked<'a>(given: &'a Given) -> Vec<Ranked<'a>> {
    let Some(run) = &given.runs.run else { return Vec::new() };
    let with_counts = |model: &'a Model| {
        let last = run.record.model(&model.name)?.last()?;
        Some(Ranked { model, train: last.train, test: last.test })
    };
    let mut all: Vec<Ranked<'_>> = given.models.iter().filter_map(with_counts).collect();
    all.sort_by_key(|r| std::cmp::Reverse(r.test));
    all
}

/// A model's name as it stands in words: a short one is taken for an abbreviation.
pub(super) fn shown(name: &str) -> String {
    let abbreviation = name.chars().count() <= 4 && name.chars().all(|c| c.is_ascii_lowercase());
    if abbreviation { name.to_ascii_uppercase() } else { name.to_owned() }
}

fn the(model: &Model) -> String {
    let shown = shown(&model.name);
    if shown == model.name { shown } else { format!("the {shown}") }
}

/// At the start of a sentence.
fn begun(words: &str) -> String {
    words.strip_prefix("the ").map_or_else(|| words.to_owned(), |rest| format!("The {rest}"))
}

/// A number with commas between its thousands.
fn grouped(number: &Integer) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn share(right: u64, of: u64) -> Rational {
    Rational::new(right.into(), of.max(1).into())
}

fn accuracy(right: u64, of: u64) -> String {
    rational_decimal(&share(right, of), DECIMALS)
}

/// Where and how a run was made.
pub(super) fn origin(run: &Named) -> String {
    let record = &run.record;
    let (machine, recipe) = (&record.machine, &record.recipe);
    let program = match record.by {
        By::Backproof => record.versions.program.clone(),
        By::Pytorch => "PyTorch".to_owned(),
    };
    format!(
        "Measured in one run by {program} with libtorch {} on {} ({}, {} {}), seed {}, {} {}: {}.",
        record.versions.libtorch,
        machine.cpu,
        machine.device,
        machine.threads,
        if machine.threads == 1 { "thread" } else { "threads" },
        recipe.seed,
        recipe.epochs,
        if recipe.epochs == 1 { "epoch" } else { "epochs" },
        run.name
    )
}

/// The lines of epochs, as training prints them.
pub(super) fn epochs(trained: &Trained, images: Images) -> Vec<Step> {
    let all = trained.epochs.len();
    let left_out = |at: usize| all > LISTED && at >= LISTED / 2 && at < all.saturating_sub(LISTED / 2);
    let mut steps = Vec::new();
    for (at, epoch) in trained.epochs.iter().enumerate() {
        if left_out(at) {
            if at == LISTED / 2 {
                steps.push(Step::words("…"));
            }
            continue;
        }
        steps.push(Step::words(format!(
            "Epoch {} Train: {} Test: {}",
            at + 1,
            accuracy(epoch.train, images.train),
            accuracy(epoch.test, images.test)
        )));
    }
    steps
}

/// The two classes that are confused most, from the confusion matrix.
pub(super) fn confused(given: &Given, trained: &Trained) -> Option<Step> {
    let counts = &trained.confusion;
    let at = |i: usize, j: usize| counts.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let pairs =
        (0..counts.len()).flat_map(|i| (0..counts.len()).map(move |j| (i, j))).filter(|(i, j)| i != j);
    // Of pairs with as many, the first.
    let (i, j) =
        pairs.reduce(|most, next| if at(next.0, next.1) > at(most.0, most.1) { next } else { most })?;
    if at(i, j) == 0 {
        return Some(Step::words("No test image is taken for another class."));
    }
    let class = |n: usize| match given.dataset.class_names().get(n) {
        Some(name) => format!("class {n} ({name})"),
        None => format!("class {n}"),
    };
    Some(Step::words(format!(
        "Confused most: {} test images of {} are taken for {}, and {} the other way round.",
        at(i, j),
        class(i),
        class(j),
        at(j, i)
    )))
}

/// What the record says about the two models that are ahead; no sentence where there is no record or no second model.
pub(super) fn sentences(given: &Given) -> Vec<String> {
    let Some(run) = &given.runs.run else { return Vec::new() };
    let all = ranked(given);
    let [first, second, ..] = all.as_slice() else { return Vec::new() };
    let images = run.record.images;
    let mut out = vec![in_test(first, second, all.len(), images)];
    out.push(in_training(first, second, images));
    out.extend(parameters(first, second));
    out.push(architecture(first, second));
    out.push(error(first, second, images));
    out.push(format!(
        "This is one run, with the seed {}; how far another seed moves these numbers it does not tell.",
        given.seed
    ));
    out
}

fn in_test(first: &Ranked<'_>, second: &Ranked<'_>, models: usize, images: Images) -> String {
    let (a, b) = (the(first.model), the(second.model));
    let of = images.test;
    if first.test == second.test {
        return begun(&format!("{a} and {b} have the same test accuracy, {}.", accuracy(first.test, of)));
    }
    let apart = first.test.saturating_sub(second.test);
    let points = rational_decimal(&(share(apart, of) * ratio(100, 1)), 2);
    let (degree, next) = if models > 2 { ("highest", ", which is next") } else { ("higher", "") };
    begun(&format!(
        "{a} has the {degree} test accuracy: {} against {} of {b}{next}, a gap of {points} percentage points or {} of \
         the {} test images.",
        accuracy(first.test, of),
        accuracy(second.test, of),
        grouped(&apart.into()),
        grouped(&of.into()),
    ))
}

fn in_training(first: &Ranked<'_>, second: &Ranked<'_>, images: Images) -> String {
    let of = images.train;
    let (a, b) = (accuracy(first.train, of), accuracy(second.train, of));
    let ranks = match first.train.cmp(&second.train) {
        std::cmp::Ordering::Equal => format!("On the training set both have {a}."),
        _ if first.test == second.test => {
            format!("On the training set {} has {a} and {} {b}.", the(first.model), the(second.model))
        }
        std::cmp::Ordering::Greater => format!("On the training set it leads as well, {a} to {b}."),
        std::cmp::Ordering::Less => {
            format!("On the training set they rank otherwise: {} leads, {b} to {a}.", the(second.model))
        }
    };
    let falls = |r: &Ranked<'_>| share(r.train, of) - share(r.test, images.test);
    let (x, y) = (falls(first), falls(second));
    if !x.is_positive() || !y.is_positive() {
        return ranks;
    }
    let points = |x: Rational| rational_decimal(&(x * ratio(100, 1)), 2);
    format!(
        "{ranks} From the training set to the test set, the accuracy of {} falls by {} percentage points, that of {} by {}.",
        the(first.model),
        points(x),
        the(second.model),
        points(y)
    )
}

fn parameters(first: &Ranked<'_>, second: &Ranked<'_>) -> Option<String> {
    let count = |r: &Ranked<'_>| net::trace(&r.model.network).ok().map(|s| net::total_parameters(&s));
    let (a, b) = (count(first)?, count(second)?);
    let told =
        format!("{} has {} parameters, {} {}", the(first.model), grouped(&a), the(second.model), grouped(&b));
    let (few, many) = if a <= b { (&a, &b) } else { (&b, &a) };
    Some(begun(&if a == b {
        format!("Both have {} parameters.", grouped(&a))
    } else if few.is_zero() {
        format!("{told}.")
    } else {
        let times = rational_decimal(&Rational::new(many.clone(), few.clone()), 1);
        let who = if a <= b { the(second.model) } else { the(first.model) };
        format!("{told}: {who} has {times} times as many.")
    }))
}

/// The windows of a network's convolutions, in order; none where it has no convolution.
fn windows(model: &Model) -> Vec<String> {
    let window = |layer: &Layer| match layer {
        Layer::Conv { kernel: (rows, columns), .. } => Some(format!("{rows}×{columns}")),
        _ => None,
    };
    model.network.layers.iter().filter_map(|l| window(&l.layer)).collect()
}

fn pools(model: &Model) -> bool {
    let is_pool = |l: &Layer| {
        matches!(
            l,
            Layer::MaxPool { .. } | Layer::AvgPool { .. } | Layer::GlobalAvgPool | Layer::GlobalMaxPool
        )
    };
    model.network.layers.iter().any(|l| is_pool(&l.layer))
}

fn architecture(first: &Ranked<'_>, second: &Ranked<'_>) -> String {
    let (a, b) = (windows(first.model), windows(second.model));
    let (convolutional, dense) = match (a.is_empty(), b.is_empty()) {
        (false, true) => (first.model, second.model),
        (true, false) => (second.model, first.model),
        (both, _) => {
            let sort = if both { "Neither has convolutions" } else { "Both have convolutions" };
            return format!("{sort}, and the numbers of one run do not tell why one is ahead of the other.");
        }
    };
    let mut sizes = windows(convolutional);
    sizes.dedup();
    let pooling = if pools(convolutional) { ", and pooling lets it lie a little to the side" } else { "" };
    let reason = format!(
        "a convolution looks at small windows ({}) with the same weights at every position, so that a pattern learnt in \
         one place is known in all others{pooling}. The dense layers of {} have a weight of their own for every pixel \
         and have to learn each position separately",
        sizes.join(", then "),
        the(dense)
    );
    if first.test == second.test || first.model == dense {
        return format!(
            "The architecture would speak for {}: {reason}. In this run that did not decide, and its numbers do not tell \
             why.",
            the(convolutional)
        );
    }
    format!("The architecture offers a reason: {reason}.")
}

/// The variance of a share of n images, by n³: right·(n − right).
fn spread(right: u64, of: u64) -> Integer {
    Integer::from(right) * Integer::from(of.saturating_sub(right))
}

/// √(s/n³) for whole s and n, cut off after many decimals.
fn root(s: &Integer, n: u64) -> Rational {
    let scale = Integer::from(10).pow(ROOT_DECIMALS);
    let n = Integer::from(n.max(1));
    // √(s/n³) = √(s·n)/n²
    Rational::new((s * &n * &scale * &scale).sqrt(), &n * &n * scale)
}

fn error(first: &Ranked<'_>, second: &Ranked<'_>, images: Images) -> String {
    let n = images.test;
    let (a, b) = (spread(first.test, n), spread(second.test, n));
    let both = &a + &b;
    let shown = |x: &Integer| rational_decimal(&root(x, n), DECIMALS);
    let apart = first.test.saturating_sub(second.test);
    let mut out = format!(
        "On {} test images, the standard error √(p(1 − p)/n) of a test accuracy is {} for {} and {} for {}, and {} for \
         the difference if the two are taken as independent (unpaired).",
        grouped(&n.into()),
        shown(&a),
        the(first.model),
        shown(&b),
        the(second.model),
        shown(&both)
    );
    let error = root(&both, n);
    if !error.is_zero() {
        // (apart/n)² against 4·both/n³, in whole numbers.
        let exceeds =
            Integer::from(apart) * Integer::from(apart) * Integer::from(n) > Integer::from(4) * both;
        out.push_str(&format!(
            " The gap is {} such errors, which is {}.",
            rational_decimal(&(share(apart, n) / error), 1),
            if exceeds { "more than two" } else { "not more than two, so that it may be chance" }
        ));
    }
    out.push_str(
        " Both saw the same images, so that a paired error would fit better; it takes the images on which just one of \
         them is right, and the record does not count those.",
    );
    out
}
