//! Known answers live here: worked cases of `tests/cases`, each found twice by other programs (SymPy, mpmath, PyTorch;
//! every file says how). A case becomes a sheet, the sheet a report, and the report's JSON is held against the case.
//!
//! Exact answers must be equal; other numbers agree to 28 significant digits, printed decimals digit by digit; what
//! does not exist is `null` and says why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use backproof::num::{Integer, Rational, Rounding};
use backproof::pipeline;
use backproof::render::{self, Options};
use backproof::sheet::{Sheet, Source};
use num_traits::{Signed, Zero};
use serde_json::{Value as Json, json};

/// Significant digits to which numbers without a closed form are compared.
const DIGITS: u32 = 28;

/// Files of cases.
const FILES: [&str; 5] = [
    "A-gradient-descent.json",
    "B-layer-tables.json",
    "C-transformer-encoder.json",
    "D-softmax-cross-entropy.json",
    "E-mlp-backprop.json",
];

/// Rows that may be undecided: case, row, and the reason. Every known answer is reached, so there are none.
const UNDECIDED: &[(&str, &str, &str)] = &[];

// ---- a case as a sheet ---------------------------------------------------------------------------

/// JSON as a TOML value; numbers that are not whole are texts already.
fn toml(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let all: Vec<String> = fields.iter().map(|(k, v)| format!("{k} = {}", toml(v))).collect();
            format!("{{ {} }}", all.join(", "))
        }
        // A JSON text without escapes beyond TOML's is a TOML text.
        other => other.to_string(),
    }
}

/// A pair as `AxB`, a number as it is.
fn pair(value: &Json) -> String {
    match value {
        Json::Array(ab) => ab.iter().map(Json::to_string).collect::<Vec<_>>().join("x"),
        one => one.to_string(),
    }
}

/// The arrow notation of a case's layers.
fn arrow(case: &Json) -> String {
    let shape: Vec<String> = case["shape_CHW"].as_array().unwrap().iter().map(Json::to_string).collect();
    let mut out = vec![match shape.as_slice() {
        [c, h, w] => format!("Input({h}x{w}x{c})"),
        [n] => format!("Input({n})"),
        other => panic!("a shape of {} sizes", other.len()),
    }];
    for layer in case["layers"].as_array().unwrap() {
        let mut options = Vec::new();
        for key in ["stride", "padding", "dilation", "groups"] {
            match layer.get(key) {
                None => {}
                Some(Json::String(text)) => options.push(format!("{key}=\\\"{text}\\\"")),
                Some(value) => options.push(format!("{key}={}", pair(value))),
            }
        }
        for key in ["ceil", "bias"] {
            if let Some(value) = layer.get(key) {
                options.push(format!("{key}={value}"));
            }
        }
        let call = |name: &str, first: Vec<String>| {
            format!("{name}({})", [first, options.clone()].concat().join(", "))
        };
        out.push(match layer["type"].as_str().unwrap() {
            "conv" => call("Conv", vec![layer["filters"].to_string(), pair(&layer["kernel"])]),
            "maxpool" => call("MaxPool", vec![pair(&layer["kernel"])]),
            "avgpool" => call("AvgPool", vec![pair(&layer["kernel"])]),
            "dense" => call("Linear", vec![layer["units"].to_string()]),
            "dropout" => format!("Dropout({})", layer["p"]),
            "batchnorm" => "BatchNorm".to_owned(),
            "relu" => "ReLU".to_owned(),
            "flatten" => "Flatten".to_owned(),
            "globalavgpool" => "GlobalAvgPool".to_owned(),
            "globalmaxpool" => "GlobalMaxPool".to_owned(),
            other => panic!("a layer {other}"),
        });
    }
    out.join("\\\n  -> ")
}

fn sheet(case: &Json) -> String {
    let id = case["id"].as_str().unwrap();
    let c = &case["input"];
    let mut fields: Vec<(&str, Json)> = Vec::new();
    let mut tail = String::new();
    match group(id) {
        "A" => {
            let names = c["variables"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned());
            let start =
                names.zip(c["x0"].as_array().unwrap().iter().cloned()).collect::<serde_json::Map<_, _>>();
            fields.extend([
                ("kind", json!("gradient-descent")),
                ("objective", c["f"].clone()),
                ("accuracy", c["eps"].clone()),
                ("step", c["t"].clone()),
                ("start", Json::Object(start)),
            ]);
        }
        "B" => {
            fields.push(("kind", json!("layer-table")));
            let _ = write!(tail, "network = \"\"\"\\\n  {}\"\"\"\n", arrow(c));
        }
        "C" => {
            let b = &c["bias"];
            let is = |name: &str| b[name] == json!(true);
            let mut biases: Vec<&str> =
                ["q", "k", "v", "o", "ffn1", "ffn2"].into_iter().filter(|n| is(n)).collect();
            if is("layernorm_beta") {
                biases.push("norm");
            }
            let norm = if c["layernorm_gamma"] == json!(true) { "affine" } else { "none" };
            fields.extend([
                ("kind", json!("transformer-encoder")),
                ("d", c["d_model"].clone()),
                ("heads", c["heads"].clone()),
                ("d_ff", c["d_ff"].clone()),
                ("layers", c["layers"].clone()),
                ("final_norm", c["final_layernorm"].clone()),
                ("norm", json!(norm)),
                ("biases", json!(biases)),
            ]);
        }
        "D" => fields.extend([
            ("kind", json!("softmax-cross-entropy")),
            ("logits", c["theta"].clone()),
            ("true_class", c["y"].clone()),
            ("first_class", c["index_base"].clone()),
        ]),
        "E" => {
            fields.extend([
                ("kind", json!("mlp-backprop")),
                ("input", c["x"].clone()),
                ("true_class", c["y"].clone()),
                ("first_class", c["index_base"].clone()),
                ("step", c["t"].clone()),
            ]);
            for l in c["layers"].as_array().unwrap() {
                let _ = write!(
                    tail,
                    "\n[[question.layer]]\nweights = {}\nbias = {}\nactivation = {}\n",
                    toml(&l["W"]),
                    toml(&l["b"]),
                    l["act"]
                );
            }
        }
        other => panic!("a group {other}"),
    }
    let mut text = format!("title = \"{id}\"\ndigits = 4\n\n[[question]]\nid = \"{id}\"\n");
    for (name, value) in fields {
        let _ = writeln!(text, "{name} = {}", toml(&value));
    }
    text + &tail
}

fn group(id: &str) -> &str {
    id.get(..1).unwrap()
}

// ---- what is expected ----------------------------------------------------------------------------

/// How a printed value is held against a known one.
#[derive(Debug, Clone)]
enum Want {
    /// Equal, as rationals.
    Exact(Json),
    /// Equal to one of two readings of a bound.
    Either(Json, Json),
    /// To [`DIGITS`] significant digits.
    Digits(Json),
    /// The four printed decimals.
    FourDecimals(Json),
    /// Yes or no.
    Bool(Json),
    /// No value, and a reason.
    Null,
}

type Wants = Vec<(String, Want)>;

/// A number that is exact where its closed form is a rational, and known by its digits where it is not.
fn number(value: &Json) -> Want {
    match value {
        Json::Null => Want::Null,
        Json::Object(both) => match both.get("exact").filter(|e| rational(e).is_some()) {
            Some(exact) => Want::Exact(exact.clone()),
            None => Want::Digits(both["digits30"].clone()),
        },
        plain => Want::Exact(plain.clone()),
    }
}

/// Whole numbers of JSON as the texts that the report prints.
fn texts(value: &Json) -> Json {
    match value {
        Json::Array(items) => items.iter().map(texts).collect(),
        Json::String(_) => value.clone(),
        other => json!(other.to_string()),
    }
}

fn gradient_descent(e: &Json) -> Wants {
    let mut w: Vec<(&str, Want)> = vec![
        ("hessian", Want::Exact(e["hessian"].clone())),
        ("convex", Want::Bool(e["convex"].clone())),
        ("strongly-convex", Want::Bool(e["strongly_convex"].clone())),
        ("eigenvalues", Want::Digits(e["eigenvalues_ascending"].clone())),
    ];
    w.push((
        "L",
        match e["L"].get("largest_absolute_eigenvalue") {
            Some(digits) => Want::Digits(digits.clone()),
            None => number(&e["L"]),
        },
    ));
    let convex = e["m"].get("smallest_eigenvalue").is_none();
    w.push(("m", if convex { number(&e["m"]) } else { Want::Null }));
    match &e["minimiser"] {
        Json::Null => w.extend([("minimiser", Want::Null), ("f-star", Want::Null)]),
        x => {
            let nearest = x.get("nearest_to_x0").unwrap_or(x);
            w.extend([
                ("minimiser", Want::Exact(nearest.clone())),
                ("f-star", Want::Exact(e["f_star"].clone())),
            ]);
        }
    }
    let s = &e["step_bounds"];
    if !s.is_null() {
        w.push(("step-convex", number(&s["convex_1_over_L"])));
        w.push(("step-limit", number(&s["exact_limit_2_over_L_exclusive"])));
        if e["strongly_convex"] == json!(true) {
            w.push(("step-strongly-convex", number(&s["strong_2_over_m_plus_L"])));
        }
    }
    let k = &e["k_convex"];
    w.push((
        "k-convex",
        if k.is_null() || k["applies"] == json!(false) {
            Want::Null
        } else if let Some(other) = k.get("alternative") {
            Want::Either(texts(&k["k"]), texts(other))
        } else {
            Want::Exact(texts(&k["k"]))
        },
    ));
    w.push(("k-strongly-convex", strong_count(e)));
    let k = e["true_first_k"].get("k").unwrap_or(&e["true_first_k"]);
    w.push(("k-exact", if k.is_null() { Want::Null } else { Want::Exact(texts(k)) }));
    w.into_iter().map(|(row, want)| (row.to_owned(), want)).collect()
}

/// The strongly convex count: it needs t ≤ 2/(m + L), and below 1/L its factor is 1 − m·t.
fn strong_count(e: &Json) -> Want {
    let k = &e["k_strong"];
    if k.is_null() || k["k"].is_null() {
        return Want::Null;
    }
    if k.get("note").is_some() {
        let t = rational(&e["t_value"]["exact"]).unwrap();
        let limit = rational(&e["step_bounds"]["strong_2_over_m_plus_L"]["exact"]).unwrap();
        if t > limit {
            return Want::Null;
        }
    }
    Want::Exact(texts(k.get("k_with_factor_1_minus_m_t").unwrap_or(&k["k"])))
}

fn layer_table(e: &Json) -> Wants {
    let mut w = vec![("total".to_owned(), Want::Exact(texts(&e["total_parameters"])))];
    for layer in e["layers"].as_array().unwrap() {
        let n = &layer["layer"];
        w.push((format!("layer.{n}.shape"), Want::Exact(texts(&layer["shape_HWC"]))));
        w.push((format!("layer.{n}.parameters"), Want::Exact(texts(&layer["parameters"]))));
    }
    w
}

fn transformer_encoder(e: &Json) -> Wants {
    let names = [
        ("attention", "attention"),
        ("feedforward", "feedforward"),
        ("norm", "layernorm"),
        ("layer", "one_layer"),
        ("total", "total"),
        ("d_k", "d_k"),
    ];
    let known = names.into_iter().filter_map(|(row, name)| Some((row, e.get(name)?)));
    known.map(|(row, value)| (row.to_owned(), Want::Exact(texts(value)))).collect()
}

fn softmax_cross_entropy(e: &Json) -> Wants {
    fn half_up(value: &Json) -> Json {
        match value {
            Json::Array(items) => items.iter().map(half_up).collect(),
            Json::Object(ways) => ways["half_up"].clone(),
            text => text.clone(),
        }
    }
    [
        ("p", Want::Digits(e["p_50"].clone())),
        ("J", Want::Digits(e["J_50"].clone())),
        ("gradient", Want::Digits(e["gradient_50"].clone())),
        ("gradient-sum", Want::Exact(json!("0"))),
        ("p", Want::FourDecimals(half_up(&e["p_4dp"]))),
        ("J", Want::FourDecimals(half_up(&e["J_4dp"]))),
        ("gradient", Want::FourDecimals(half_up(&e["gradient_4dp"]))),
    ]
    .map(|(row, want)| (row.to_owned(), want))
    .into()
}

fn mlp_backprop(e: &Json, layers: usize) -> Wants {
    let exact = e["exact_rational"] == json!(true);
    let how = |value: &Json| if exact { Want::Exact(value.clone()) } else { Want::Digits(value.clone()) };
    // Units are counted from 1 in the report, from 0 in the case; the last layer has no hidden units.
    let units = |lists: &Json| -> Want {
        let hidden = lists.as_array().unwrap().iter().take(layers - 1);
        let from_one = |list: &Json| -> Json {
            list.as_array().unwrap().iter().map(|u| json!((u.as_u64().unwrap() + 1).to_string())).collect()
        };
        Want::Exact(hidden.map(from_one).collect())
    };
    let mut w = vec![
        ("theta".to_owned(), Want::Exact(e["theta"].clone())),
        ("p".to_owned(), how(&e["p"])),
        ("J".to_owned(), Want::Digits(e["J"]["digits45"].clone())),
        ("dead".to_owned(), units(&e["dead_units_0based"])),
        ("kinks".to_owned(), units(&e["zero_preactivations_0based"])),
        ("dJ-dtheta".to_owned(), how(&e["gradients"][layers - 1]["db"])),
        ("J-next".to_owned(), Want::Digits(e["after_one_step"]["new_loss_45"].clone())),
    ];
    for i in 0..layers {
        let (g, p) = (&e["gradients"][i], &e["after_one_step"]["parameters"][i]);
        let mut row = |name: &str, want: Want| w.push((format!("layer.{}.{name}", i + 1), want));
        row("dJ-dW", how(&g["dW"]));
        row("dJ-db", how(&g["db"]));
        row("W-next", how(&p["W"]));
        row("b-next", how(&p["b"]));
        if i + 1 < layers {
            row("z", Want::Exact(e["z"][i].clone()));
            row("h", Want::Exact(e["h"][i].clone()));
            row("dJ-dz", how(&g["db"]));
            if !g["dh"].is_null() {
                row("dJ-dh", how(&g["dh"]));
            }
        }
    }
    w
}

fn wants(case: &Json) -> Wants {
    let e = &case["expected"];
    match group(case["id"].as_str().unwrap()) {
        "A" => gradient_descent(e),
        "B" => layer_table(e),
        "C" => transformer_encoder(e),
        "D" => softmax_cross_entropy(e),
        _ => mlp_backprop(e, case["input"]["layers"].as_array().unwrap().len()),
    }
}

// ---- comparing -----------------------------------------------------------------------------------

/// A printed number: `-3`, `1/2`, `0.25`, `3.72e-44`. Read here and not by the crate, so that the two cannot agree on
/// a mistake.
fn rational(text: &Json) -> Option<Rational> {
    let text = text.as_str()?;
    let (text, below) = text.split_once('/').unwrap_or((text, "1"));
    let below: Integer = below.parse().ok()?;
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Integer = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let power = Rational::from_integer(Integer::from(10).pow(u32::try_from(shift.unsigned_abs()).ok()?));
    let shifted = Rational::from_integer(digits) * if shift < 0 { power.recip() } else { power };
    (!below.is_zero()).then(|| shifted / Rational::from_integer(below))
}

fn each(want: &Json, got: &Json, one: &dyn Fn(&Json, &Json) -> bool) -> bool {
    match (want, got) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| each(a, b, one))
        }
        (Json::Array(_), _) | (_, Json::Array(_)) => false,
        _ => one(want, got),
    }
}

fn is_exact(want: &Json, got: &Json) -> bool {
    each(want, got, &|a, b| rational(a).is_some_and(|a| rational(b).is_some_and(|b| a == b)))
}

fn is_near(want: &Json, got: &Json) -> bool {
    each(want, got, &|a, b| {
        let (Some(a), Some(b)) = (rational(a), rational(b)) else { return false };
        let unit = Rational::from_integer(Integer::from(10).pow(DIGITS - 1)).recip();
        (&a - b).abs() <= a.abs() * unit
    })
}

fn is_printed(want: &Json, got: &Json) -> bool {
    each(want, got, &|a, b| {
        let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
        // The sign of a zero is the only thing that two ways of printing may differ in.
        let zero = rational(&json!(a)).is_some_and(|r| r.is_zero());
        a.trim_start_matches('-') == b.trim_start_matches('-')
            && (zero || a.starts_with('-') == b.starts_with('-'))
    })
}

/// Rows by id, as the JSON prints them under a rounding.
fn rows(text: &str, id: &str, rounding: Rounding) -> BTreeMap<String, Json> {
    let sheet = Sheet::parse(Source::new(id, text)).unwrap_or_else(|e| panic!("{id}: {e:?}"));
    let report = pipeline::examine(&sheet).unwrap_or_else(|e| panic!("{id}: {e:?}"));
    let printed = render::json(&report, &Options { rounding: Some(rounding), ..Options::default() });
    let report: Json = serde_json::from_str(&printed).unwrap();
    let [question] = report["questions"].as_array().unwrap().as_slice() else { panic!("one question") };
    let prefix = format!("{id}.");
    let row = |r: &Json| {
        let full = r["id"].as_str().unwrap();
        (full.strip_prefix(&prefix).unwrap().to_owned(), r.clone())
    };
    question["rows"].as_array().unwrap().iter().map(row).collect()
}

fn faults(case: &Json) -> Vec<String> {
    let id = case["id"].as_str().unwrap();
    let text = sheet(case);
    let long = rows(&text, id, Rounding::Significant(DIGITS));
    let wants = wants(case);
    let short = if wants.iter().any(|w| matches!(w.1, Want::FourDecimals(_))) {
        rows(&text, id, Rounding::Digits(4))
    } else {
        BTreeMap::new()
    };
    let mut faults = Vec::new();
    for (row, want) in wants {
        let printed = if matches!(want, Want::FourDecimals(_)) { &short } else { &long };
        let Some(printed) = printed.get(&row) else {
            faults.push(format!("{id}.{row}: there is no such row"));
            continue;
        };
        let (exact, decimal) = (&printed["exact"], &printed["decimal"]);
        let right = match &want {
            Want::Exact(value) => is_exact(value, exact),
            Want::Either(a, b) => is_exact(a, exact) || is_exact(b, exact),
            Want::Digits(value) => is_near(value, decimal),
            Want::FourDecimals(value) => is_printed(value, decimal),
            Want::Bool(value) => value == exact,
            Want::Null => exact.is_null() && printed["reason"].as_str().is_some_and(|r| !r.is_empty()),
        };
        let open = UNDECIDED.iter().any(|(c, r, _)| *c == id && *r == row);
        if !right && !open {
            faults.push(format!("{id}.{row}: expected {want:?}, printed {printed}"));
        }
    }
    for (row, printed) in &long {
        let open = UNDECIDED.iter().any(|(c, r, _)| *c == id && r == row);
        if printed["status"] != json!("holds") && !open {
            faults.push(format!("{id}.{row}: {}: {}", printed["status"], printed["reason"]));
        }
    }
    faults
}

/// The cases of a file.
fn cases(file: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let cases: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    cases["cases"].as_array().unwrap().clone()
}

/// Every case as a sheet, with its id.
pub fn sheets() -> Vec<(String, String)> {
    let all = FILES.iter().flat_map(|file| cases(file));
    all.map(|case| (case["id"].as_str().unwrap().to_owned(), sheet(&case))).collect()
}

/// Runs every case of a file.
fn run(file: &str, least: usize) {
    let cases = cases(file);
    assert!(cases.len() >= least, "{file} has {} cases", cases.len());
    let all: Vec<String> = cases.iter().flat_map(faults).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn gradient_descent_agrees_with_the_known_answers() {
    run(FILES[0], 17);
}

#[test]
fn layer_tables_agree_with_the_known_answers() {
    run(FILES[1], 14);
}

#[test]
fn transformer_encoders_agree_with_the_known_answers() {
    run(FILES[2], 8);
}

#[test]
fn softmax_and_cross_entropy_agree_with_the_known_answers() {
    run(FILES[3], 13);
}

#[test]
fn backpropagation_agrees_with_the_known_answers() {
    run(FILES[4], 9);
}

#[test]
fn the_comparison_refuses_what_differs() {
    assert!(is_exact(&json!("0.25"), &json!("1/4")) && !is_exact(&json!("0.25"), &json!("1/3")));
    assert!(is_exact(&json!(["1", "2"]), &json!(["1", "2"])) && !is_exact(&json!(["1", "2"]), &json!(["1"])));
    assert!(!is_exact(&json!("1"), &json!(null)) && !is_exact(&json!("1"), &json!("sqrt(1)")));
    assert!(is_near(&json!("0.3333333333333333333333333333"), &json!("1/3")));
    assert!(!is_near(&json!("0.333333333333333333333333333"), &json!("1/3")), "27 digits are not 28");
    assert!(is_near(&json!("0.0"), &json!("0")) && !is_near(&json!("0"), &json!("1e-60")));
    assert!(
        is_printed(&json!("-0.0000"), &json!("0.0000")) && !is_printed(&json!("-0.1000"), &json!("0.1000"))
    );
    assert!(rational(&json!("3.72e-2")) == rational(&json!("93/2500")) && rational(&json!("2**3")).is_none());
}
