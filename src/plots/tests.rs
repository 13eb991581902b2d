//! Pictures are well-formed XML, hold what they should, keep their words on the page and apart, and come out the same
//! twice. How they look is for a person to judge.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashSet;
use std::io::Read;

use roxmltree::{Document, Node};

use super::axis::Axis;
use super::png::{base64, png};
use super::text::{cut, width};
use super::*;
use crate::dataset::Split;
use crate::record::{By, Declared, Epoch, FORMAT, Images, Machine, Optimizer, Recipe, Trained, Versions};

/// A record of models with so many epochs; `right` gives the counts on 1000 images of either set.
fn record(names: &[&str], epochs: u64, classes: usize, right: impl Fn(u64) -> u64) -> Record {
    let model = |name: &&str| Trained {
        name: (*name).to_owned(),
        parameters: 1,
        epochs: (0..epochs)
            .map(|at| Epoch {
                train: right(at),
                test: right(at),
                loss: Some(format!("{}", 2.5 / (at as f32 + 1.0))),
                words: 0,
                training_ms: 0,
                evaluation_ms: 0,
            })
            .collect(),
        confusion: {
            let diagonal = right(epochs.saturating_sub(1));
            let mut matrix = vec![vec![0; classes]; classes];
            matrix[0][0] = diagonal;
            matrix[classes - 1][0] += 1000 - diagonal;
            matrix
        },
        weights_sha256: "0".repeat(64),
    };
    Record {
        format: FORMAT,
        by: By::Backproof,
        sheet: "a sheet".into(),
        question: "3".into(),
        versions: Versions { program: "backproof".into(), libtorch: "2".into(), binding: "tch".into() },
        machine: Machine { cpu: "a".into(), features: vec![], threads: 1, device: "cpu".into() },
        recipe: Recipe {
            dataset: "fashion-mnist".into(),
            models: names
                .iter()
                .map(|name| Declared { name: (*name).into(), network: "Input(4) -> Linear(2)".into() })
                .collect(),
            optimizer: Optimizer::Sgd { lr: "1/20".into(), momentum: "0".into() },
            batch: 8,
            epochs,
            seed: 1,
            batches: None,
        },
        images: Images { train: 1000, test: 1000 },
        models: names.iter().map(model).collect(),
        words: 0,
    }
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// The words of a picture, after checking that it is well formed and that all of them are on the page and no two overlap.
fn words(svg: &str) -> Vec<String> {
    let page = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let root = page.root_element();
    let scale = 8.0;
    let (wide, high) = (number(root, "width"), number(root, "height"));
    assert_eq!(root.attribute("viewBox").unwrap(), format!("0 0 {} {}", wide * scale, high * scale));
    let mut words = Vec::new();
    let mut boxes: Vec<(f64, f64, f64, f64)> = Vec::new();
    for text in root.descendants().filter(|node| node.has_tag_name("text")) {
        let told = text.text().unwrap().trim().to_owned();
        let size = number(text, "font-size") / scale;
        let (x, y) = (number(text, "x") / scale, number(text, "y") / scale);
        // Widths are measured generously; what stands in a middle or at an end has the others' room as well.
        let long = width(&told, size);
        let before = match text.attribute("text-anchor").unwrap() {
            "start" => 0.0,
            "middle" => long / 2.0,
            _ => long,
        };
        let (left, top, right, bottom) = match text.attribute("transform") {
            None => (x - before, y, x + long - before, y + 0.8 * size),
            Some(_) => (x, y - (long - before), x + 0.8 * size, y + before),
        };
        assert!(left >= -0.01 && right <= wide + 0.01, "{told}: {left} to {right} of {wide}");
        assert!(top >= -0.01 && bottom <= high + 0.01, "{told}: {top} to {bottom} of {high}");
        for (l, t, r, b) in &boxes {
            let apart = right <= l + 0.01 || *r <= left + 0.01 || bottom <= t + 0.01 || *b <= top + 0.01;
            assert!(apart, "{told} overlaps other words");
        }
        boxes.push((left, top, right, bottom));
        words.push(told);
    }
    words
}

#[test]
fn every_model_has_both_its_accuracies_at_the_ends_of_its_lines() {
    let said = words(&accuracy(&record(&["mlp", "cnn"], 10, 10, |at| 800 + at * 10)));
    for told in ["mlp test 89.00 %", "mlp training 89.00 %", "cnn test 89.00 %", "cnn training 89.00 %"] {
        assert!(said.contains(&told.to_owned()), "{said:?}");
    }
    for epoch in 1..=10 {
        assert!(said.contains(&epoch.to_string()), "{said:?}");
    }
}

#[test]
fn words_stay_on_the_page_and_apart_in_odd_records_too() {
    let long = "a network whose name goes on for longer than any page is wide, ".repeat(9);
    let evil = "<script>&\"'\u{0}\u{202e}\n]]>";
    let many: Vec<String> = (0..30).map(|n| format!("network {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for names in [&["a"][..], &[&long, evil, ""], &["a", "a"], &many] {
        for epochs in [1, 2, 12, 13, 200, 2001] {
            for right in [0, 100, 777, 1000] {
                let record = record(names, epochs, 2, |_| right);
                words(&accuracy(&record));
                words(&loss(&record).unwrap());
                words(&confusion(&record, names[0], class_names("fashion-mnist")).unwrap());
            }
        }
    }
}

#[test]
fn a_record_that_was_never_checked_does_no_harm() {
    let mut wrong = record(&["a"], 3, 2, |_| 5);
    wrong.images = Images { train: 0, test: 0 };
    words(&accuracy(&wrong));
    wrong.models[0].epochs.clear();
    wrong.models[0].confusion = vec![vec![], vec![u64::MAX; 3], vec![u64::MAX]];
    pictures(&wrong).iter().for_each(|(_, svg)| drop(Document::parse(svg).unwrap()));
    wrong.models.clear();
    wrong.recipe.batches = Some(3);
    wrong.sheet = "x".repeat(100_000);
    assert_eq!(pictures(&wrong).len(), 1);
    assert!(words(&accuracy(&wrong)).iter().any(|told| told.ends_with("only 3 batches of a pass")));
    assert!(confusion(&wrong, "a", &[]).is_none());
}

#[test]
fn losses_may_be_absent_or_not_finite() {
    let mut some = record(&["a", "b", "c"], 4, 2, |_| 5);
    some.models[0].epochs.iter_mut().for_each(|epoch| epoch.loss = None);
    some.models[1].epochs[2].loss = Some("NaN".into());
    some.models[1].epochs[3].loss = Some("inf".into());
    some.models[2].epochs[0].loss = Some("340282350000000000000000000000000000000".into());
    let said = words(&loss(&some).unwrap());
    assert!(said.contains(&"b inf".to_owned()) && said.contains(&"c 0.6250".to_owned()), "{said:?}");
    assert!(!said.iter().any(|told| told.starts_with("a ") && !told.contains("sheet")), "{said:?}");
    some.models.iter_mut().flat_map(|m| &mut m.epochs).for_each(|epoch| epoch.loss = None);
    assert!(loss(&some).is_none());
}

#[test]
fn every_count_of_a_confusion_matrix_is_in_its_cell() {
    let mut run = record(&["a <b>"], 1, 10, |_| 500);
    let matrix = &mut run.models[0].confusion;
    let mut next = 1000;
    matrix.iter_mut().flatten().for_each(|count| {
        *count = next;
        next += 7;
    });
    let svg = confusion(&run, "a <b>", class_names("fashion-mnist")).unwrap();
    let said = words(&svg);
    let counts: Vec<&String> =
        said.iter().filter(|told| told.len() == 4 && told.parse::<u64>().is_ok()).collect();
    let all: Vec<String> = run.models[0].confusion.iter().flatten().map(u64::to_string).collect();
    assert_eq!(counts, all.iter().collect::<Vec<_>>(), "row by row");
    for name in ["Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag"] {
        assert_eq!(said.iter().filter(|told| *told == name).count(), 2, "{name}");
    }
    assert!(svg.contains("a &lt;b&gt;") && !svg.contains("<b>"));
}

#[test]
fn classes_beyond_the_limit_are_one() {
    let mut run = record(&["a"], 1, 200, |_| 0);
    run.models[0].confusion = vec![vec![1; 200]; 200];
    let said = words(&confusion(&run, "a", &[]).unwrap());
    let rest = 200 - MAX_CLASSES + 1;
    for told in ["all others".to_owned(), rest.to_string(), (rest * rest).to_string()] {
        assert!(said.contains(&told), "{told}");
    }
}

#[test]
fn class_names_that_are_long_run_upwards() {
    let names =
        ["the first of two classes by name", "another-one_with/parts and a very long end of its name"];
    let run = record(&["a"], 1, 2, |_| 700);
    let svg = confusion(&run, "a", &names).unwrap();
    words(&svg);
    assert_eq!(svg.matches("rotate(270").count(), 3);
}

fn split(images: usize) -> Split {
    let pixels = (0..images * 28 * 28).map(|i| (i * 7 % 251) as u8).collect();
    let labels = (0..images).map(|i| (i % 10) as u8).collect();
    Split { pixels, labels, images, rows: 28, columns: 28 }
}

#[test]
fn the_page_shows_the_first_that_are_mistaken() {
    let images = split(300);
    // Every third is taken for the next class.
    let predictions: Vec<u8> =
        images.labels.iter().enumerate().map(|(i, l)| if i % 3 == 1 { (l + 1) % 10 } else { *l }).collect();
    let svg = mistaken(&images, &predictions, "cnn", class_names("fashion-mnist"));
    assert!(svg.len() < 400_000, "{}", svg.len());
    let said = words(&svg);
    assert_eq!(svg.matches("<image ").count(), 40);
    let places: Vec<usize> = said.iter().filter_map(|told| told.parse().ok()).collect();
    assert_eq!(places, (0..40).map(|i| 3 * i + 1).collect::<Vec<_>>());
    // The first is image 1, a trouser, taken for a pullover.
    let first = said.iter().position(|told| told == "1").unwrap();
    assert_eq!(said[first + 1..first + 3], ["Trouser", "→ Pullover"]);
    assert!(said[1].starts_with("the first 40 of 100 misclassified among 300"), "{}", said[1]);
}

#[test]
fn a_page_may_have_few_images_or_none_or_odd_ones() {
    let images = split(20);
    let none = words(&mistaken(&images, &images.labels, "a", &[]));
    assert!(none.contains(&"none of 20 test images is misclassified".to_owned()), "{none:?}");
    let two =
        words(&mistaken(&images, &[9, 255], "a<", &["a class whose name is far too long for its place"]));
    assert!(two.contains(&"→ 255".to_owned()), "{two:?}");
    let torn =
        Split { pixels: vec![1, 2], images: usize::MAX, rows: usize::MAX, columns: 3, labels: vec![1; 9] };
    assert_eq!(mistaken(&torn, &[0; 12], "a", &[]).matches("<image ").count(), 0);
    let flat = Split { pixels: vec![0; 40], images: 4, rows: 2, columns: 5, labels: vec![1; 4] };
    assert_eq!(mistaken(&flat, &[0; 4], "a", &[]).matches("<image ").count(), 4);
}

#[test]
fn the_same_gives_the_same_bytes() {
    let draw = || pictures(&record(&["mlp", "cnn"], 7, 10, |at| 700 + at));
    assert_eq!(draw(), draw());
    let endings: Vec<String> = draw().into_iter().map(|(ending, _)| ending).collect();
    assert_eq!(endings, ["accuracy.svg", "loss.svg", "mlp.confusion.svg", "cnn.confusion.svg"]);
}

#[test]
fn names_of_files_are_plain_and_differ() {
    assert_eq!(
        file_names(["a b", "a/b", "A-b", "../x", "a-b-2"]),
        ["a-b", "a-b-2", "A-b-3", "..-x", "a-b-2-2"]
    );
}

#[test]
fn ticks_are_round_few_and_differ() {
    for (low, high) in
        [(0.1, 0.1), (0.0, 0.0), (80.4, 97.9), (-3.0, 5.0), (1e-7, 2e-7), (0.0, 3.4e38), (1e6, 1.001e6)]
    {
        let axis = Axis::of_numbers(&[low, high], 1e-3, f64::NEG_INFINITY, f64::INFINITY);
        assert!(axis.low <= low && axis.high >= high, "{axis:?}");
        assert!((3..=10).contains(&axis.ticks.len()), "{axis:?}");
        let told: HashSet<&String> = axis.ticks.iter().map(|(_, told)| told).collect();
        assert_eq!(told.len(), axis.ticks.len(), "{axis:?}");
    }
    let all = Axis::of_numbers(&[100.0], 4.0, 0.0, 100.0);
    assert_eq!((all.low, all.high), (96.0, 100.0));
    let told = |epochs| Axis::of_epochs(epochs).ticks.into_iter().map(|(_, told)| told).collect::<Vec<_>>();
    assert_eq!(told(1), ["1"]);
    assert_eq!(told(14), ["1", "2", "4", "6", "8", "10", "12", "14"]);
    assert_eq!(told(200), ["1", "20", "40", "60", "80", "100", "120", "140", "160", "180", "200"]);
    assert_eq!(told(1000).len(), 11);
    assert!(told(usize::MAX).len() <= 13);
}

#[test]
fn long_words_are_cut_in_their_middle() {
    assert_eq!(cut("short", 10.0, 100.0), "short");
    let long = cut("a convolutional network, variant B", 10.0, 120.0);
    assert!(long.starts_with("a con") && long.ends_with("nt B") && long.contains('…'), "{long}");
    assert!(width(&long, 10.0) <= 120.0);
    assert_eq!(cut("words", 10.0, 0.0), "…");
}

#[test]
fn base64_is_that_of_the_standard() {
    // RFC 4648, section 10.
    for (bytes, told) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(bytes.as_bytes()), told);
    }
}

#[test]
fn a_png_unpacks_to_its_pixels() {
    let bytes = png(&[0, 50, 100, 150, 200, 250], 2, 3, 2).unwrap();
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    // Width and height in pixels of the PNG.
    assert_eq!(bytes[16..24], [0, 0, 0, 6, 0, 0, 0, 4]);
    let length = u32::from_be_bytes(bytes[33..37].try_into().unwrap()) as usize;
    let mut raw = Vec::new();
    flate2::read::ZlibDecoder::new(&bytes[41..41 + length]).read_to_end(&mut raw).unwrap();
    let row = |filter: u8, p: [u8; 3]| [filter, p[0], p[0], p[1], p[1], p[2], p[2]];
    let rows = [row(0, [0, 50, 100]), row(2, [0; 3]), row(0, [150, 200, 250]), row(2, [0; 3])];
    assert_eq!(raw, rows.concat());
    // The CRC of an empty IEND, as every PNG ends.
    assert_eq!(bytes[bytes.len() - 4..], [0xae, 0x42, 0x60, 0x82]);
    assert!(png(&[1], 1, 2, 1).is_none() && png(&[], 0, 0, 1).is_none());
}
