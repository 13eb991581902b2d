//! Properties of gradients of random networks live here: what any right gradient has, whatever computed it. Networks
//! with no pre-activation at zero and networks with a unit at the kink of ReLU are drawn apart, since shrinking runs
//! straight into the kink.

use backproof::num::{Exact, Integer, Rational, ratio};
use backproof::pipeline;
use backproof::report::{Question, Status, Value};
use backproof::sheet::{Sheet, Source};
use num_traits::{Signed, Zero};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Layer {
    weights: Vec<Vec<Rational>>,
    bias: Vec<Rational>,
    relu: bool,
}

#[derive(Debug, Clone)]
struct Network {
    input: Vec<Rational>,
    layers: Vec<Layer>,
    class: usize,
}

fn number() -> impl Strategy<Value = Rational> {
    prop_oneof![
        3 => (-12..13_i64, 1..5_i64).prop_map(|(p, q)| ratio(p, q)),
        1 => Just(Rational::zero()),
    ]
}

/// Depth 1 to 4, widths 1 to 6, ReLU or identity.
fn network() -> impl Strategy<Value = Network> {
    proptest::collection::vec(1..7_usize, 2..6).prop_flat_map(|widths| {
        let layers: Vec<_> = widths
            .windows(2)
            .map(|w| {
                let (inputs, units) = (w[0], w[1]);
                let row = proptest::collection::vec(number(), inputs);
                let weights = proptest::collection::vec(row, units);
                (weights, proptest::collection::vec(number(), units), any::<bool>())
                    .prop_map(|(weights, bias, relu)| Layer { weights, bias, relu })
            })
            .collect();
        let classes = *widths.last().unwrap();
        (proptest::collection::vec(number(), widths[0]), layers, 0..classes)
            .prop_map(|(input, layers, class)| Network { input, layers, class })
    })
}

impl Network {
    /// What goes into every activation: a naive pass.
    fn pre(&self) -> Vec<Vec<Rational>> {
        let mut signal = self.input.clone();
        let mut all = Vec::new();
        for (at, layer) in self.layers.iter().enumerate() {
            let z: Vec<Rational> = layer
                .weights
                .iter()
                .zip(&layer.bias)
                .map(|(row, b)| row.iter().zip(&signal).fold(b.clone(), |sum, (w, x)| sum + w * x))
                .collect();
            let hidden = at + 1 < self.layers.len();
            let zero = Rational::zero();
            signal = z
                .iter()
                .map(|z| if hidden && layer.relu { z.max(&zero).clone() } else { z.clone() })
                .collect();
            all.push(z);
        }
        all
    }

    fn at_a_kink(&self) -> bool {
        let hidden = self.layers.len() - 1;
        self.pre().iter().zip(&self.layers).take(hidden).any(|(z, l)| l.relu && z.iter().any(Zero::is_zero))
    }

    /// The same with one unit of the first layer exactly at its kink.
    fn with_a_kink(mut self, unit: usize) -> Self {
        let unit = unit % self.layers[0].bias.len();
        let z = self.pre()[0][unit].clone();
        self.layers[0].bias[unit] -= z;
        self.layers[0].relu = true;
        self
    }

    fn solved(&self, step: &str) -> Question {
        let list = |v: &[Rational]| {
            let all: Vec<String> = v.iter().map(|x| format!("\"{x}\"")).collect();
            format!("[{}]", all.join(", "))
        };
        let mut text = format!(
            "[[question]]\nid = \"1\"\nkind = \"mlp-backprop\"\ninput = {}\ntrue_class = {}\nstep = \"{step}\"\n",
            list(&self.input),
            self.class
        );
        for (at, layer) in self.layers.iter().enumerate() {
            let rows: Vec<String> = layer.weights.iter().map(|r| list(r)).collect();
            let relu = layer.relu && at + 1 < self.layers.len();
            text += &format!(
                "[[question.layer]]\nweights = [{}]\nbias = {}\nactivation = \"{}\"\n",
                rows.join(", "),
                list(&layer.bias),
                if relu { "relu" } else { "identity" }
            );
        }
        let sheet = Sheet::parse(Source::new("random", &text)).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
        pipeline::examine(&sheet).unwrap_or_else(|e| panic!("{e:?}\n{text}")).questions.remove(0)
    }
}

fn value<'a>(question: &'a Question, id: &str) -> &'a Value {
    question.row(id).and_then(|r| r.row.answer.value()).unwrap_or_else(|| panic!("{id} has no value"))
}

fn numbers(value: &Value) -> Vec<Exact> {
    match value {
        Value::Number(x) => vec![x.clone()],
        Value::List(items) => items.iter().flat_map(numbers).collect(),
        _ => panic!("no number: {value:?}"),
    }
}

/// What holds with and without kinks.
fn invariants(network: &Network) -> Question {
    let question = network.solved("1/3");
    for judged in &question.rows {
        assert_eq!(judged.status, Status::Holds, "{}: {:?}", judged.row.id, judged.verdicts);
        let gradient = judged.row.id.contains("dJ-d");
        let by = |source: &str| judged.verdicts.iter().any(|v| v.source == source && v.holds());
        assert!(
            !gradient || (by("forward mode") && by("differences")),
            "{}: {:?}",
            judged.row.id,
            judged.verdicts
        );
    }
    // Adding one to all logits changes no probability, so the slopes along them sum to zero.
    let sum = numbers(value(&question, "dJ-dtheta")).iter().fold(Exact::zero(), |sum, x| sum.add(x));
    assert_eq!(sum.is_zero(), Ok(true));
    // J = −ln p, and p is at most 1.
    assert!(!numbers(value(&question, "J"))[0].enclose(200).unwrap().hi().is_negative());
    let hidden = network.layers.len() - 1;
    for (at, layer) in network.layers.iter().enumerate() {
        let n = at + 1;
        let shape = |columns: usize| {
            let rows = layer.weights.len();
            if columns == 0 { format!("a list of {rows}") } else { format!("a {rows}×{columns} matrix") }
        };
        let columns = layer.weights[0].len();
        for (id, columns) in [("dJ-dW", columns), ("W-next", columns), ("dJ-db", 0), ("b-next", 0)] {
            assert_eq!(value(&question, &format!("layer.{n}.{id}")).shape(), shape(columns), "{id}");
        }
        // A unit that is off, or at its kink, passes nothing back.
        if at < hidden && layer.relu {
            let (Value::List(rows), Value::List(slopes)) = (
                value(&question, &format!("layer.{n}.dJ-dW")),
                value(&question, &format!("layer.{n}.dJ-db")),
            ) else {
                panic!("a matrix and a list")
            };
            for (z, (row, slope)) in network.pre()[at].iter().zip(rows.iter().zip(slopes)) {
                if *z <= Rational::zero() {
                    let all = numbers(row).into_iter().chain(numbers(slope));
                    assert!(all.into_iter().all(|x| x.is_zero() == Ok(true)), "a row of a unit that is off");
                }
            }
        }
    }
    question
}

/// Whether a loss is less than another; `None` where enclosures do not tell. A loss of 10⁻⁹⁰ changes by 10⁻¹⁸⁰ in a step.
fn less(a: &Exact, b: &Exact) -> Option<bool> {
    [400, 1600].into_iter().find_map(|bits| {
        let (a, b) = (a.enclose(bits).ok()?, b.enclose(bits).ok()?);
        a.is_apart_from(&b).then(|| a.upper() < b.lower())
    })
}

/// Losses below 2 to the minus this are not searched for a step.
const LEAST_LOSS: u32 = 300;

/// Along −∇J the loss falls, for some step: halved from 1 until it does.
fn some_step_lowers_the_loss(network: &Network, question: &Question) {
    let ids =
        (1..=network.layers.len()).flat_map(|n| [format!("layer.{n}.dJ-dW"), format!("layer.{n}.dJ-db")]);
    let still = ids.flat_map(|id| numbers(value(question, &id))).all(|x| x.is_zero() == Ok(true));
    let loss = numbers(value(question, "J")).remove(0);
    // A loss of e^(−5000) falls by its square, which takes enclosures of tens of thousands of bits to see.
    if loss.enclose(400).unwrap().upper() < Rational::new(1.into(), Integer::from(1) << LEAST_LOSS) {
        return;
    }
    let falls = |k: u32| {
        let stepped = network.solved(&format!("1/{}", 1u64 << k));
        less(&numbers(value(&stepped, "J-next"))[0], &loss) == Some(true)
    };
    assert!(still || (0..40).step_by(2).any(falls), "no step lowers the loss");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 24 } else { 200 }))]

    #[test]
    fn gradients_away_from_kinks(network in network().prop_filter("a kink", |n| !n.at_a_kink())) {
        let question = invariants(&network);
        some_step_lowers_the_loss(&network, &question);
    }

    #[test]
    fn gradients_at_a_kink(network in network().prop_filter("hidden", |n| n.layers.len() > 1), unit in 0..6_usize) {
        let network = network.with_a_kink(unit);
        prop_assert!(network.at_a_kink());
        let question = invariants(&network);
        prop_assert!(!numbers(value(&question, "kinks")).is_empty());
    }
}
