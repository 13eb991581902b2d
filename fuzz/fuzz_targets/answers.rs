//! Any bytes as a filled form live here: marked against a sheet and printed, or refused with words and a place.
#![no_main]

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock};

use backproof::gallery;
use backproof::marking::{Form, Paper, paper};
use backproof::pipeline::{self, Key};
use backproof::render::{self, Options};
use backproof::sheet::{Sheet, SheetError, Source};
use backproof_fuzz::changed;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The longest input, in bytes; what is long only, the limits of the program refuse.
const MAX_BYTES: usize = 4096;
/// Bytes of stack, as many as the program gives itself.
const STACK: usize = 256 << 20;
/// A second sheet, for the forms that name it: an irrational softmax, eigenvalues with a root, answers in letters.
const SMALL: (&str, &str) = ("sheets/small.toml", include_str!("../../tests/forms/sheets/small.toml"));

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if bytes.len() > MAX_BYTES {
        return Corpus::Reject;
    }
    // The sheets are solved once, by a thread that keeps them.
    static MARKER: OnceLock<Mutex<(SyncSender<Vec<u8>>, Receiver<()>)>> = OnceLock::new();
    let marker = MARKER.get_or_init(|| {
        let (ask, asked) = sync_channel::<Vec<u8>>(1);
        let (answer, answered) = sync_channel(1);
        let work = move || {
            let default = solved(gallery::DEFAULT.source());
            let small = solved(Source::new(SMALL.0, SMALL.1));
            while let Ok(bytes) = asked.recv() {
                if let Err(error) = whole(&bytes, &default, &small) {
                    assert!(!error.message().is_empty(), "a refusal without words");
                    assert!(!error.render(true).is_empty(), "a refusal that prints nothing");
                }
                if answer.send(()).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread starts");
        Mutex::new((ask, answered))
    });
    let marker = marker.lock().expect("one input at a time");
    marker.0.send(bytes.to_vec()).expect("the marker waits");
    marker.1.recv().expect("the marker answers");
    Corpus::Keep
});

// Half of the time a change that leaves a form; else one of bytes.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.filter(|_| seed % 2 == 0).and_then(|text| changed(text, seed));
    match text.filter(|text| text.len() <= max_size) {
        Some(text) => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

struct Solved {
    title: String,
    keys: Vec<Key>,
}

fn solved(source: Source) -> Solved {
    let sheet = Sheet::parse(source).expect("the sheet reads");
    let keys = pipeline::keys(&sheet).expect("the sheet is solved");
    Solved { title: sheet.title, keys }
}

/// The way of the program, from bytes to every output.
fn whole(bytes: &[u8], default: &Solved, small: &Solved) -> Result<(), SheetError> {
    let form = Form::parse(Source::read_from(bytes, "fuzzed")?)?;
    let is_small = form.sheet()?.is_some_and(|(name, _)| name == SMALL.0);
    let sheet = if is_small { small } else { default };
    let paper: Paper = paper(&form, &sheet.title, &sheet.keys, |_| true)?;
    for (question, key) in paper.questions.iter().zip(&sheet.keys) {
        assert_eq!(question.rows.len(), key.question.rows.len(), "a row is missing");
        for row in &question.rows {
            if let Some(fault) = &row.fault {
                assert!(!fault.message().is_empty() && !fault.render(false).is_empty(), "a fault without words");
            }
            // Only what was written is right, and what is right has no slip in it.
            assert!(!row.verdict.is_right() || row.text.is_some(), "a blank row is right");
            assert!(!row.verdict.is_right() || row.diagnosis.is_none(), "a right row has a slip");
        }
    }
    let options = Options { color: bytes.len() % 2 == 1, ..Options::default() };
    let _ = (render::marks(&paper, true, &options), render::marks_json(&[paper]));
    Ok(())
}
