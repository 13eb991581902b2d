//! What is known of runs of a recipe lives here: which records are of this recipe, and why others are not. No count is
//! compared and no answer made.

use super::{Given, Model};
use crate::net;
use crate::num::Integer;
use crate::record::{By, Named, Optimizer, Printed, Record, Runs, Trained};

/// The most sentences about what was not used.
const MAX_UNUSED: usize = 10;

/// Runs of a recipe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached {
    /// The record that the rows come from.
    pub run: Option<Named>,
    /// Records of further runs of the recipe.
    pub others: Vec<Other>,
    /// What notebooks print, where it has as many runs and epochs as the recipe.
    pub printed: Vec<Printed>,
    /// What was not used, and why.
    pub unused: Vec<String>,
}

/// A further run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Its record.
    pub named: Named,
    /// Whether it has to come out the same: on the same machine, with the same libtorch and threads.
    pub repeats: bool,
    /// Models that did not, though they had to, and though the last counts are the same: in an earlier epoch, or in the
    /// weights.
    pub parted: Vec<String>,
}

impl Attached {
    /// Chooses among what is known: records of a folder before those that are built in, this program's before PyTorch's.
    pub(in super::super) fn of(given: &Given, sheet: &str, question: &str, runs: &Runs) -> Self {
        let mut unused = Vec::new();
        let mut fitting: Vec<&Named> = Vec::new();
        for (named, is_built_in) in
            runs.records.iter().map(|n| (n, false)).chain(runs.built_in.iter().map(|n| (n, true)))
        {
            match difference(given, &named.record) {
                // A copy of a record is no second run.
                None if fitting.iter().any(|other| other.record == named.record) => {}
                None => fitting.push(named),
                Some(why) => {
                    let is_about = named.record.sheet == sheet && named.record.question == question;
                    if is_about && !is_built_in {
                        unused.push(format!("{}: {why}", named.name));
                    }
                }
            }
        }
        let of_folder = |named: &&Named| runs.records.iter().any(|n| n == *named);
        let rank = |named: &&Named| (!of_folder(named), named.record.by != By::Backproof);
        fitting.sort_by_key(rank);
        let mut fitting = fitting.into_iter().cloned();
        let run = fitting.next();
        let others = fitting
            .map(|named| {
                let repeats = run.as_ref().is_some_and(|run| repeats(&run.record, &named.record));
                let parted = match &run {
                    Some(run) if repeats => parted(&run.record, &named.record),
                    _ => Vec::new(),
                };
                Other { named, repeats, parted }
            })
            // The same by the same program on the same machine cannot be told from a copy, and tells nothing new.
            .filter(|other| {
                let by_same = run.as_ref().is_some_and(|run| run.record.by == other.named.record.by);
                let is_same = run.as_ref().is_some_and(|run| is_copy(&run.record, &other.named.record));
                !(by_same && other.repeats && is_same)
            })
            .collect();
        let mut printed = Vec::new();
        for notebook in &runs.printed {
            match misprinted(given, notebook) {
                None => printed.push(notebook.clone()),
                Some(why) => unused.push(format!("{}: {why}", notebook.name)),
            }
        }
        let unread = runs.unread.iter().filter(|u| u.may_be_about(sheet, question));
        unused.extend(unread.map(|u| format!("{}: {}", u.name, u.why)));
        let more = unused.len().saturating_sub(MAX_UNUSED);
        if more > 0 {
            unused.truncate(MAX_UNUSED);
            unused.push(format!("and {more} more that were not used"));
        }
        Self { run, others, printed, unused }
    }
}

/// Whether two runs have to come out the same. On other devices than a CPU sums are taken in another order.
fn repeats(a: &Record, b: &Record) -> bool {
    a.machine == b.machine && a.versions.libtorch == b.versions.libtorch && a.machine.device == "cpu"
}

/// Whether two records tell the same of the same run, but for times.
fn is_copy(a: &Record, b: &Record) -> bool {
    let counts = |t: &Trained| t.epochs.iter().map(|e| (e.train, e.test)).collect::<Vec<_>>();
    let told =
        |r: &Record| r.models.iter().map(|t| (counts(t), t.weights_sha256.clone())).collect::<Vec<_>>();
    told(a) == told(b)
}

/// Models that end with the same counts by another course or with other weights. Where the counts differ, the rows tell.
fn parted(a: &Record, b: &Record) -> Vec<String> {
    let counts = |t: &Trained| t.epochs.iter().map(|e| (e.train, e.test)).collect::<Vec<_>>();
    let course = |t: &Trained| (counts(t), t.confusion.clone(), t.weights_sha256.clone());
    let pairs = a.models.iter().zip(&b.models);
    let end = |t: &Trained| t.last().map(|e| (e.train, e.test));
    pairs.filter(|(x, y)| end(x) == end(y) && course(x) != course(y)).map(|(x, _)| x.name.clone()).collect()
}

/// In what a record is not of this recipe; `None` where it is.
fn difference(given: &Given, record: &Record) -> Option<String> {
    let recipe = &record.recipe;
    if let Some(batches) = recipe.batches {
        return Some(format!("a trial of {batches} batches a pass"));
    }
    let mut other: Vec<String> = Vec::new();
    let mut differ = |what: &str, there: &str, here: &str| {
        if there != here {
            other.push(format!("{what} {there}, not {here}"));
        }
    };
    let names = |names: Vec<&str>| names.join(", ");
    let (there, here) = (
        names(recipe.models.iter().map(|m| m.name.as_str()).collect()),
        names(given.models.iter().map(|m| m.name.as_str()).collect()),
    );
    let Optimizer::Sgd { lr, momentum } = &recipe.optimizer;
    differ("data set", &recipe.dataset, given.dataset.name());
    differ("models", &there, &here);
    differ("learning rate", lr, &given.sgd.lr.to_string());
    differ("momentum", momentum, &given.sgd.momentum.to_string());
    differ("batch", &recipe.batch.to_string(), &given.batch.to_string());
    differ("epochs", &recipe.epochs.to_string(), &given.epochs.to_string());
    differ("seed", &recipe.seed.to_string(), &given.seed.to_string());
    if there == here {
        for (declared, model) in recipe.models.iter().zip(&given.models) {
            if declared.network != model.network.to_string() {
                other.push(format!("another network {}", model.name));
            }
        }
    }
    if !other.is_empty() {
        return Some(format!("another recipe: {}", other.join("; ")));
    }
    let (train, test) = (given.dataset.training_images(), given.dataset.test_images());
    let images = record.images;
    if (images.train, images.test) != (train, test) {
        return Some(format!(
            "measured on {} and {} images, not on all {train} and {test}",
            images.train, images.test
        ));
    }
    // Fashion-MNIST has as many images of every class (Xiao, Rasul and Vollgraf 2017, section 2).
    let classes = given.dataset.classes();
    let each = test.checked_div(classes);
    let is_whole = |t: &Trained| {
        let mut rows = t.confusion.iter().map(|row| row.iter().try_fold(0u64, |sum, n| sum.checked_add(*n)));
        t.confusion.len() as u64 == classes && rows.all(|sum| sum == each)
    };
    if let Some(trained) = record.models.iter().find(|t| !is_whole(t)) {
        return Some(format!(
            "the confusion matrix of {} does not hold {} test images of each of {classes} classes",
            trained.name,
            each.unwrap_or(0)
        ));
    }
    record.models.iter().zip(&given.models).find_map(|(trained, model)| {
        let counted = parameters(model)?;
        (Integer::from(trained.parameters) != counted).then(|| {
            format!("{} has {} parameters there, and {counted} here", model.name, trained.parameters)
        })
    })
}

fn parameters(model: &Model) -> Option<Integer> {
    net::trace(&model.network).ok().map(|stages| net::total_parameters(&stages))
}

/// In what a notebook's lines are not those of this recipe; `None` where they are.
fn misprinted(given: &Given, notebook: &Printed) -> Option<String> {
    let (runs, models) = (notebook.runs.len(), given.models.len());
    if runs != models {
        return Some(format!("it prints {runs} runs, and the question has {models} models"));
    }
    for (run, model) in notebook.runs.iter().zip(&given.models) {
        let in_order = run.iter().zip(1..).all(|(line, epoch)| line.epoch == epoch);
        if !in_order || run.len() as u64 != given.epochs {
            let last = run.last().map_or(0, |line| line.epoch);
            return Some(format!(
                "it prints {last} epochs of {}, and the recipe has {}",
                model.name, given.epochs
            ));
        }
    }
    None
}
