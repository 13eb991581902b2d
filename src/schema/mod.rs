//! What a sheet may hold is told from here: as a JSON Schema for editors, and as a reference for people. Both come from
//! the fields and rows that the kinds document; no field is known here by name.

mod json;
mod reference;

pub use json::json;
pub use reference::reference;
