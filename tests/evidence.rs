//! Whether answers hold by evidence alone lives here: no known answer, no snapshot. It is what faults planted in the
//! solvers' source are held against (`just mutants`); BACKPROOF_SHEETS names a folder with more sheets to try.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use backproof::report::Status;
use backproof::sheet::{Sheet, Source};
use backproof::{gallery, kinds, pipeline};

#[test]
fn every_answer_holds_by_evidence_alone() {
    let mut sources: Vec<Source> = gallery::SHEETS.iter().map(gallery::BuiltIn::source).collect();
    sources.extend(kinds::KINDS.iter().map(|kind| Source::new(kind.name, kind.example)));
    if let Some(folder) = std::env::var_os("BACKPROOF_SHEETS") {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml") {
                sources.push(Source::read(&path).unwrap());
            }
        }
    }
    for source in sources {
        let name = source.name.clone();
        let report = pipeline::examine(&Sheet::parse(source).unwrap()).unwrap();
        for question in &report.questions {
            assert!(!question.rows.is_empty(), "{name}: {} has no answers", question.id);
            for row in &question.rows {
                let holds = match row.status {
                    Status::Holds => row.strength().is_some(),
                    Status::NotRun => question.kind == "training",
                    _ => false,
                };
                assert!(holds, "{name}: {}.{}: {:?}", question.id, row.row.id, row.verdicts);
            }
        }
    }
}
