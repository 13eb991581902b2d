//! What can go wrong with a notebook, and what to do instead. It decides nothing.

use crate::sheet::{SheetError, listed, shown};

/// What is wrong with a notebook, or with what it is made from.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotebookError {
    /// The sheet is not in order.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// There is nothing to train.
    #[error("the sheet has no question of the kind training{}", .only.as_ref().map_or(String::new(), |id| format!(" with the id {}", shown(id))))]
    NoTraining {
        /// The id that was asked for.
        only: Option<String>,
    },
    /// There is more than one question to train.
    #[error("the sheet has {} questions of the kind training: {}", .ids.len(), listed(&.ids.iter().map(String::as_str).collect::<Vec<_>>()))]
    Several {
        /// Their ids.
        ids: Vec<String>,
    },
    /// A name that files are not handed in under.
    #[error("the name {} {why}", shown(.name))]
    Name {
        /// The name as it was given.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file that is no notebook.
    #[error("it is no notebook that can be filled in: {0}")]
    Skeleton(String),
    /// Jupyter is not there.
    #[error("there is no Jupyter on the search path that can run a notebook")]
    NoJupyter,
    /// The notebook did not run.
    #[error("the notebook did not run to its end: {0}")]
    Run(String),
}

impl NotebookError {
    /// What to do instead.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Sheet(_) => "",
            Self::NoTraining { .. } => "`backproof example training` prints a sheet that has one",
            Self::Several { .. } => "name one of them with --only",
            Self::Name { .. } => "write Lastname_Firstname, for example --name Lovelace_Ada",
            Self::Skeleton(_) => "give the .ipynb file as Jupyter saves it, format 4",
            Self::NoJupyter => {
                "get it with `pip install nbconvert ipykernel torch torchvision`, and make its `jupyter` or `python3` the \
                 first on the search path"
            }
            Self::Run(_) => {
                "nothing was written; write the notebook without --run and run it cell by cell to see more"
            }
        }
    }
}
