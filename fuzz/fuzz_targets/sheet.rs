//! Any bytes as a sheet live here: read, examined and printed in every way, or refused with words and a place.
#![no_main]

use backproof::num::Rounding;
use backproof::pipeline;
use backproof::render::{self, Format, Options};
use backproof::sheet::{Sheet, SheetError, Source};
use backproof_fuzz::changed;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The longest input, in bytes; what is long only, the limits of the program refuse.
const MAX_BYTES: usize = 4096;
/// Bytes of stack, as many as the program gives itself.
const STACK: usize = 256 << 20;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if bytes.len() > MAX_BYTES {
        return Corpus::Reject;
    }
    std::thread::scope(|scope| {
        let work = || match whole(bytes) {
            Ok(()) => {}
            Err(error) => {
                assert!(!error.message().is_empty(), "a refusal without words");
                assert!(!error.render(true).is_empty(), "a refusal that prints nothing");
            }
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let _ = thread.expect("a thread starts").join();
    });
    Corpus::Keep
});

// Two times of three, a change that leaves a sheet; else one of bytes.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.filter(|_| seed % 3 != 0).and_then(|text| changed(text, seed));
    match text.filter(|text| text.len() <= max_size) {
        Some(text) => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

/// The way of the program, from bytes to every output.
fn whole(bytes: &[u8]) -> Result<(), SheetError> {
    let sheet = Sheet::parse(Source::read_from(bytes, "fuzzed")?)?;
    let report = pipeline::examine(&sheet)?;
    // Two ways of working may leave a row undecided; they never contradict each other.
    assert_eq!(report.summary().fail, 0, "{}", render::verify(&report, &Options::default()));
    // One way of rounding for each input, as printing in all formats takes longer than finding the answers.
    let rounding = (bytes.len() % 2 == 1).then_some(Rounding::Significant(3));
    let options = Options { rounding, color: rounding.is_some(), ..Options::default() };
    let _ = (render::verify(&report, &options), render::explain(&report, &options));
    let _ = render::json(&report, &options);
    for format in [Format::Terminal, Format::Markdown, Format::Latex, Format::Csv] {
        let _ = render::tables(&report, format, &options);
    }
    Ok(())
}
