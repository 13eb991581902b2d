//! `verify --plant` lives here: what it prints, what its JSON says, and when it fails.

use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use crate::support::{backproof, fed};

fn planted(arguments: &[&str]) -> Json {
    let ran = backproof(&[&["verify", "--plant", "--format", "json"], arguments].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    serde_json::from_str(&ran.out).unwrap()
}

fn texts<'a>(plant: &'a Json, key: &str) -> &'a str {
    plant[key].as_str().unwrap()
}

#[test]
fn every_wrong_value_is_refused_in_the_built_in_sheet() {
    let ran = backproof(&["verify", "--plant"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report = planted(&[]);
    let summary = &report["summary"];
    assert_eq!(summary["planted"], summary["refused"]);
    assert_eq!(
        (&summary["taken"], &summary["cannot-tell"], &summary["weak"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert!(summary["planted"].as_u64().unwrap() > 900, "{summary}");
    let last = ran.out.rsplit("\n\n").next().unwrap().replace('\n', " ");
    assert!(last.contains(" answers: all refused, "), "{last}");
    for line in ran.out.lines() {
        assert!(line.width() <= 80 && line.trim_end() == line, "{line}");
    }
}

#[test]
fn the_json_names_every_plant_and_every_source() {
    let report = planted(&[]);
    let plants = report["plants"].as_array().unwrap();
    let counted = &report["summary"]["tried"];
    assert_eq!(plants.len() as u64, counted.as_u64().unwrap());
    let mut equal = 0;
    for plant in plants {
        assert!(["catalogue", "generic"].contains(&texts(plant, "kind")), "{plant}");
        assert!(!texts(plant, "row").is_empty() && !texts(plant, "mistake").is_empty(), "{plant}");
        let sources = plant["sources"].as_array().unwrap();
        if texts(plant, "outcome") == "equal after all" {
            equal += 1;
            assert!(sources.is_empty(), "{plant}");
            continue;
        }
        assert_eq!(texts(plant, "outcome"), "refused", "{plant}");
        assert!(sources.iter().any(|s| texts(s, "outcome") == "refused"), "{plant}");
        for source in sources {
            assert!(!texts(source, "route").is_empty(), "{plant}");
            assert!(["refused", "cannot tell"].contains(&texts(source, "outcome")), "{plant}");
        }
    }
    assert_eq!(report["summary"]["equal-after-all"], equal);
}

/// What is asked for by name: a slip for each kind of question, in the row where it is made.
#[test]
fn the_catalogues_hold_the_mistakes_that_people_make() {
    let report = planted(&[]);
    let known = |row: &str, mistake: &str| {
        report["plants"].as_array().unwrap().iter().any(|p| {
            texts(p, "row") == row && texts(p, "mistake") == mistake && texts(p, "kind") == "catalogue"
        })
    };
    for (row, mistake) in [
        ("1.1.gradient", "a factor ½ left out"),
        ("1.1.hessian", "halved, the factors of the squares themselves"),
        ("1.1.L", "the trace of the Hessian"),
        ("1.1.L", "L and m exchanged"),
        ("1.1.step-strongly-convex", "1/L"),
        ("1.1.k-convex", "one iteration too few, k − 1"),
        ("1.1.k-strongly-convex", "one iteration too many, k + 1"),
        ("1.1.k-strongly-convex", "a logarithm to base 10 over one to base e"),
        ("1.2.layer.1.shape", "a padding of one more"),
        ("1.2.layer.3.shape", "a stride of 1"),
        ("1.2.layer.1.parameters", "biases left out"),
        ("1.2.layer.2.parameters", "counted once, γ without β"),
        ("1.2.layer.2.parameters", "running statistics counted"),
        ("1.3a.attention", "the heads counted again"),
        ("1.3a.attention", "biases where there are none"),
        ("1.3a.feedforward", "one matrix only, d_ff used once"),
        ("1.3a.norm", "one LayerNorm, not two"),
        ("1.3a.norm", "β left out"),
        ("1.3b.variance", "the standard deviation in place of the variance"),
        ("1.3b.variance", "d_k squared, as if the terms were one and the same"),
        ("1.3b.scaled-variance", "1/d_k in place of 1/√d_k"),
        ("2.1.J", "the logarithm to base 10"),
        ("2.1.J", "the minus of −ln p forgotten"),
        ("2.1.gradient", "1 not subtracted at the true class"),
        ("2.1.gradient", "classes counted from one less"),
        ("2.2.layer.1.z", "biases left out"),
        ("2.2.layer.1.h", "ReLU left out, h = z"),
        ("2.2.layer.1.dJ-dz", "the mask of ReLU ignored"),
        ("2.2.layer.1.dJ-dW", "the transpose"),
        ("2.2.layer.1.W-next", "a step along the gradient"),
        ("2.2.layer.1.W-next", "the step size forgotten"),
    ] {
        assert!(known(row, mistake), "{row}: {mistake}");
    }
}

/// The dead unit of question 2.2 has no gradient to be masked, so that slip gives the right gradient.
#[test]
fn a_mistake_that_makes_no_difference_is_recognised() {
    let report = planted(&["--only", "2.2"]);
    let found = |row: &str| {
        let plants = report["plants"].as_array().unwrap().iter();
        let of_row =
            plants.filter(|p| texts(p, "row") == row && texts(p, "mistake") == "the mask of ReLU ignored");
        of_row.map(|p| texts(p, "outcome")).collect::<Vec<_>>()
    };
    assert_eq!(found("2.2.layer.1.dJ-dz"), ["equal after all"]);
}

#[test]
fn with_only_the_mistakes_are_listed() {
    let ran = backproof(&["verify", "--plant", "--only", "2.1"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("mistakes: powers of e not divided"), "{}", ran.out);
    assert!(!backproof(&["verify", "--plant"]).out.contains("mistakes: "));
    let unknown = backproof(&["verify", "--plant", "--only", "9"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("no question `9`"), "{}", unknown.err);
}

#[test]
fn quiet_leaves_out_what_two_sources_refuse() {
    let ran = backproof(&["verify", "--plant", "-q", "--only", "2.2"]);
    assert_eq!(ran.code, 0);
    let rows = ran.out.lines().filter(|line| line.contains(" planted  ")).count();
    let all = backproof(&["verify", "--plant", "--only", "2.2"]);
    let one = all.out.lines().filter(|line| line.contains("one source")).count();
    assert!(rows < all.out.lines().filter(|line| line.contains(" planted  ")).count());
    assert!(rows <= one, "{}", ran.out);
}

/// A 64×64 matrix has some 20,000 changes; a few are made, and the summary says so.
#[test]
fn of_long_values_few_entries_are_changed() {
    let row = |i: usize| {
        let entries: Vec<String> = (0..64).map(|j| ((i * 7 + j * 3) % 11).to_string()).collect();
        format!("[{}]", entries.join(", "))
    };
    let weights: Vec<String> = (0..64).map(row).collect();
    let ones = ["1"; 64].join(", ");
    let sheet = format!(
        "[[question]]\nid = \"1\"\nkind = \"mlp-backprop\"\ninput = [{ones}]\ntrue_class = 0\nstep = 0.1\n\
         [[question.layer]]\nweights = [{}]\nbias = [{ones}]\nactivation = \"relu\"\n\
         [[question.layer]]\nweights = [[{ones}], [{ones}]]\nbias = [0, 0]\n",
        weights.join(", ")
    );
    let ran = fed(&["verify", "--plant", "--format", "json", "-"], sheet.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: Json = serde_json::from_str(&ran.out).unwrap();
    let row = report["rows"].as_array().unwrap().iter().find(|r| r["id"] == "1.layer.1.dJ-dW").unwrap();
    assert!(row["possible"].as_u64().unwrap() > 20_000, "{row}");
    assert!(row["planted"].as_u64().unwrap() < 100, "{row}");
    let ran = fed(&["verify", "--plant", "-"], sheet.as_bytes());
    assert!(ran.out.replace('\n', " ").contains(" possible changes, "), "{}", ran.out);
}

#[test]
fn digits_may_be_asked_for() {
    let ran = backproof(&["verify", "--plant", "--only", "2", "--digits", "60"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn the_screen_is_as_it_was_reviewed() {
    let shown = |arguments: &[&str]| {
        let ran = backproof(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        ran.out
    };
    let whole = shown(&["verify", "--plant"]);
    insta::assert_snapshot!("summary", whole.rsplit("\n\n").next().unwrap());
    insta::assert_snapshot!("only-1.1", shown(&["verify", "--plant", "--only", "1.1"]));
}
