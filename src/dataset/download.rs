//! The four files are fetched here from the data set's own address, within limits of size and time, and checked in
//! memory. Nothing is written here.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use ureq::Agent;

use super::FashionMnist;
use super::error::DataError;
use super::read::{MAX_COMPRESSED, Raw, checked, decompressed};
use super::set::{FASHION_MNIST, File, Set};

/// The data set's own address, as its authors and torchvision's loader name it.
pub const ADDRESS: &str = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com";

/// How long a server may take to be found, to take a connection, to begin an answer, or to go on with one.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a file may take in all.
const ALL_PATIENCE: Duration = Duration::from_secs(600);

/// Downloads the four files and checks them as [`super::load`] does.
///
/// # Errors
/// No answer in time, an answer that is too large or says no, or bytes that are not the data set's.
pub fn download() -> Result<FashionMnist, DataError> {
    let config = Agent::config_builder()
        .timeout_resolve(Some(PATIENCE))
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE))
        .timeout_global(Some(ALL_PATIENCE))
        .build();
    download_as(&config.into(), ADDRESS, &FASHION_MNIST)
}

/// [`download`] from another address, as tests have it.
pub(super) fn download_as(agent: &Agent, address: &str, set: &Set) -> Result<FashionMnist, DataError> {
    let mut raw = Vec::with_capacity(File::ALL.len());
    for file in File::ALL {
        let address = format!("{address}/{}.gz", file.name());
        let compressed = fetched(agent, &address)?;
        let bytes = decompressed(&compressed, file, set)
            .map_err(|fault| DataError::Came { address: address.clone(), fault })?;
        raw.push(Raw { file, path: PathBuf::from(address), bytes });
    }
    checked(raw, set, PathBuf::from(address)).map_err(|error| match error {
        DataError::Broken { file, fault } => {
            DataError::Came { address: file.to_string_lossy().into_owned(), fault }
        }
        other => other,
    })
}

fn fetched(agent: &Agent, address: &str) -> Result<Vec<u8>, DataError> {
    let failed = |why: String| DataError::Download { address: address.to_owned(), why };
    let response = agent.get(address).call().map_err(|error| failed(reason(&error)))?;
    let said = response.body().content_length();
    if said.is_some_and(|n| n > MAX_COMPRESSED) {
        return Err(failed(too_large()));
    }
    let mut bytes = Vec::new();
    let limit = MAX_COMPRESSED.saturating_add(1);
    response
        .into_body()
        .into_reader()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(format!("it broke off after {} bytes: {error}", bytes.len())))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n > MAX_COMPRESSED) {
        return Err(failed(too_large()));
    }
    Ok(bytes)
}

fn too_large() -> String {
    format!("the answer is larger than {} MiB, the limit", MAX_COMPRESSED >> 20)
}

fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::StatusCode(code) => format!("the server answers with status {code}"),
        ureq::Error::HostNotFound => "its server is not found; is there a network?".to_owned(),
        ureq::Error::Timeout(what) => format!("it took too long ({what})"),
        other => other.to_string(),
    }
}
