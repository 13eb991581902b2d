//! What networks read as, print as and come to: known tables, a sliding window as oracle, and errors with places.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::notation::{Math, Relation};
use crate::num::{Integer, Rational, ratio};
use crate::sheet::Source;

fn stages(text: &str) -> Vec<Stage> {
    trace(&parse(text).unwrap()).unwrap()
}

fn summary(text: &str) -> Vec<(String, u64)> {
    stages(text)
        .iter()
        .map(|stage| (stage.output.to_string(), u64::try_from(stage.parameters.value()).unwrap()))
        .collect()
}

fn total(text: &str) -> Integer {
    total_parameters(&stages(text))
}

fn remarks(text: &str) -> Vec<String> {
    stages(text).iter().flat_map(|stage| stage.remarks.iter().map(ToString::to_string)).collect()
}

/// Text of a formula, enough to compare it.
fn show(math: &Math) -> String {
    match math {
        Math::Number(value) => value.to_string(),
        Math::Symbol(name) => name.clone(),
        Math::Negative(inside) => format!("-{}", show(inside)),
        Math::Sum(terms) => format!("({})", terms.iter().map(show).collect::<Vec<_>>().join(" + ")),
        Math::Product(factors) => factors.iter().map(show).collect::<Vec<_>>().join("*"),
        Math::Fraction(above, below) => format!("{}/{}", show(above), show(below)),
        Math::Apply(name, inside) => format!("{name}{}", inside.iter().map(show).collect::<String>()),
        Math::Chain(first, rest) => {
            let rest: String = rest
                .iter()
                .map(|(relation, math)| {
                    assert_eq!(*relation, Relation::Equal);
                    format!(" = {}", show(math))
                })
                .collect();
            show(first) + &rest
        }
        other => panic!("{other:?}"),
    }
}

const CNN: &str = "Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> MaxPool(2x2) -> Conv(32, 3x3) -> BatchNorm
    -> MaxPool(2x2) -> Dropout(0.2) -> Linear(10)";

#[test]
fn the_convolutional_network_of_the_assignment_comes_to_13162() {
    // Worked by hand: 5·5·16 + 16, 2·16, 3·3·16·32 + 32, 2·32, 800·10 + 10.
    let wanted = [
        ("24×24×16", 416),
        ("24×24×16", 32),
        ("12×12×16", 0),
        ("10×10×32", 4640),
        ("10×10×32", 64),
        ("5×5×32", 0),
        ("5×5×32", 0),
        ("10", 8010),
    ];
    let wanted: Vec<(String, u64)> = wanted.iter().map(|&(shape, count)| (shape.to_owned(), count)).collect();
    assert_eq!(summary(CNN), wanted);
    assert_eq!(total(CNN), Integer::from(13_162));
    assert_eq!(total("Input(784) -> Linear(256) -> ReLU -> Linear(10)"), Integer::from(203_530));
    assert_eq!(remarks(CNN), ["Linear on an unflattened tensor flattens first: 5·5·32 = 800"]);
}

#[test]
fn tables_that_others_computed_come_out() {
    // The totals were found by other programs (LeNet-5's 61706 is well known); the last by hand: 132 + 12.
    let cases = [
        ("Input(28x28x3) -> Conv(6, 3, stride=2) -> ReLU -> Conv(12, 3, stride=2) -> Flatten -> Linear(5)", 2993),
        (
            "Input(17x40x2) -> Conv(5, 3x7, stride=1x3) -> BatchNorm -> MaxPool(2x3, stride=2x1) -> Linear(7)",
            2682,
        ),
        (
            "Input(32x32x3) -> Conv(16, 3, dilation=2) -> Conv(16, 3, dilation=2x3, padding=2x3) -> Linear(10)",
            128_218,
        ),
        (
            "Input(20x20x6) -> Conv(12, 3, groups=6, padding=1, bias=false) -> BatchNorm -> Conv(24, 1, bias=false)
             -> BatchNorm -> GlobalAvgPool -> Flatten -> Linear(4)",
            568,
        ),
        (
            "Input(32x32x1) -> Conv(6, 5) -> AvgPool(2) -> Conv(16, 5) -> AvgPool(2) -> Conv(120, 5) -> Flatten
             -> Linear(84) -> Linear(10)",
            61_706,
        ),
        ("Input(4x4x1) -> Conv(2, 5, padding=1) -> Conv(3, 2) -> Flatten -> Linear(2)", 87),
        ("Input(5x5x1) -> MaxPool(2, stride=3, padding=1, ceil=true) -> Flatten -> Linear(2)", 10),
        ("Input(9x9x2) -> Conv(4, 4, padding=\"same\") -> GlobalMaxPool -> Linear(3, bias=false)", 144),
    ];
    for (text, wanted) in cases {
        assert_eq!(total(text), Integer::from(wanted), "{text}");
    }
}

#[test]
fn the_work_is_shown_with_the_terms_that_occur() {
    let work = |text: &str| show(&stages(text)[0].sizes.as_ref().unwrap().0.to_math());
    assert_eq!(work("Input(28x28x1) -> Conv(16, 5x5)"), "(1 + (28 + -5)/1) = 24");
    assert_eq!(work("Input(28x28x1) -> Conv(1, 3, stride=2)"), "floor(1 + (28 + -3)/2) = floor27/2 = 13");
    assert_eq!(work("Input(9x9x1) -> Conv(1, 3, padding=1)"), "(1 + (9 + 2*1 + -3)/1) = 9");
    assert_eq!(work("Input(9x9x1) -> Conv(1, 4, padding='same')"), "(1 + (9 + 1 + 2 + -4)/1) = 9");
    assert_eq!(work("Input(9x9x1) -> Conv(1, 3, dilation=2)"), "(1 + (9 + -2*(3 + -1) + -1)/1) = 5");
    assert_eq!(
        work("Input(5x5x1) -> MaxPool(2, stride=3, padding=1, ceil=true)"),
        "(ceil(1 + (5 + 2*1 + -2)/3) + -1) = (ceil8/3 + -1) = 2"
    );
    let parameters = |text: &str| {
        let stage = stages(text).remove(0);
        format!("{}; {}", show(&stage.parameters.formula()), show(&stage.parameters.to_math()))
    };
    assert_eq!(
        parameters("Input(28x28x1) -> Conv(16, 5x5)"),
        "(a*b*c_in*c_out + c_out); (5*5*1*16 + 16) = 416"
    );
    assert_eq!(
        parameters("Input(8x8x6) -> Conv(12, 3, groups=6, bias=false)"),
        "a*b*c_in/g*c_out; 3*3*6/6*12 = 108"
    );
    assert_eq!(parameters("Input(7) -> BatchNorm"), "2*c; 2*7 = 14");
    assert_eq!(parameters("Input(7) -> ReLU"), "0; 0");
}

#[test]
fn remarks_show_the_fraction_and_the_window() {
    assert_eq!(
        remarks("Input(28x28x1) -> Conv(1, 3, stride=2)"),
        ["stride does not divide: 1 + 25/2 = 27/2, floor 13"]
    );
    assert_eq!(
        remarks("Input(28x29x1) -> MaxPool(2)"),
        ["stride does not divide in width: 1 + 27/2 = 29/2, floor 14"]
    );
    // Windows start at -1 and 2; the next would start at 5, where only padding is left.
    assert_eq!(
        remarks("Input(5x5x1) -> MaxPool(2, stride=3, padding=1, ceil=true)"),
        [
            "stride does not divide: 1 + 5/3 = 8/3, ceil 3",
            "the last window would start at 6, beyond the input and its left padding (5 + 1), and is dropped: 3 − 1 = 2"
        ]
    );
    assert_eq!(
        remarks("Input(5x5x1) -> Conv(1, 2, padding=same)"),
        ["same padding is odd: 0 before, 1 after"]
    );
}

#[test]
fn labels_and_table_texts_follow_the_assignment() {
    let network =
        parse("Input(28x28x1) -> Conv(16, 5x5) -> MaxPool(2x2) -> Dropout(1/5) -> Linear(10)").unwrap();
    let texts: Vec<[String; 5]> = network
        .layers
        .iter()
        .map(|Declared { layer, .. }| {
            [layer.label(), layer.type_text(), layer.units_text(), layer.kernel_text(), layer.options_text()]
        })
        .collect();
    assert_eq!(texts[0], ["Conv 16, 5×5", "Convolutional", "16", "5×5", "stride 1, no padding"]);
    assert_eq!(texts[1], ["MaxPool 2×2", "Max Pooling", "–", "2×2", "stride 2"]);
    assert_eq!(texts[2], ["Dropout 0.2", "Dropout (p = 0.2)", "–", "–", "–"]);
    assert_eq!(texts[3], ["Linear 10", "Fully Connected", "10", "–", "–"]);
    assert_eq!(
        network.to_string(),
        "Input(28x28x1) -> Conv(16, 5x5) -> MaxPool(2x2) -> Dropout(0.2) -> Linear(10)"
    );
}

#[test]
fn errors_name_the_place_and_what_to_write() {
    let cases = [
        ("", "", "the network is empty", "Input(28x28x1)"),
        ("Flatten -> Linear(10)", "Flatten", "starts with its input", "Input(HxWxC)"),
        ("input(3)", "input", "starts with its input", "capital I"),
        ("Input(28x28) -> Flatten", "Input(28x28)", "no channels", "Input(28x28xC)"),
        ("Input(1x2x3x4)", "Input(1x2x3x4)", "has 4 sizes", "Input(n)"),
        ("Input(0)", "0", "must be at least 1", "positive"),
        ("Input(3) -> Lineer(2)", "Lineer", "`Lineer` is not a layer", "did you mean `Linear`?"),
        ("Input(3) -> Dense(2)", "Dense", "`Dense` is not a layer", "did you mean `Linear`?"),
        ("Input(3) -> Conv2d(2, 3)", "Conv2d", "is not a layer", "did you mean `Conv`?"),
        ("Input(3) -> relu", "relu", "is not a layer", "did you mean `ReLU`?"),
        ("Input(3) −> ReLU", "−>", "is not the arrow", "write ->"),
        ("Input(3) → ReLU", "→", "is not the arrow", "write ->"),
        ("Input(3) ->", "", "ends with an arrow", "none after the last"),
        ("Input(3) -> -> ReLU", "", "no layer before the arrow", "between two arrows"),
        ("Input(3) -> Input(3)", "Input(3)", "one Input", "leave"),
        ("Input(3) ReLU", "ReLU", "`ReLU` does not belong after", "join layers with ->"),
        ("Input(3) -> Linear(3", "(3", "is not closed", "close it"),
        ("Input(3) -> Linear", "Linear", "`Linear` lacks its units", "Linear(10)"),
        ("Input(9x9x1) -> Conv(3, (2,2))", "(", "parenthesis inside", "5x5"),
        ("Input(9x9x1) -> Conv(3, 2×2)", "2×2", "is not a size", "5x5"),
        ("Input(9x9x1) -> Conv(3, 2x2x2)", "2x2x2", "has 3 numbers", "pair"),
        ("Input(9x9x1) -> Conv(3, 2, 2)", "2", "one argument too many", "name=value"),
        ("Input(9x9x1) -> Conv(3, 2, strid=2)", "strid=2", "no argument `strid`", "did you mean `stride`?"),
        ("Input(9x9x1) -> Conv(3, 2, stride=2, stride=3)", "stride=3", "given twice", "leave one"),
        ("Input(9x9x1) -> Conv(3, 2, bias=no)", "no", "bias is true or false", "bias=false"),
        ("Input(9x9x1) -> Conv(3, 2, stride=0)", "0", "must be at least 1", "positive"),
        ("Input(9x9x1) -> Conv(3, 2, padding=-1)", "-1", "wants an integer", "write 0"),
        ("Input(9x9x1) -> Conv(3, 2, padding=full)", "full", "not a padding", "\"same\""),
        (
            "Input(9x9x1) -> MaxPool(2, padding=2)",
            "MaxPool(2, padding=2)",
            "more than half",
            "padding=1 or less",
        ),
        ("Input(3) -> ReLU(1)", "1", "one argument too many", "it takes no arguments"),
        ("Input(3) -> Dropout(1.5)", "1.5", "between 0 and 1", "Dropout(0.2)"),
        ("Input(3) -> Dropout(x)", "x", "is not an exact constant", "decimal"),
        ("Input(1000000001)", "1000000001", "beyond 1000000000, the limit", "smaller"),
        ("Input(99999999999999999999999)", "99999999999999999999999", "the limit", "smaller"),
        ("Input(3) -> Linear(,)", "", "is empty", "comma"),
        (
            "Input(9x9x1) -> Conv(2, 3, stride=2, padding=\"same\")",
            "Conv(2, 3, stride=2, padding=\"same\")",
            "needs stride 1",
            "number",
        ),
        // From here on the shapes are at fault.
        ("Input(3) -> Conv(2, 3)", "Conv(2, 3)", "Conv 2, 3×3 wants maps", "Input(HxWxC)"),
        (
            "Input(3x9x1) -> Conv(2, 5)",
            "Conv(2, 5)",
            "kernel of height 5 does not fit into an input of height 3",
            "",
        ),
        ("Input(3x3x1) -> Conv(2, 9, padding=1)", "Conv(2, 9, padding=1)", "height 3 + 1 + 1 = 5", "smaller"),
        ("Input(3x3x1) -> Conv(2, 3, dilation=2)", "Conv(2, 3, dilation=2)", "reaches over 5", "smaller"),
        ("Input(3x3x4) -> Conv(6, 1, groups=4)", "Conv(6, 1, groups=4)", "divide the 6 filters", "divisor"),
        (
            "Input(3x3x3) -> Conv(4, 1, groups=2)",
            "Conv(4, 1, groups=2)",
            "divide the 3 input channels",
            "divisor",
        ),
        ("Input(1000000000x1000000000x1000) -> Flatten", "Flatten", "64 bits", "smaller"),
    ];
    for (text, place, message, help) in cases {
        let error = parse(text).and_then(|network| trace(&network)).unwrap_err();
        assert!(error.message.contains(message), "{text}: {}", error.message);
        assert!(error.help.contains(help), "{text}: {}", error.help);
        assert_eq!(&text[error.span.clone()], place, "{text}: {}", error.message);
    }
    let many = format!("Input(3){}", " -> ReLU".repeat(MAX_LAYERS + 1));
    assert!(parse(&many).unwrap_err().message.contains("more than 10000 layers"));
    assert!(parse(&" ".repeat(MAX_TEXT + 1)).unwrap_err().message.contains("500000 bytes"));
}

#[test]
fn an_error_is_drawn_inside_the_string_of_a_sheet() {
    let sheet = "[networks]\ncnn = \"\"\"\nInput(3)\n  -> Lineer(2)\n\"\"\"";
    let source = Source::new("sheet.toml", sheet);
    let text = "Input(3)\n  -> Lineer(2)\n";
    let span = sheet.find("\"\"\"").unwrap()..sheet.len();
    let error = parse(text).unwrap_err().in_sheet(&source, &span, text);
    assert_eq!(source.slice(&error.span().unwrap()), "Lineer");
    assert_eq!(error.line_column(), Some((4, 6)));
}

#[test]
fn a_window_may_hang_over_the_end_in_ceil_mode() {
    // PyTorch: MaxPool2d(2, ceil_mode=True) takes a 1×1 map to 1×1.
    assert_eq!(summary("Input(1x1x1) -> MaxPool(2, ceil=true)"), [(String::from("1×1×1"), 0)]);
    assert!(trace(&parse("Input(1x1x1) -> MaxPool(2)").unwrap()).is_err());
}

/// Counts windows one by one, as their definition says.
fn slide(n: u64, before: u64, after: u64, dilation: u64, kernel: u64, stride: u64, ceil: bool) -> u64 {
    let (padded, extent) = (n + before + after, dilation * (kernel - 1) + 1);
    let mut count = 0;
    loop {
        let start = count * stride;
        let fits = start + extent <= padded;
        // A window may hang over the end if the one before it left something uncovered, and if it starts inside the
        // input or its left padding.
        let hangs = ceil && start + extent < padded + stride && start < n + before;
        if !fits && !hangs {
            return count;
        }
        count += 1;
    }
}

prop_compose! {
    fn axes(from: u64, to: u64)(h in from..to, w in from..to) -> Axes { (h, w) }
}

fn any_layer() -> impl Strategy<Value = Layer> {
    let padding = prop_oneof![Just(Padding::Same), axes(0, 4).prop_map(Padding::Explicit)];
    let conv = ((1u64..20, axes(1, 6), axes(1, 4)), (padding, axes(1, 4), 1u64..4, any::<bool>())).prop_map(
        |((filters, kernel, stride), (padding, dilation, groups, bias))| {
            let stride = if padding == Padding::Same { (1, 1) } else { stride };
            Layer::Conv { filters, kernel, stride, padding, dilation, groups, bias }
        },
    );
    let pool = (axes(1, 6), axes(1, 5), axes(0, 4), any::<bool>(), any::<bool>()).prop_map(
        |(kernel, stride, padding, ceil, max)| {
            let padding = (padding.0.min(kernel.0 / 2), padding.1.min(kernel.1 / 2));
            if max {
                Layer::MaxPool { kernel, stride, padding, ceil }
            } else {
                Layer::AvgPool { kernel, stride, padding, ceil }
            }
        },
    );
    let dropout = (0i64..50, 50i64..2000).prop_map(|(a, b)| Layer::Dropout { p: ratio(a, b) });
    prop_oneof![
        conv,
        pool,
        dropout,
        Just(Layer::BatchNorm),
        Just(Layer::ReLU),
        Just(Layer::Flatten),
        Just(Layer::GlobalAvgPool),
        Just(Layer::GlobalMaxPool),
        (1u64..2000, any::<bool>()).prop_map(|(units, bias)| Layer::Linear { units, bias }),
    ]
}

fn any_input() -> impl Strategy<Value = Shape> {
    prop_oneof![
        (1u64..5000).prop_map(Shape::Flat),
        (axes(1, 40), 1u64..8).prop_map(|((height, width), channels)| Shape::Map { height, width, channels }),
    ]
}

proptest! {
    #[test]
    fn sizes_are_those_of_a_window_that_slides(
        n in 1u64..40, kernel in 1u64..8, stride in 1u64..6, dilation in 1u64..4, pads in axes(0, 5), ceil in any::<bool>(),
    ) {
        // Pooling, the only layer that rounds up, has no dilation, and no more padding than half of its kernel.
        let dilation = if ceil { 1 } else { dilation };
        let pads = if ceil { (pads.0.min(kernel / 2), pads.0.min(kernel / 2)) } else { pads };
        let naive = slide(n, pads.0, pads.1, dilation, kernel, stride, ceil);
        let work = SizeWork::new(n, pads, dilation, kernel, stride, ceil);
        prop_assert_eq!(work.as_ref().map_or(0, |work| work.output), naive);
        if let Some(work) = work {
            let quotient = Rational::from_integer(work.padded() - work.extent()) / Rational::from_integer(stride.into());
            prop_assert_eq!(&work.quotient, &(quotient + ratio(1, 1)));
        }
    }

    #[test]
    fn what_is_printed_parses_back(input in any_input(), layers in prop::collection::vec(any_layer(), 0..8)) {
        let layers = layers.into_iter().map(|layer| Declared { layer, span: 0..0, text: String::new() }).collect();
        let network = Network { input, layers };
        let text = network.to_string();
        let back = parse(&text).unwrap();
        prop_assert_eq!(back.input, network.input);
        prop_assert_eq!(back.layers.len(), network.layers.len());
        for (ours, theirs) in network.layers.iter().zip(&back.layers) {
            prop_assert_eq!(&ours.layer, &theirs.layer);
            prop_assert_eq!(&theirs.text, &ours.layer.to_string());
            prop_assert_eq!(&text[theirs.span.clone()], &theirs.text);
        }
        if let Ok(stages) = trace(&network) {
            prop_assert_eq!(stages.len(), network.layers.len());
            for stage in &stages {
                let _ = (stage.parameters.to_math(), stage.remarks.iter().map(ToString::to_string).count());
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", at in 0..CNN.len(), cut in 0usize..8, insert in "[-> (),=x0-9a-zA-Z\"−é]{0,5}") {
        let _ = parse(&text);
        let mut mutated = CNN.to_owned();
        mutated.replace_range(at..(at + cut).min(CNN.len()), &insert);
        if let Err(error) = parse(&mutated).and_then(|network| trace(&network)) {
            prop_assert!(mutated.get(error.span.clone()).is_some(), "{:?}", error);
        }
    }

    #[test]
    fn the_largest_sizes_are_counted_or_refused(a in 999_999_990u64..=1_000_000_000, b in 1u64..=1_000_000_000) {
        let text = format!("Input({a}x{b}x{a}) -> Conv({a}, {b}, padding={b}, dilation={a}) -> Conv({a}, {a}, padding=\"same\", dilation={a}) -> Linear({a})");
        let _ = parse(&text).and_then(|network| trace(&network));
    }
}
