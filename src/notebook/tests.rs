//! What the parts promise on their own: every layer of a random network is named and counted, names are Python's,
//! skeletons keep their bytes, outputs keep no paths. The whole notebook has its tests in `tests/it/notebook.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::model::Model;
use super::names::Names;
use super::python::{number, quoted, wrapped};
use super::run::without_paths;
use super::{Name, Recipe, cleaned};
use crate::net::{parse, total_parameters, trace};
use crate::num::{Integer, ratio};
use crate::sheet::{Sheet, Source};

fn model(arrows: &str) -> Model {
    Model::of("some-net", &parse(arrows).unwrap(), &mut Names::default(), &[]).unwrap()
}

fn code(arrows: &str) -> String {
    model(arrows).lines().join("\n")
}

fn recipe(networks: &str, models: &str) -> Recipe {
    let text = format!(
        "[networks]\n{networks}\n[[question]]\nid = \"3\"\nkind = \"training\"\nmodels = [{models}]\n"
    );
    Recipe::of(&Sheet::parse(Source::new("folder/my-sheet.toml", &text)).unwrap(), None).unwrap()
}

#[test]
fn every_kind_of_layer_has_its_module() {
    // Argument names and defaults as in the documentation of torch.nn 2.13.
    let text = code(
        "Input(28x28x4) -> Conv(8, 3x5, stride=1x2, padding=1x2, dilation=2, groups=4, bias=false) -> BatchNorm -> ReLU
         -> Conv(6, 3, padding=\"same\", dilation=1x2) -> MaxPool(2x3, stride=2, padding=1, ceil=true)
         -> AvgPool(2) -> Dropout(\"1/3\") -> GlobalAvgPool -> GlobalMaxPool -> Flatten -> BatchNorm
         -> Linear(7, bias=false) -> Linear(10) -> ReLU",
    );
    for module in [
        "nn.Conv2d(4, 8, kernel_size=(3, 5), stride=(1, 2), padding=(1, 2), dilation=2, groups=4, bias=False),",
        "nn.BatchNorm2d(8),",
        "nn.ReLU(),",
        "nn.Conv2d(8, 6, kernel_size=3, padding='same', dilation=(1, 2)),",
        "nn.MaxPool2d((2, 3), stride=2, padding=1, ceil_mode=True),",
        "nn.AvgPool2d(2),",
        "nn.Dropout(1/3),",
        "nn.AdaptiveAvgPool2d(1),",
        "nn.AdaptiveMaxPool2d(1),",
        "nn.Flatten(),",
        "nn.BatchNorm1d(6),",
        "nn.Linear(6, 7, bias=False),",
        "nn.Linear(7, 10),",
    ] {
        assert!(text.contains(module), "no {module} in\n{text}");
    }
    assert!(text.starts_with("class SomeNet(nn.Module):\n    def __init__(self):\n"), "{text}");
}

#[test]
fn a_linear_on_maps_flattens_first_and_a_vector_is_flattened_on_its_way_in() {
    let text = code("Input(28x28x1) -> Conv(2, 5) -> Linear(10)");
    assert!(text.contains("nn.Flatten(),\n            nn.Linear(1152, num_classes),"), "{text}");
    let text = code("Input(784) -> Linear(10, bias=false)");
    assert!(
        text.contains("x = torch.flatten(x, 1)") && text.contains("nn.Linear(784, 10, bias=False)"),
        "{text}"
    );
}

#[test]
fn only_networks_of_their_form_have_the_signature_of_the_assignment() {
    let class = |arrows: &str| model(arrows).class;
    assert_eq!(class("Input(784) -> Linear(32) -> ReLU -> Linear(10)"), "MLP");
    assert_eq!(class("Input(28x28x1) -> Flatten -> Linear(32) -> Dropout(0.5) -> Linear(10)"), "MLP");
    assert_eq!(class("Input(28x28x1) -> Conv(4, 3) -> Linear(10)"), "CNN");
    for other in [
        "Input(784) -> Linear(10)",
        "Input(784) -> Linear(32, bias=false) -> ReLU -> Linear(10)",
        "Input(784) -> Linear(32) -> Dropout(0.5) -> Linear(32) -> Dropout(0.2) -> Linear(10)",
        "Input(784) -> Linear(32) -> Flatten -> Linear(10)",
        "Input(28x28x1) -> BatchNorm -> Linear(32) -> Linear(10)",
        "Input(28x28x1) -> Conv(10, 28) -> Flatten",
    ] {
        assert_eq!(class(other), "SomeNet", "{other}");
    }
    let text = code("Input(784) -> Linear(300) -> ReLU -> Linear(200) -> Linear(100) -> ReLU -> Linear(10)");
    let head = "    def __init__(self, input_dim=784, hidden1=300, hidden2=200, hidden3=100,\n                 \
                output_dim=10):";
    assert!(text.contains(head), "{text}");
    assert!(text.contains("nn.Linear(hidden3, output_dim)"), "{text}");
}

/// The parameters of the modules of a class, from its text alone.
fn counted(text: &str) -> Integer {
    let value = |name: &str| -> Integer {
        if let Ok(n) = name.parse::<Integer>() {
            return n;
        }
        let default = text.split(&format!("{name}=")).nth(1).unwrap_or_else(|| panic!("{name} in\n{text}"));
        default.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    let mut total = Integer::from(0);
    for line in text.lines().map(str::trim) {
        let Some((name, inner)) =
            line.strip_prefix("nn.").and_then(|l| l.strip_suffix("),")?.split_once('('))
        else {
            continue;
        };
        let bias = Integer::from(u32::from(!inner.contains("bias=False")));
        let mut first = inner.split(", ");
        let a = first.next().unwrap_or("");
        match name {
            "Linear" => {
                let n = value(first.next().unwrap());
                total += value(a) * &n + bias * n;
            }
            "BatchNorm1d" | "BatchNorm2d" => total += Integer::from(2) * value(a),
            "Conv2d" => {
                let filters = value(first.next().unwrap());
                let kernel = inner.split("kernel_size=").nth(1).unwrap();
                let kernel: Integer = match kernel.strip_prefix('(') {
                    Some(two) => two.split(')').next().unwrap().split(", ").map(value).product(),
                    None => {
                        let n = value(kernel.split(',').next().unwrap());
                        &n * &n
                    }
                };
                let groups = inner
                    .split("groups=")
                    .nth(1)
                    .map_or(Integer::from(1), |g| value(g.split(',').next().unwrap()));
                total += value(a) / groups * kernel * &filters + bias * filters;
            }
            _ => {}
        }
    }
    total
}

fn any_layer() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u64..9, 1u64..4, 1u64..4, 1u64..3, any::<bool>())
            .prop_map(|(f, a, b, s, bias)| format!("Conv({f}, {a}x{b}, stride={s}, padding=1, bias={bias})")),
        (1u64..4).prop_map(|f| format!("Conv({}, 3, padding=\"same\", groups={f})", 6 * f)),
        (1u64..4, 1u64..3).prop_map(|(k, s)| format!("MaxPool({k}, stride={s}, ceil=true)")),
        (2u64..4).prop_map(|k| format!("AvgPool({k}, padding=1)")),
        (0u64..100).prop_map(|p| format!("Dropout(0.{p:02})")),
        (1u64..50, any::<bool>()).prop_map(|(n, bias)| format!("Linear({n}, bias={bias})")),
        prop::sample::select(vec!["BatchNorm", "ReLU", "Flatten", "GlobalAvgPool", "GlobalMaxPool"])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn the_code_of_a_random_network_names_every_layer_and_has_all_its_parameters(
        flat in any::<bool>(), layers in prop::collection::vec(any_layer(), 0..9),
    ) {
        let mut arrows = String::from(if flat { "Input(784)" } else { "Input(28x28x1)" });
        for layer in layers.iter().map(String::as_str).chain(["Linear(10)"]) {
            // A layer that does not fit is left out.
            let longer = format!("{arrows} -> {layer}");
            if parse(&longer).and_then(|network| trace(&network)).is_ok() {
                arrows = longer;
            }
        }
        let network = parse(&arrows).unwrap();
        let stages = trace(&network).unwrap();
        let text = code(&arrows);
        prop_assert_eq!(counted(&text), total_parameters(&stages), "{}\n{}", arrows, text);
        let modules = text.lines().filter(|line| line.trim().starts_with("nn.")).count();
        let flattens = text.matches("nn.Flatten()").count() + text.matches("torch.flatten").count();
        let declared = network.layers.iter().filter(|d| d.text.starts_with("Flatten")).count();
        // Every layer is a module; only flattening may be done in other places.
        prop_assert_eq!(modules - text.matches("nn.Flatten()").count(), network.layers.len() - declared, "{}", text);
        prop_assert!(flattens >= declared.min(1), "{}", text);
    }

    #[test]
    fn names_are_words_of_python_and_each_is_new(all in prop::collection::vec("\\PC{0,8}|mlp|MLP|class|train|compute", 1..8)) {
        let mut names = Names::default();
        let mut seen = std::collections::HashSet::new();
        for name in &all {
            for made in [names.class(name), names.variable(name)] {
                prop_assert!(made.starts_with(|c: char| c.is_ascii_alphabetic()), "{made}");
                prop_assert!(made.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{made}");
                prop_assert!(!["class", "train", "compute", "None", "True"].contains(&made.as_str()));
                prop_assert!(seen.insert(made));
            }
        }
    }

    #[test]
    fn filling_never_changes_what_has_no_gap(text in "\\PC{0,60}") {
        let cell = serde_json::to_string(&text).unwrap();
        let file = format!("{{\"nbformat\": 4, \"cells\": [{{\"cell_type\": \"code\", \"source\": {cell}}}]}}");
        let filled = recipe("a = 'Input(784) -> Linear(10)'", "'a'").fill(&file).unwrap();
        prop_assert_eq!(filled.text, file);
    }

    #[test]
    fn anything_may_be_given_as_a_skeleton(text in "\\PC{0,80}") {
        let _ = recipe("a = 'Input(784) -> Linear(10)'", "'a'").fill(&text);
    }
}

#[test]
fn numbers_are_what_the_sheet_says() {
    let all = [ratio(1, 20), ratio(9, 10), ratio(1, 1), ratio(0, 1), ratio(1, 3), ratio(1, 1024)];
    let shown: Vec<String> = all.iter().map(number).collect();
    assert_eq!(shown, ["0.05", "0.9", "1", "0", "1/3", "0.0009765625"]);
    assert_eq!(quoted("it's \\ a\nname"), "'it\\'s \\\\ a\\u000aname'");
    let long: Vec<String> = (0..30).map(|n| format!("hidden{n}={n}")).collect();
    assert!(wrapped("def f(", &long, "):").iter().all(|line| line.chars().count() <= 79));
    assert_eq!(wrapped("f(", &[], ")"), ["f()"]);
}

#[test]
fn a_notebook_is_called_after_the_person_and_the_sheet() {
    let named = |title: &str| {
        let text = format!("{title}\n[[question]]\nid = \"3\"\nkind = \"training\"\n");
        let sheet = Sheet::parse(Source::new("folder/my sheet.toml", &text)).unwrap();
        Name::read("Lovelace_Ada").unwrap().file(&sheet)
    };
    assert_eq!(named("title = \"CS480/680 Spring 2026, Assignment 2\""), "Lovelace_Ada_assignment2.ipynb");
    assert_eq!(named("title = \"Homework 3\""), "Lovelace_Ada_homework3.ipynb");
    assert_eq!(named("title = \"../..\""), "Lovelace_Ada_mysheet.ipynb");
    assert_eq!(named(""), "Lovelace_Ada_mysheet.ipynb");
    for right in
        ["Lovelace_Ada", "van-der-Waerden_Bartel", "O'Brien_Seán", "De_La_Cruz_María", "Müller_Jürgen"]
    {
        assert_eq!(Name::read(right).unwrap().text(), right);
    }
    for wrong in
        ["", "Ada", "_Ada", "Ada_", "A__B", "../a_b", "a/b_c", "A b_C", "A_B.C", "-a_b", "a_b\n", "1_2"]
    {
        assert!(Name::read(wrong).is_err(), "{wrong}");
    }
    assert!(Name::read(&format!("A_{}", "b".repeat(200))).is_err());
}

#[test]
fn outputs_keep_no_path_of_a_machine_and_no_address_is_taken_for_one() {
    for (text, left) in [
        ("/usr/lib/python3/site-packages/torch/nn.py:12: UserWarning", "nn.py:12: UserWarning"),
        ("saved to '/home/ada/data/x.png'.", "saved to 'x.png'."),
        ("C:\\Users\\ada\\x.png", "x.png"),
        (
            "see https://pytorch.org/docs/stable and a/b, 1/2 or /",
            "see https://pytorch.org/docs/stable and a/b, 1/2 or /",
        ),
        ("Epoch  1 Train: 0.8613 Test: 0.8512", "Epoch  1 Train: 0.8613 Test: 0.8512"),
        ("File=/tmp/a/b", "File=b"),
    ] {
        assert_eq!(without_paths(text), left);
    }
}

#[test]
fn a_notebook_that_has_run_is_cleaned_and_one_that_has_not_is_refused() {
    let cell = |count: &str, outputs: &str| {
        format!(
            "{{\"nbformat\": 4, \"cells\": [{{\"cell_type\": \"code\", \"execution_count\": {count}, \
             \"metadata\": {{\"execution\": {{\"iopub.status.idle\": \"now\"}}}}, \"outputs\": [{outputs}], \
             \"source\": [\"1\"]}}]}}"
        )
    };
    let output = "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": [\"at /home/ada/x\\n\"]}";
    let picture =
        "{\"output_type\": \"display_data\", \"data\": {\"image/png\": \"/9j/4AAQ/SkZ\"}, \"metadata\": {}}";
    let text = cleaned(&cell("1", &format!("{output}, {picture}"))).unwrap();
    assert!(!text.contains("iopub") && !text.contains("/home"), "{text}");
    assert!(text.contains("\"at x\\n\"") && text.contains("/9j/4AAQ/SkZ"), "{text}");
    assert!(cleaned(&cell("null", "")).unwrap_err().to_string().contains("cell 1 did not run"));
    assert!(
        cleaned(&cell("1", "{\"output_type\": \"error\"}"))
            .unwrap_err()
            .to_string()
            .contains("cell 1 failed")
    );
    assert!(cleaned("<html>").is_err());
}

// ---- skeletons ---------------------------------------------------------------------------------

fn notebook(source: &str) -> String {
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let cell = serde_json::json!({ "cell_type": "code", "metadata": {}, "outputs": [], "source": lines });
    serde_json::to_string_pretty(&serde_json::json!({ "cells": [cell], "nbformat": 4, "nbformat_minor": 4 }))
        .unwrap()
}

fn source(text: &str) -> String {
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let lines = file["cells"][0]["source"].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    lines.collect()
}

const CLASS: &str = "class CNN(nn.Module):
    def __init__(self, num_classes=10):
        '''pass'''
        super(CNN, self).__init__()
        # TODO: layers
        pass  # mine

    def forward(self, x):
        pass
";

fn small() -> Recipe {
    recipe("net = 'Input(28x28x1) -> Conv(2, 5) -> Linear(10)'", "'net'")
}

#[test]
fn a_gap_is_filled_at_its_indentation_and_the_comment_beside_it_stays() {
    let filled = small().fill(&notebook(CLASS)).unwrap();
    assert_eq!(filled.filled, ["CNN.__init__", "CNN.forward"]);
    let text = source(&filled.text);
    assert!(
        text.contains(
            "        # TODO: layers\n        self.layers = nn.Sequential(\n            nn.Conv2d(1, 2, kernel_size=5),\n"
        ) && text.contains("\n        )  # mine\n"),
        "{text}"
    );
    assert!(text.contains("def forward(self, x):\n        return self.layers(x)\n"), "{text}");
    let tabs = CLASS.replace("    ", "\t");
    let text = source(&small().fill(&notebook(&tabs)).unwrap().text);
    assert!(text.contains("\t\tself.layers = nn.Sequential(\n\t\t\tnn.Conv2d"), "{text}");
}

#[test]
fn what_a_person_has_written_is_left_and_named() {
    let left = |source: &str| {
        let file = notebook(source);
        let filled = small().fill(&file).unwrap();
        assert_eq!((filled.filled.len(), filled.text == file), (0, true), "{source}");
        filled.left.join(" ")
    };
    let own = CLASS.replace("        pass  # mine", "        self.conv = nn.Conv2d(1, 2, 5)");
    assert!(left(&own).contains("CNN.forward was left, since __init__ is there already"), "{}", left(&own));
    let own = CLASS.replace("        pass\n", "        return self.fc(x)\n");
    assert!(left(&own).contains("CNN.__init__ was left, since forward is there already"), "{}", left(&own));
    let renamed = CLASS.replace("num_classes", "classes");
    let said = left(&renamed);
    assert!(said.contains("CNN.__init__ was left, since it has no num_classes"), "{said}");
    assert!(said.contains("CNN.forward was left, since __init__ was"), "{said}");
    let other = CLASS.replace("CNN", "ResNet");
    assert!(
        left(&other).contains("ResNet.forward belongs to no model of the sheet, which has CNN"),
        "{}",
        left(&other)
    );
    let handler = "def load():\n    try:\n        go()\n    except OSError:\n        pass\n";
    assert!(!left(handler).contains("load"), "{}", left(handler));
    let line = "def train(model): pass\n";
    assert!(left(line).contains("train has its body on the line of its name"), "{}", left(line));
    let text = "def train(model):\n    '''\n    # TODO\n    pass\n    '''\n    return model\n";
    assert!(!left(text).contains("train is"), "{}", left(text));
}

#[test]
fn the_step_of_training_is_filled_and_accuracies_inside_the_loop_over_batches_are_named() {
    let train = "def train(model, train_loader, test_loader,\n          epochs=10, lr=0.05, device='cpu'):
    criterion, optimizer = both(model)
    for epoch in range(epochs):
        for images, labels in train_loader:
            optimizer.zero_grad()
            # TODO: the step
            pass
            tr = compute_accuracy(model, train_loader, device)
";
    let filled = small().fill(&notebook(train)).unwrap();
    assert_eq!(filled.filled, ["train"]);
    let text = source(&filled.text);
    assert!(
        text.contains("            loss.backward()\n            optimizer.step()\n            tr = "),
        "{text}"
    );
    assert!(filled.left.iter().any(|l| l.contains("inside the loop over batches")), "{:?}", filled.left);
    let unknown = train.replace("criterion", "loss_function");
    let filled = small().fill(&notebook(&unknown)).unwrap();
    assert!(
        filled.left.iter().any(|l| l.starts_with("train was left, since it has no criterion")),
        "{:?}",
        filled.left
    );
}

#[test]
fn a_file_that_is_no_notebook_is_refused() {
    for (text, words) in [
        ("", "EOF"),
        ("{\"cells\": []}", "nbformat"),
        ("{\"nbformat\": 3, \"cells\": []}", "its nbformat is 3, not 4"),
        (
            "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 7}]}",
            "neither a text nor a list",
        ),
    ] {
        let said = small().fill(text).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
}
