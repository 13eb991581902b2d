//! Running `data` lives here: whether to look or to download, and what is printed. The data set is in the library.

use std::fmt::Write as _;

use backproof::dataset::{self, ADDRESS, DataError, FASHION_MNIST, FashionMnist, File, Part};
use backproof::sheet::SheetError;

use crate::Refusal;
use crate::args::Data;

impl From<DataError> for Refusal {
    fn from(error: DataError) -> Self {
        SheetError::plain(error.to_string(), error.help()).into()
    }
}

/// Finds or downloads the data set, checks it, and lays it where torchvision looks.
pub fn data(asked: &Data) -> Result<String, Refusal> {
    let data = match dataset::find(asked.folder.as_deref()) {
        Ok(found) => dataset::load(&found)?,
        Err(DataError::NotFound { .. }) if asked.folder.is_none() => {
            eprintln!("{} is not on this machine; downloading it from {ADDRESS}", FASHION_MNIST.name);
            dataset::download()?
        }
        Err(error) => return Err(error.into()),
    };
    let laid = dataset::lay(&data, &asked.into)?;
    let mut text = told(&data);
    let folder = laid.folder.display();
    let root = asked.into.display();
    let _ = match laid.written.len() {
        0 => writeln!(text, "It stands in {folder} already, where torchvision looks with root {root}."),
        4 => writeln!(text, "Written to {folder}, where torchvision looks with root {root}."),
        _ => {
            let names: Vec<&str> = laid.written.iter().map(|file| file.name()).collect();
            writeln!(
                text,
                "Written to {folder}, where torchvision looks with root {root}: {}.",
                names.join(", ")
            )
        }
    };
    Ok(text)
}

/// The four files, a line each.
fn told(data: &FashionMnist) -> String {
    let mut text = format!("{}, from {}\n", FASHION_MNIST.name, data.folder.display());
    for file in File::ALL {
        let split = match file.part {
            Part::Train => &data.train,
            Part::Test => &data.test,
        };
        let digest: String = FASHION_MNIST.digest(file).unwrap_or("").chars().take(16).collect();
        let count = format!("{} {}", split.images, file.content.words());
        let _ = writeln!(text, "  {:<23}  {count:<12}  SHA-256 {digest}… as it should be", file.name());
    }
    text
}
