//! The notebook to hand in, as a whole: what the built-in sheet's says, what follows from another sheet, where it is
//! written, and a person's skeleton. That PyTorch builds and runs it is a part of `tests/optional.sh`.

use std::fs;

use backproof::notebook::{Name, Recipe};
use backproof::sheet::{Sheet, Source};
use serde_json::Value as Json;

use crate::support::{Ran, backproof, scratch, written};

fn made(source: Source) -> Json {
    let recipe = Recipe::of(&Sheet::parse(source).unwrap(), None).unwrap();
    serde_json::from_str(&recipe.notebook(&Name::read("Lovelace_Ada").unwrap()).to_json()).unwrap()
}

fn text(cell: &Json) -> String {
    cell["source"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

/// A notebook as a person sees it.
fn shown(notebook: &Json) -> String {
    let cells = notebook["cells"].as_array().unwrap().iter();
    let cells: Vec<String> = cells
        .map(|cell| {
            format!(
                "---- {} {}\n{}\n",
                cell["cell_type"].as_str().unwrap(),
                cell["id"].as_str().unwrap(),
                text(cell)
            )
        })
        .collect();
    cells.join("\n")
}

#[test]
fn the_notebook_of_the_built_in_sheet() {
    insta::assert_snapshot!(shown(&made(backproof::default_sheet())));
}

#[test]
fn it_has_the_form_of_nbformat_4_5_and_nothing_of_a_machine() {
    let notebook = made(backproof::default_sheet());
    assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&Json::from(4), &Json::from(5)));
    let mut ids = std::collections::BTreeSet::new();
    for cell in notebook["cells"].as_array().unwrap() {
        let id = cell["id"].as_str().unwrap();
        assert!(
            !id.is_empty() && id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        );
        assert!(ids.insert(id), "{id} twice");
        let mut keys: Vec<&String> = cell.as_object().unwrap().keys().collect();
        assert!(keys.is_sorted());
        keys.retain(|key| ["execution_count", "outputs"].contains(&key.as_str()));
        assert_eq!(keys.len(), if cell["cell_type"] == "code" { 2 } else { 0 });
    }
    let all = notebook.to_string();
    assert!(!all.contains(env!("CARGO_MANIFEST_DIR")) && !all.contains("/home"), "{all}");
    assert_eq!(notebook, made(backproof::default_sheet()), "the same each time");
}

#[test]
fn every_number_of_another_sheet_reaches_the_notebook() {
    let sheet = "title = \"Course, Lab 7\"
[networks]
wide = 'Input(784) -> Linear(64) -> ReLU -> Dropout(0.25) -> Linear(10)'
conv = 'Input(28x28x1) -> Conv(8, 3, padding=\"same\") -> BatchNorm -> ReLU -> GlobalAvgPool -> Flatten -> Linear(10)'
class = 'Input(28x28x1) -> MaxPool(2) -> Flatten -> Linear(10, bias=false)'
[[question]]
id = '4'
kind = 'training'
models = ['wide', 'class', 'conv']
batch = 100
epochs = 3
seed = 7
optimizer = { sgd = { lr = 0.125 } }
";
    let all = shown(&made(Source::new("lab.toml", sheet)));
    for words in [
        "torch.manual_seed(7)",
        "DataLoader(train_set, batch_size=100, shuffle=True)",
        "def train(model, train_loader, test_loader, epochs=3, lr=0.125, device='cpu'):",
        "optim.SGD(model.parameters(), lr=lr, momentum=0)",
        "after its 600 batches",
        "def __init__(self, input_dim=784, hidden1=64, output_dim=10,\n                 dropout_p=0.25):",
        "class ClassModel(nn.Module):",
        "class_model = ClassModel()\nclass_model_accuracy = train(class_model, ",
        "nn.Linear(196, 10, bias=False)",
        "class CNN(nn.Module):",
        "nn.Conv2d(1, 8, kernel_size=3, padding='same')",
        "    ('MLP', wide_accuracy),\n    ('class', class_model_accuracy),\n    ('CNN', conv_accuracy),\n",
        "## 4.0 Data",
        "## 4.4 Comparison",
    ] {
        assert!(all.contains(words), "no {words:?} in\n{all}");
    }
}

fn refused(ran: &Ran, words: &str) {
    let said = ran.err.split_whitespace().filter(|w| *w != "│").collect::<Vec<_>>().join(" ");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{said}");
    assert!(said.contains(words) && said.contains("help:"), "no {words:?} in {said}");
}

#[test]
fn the_command_writes_one_file_and_not_over_another() {
    let folder = scratch("notebook");
    let _ = fs::remove_dir_all(&folder);
    let out = folder.to_str().unwrap();
    let ran = backproof(&["notebook", "--name", "Lovelace_Ada", "--out", out]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("Lovelace_Ada_assignment2.ipynb, not run."), "{}", ran.out);
    let path = folder.join("Lovelace_Ada_assignment2.ipynb");
    let first = fs::read_to_string(&path).unwrap();
    fs::write(&path, "mine").unwrap();
    refused(&backproof(&["notebook", "--name", "Lovelace_Ada", "--out", out]), "stands there already");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let ran = backproof(&["notebook", "--name", "Lovelace_Ada", "--out", out, "--force"]);
    assert_eq!((ran.code, fs::read_to_string(&path).unwrap()), (0, first));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn what_cannot_become_a_notebook_is_refused() {
    let named =
        |name: &str| backproof(&["notebook", "--name", name, "--out", scratch("never").to_str().unwrap()]);
    refused(&named("Ada"), "has no underscore");
    refused(&named("../x_y"), "neither a letter nor a hyphen");
    let none = written(
        "notebook-none.toml",
        "[[question]]\nid = 's'\nkind = 'transformer-encoder'\nd = 8\nheads = 2\nd_ff = 16\n",
    );
    refused(&backproof(&["notebook", &none, "--name", "A_B"]), "has no question of the kind training");
    let two = "[networks]\nmlp = 'Input(784) -> Linear(10)'\n\
               [[question]]\nid = 'a'\nkind = 'training'\nmodels = ['mlp']\n\
               [[question]]\nid = 'b'\nkind = 'training'\nmodels = ['mlp']\n";
    let two = written("notebook-two.toml", two);
    refused(&backproof(&["notebook", &two, "--name", "A_B"]), "has 2 questions of the kind training");
    let no_file = backproof(&["notebook", "--name", "A_B", "--skeleton", "nowhere.ipynb"]);
    refused(&no_file, "`nowhere.ipynb` cannot be read");
    assert!(!scratch("never").exists());
}

#[test]
fn without_jupyter_running_says_how_to_get_it_and_writes_nothing() {
    let folder = scratch("notebook-run");
    let _ = fs::remove_dir_all(&folder);
    let output = crate::support::program()
        .args(["notebook", "--name", "A_B", "--run", "--out", folder.to_str().unwrap()])
        .env("PATH", "")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("there is no Jupyter") && said.contains("pip install nbconvert ipykernel"),
        "{said}"
    );
    assert!(!folder.exists());
}
