//! The built-in sheet as the assignment has it: points, layers, notices, and the answers that the text fixes.

use backproof::num::{Rational, ratio};
use backproof::pipeline;
use backproof::render::{self, Options};
use backproof::report::{Report, Status};
use backproof::sheet::Sheet;

fn report() -> Report {
    pipeline::examine(&Sheet::parse(backproof::default_sheet()).unwrap()).unwrap()
}

fn remarks(report: &Report, question: &str, row: &str) -> String {
    let question = report.questions.iter().find(|q| q.id == question).unwrap();
    question.row(row).unwrap().row.remarks.join(" ")
}

#[test]
fn points_add_up_to_twenty_five() {
    // The grade breakdown on the assignment's last page.
    let points: Rational = report().questions.iter().filter_map(|q| q.points.clone()).sum();
    assert_eq!(points, ratio(25, 1));
}

#[test]
fn the_table_of_1_2_has_eight_layers() {
    let report = report();
    let rows = &report.questions.iter().find(|q| q.id == "1.2").unwrap().rows;
    let layers =
        rows.iter().filter(|r| r.row.id.starts_with("layer.") && r.row.id.ends_with(".shape")).count();
    assert_eq!(layers, 8);
    let same = rows.iter().find(|r| r.row.id == "same-count").unwrap();
    assert_eq!(same.status, Status::Holds);
}

#[test]
fn the_zero_of_2_2_has_two_reasons() {
    let words = remarks(&report(), "2.2", "layer.1.dJ-dz");
    assert!(
        words.contains("two reasons") && words.contains("ReLU") && words.contains("column 2 of U"),
        "{words}"
    );
}

#[test]
fn notices_give_both_readings_computed() {
    let text = render::verify(&report(), &Options::default());
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    // ln Σ e^θ = 1.7999… for the logits of 2.1, less 0.25 or 0.5; 60,000 images in batches of 128, 10 epochs.
    for words in ["J = 1.5500", "J = 1.3000", "4690 evaluations", "13162 parameters", "2/L = 1/5", "U is 2×3"]
    {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}
