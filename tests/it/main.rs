//! Tests of the whole live here, in one program: what holds between modules, between kinds, and at the command line.
//! What one module promises is tested beside it in `src`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod assignment;
mod bad_sheets;
mod cases;
mod check;
mod cli;
mod data;
mod decimals;
mod floats;
mod fuzz;
mod gallery;
mod gradients;
mod imports;
mod notation;
mod notebook;
mod plant;
mod planted;
mod plots;
mod random;
mod readme;
mod registry;
mod schema;
mod steps;
mod support;
mod train;
