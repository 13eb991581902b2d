//! Any text as a network lives here: what is read prints and parses back to the same layers, and is traced or refused.
#![no_main]

use backproof::net::{Layer, parse, total_parameters, trace};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The longest input, in bytes.
const MAX_BYTES: usize = 4096;

fuzz_target!(|text: &str| -> Corpus {
    if text.len() > MAX_BYTES {
        return Corpus::Reject;
    }
    let network = match parse(text) {
        Ok(network) => network,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?} stands in no place");
            return Corpus::Keep;
        }
    };
    let printed = network.to_string();
    let back = parse(&printed).expect("what is printed parses");
    assert_eq!(back.input, network.input);
    let layers = |network: &backproof::net::Network| -> Vec<Layer> {
        network.layers.iter().map(|declared| declared.layer.clone()).collect()
    };
    assert_eq!(layers(&back), layers(&network), "{printed}");
    match trace(&network) {
        Ok(stages) => {
            assert_eq!(stages.len(), network.layers.len());
            let _ = total_parameters(&stages);
            for stage in &stages {
                let _ = (stage.output.to_string(), stage.parameters.to_math());
                let _ = stage.remarks.iter().map(ToString::to_string).count();
            }
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{error:?} stands in no place"),
    }
    Corpus::Keep
});
