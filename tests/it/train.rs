//! `train` where nothing is trained: the plan, the question, and what the program says without libtorch.

use crate::support::{backproof, fed};

#[test]
fn a_plan_holds_recipe_layers_and_tensors() {
    let ran = backproof(&["train", "--plan", "--epochs", "3"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let plan: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(plan["recipe"]["epochs"], 3);
    assert_eq!(plan["recipe"]["optimizer"]["sgd"]["lr"], "1/20");
    // The layer table of question 1.2: 416, 32, 4640, 64 and 8010 parameters.
    let cnn = &plan["models"][1];
    assert_eq!(cnn["parameters"], 416 + 32 + 4640 + 64 + 8010);
    assert_eq!(cnn["steps"][0]["op"], "conv2d");
    assert_eq!(cnn["steps"][0]["tensors"][0]["shape"], serde_json::json!([16, 1, 5, 5]));
}

#[test]
fn the_question_has_to_be_one() {
    let none = backproof(&["train", "lenet-5"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("it has none"), "{}", none.err);
    let other = backproof(&["train", "--only", "1.1"]);
    assert_eq!(other.code, 2);
    assert!(
        other.err.contains("no question `1.1` of kind training in this sheet; it has 3"),
        "{}",
        other.err
    );
    let two = "[[question]]\nid = \"a\"\nkind = \"training\"\nmodels = [\"n\"]\n[[question]]\nid = \"b\"\nkind = \"training\"\n\
               models = [\"n\"]\n[networks]\nn = \"Input(784) -> Linear(10)\"\n";
    let several = fed(&["train", "-"], two.as_bytes());
    assert_eq!(several.code, 2);
    assert!(several.err.contains("--only") && several.err.contains("it has a, b"), "{}", several.err);
    assert_eq!(fed(&["train", "-", "--only", "b", "--plan"], two.as_bytes()).code, 0);
}

#[test]
fn a_recipe_that_cannot_be_followed_is_refused() {
    let sheet = "[[question]]\nid = \"a\"\nkind = \"training\"\nmodels = [\"n\"]\nbatch = 59999\n\
                 [networks]\nn = \"Input(784) -> Linear(10) -> BatchNorm\"\n";
    let ran = fed(&["train", "-"], sheet.as_bytes());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("layer 2, BatchNorm, would normalise a single value"), "{}", ran.err);
}

#[cfg(not(feature = "train"))]
#[test]
fn a_program_without_libtorch_says_how_to_get_it() {
    let ran = backproof(&["train"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.is_empty());
    for words in ["built without training", "just setup-train", "LIBTORCH", "--features train"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}
