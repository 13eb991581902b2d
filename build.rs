//! Says where the finished program finds libtorch; with the feature `train` off, it does nothing.
//!
//! libtorch's own wheel for Linux keeps the CUDA runtime, which it is linked with also where there is no such device, in
//! a folder beside its own: `nvidia/cu13/lib`. Both become run paths, so that nobody has to set `LD_LIBRARY_PATH`.

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_TRAIN").is_none() {
        return;
    }
    // torch-sys says which folder it linked with, by whichever way it found it.
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    let Some(lib) = std::env::var_os("DEP_TCH_LIBTORCH_LIB").map(PathBuf::from) else { return };
    let lib = lib.canonicalize().unwrap_or(lib);
    let version = version(&lib).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=BACKPROOF_LIBTORCH={version}");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").as_deref() != Ok("unix") {
        return;
    }
    let mut folders = vec![lib.clone()];
    if let Some(packages) = lib.parent().and_then(Path::parent) {
        folders.push(packages.join("nvidia/cu13/lib"));
    }
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // The old kind of run path also serves the libraries that libtorch itself asks for.
        println!("cargo:rustc-link-arg=-Wl,--disable-new-dtags");
    }
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}

/// The version of libtorch: a file of its archive says it, or one of its wheel.
fn version(lib: &Path) -> Option<String> {
    let root = lib.parent()?;
    if let Ok(text) = std::fs::read_to_string(root.join("build-version")) {
        return Some(text.trim().to_owned());
    }
    let text = std::fs::read_to_string(root.join("version.py")).ok()?;
    let line = text.lines().find(|line| line.starts_with("__version__"))?;
    Some(line.split(['\'', '"']).nth(1)?.to_owned())
}
