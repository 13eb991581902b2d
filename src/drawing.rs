//! Running `plots` lives here: which records are drawn, and what is printed. Drawing is in the library.

use crate::Refusal;
use crate::args::Plots;

#[cfg(not(feature = "plots"))]
pub fn plots(_: &Plots) -> Result<String, Refusal> {
    Err(Refusal::Words(
        "this program was built without pictures\n  \
         build it with `cargo build --release --features plots`; training comes with them"
            .to_owned(),
    ))
}

/// Draws records, each beside itself.
#[cfg(feature = "plots")]
pub fn plots(asked: &Plots) -> Result<String, Refusal> {
    use std::path::Path;

    use backproof::record::Record;

    let mut written = Vec::new();
    if asked.records.is_empty() {
        for path in in_folder(&asked.runs)? {
            match Record::read(&path) {
                Ok(record) => written.extend(draw(&record, &path)?),
                // Other files may lie there as well.
                Err(error) => eprintln!("not drawn: {}", about(&path, &error)),
            }
        }
        if written.is_empty() {
            let folder = asked.runs.display();
            return Err(Refusal::Words(format!(
                "no record of a run in {folder}; `backproof train` writes them, and `backproof plots RECORD` draws one"
            )));
        }
    }
    for path in &asked.records {
        let record = Record::read(path).map_err(|error| Refusal::Words(about(path, &error)))?;
        written.extend(draw(&record, path)?);
    }
    return Ok(written.iter().map(|path| format!("{}\n", path.display())).collect());

    fn draw(record: &Record, path: &Path) -> Result<Vec<std::path::PathBuf>, Refusal> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        backproof::plots::write(record, folder, &stem)
            .map_err(|(path, error)| Refusal::Words(format!("{}: {error}", path.display())))
    }
}

/// The JSON files of a folder, by name.
#[cfg(feature = "plots")]
fn in_folder(folder: &std::path::Path) -> Result<Vec<std::path::PathBuf>, Refusal> {
    let failed = |error| Refusal::Words(format!("{}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && path.extension().is_some_and(|ending| ending == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Why a file is not drawn; the file is named once.
#[cfg(feature = "plots")]
fn about(path: &std::path::Path, error: &backproof::record::RecordError) -> String {
    let (path, error) = (path.display().to_string(), error.to_string());
    if error.starts_with(&path) { error } else { format!("{path}: {error}") }
}
