//! A network as a class: `MLP` and `CNN` with the signatures that the assignment gives them where their layers have
//! that form, and a class of the network's own name otherwise. Layers are made in the order of the network, since that
//! is the order in which initial weights are drawn.

use super::module::{module, modules};
use super::names::Names;
use super::python::{number, wrapped};
use crate::net::{Layer, NetError, Network, Shape, Stage, total_parameters, trace};
use crate::num::Integer;

/// A network as Python code.
pub(super) struct Model {
    /// What tables call it.
    pub shown: String,
    /// The class.
    pub class: String,
    /// The variable that holds the trained model.
    pub variable: String,
    /// The network in arrow notation.
    pub arrows: String,
    /// Its parameters.
    pub parameters: Integer,
    /// Arguments of `__init__` after `self`: name and default.
    arguments: Vec<(String, String)>,
    /// The modules in order.
    modules: Vec<String>,
    /// Whether the class flattens what goes in itself.
    flattens: bool,
}

/// Names that the classes of the assignment have.
const MLP: &str = "MLP";
const CNN: &str = "CNN";

impl Model {
    /// Turns a network into a class with a name of its own.
    pub(super) fn of(
        name: &str,
        network: &Network,
        names: &mut Names,
        used: &[Self],
    ) -> Result<Self, NetError> {
        let stages = trace(network)?;
        let free = |class: &str| used.iter().all(|model| model.class != class);
        let known = match (mlp(network, &stages), cnn(&stages)) {
            (Some(form), _) if free(MLP) => Some((MLP, form)),
            (_, Some(form)) if free(CNN) => Some((CNN, form)),
            _ => None,
        };
        let (class, form) = match known {
            Some((class, form)) => (names.class(class), form),
            None => (names.class(name), general(network, &stages)),
        };
        let shown = if class == MLP || class == CNN { class.clone() } else { name.to_owned() };
        Ok(Self {
            shown,
            class,
            variable: names.variable(name),
            arrows: network.to_string(),
            parameters: total_parameters(&stages),
            arguments: form.arguments,
            modules: form.modules,
            flattens: form.flattens,
        })
    }

    /// The class.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("class {}(nn.Module):", self.class)];
        let given = self.arguments.iter().map(|(name, default)| format!("{name}={default}"));
        let arguments: Vec<String> = std::iter::once("self".to_owned()).chain(given).collect();
        lines.extend(wrapped("    def __init__(", &arguments, "):"));
        lines.push(format!("        super({}, self).__init__()", self.class));
        lines.extend(indented(&self.init(), 2));
        lines.push(String::new());
        lines.push("    def forward(self, x):".to_owned());
        lines.extend(indented(&self.forward(), 2));
        lines
    }

    /// What `__init__` does.
    pub(super) fn init(&self) -> Vec<String> {
        let mut lines = vec!["self.layers = nn.Sequential(".to_owned()];
        lines.extend(self.modules.iter().map(|module| format!("    {module},")));
        lines.push(")".to_owned());
        lines
    }

    /// What `forward` does.
    pub(super) fn forward(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.flattens {
            lines.push("x = torch.flatten(x, 1)".to_owned());
        }
        lines.push("return self.layers(x)".to_owned());
        lines
    }

    /// The names of the arguments of `__init__`.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|(name, _)| name.as_str())
    }
}

/// Lines further in by so many levels.
pub(super) fn indented(lines: &[String], levels: usize) -> Vec<String> {
    let indent = "    ".repeat(levels);
    lines.iter().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }).collect()
}

/// Arguments and modules of a class.
struct Form {
    arguments: Vec<(String, String)>,
    modules: Vec<String>,
    flattens: bool,
}

/// A perceptron with hidden layers: `Flatten` or a vector, then `Linear` with bias, `BatchNorm`, `ReLU` and `Dropout` of
/// one probability, at last a `Linear`. Its widths are arguments.
fn mlp(network: &Network, stages: &[Stage]) -> Option<Form> {
    let stages = match stages.split_first() {
        Some((first, rest)) if first.layer == Layer::Flatten => rest,
        _ => stages,
    };
    let hidden = stages.iter().filter(|s| matches!(s.layer, Layer::Linear { .. })).count().checked_sub(1)?;
    if hidden == 0 || !matches!(stages.last()?.layer, Layer::Linear { .. }) {
        return None;
    }
    let mut arguments = vec![("input_dim".to_owned(), network.input.size()?.to_string())];
    let mut modules = Vec::new();
    let mut width = "input_dim".to_owned();
    let mut probability = None;
    let mut at = 0usize;
    for stage in stages {
        modules.push(match &stage.layer {
            Layer::Linear { units, bias: true } => {
                at = at.saturating_add(1);
                let next = if at > hidden { "output_dim".to_owned() } else { format!("hidden{at}") };
                arguments.push((next.clone(), units.to_string()));
                let before = std::mem::replace(&mut width, next);
                format!("nn.Linear({before}, {width})")
            }
            // On maps it would normalise channels.
            Layer::BatchNorm if matches!(stage.input, Shape::Flat(_)) => format!("nn.BatchNorm1d({width})"),
            Layer::ReLU => "nn.ReLU()".to_owned(),
            Layer::Dropout { p } if *probability.get_or_insert(p) == p => "nn.Dropout(dropout_p)".to_owned(),
            _ => return None,
        });
    }
    if let Some(p) = probability {
        arguments.push(("dropout_p".to_owned(), number(p)));
    }
    Some(Form { arguments, modules, flattens: true })
}

/// Convolutions, at last a `Linear` whose outputs are an argument.
fn cnn(stages: &[Stage]) -> Option<Form> {
    let (last, before) = stages.split_last()?;
    let Layer::Linear { units, .. } = &last.layer else { return None };
    if !before.iter().any(|stage| matches!(stage.layer, Layer::Conv { .. })) {
        return None;
    }
    let mut all: Vec<String> = before.iter().flat_map(modules).collect();
    if matches!(last.input, Shape::Map { .. }) {
        all.push("nn.Flatten()".to_owned());
    }
    all.push(module(&last.layer, last.input, Some("num_classes")));
    Some(Form {
        arguments: vec![("num_classes".to_owned(), units.to_string())],
        modules: all,
        flattens: false,
    })
}

/// Any network: its layers in order.
fn general(network: &Network, stages: &[Stage]) -> Form {
    Form {
        arguments: Vec::new(),
        modules: stages.iter().flat_map(modules).collect(),
        // Images come as maps.
        flattens: matches!(network.input, Shape::Flat(_)),
    }
}
