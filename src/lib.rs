//! Exact answers, independently checked, for machine-learning problem sheets.

pub mod expr;
pub mod kinds;
pub mod linalg;
pub mod net;
pub mod notation;
pub mod num;
pub mod report;
pub mod sheet;
