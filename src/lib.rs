//! Exact answers, independently checked, for machine-learning problem sheets.
//!
//! A *sheet* is a TOML file of questions. Every question is read into a problem, solved exactly, and each answer is held
//! by a judge against evidence that was found another way and never saw it.
//!
//! # The house
//!
//! | floor | module | what lives there |
//! | --- | --- | --- |
//! | ground: mathematics, knows no sheet | [`num`] | exact numbers, enclosures, decimals |
//! | | [`expr`] | expressions: parse, differentiate, normal form |
//! | | [`linalg`] | elimination, LDLᵀ, eigenvalues, over nalgebra's matrices |
//! | | [`notation`] | the tree that formulas are printed from, and its printers |
//! | first: what is asked | [`sheet`] | TOML with places, entries, errors with carets |
//! | | [`net`] | networks: arrow notation, shapes, parameters |
//! | | [`record`] | the record of a training run, read and written |
//! | | [`report`] | rows, evidence, the judge |
//! | | [`evidence`] | ways of checking that several kinds share |
//! | | [`kinds`] | the kinds of questions, a room each |
//! | | [`train`] | training networks as PyTorch does, with the feature `train` |
//! | | `plots` | pictures of a training run, with the feature `plots` |
//! | what people meet | [`pipeline`] | the one way through, from sheet to report |
//! | | [`marking`] | a person's own answers: the blank form, reading, marking, diagnosis |
//! | | [`dataset`] | Fashion-MNIST: found, checked, downloaded, laid where torchvision looks |
//! | | [`gallery`] | the sheets that are built in |
//! | | [`render`] | terminal, Markdown, LaTeX, CSV, JSON |
//! | | [`notebook`] | the notebook to hand in, from a training question |
//! | | [`schema`] | what a sheet may hold: for editors, and as a reference |
//!
//! Imports point up this table only, and evidence never imports a solver; a test holds both.
//!
//! # Example
//!
//! ```
//! use backproof::{pipeline, sheet::{Sheet, Source}};
//!
//! let sheet = Sheet::parse(Source::new("mine.toml", r#"
//!     [[question]]
//!     id = "1"
//!     kind = "softmax-cross-entropy"
//!     logits = [0, "1/2"]
//!     true_class = 0
//! "#)).expect("a sheet that is in order");
//! let report = pipeline::examine(&sheet).expect("questions that are in order");
//! assert_eq!(report.summary().fail, 0);
//! ```

pub mod dataset;
pub mod evidence;
pub mod expr;
pub mod gallery;
pub mod kinds;
pub mod linalg;
pub mod marking;
pub mod net;
pub mod notation;
pub mod notebook;
pub mod num;
pub mod pipeline;
#[cfg(feature = "plots")]
pub mod plots;
pub mod record;
pub mod render;
pub mod report;
pub mod schema;
pub mod sheet;
pub mod train;

/// The sheet that is built in: CS480/680 Spring 2026, Assignment 2.
#[must_use]
pub fn default_sheet() -> sheet::Source {
    gallery::DEFAULT.source()
}
