//! The notebook to hand in lives here: Python code for a training question, made from the sheet; filling a person's
//! own skeleton; running a notebook with Jupyter. Nothing is trained here, and files are written by others.
//!
//! ```
//! use backproof::{default_sheet, notebook, sheet::Sheet};
//!
//! let sheet = Sheet::parse(default_sheet())?;
//! let name = notebook::Name::read("Lovelace_Ada")?;
//! let recipe = notebook::Recipe::of(&sheet, None)?;
//! assert_eq!(name.file(&sheet), "Lovelace_Ada_assignment2.ipynb");
//! assert!(recipe.notebook(&name).to_json().contains("class MLP(nn.Module):"));
//! # Ok::<(), notebook::NotebookError>(())
//! ```

mod cell;
mod error;
mod model;
mod module;
mod name;
mod names;
mod python;
mod recipe;
mod run;
mod skeleton;

#[cfg(test)]
mod tests;

pub use cell::{Cell, Notebook};
pub use error::NotebookError;
pub use name::{Name, ending};
pub use recipe::Recipe;
pub use run::{Jupyter, cleaned};
pub use skeleton::{Filled, MAX_SKELETON};
