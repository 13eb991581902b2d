//! The default sheet's plan against hand counts; recipes that cannot be followed.
#![allow(clippy::unwrap_used)]

use super::{Changes, Op, Plan, float_of};
use crate::kinds::training::Given;
use crate::sheet::{Sheet, Source};

fn plan(text: &str) -> Result<Plan, String> {
    let sheet = Sheet::parse(Source::new("mine.toml", text)).map_err(|e| e.to_string())?;
    let entry = sheet.questions.iter().find(|q| q.kind.value == "training").unwrap();
    let given = Given::read(entry, &sheet).map_err(|e| e.to_string())?;
    Plan::new(&sheet.title, &entry.id, &given, Changes::default()).map_err(|e| e.to_string())
}

fn sheet(network: &str, more: &str) -> String {
    format!(
        "[networks]\na = '{network}'\n[[question]]\nid = \"1\"\nkind = \"training\"\nmodels = [\"a\"]\n{more}\n"
    )
}

#[test]
fn the_default_sheet_is_laid_out() {
    let plan = plan(&crate::default_sheet().text).unwrap();
    // By hand: 784·256 + 256 + 2·256 + 256·128 + 128 + 2·128 + 128·10 + 10, and 16·25 + 16 + 2·16 + 32·16·9 + 32 + 2·32 +
    // 800·10 + 10.
    assert_eq!(plan.models.iter().map(|m| m.parameters).collect::<Vec<_>>(), [235_914, 13_162]);
    let again: Plan = serde_json::from_str(&plan.to_json().unwrap()).unwrap();
    assert_eq!(again, plan);
    let cnn = &plan.models[1].steps;
    assert_eq!(cnn[0].tensors[0].shape, [16, 1, 5, 5]);
    assert_eq!(cnn[3].output, [16, 12, 12]);
    assert_eq!(cnn.last().unwrap().op, Op::Linear { inputs: 800, units: 10, bias: true });
}

#[test]
fn a_vector_is_flattened_and_so_are_maps_before_linear() {
    let ops = |network: &str| {
        let plan = plan(&sheet(network, "")).unwrap();
        plan.models[0].steps.iter().map(|s| (s.layer, s.op == Op::Flatten)).collect::<Vec<_>>()
    };
    assert_eq!(ops("Input(784) -> Linear(10)"), [(0, true), (1, false)]);
    assert_eq!(ops("Input(28x28x1) -> Linear(10)"), [(1, true), (1, false)]);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let single = plan(&sheet("Input(784) -> Linear(10) -> BatchNorm", "batch = 59999")).unwrap_err();
    assert!(single.contains("a single value"), "{single}");
    let tiny = plan(&sheet("Input(784) -> Linear(10)", "optimizer = { sgd = { lr = 1e-400 } }")).unwrap_err();
    assert!(tiny.contains("near lr"), "{tiny}");
    let large = plan(&sheet("Input(784) -> Linear(1000000) -> Linear(10)", "")).unwrap_err();
    assert!(large.contains("are the limit"), "{large}");
    let wide =
        plan(&sheet("Input(28x28x1) -> Conv(100000, 1x1) -> GlobalAvgPool -> Linear(10)", "")).unwrap_err();
    assert!(wide.contains("for a batch"), "{wide}");
}

#[test]
fn fractions_become_the_nearest_floats() {
    for (text, float) in [("1/20", 0.05), ("9/10", 0.9), ("1/5", 0.2), ("1/3", 1.0 / 3.0), ("0", 0.0)] {
        assert_eq!(float_of(text), Some(float));
    }
    assert_eq!(float_of("1/0"), None);
    assert_eq!(float_of("word"), None);
}
