//! What a run says about where it runs: processor, features, versions. It decides nothing.

use crate::record::{Machine, Versions};

/// The processor, its features, and what the run was told.
pub(super) fn machine(threads: u64, device: &str) -> Machine {
    Machine { cpu: cpu(), features: features(), threads, device: device.to_owned() }
}

/// The versions of what trains.
pub(super) fn versions() -> Versions {
    Versions {
        program: format!("backproof {}", env!("CARGO_PKG_VERSION")),
        libtorch: option_env!("BACKPROOF_LIBTORCH").unwrap_or("unknown").to_owned(),
        binding: "tch 0.26".to_owned(),
    }
}

/// The model of the processor, as the system names it.
fn cpu() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// Features that change how floats are computed, in alphabetical order.
#[cfg(target_arch = "x86_64")]
fn features() -> Vec<String> {
    let known = [
        ("avx", is_x86_feature_detected!("avx")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("avx512bf16", is_x86_feature_detected!("avx512bf16")),
        ("avx512bw", is_x86_feature_detected!("avx512bw")),
        ("avx512dq", is_x86_feature_detected!("avx512dq")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("avx512vl", is_x86_feature_detected!("avx512vl")),
        ("avx512vnni", is_x86_feature_detected!("avx512vnni")),
        ("fma", is_x86_feature_detected!("fma")),
    ];
    known.iter().filter(|(_, has)| *has).map(|(name, _)| (*name).to_owned()).collect()
}

/// Features that change how floats are computed.
#[cfg(not(target_arch = "x86_64"))]
fn features() -> Vec<String> {
    vec![std::env::consts::ARCH.to_owned()]
}
