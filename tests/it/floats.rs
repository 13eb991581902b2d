//! A naive oracle in floating point lives here: networks evaluated in f64, gradients by central differences. It is far
//! from exact, and it shares not a line with the program.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss)]

use approx::assert_relative_eq;
use backproof::num::Rounding;
use backproof::pipeline;
use backproof::report::Value;
use backproof::sheet::{Sheet, Source};
use proptest::prelude::*;

/// Weights by rows and biases, layer by layer; ReLU between layers.
type Layers = Vec<(Vec<Vec<f64>>, Vec<f64>)>;

/// The pre-activations of every layer, the last of which are the logits.
fn pre_activations(input: &[f64], layers: &Layers) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    let mut x = input.to_vec();
    for (weights, bias) in layers {
        let z: Vec<f64> = weights
            .iter()
            .zip(bias)
            .map(|(row, b)| row.iter().zip(&x).map(|(w, x)| w * x).sum::<f64>() + b)
            .collect();
        x = z.iter().map(|z| z.max(0.0)).collect();
        all.push(z);
    }
    all
}

fn loss(input: &[f64], layers: &Layers, class: usize) -> f64 {
    let all = pre_activations(input, layers);
    let logits = all.last().unwrap();
    let top = logits.iter().copied().fold(f64::MIN, f64::max);
    logits.iter().map(|t| (t - top).exp()).sum::<f64>().ln() + top - logits[class]
}

/// Tenths as a sheet writes them.
fn written(tenths: &[i32]) -> String {
    let items: Vec<String> = tenths.iter().map(|n| format!("\"{n}/10\"")).collect();
    format!("[{}]", items.join(", "))
}

fn tenths(n: usize) -> impl Strategy<Value = Vec<i32>> {
    proptest::collection::vec(-12..13, n)
}

/// Weights and bias of every layer, in tenths.
type Tenths = Vec<(Vec<Vec<i32>>, Vec<i32>)>;

/// Widths from the input on, then numbers for all layers.
fn network() -> impl Strategy<Value = (Vec<i32>, Tenths, usize)> {
    proptest::collection::vec(1..5_usize, 3..5).prop_flat_map(|widths| {
        let layers: Vec<_> = widths
            .windows(2)
            .map(|w| (proptest::collection::vec(tenths(w[0]), w[1]), tenths(w[1])))
            .collect();
        (tenths(widths[0]), layers, 0..*widths.last().unwrap())
    })
}

fn decimals(value: &Value, out: &mut Vec<f64>) {
    match value {
        Value::Number(x) => out.push(x.decimal(Rounding::Significant(17)).unwrap().parse().unwrap()),
        Value::List(items) => items.iter().for_each(|v| decimals(v, out)),
        _ => panic!("not a number"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn gradients_agree_with_central_differences((input, layers, class) in network()) {
        let float = |v: &[i32]| v.iter().map(|n| f64::from(*n) / 10.0).collect::<Vec<f64>>();
        let x = float(&input);
        let net: Layers =
            layers.iter().map(|(w, b)| (w.iter().map(|r| float(r)).collect(), float(b))).collect();
        // Differences straddle a kink that is nearer than their step.
        let all = pre_activations(&x, &net);
        let hidden = &all[..all.len() - 1];
        prop_assume!(hidden.iter().flatten().all(|z| z.abs() > 1e-3));

        let mut text = format!(
            "[[question]]\nid = '1'\nkind = 'mlp-backprop'\ninput = {}\ntrue_class = {class}\nstep = 0.1\n",
            written(&input)
        );
        for (i, (weights, bias)) in layers.iter().enumerate() {
            let rows: Vec<String> = weights.iter().map(|r| written(r)).collect();
            text += &format!("[[question.layer]]\nweights = [{}]\nbias = {}\n", rows.join(", "), written(bias));
            if i + 1 < layers.len() {
                text += "activation = 'relu'\n";
            }
        }
        let report = pipeline::examine(&Sheet::parse(Source::new("random", &text)).unwrap()).unwrap();
        let question = report.questions.first().unwrap();
        let row = |id: &str| {
            let mut out = Vec::new();
            decimals(question.row(id).unwrap().row.answer.value().unwrap(), &mut out);
            out
        };
        assert_relative_eq!(row("J")[0], loss(&x, &net, class), max_relative = 1e-12, epsilon = 1e-12);

        let h = 1e-5;
        for layer in 0..net.len() {
            let slope = |change: &dyn Fn(&mut Layers, f64)| {
                let (mut up, mut down) = (net.clone(), net.clone());
                change(&mut up, h);
                change(&mut down, -h);
                (loss(&x, &up, class) - loss(&x, &down, class)) / (2.0 * h)
            };
            let exact = row(&format!("layer.{}.dJ-dW", layer + 1));
            let columns = net[layer].0[0].len();
            for (at, exact) in exact.iter().enumerate() {
                let found = slope(&|net, h| net[layer].0[at / columns][at % columns] += h);
                assert_relative_eq!(*exact, found, max_relative = 1e-6, epsilon = 1e-8);
            }
            for (at, exact) in row(&format!("layer.{}.dJ-db", layer + 1)).iter().enumerate() {
                let found = slope(&|net, h| net[layer].1[at] += h);
                assert_relative_eq!(*exact, found, max_relative = 1e-6, epsilon = 1e-8);
            }
        }
    }
}
