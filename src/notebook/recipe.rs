//! The notebook of a training question is put together here: the loader, a class and a run for each model, the training
//! loop, the table. Names, signatures and the order of statements are those of the assignment that is built in;
//! comments and words are written here, and every number comes from the sheet.

use super::cell::Notebook;
use super::error::NotebookError;
use super::model::{Model, indented};
use super::name::Name;
use super::names::{self, Names};
use super::python::{number, quoted, wrapped};
use crate::kinds::training::{self, Given};
use crate::record::Runs;
use crate::sheet::Sheet;

/// The kind whose questions have a notebook.
const KIND: &str = "training";

/// A training question, ready to be written down as code.
pub struct Recipe {
    title: String,
    question: String,
    heading: String,
    given: Given,
    pub(super) models: Vec<Model>,
}

impl Recipe {
    /// The training question of a sheet; `only` says which, by its id, where there are several.
    ///
    /// # Errors
    /// No such question, or several; a question that is not in order.
    pub fn of(sheet: &Sheet, only: Option<&str>) -> Result<Self, NotebookError> {
        let asked = |id: &str| only.is_none_or(|only| only == id);
        let all: Vec<_> = sheet.questions.iter().filter(|q| q.kind.value == KIND && asked(&q.id)).collect();
        let entry = match all.as_slice() {
            [] => return Err(NotebookError::NoTraining { only: only.map(str::to_owned) }),
            [entry] => *entry,
            several => {
                return Err(NotebookError::Several { ids: several.iter().map(|q| q.id.clone()).collect() });
            }
        };
        let given = training::Given::read(entry, sheet)?;
        let mut names = Names::default();
        let mut models: Vec<Model> = Vec::new();
        for model in &given.models {
            let made = Model::of(&model.name, &model.network, &mut names, &models)
                .map_err(|error| entry.error("models", error.message, error.help))?;
            models.push(made);
        }
        Ok(Self {
            title: sheet.title.clone(),
            question: entry.id.clone(),
            heading: entry.title.clone().unwrap_or_else(|| "Training".to_owned()),
            given,
            models,
        })
    }

    /// With what is known of runs: where one is of this recipe, the notebook says in words what it shows.
    #[must_use]
    pub fn with_runs(mut self, runs: &Runs) -> Self {
        self.given.attach_runs(&self.title, &self.question, runs);
        self
    }

    /// The notebook, not run.
    #[must_use]
    pub fn notebook(&self, name: &Name) -> Notebook {
        let mut notebook = Notebook { cells: Vec::new() };
        notebook.text("title", self.opening(name));
        notebook.text("loader-text", self.about_loader());
        notebook.code("loader", &self.loader());
        for (at, model) in self.models.iter().enumerate() {
            let n = at + 1;
            notebook.text(format!("model-{n}-text"), self.about_model(n, model));
            let mut class = Vec::new();
            if at == 0 {
                class.extend(lines("import torch.nn as nn\nimport torch.optim as optim\n\n"));
            }
            class.extend(model.lines());
            notebook.code(format!("model-{n}"), &class);
            if at == 0 {
                notebook.text("train-text", self.about_training());
                let mut functions = accuracy();
                functions.push(String::new());
                functions.extend(self.training());
                notebook.code("train", &functions);
            }
            notebook.code(format!("model-{n}-run"), &run(at == 0, model));
        }
        let n = self.models.len() + 1;
        notebook.text(
            "comparison-text",
            format!("## {}.{n} Comparison\n\nThe accuracies after the last epoch.", self.question),
        );
        notebook.code("comparison", &self.comparison());
        let sentences = training::comparison(&self.given);
        if !sentences.is_empty() {
            let told: Vec<String> = sentences.iter().map(|s| plain(s)).collect();
            notebook.text("comparison-words", told.join("\n\n"));
        }
        notebook
    }

    fn opening(&self, name: &Name) -> String {
        let who = name.text().replace('_', ", ");
        format!("# {}\n\n{}\n\nQuestion {}: {}", plain(&self.title), who, self.question, plain(&self.heading))
    }

    fn about_loader(&self) -> String {
        format!(
            "## {}.0 Data\n\nThe seed {} is set once, before anything is drawn. Batches have {} images; the training \
             images are shuffled for every pass.",
            self.question, self.given.seed, self.given.batch
        )
    }

    fn about_model(&self, n: usize, model: &Model) -> String {
        format!(
            "## {}.{n} {}\n\n`{}`\n\nIt has {} parameters.",
            self.question,
            plain(&model.shown),
            model.arrows.replace('`', "'"),
            model.parameters
        )
    }

    fn about_training(&self) -> String {
        let (images, batch) = (self.given.dataset.training_images(), self.given.batch);
        let batches = images.div_ceil(batch.max(1));
        format!(
            "Cross-entropy, SGD with learning rate {} and momentum {}, {} {}.\n\nAccuracies are measured once an epoch, \
             after its {batches} batches, in evaluation mode; the next epoch begins by going back to training mode. \
             Inside the loop over batches they would leave the model in evaluation mode from the second batch on.",
            number(&self.given.sgd.lr),
            number(&self.given.sgd.momentum),
            self.given.epochs,
            if self.given.epochs == 1 { "epoch" } else { "epochs" }
        )
    }

    /// The loader, as the assignment gives it.
    pub(super) fn loader(&self) -> Vec<String> {
        let mut all = lines(
            "import torch\nimport torchvision\nimport torchvision.transforms as transforms\n\
             from torch.utils.data import DataLoader\n\ndef get_FashionMNIST():",
        );
        all.extend(indented(&self.loading(), 1));
        all.extend(lines("\ntrain_loader, test_loader = get_FashionMNIST()"));
        all
    }

    /// What `get_FashionMNIST` does.
    pub(super) fn loading(&self) -> Vec<String> {
        let Given { seed, batch, .. } = &self.given;
        lines(&format!(
            "torch.manual_seed({seed})\n\
             train_set = torchvision.datasets.FashionMNIST('./data', train=True,\n    \
                 transform=transforms.ToTensor(), download=True)\n\
             test_set = torchvision.datasets.FashionMNIST('./data', train=False,\n    \
                 transform=transforms.ToTensor())\n\
             train_loader = DataLoader(train_set, batch_size={batch}, shuffle=True)\n\
             test_loader = DataLoader(test_set, batch_size={batch}, shuffle=False)\n\
             return train_loader, test_loader"
        ))
    }

    /// `train`; it gives the last accuracies back.
    fn training(&self) -> Vec<String> {
        let arguments = [
            "model".to_owned(),
            "train_loader".to_owned(),
            "test_loader".to_owned(),
            format!("epochs={}", self.given.epochs),
            format!("lr={}", number(&self.given.sgd.lr)),
            "device='cpu'".to_owned(),
        ];
        let mut all = wrapped("def train(", &arguments, "):");
        all.extend(indented(&self.loop_over_epochs(), 1));
        all
    }

    /// What `train` does.
    pub(super) fn loop_over_epochs(&self) -> Vec<String> {
        let mut all = lines(&format!(
            "model.to(device)\ncriterion = nn.CrossEntropyLoss()\n\
             optimizer = optim.SGD(model.parameters(), lr=lr, momentum={})\n\
             for epoch in range(epochs):\n    model.train()\n    for images, labels in train_loader:\n        \
             images, labels = images.to(device), labels.to(device)\n        optimizer.zero_grad()",
            number(&self.given.sgd.momentum)
        ));
        all.extend(indented(&step(), 2));
        all.extend(lines(
            "    # After the batches, once an epoch.\n    tr = compute_accuracy(model, train_loader, device)\n    \
             te = compute_accuracy(model, test_loader, device)\n    \
             print(f\"Epoch {epoch+1:2d} Train: {tr:.4f} Test: {te:.4f}\")\nreturn tr, te",
        ));
        all
    }

    /// The table, from what training gave.
    fn comparison(&self) -> Vec<String> {
        let width = self.models.iter().map(|m| m.shown.chars().count()).max().unwrap_or(0).clamp(5, 40);
        let mut all = lines("results = [");
        for model in &self.models {
            all.push(format!("    ({}, {}),", quoted(&model.shown), names::accuracy(&model.variable)));
        }
        all.extend(lines(&format!(
            "]\nprint(f\"{{'Model':<{width}}}  Training Accuracy  Test Accuracy\")\n\
             for name, (tr, te) in results:\n    print(f\"{{name:<{width}}}  {{tr:>17.4f}}  {{te:>13.4f}}\")"
        )));
        all
    }
}

/// `compute_accuracy`.
fn accuracy() -> Vec<String> {
    let mut all = lines("def compute_accuracy(model, loader, device):");
    all.extend(indented(&counting(), 1));
    all
}

/// What `compute_accuracy` does.
pub(super) fn counting() -> Vec<String> {
    lines(
        "model.eval()\ncorrect, total = 0, 0\nwith torch.no_grad():\n    for images, labels in loader:\n        \
         images, labels = images.to(device), labels.to(device)\n        \
         preds = model(images).argmax(dim=1)\n        correct += (preds == labels).sum().item()\n        \
         total += labels.size(0)\nreturn correct / total",
    )
}

/// What `train` does with a batch once the gradients are zero.
pub(super) fn step() -> Vec<String> {
    lines("loss = criterion(model(images), labels)\nloss.backward()\noptimizer.step()")
}

/// Making and training a model.
fn run(first: bool, model: &Model) -> Vec<String> {
    let mut all = Vec::new();
    if first {
        all.push("device = 'cuda' if torch.cuda.is_available() else 'cpu'".to_owned());
    }
    let v = &model.variable;
    all.push(format!("{v} = {}()", model.class));
    let accuracy = names::accuracy(v);
    all.push(format!("{accuracy} = train({v}, train_loader, test_loader, device=device)"));
    all
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}

/// A text that Markdown leaves alone, on one line.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '$' | '!' | '&' => {
                out.extend(['\\', c])
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
