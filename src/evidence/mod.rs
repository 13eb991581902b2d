//! Machinery that the evidence of several kinds shares lives here: ways of working that know numbers and nothing of a
//! kind. No answer is seen here, and no solver used.

pub mod counting;
pub mod difference;
pub mod library;
pub mod sampling;
