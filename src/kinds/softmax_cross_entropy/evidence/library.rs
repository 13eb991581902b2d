//! What floats of an unrelated library say about a softmax question. No answer is seen here, and no solver used.

use super::super::given::Given;
use crate::evidence::library::{Library, SOURCE};
use crate::num::Undecided;
use crate::report::Evidence;

pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    pass(given).unwrap_or_else(|why| vec![Evidence::nothing("p", SOURCE, why.reason)])
}

fn pass(given: &Given) -> Result<Vec<Evidence>, Undecided> {
    let library = Library::for_digits(given.digits);
    let class = given.classes.index;
    let (p, loss) = library.softmax(&library.numbers(&given.logits)?, class)?;
    let slopes = library.slopes(&p, class)?;
    let sum = slopes.iter().try_fold(library.zero(), |sum, s| library.add(&sum, s))?;
    Ok(vec![
        library.evidence("p", library.list(&p)),
        library.evidence("J", library.bounds(&loss)),
        library.evidence("gradient", library.list(&slopes)),
        library.evidence("gradient-sum", library.bounds(&sum)),
    ])
}
