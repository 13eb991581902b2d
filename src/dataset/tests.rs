//! What the parts promise on their own: bytes of one file, numbers in words, and downloading from a server that stands
//! in this test. Files on disk have their tests in `tests/it/data.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::download::download_as;
use super::error::DataError;
use super::idx::{Fault, content, form, grouped, header};
use super::read::decompressed;
use super::set::{Content, File, Part, Set};

const SMALL: Set = Set { name: "Small", train: 3, test: 2, rows: 2, columns: 2, digests: None };
const LABELS: File = File { part: Part::Test, content: Content::Labels };
const IMAGES: File = File { part: Part::Test, content: Content::Images };

fn bytes(file: File, count: u32) -> Vec<u8> {
    let mut all = file.content.magic().to_be_bytes().to_vec();
    all.extend(count.to_be_bytes());
    if file.content == Content::Images {
        all.extend([0, 0, 0, 2, 0, 0, 0, 2]);
        all.extend((0..count * 4).map(|i| u8::try_from(i % 256).unwrap()));
    } else {
        all.extend((0..count).map(|i| u8::try_from(i % 10).unwrap()));
    }
    all
}

fn gz(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn fault(file: File, bytes: &[u8]) -> Option<Fault> {
    header(bytes, file.content)
        .and_then(|header| form(bytes, header, file, &SMALL))
        .and_then(|()| content(bytes, file, &SMALL))
        .err()
}

#[test]
fn a_right_file_has_no_fault_and_every_prefix_of_it_has_one() {
    for file in [LABELS, IMAGES] {
        let right = bytes(file, 2);
        assert_eq!(fault(file, &right), None);
        for n in 0..right.len() {
            let found = fault(file, &right[..n]);
            match n < file.content.header() {
                true => assert!(
                    matches!(found, Some(Fault::Header { found, .. }) if found == n),
                    "{n}: {found:?}"
                ),
                false => assert_eq!(found, Some(Fault::Truncated { found: n, wanted: right.len() })),
            }
        }
    }
}

#[test]
fn every_changed_byte_of_a_header_is_a_fault() {
    for file in [LABELS, IMAGES] {
        for at in 0..file.content.header() {
            let mut wrong = bytes(file, 2);
            wrong[at] ^= 1;
            assert!(fault(file, &wrong).is_some(), "byte {at} of {}", file.name());
        }
    }
}

#[test]
fn faults_say_what_was_found_what_was_expected_and_at_which_byte() {
    let said = |file: File, bytes: &[u8]| fault(file, bytes).unwrap().to_string();
    let mut label = bytes(LABELS, 2);
    label[9] = 10;
    assert_eq!(said(LABELS, &label), "has the label 10 at byte 9; the classes are 0 to 9");
    assert_eq!(
        said(IMAGES, &bytes(LABELS, 2)),
        "holds labels where images should be: the magic number at byte 0 is 2049 (00 00 08 01), not 2051 (00 00 08 03)"
    );
    assert_eq!(
        said(LABELS, b"<html></html>"),
        "is no IDX file of labels: the magic number at byte 0 is 1013478509 (3c 68 74 6d), not 2049 (00 00 08 01)"
    );
    assert_eq!(
        said(IMAGES, &bytes(IMAGES, 3)),
        "holds 3 images (the count at byte 4), those of the training set, where the 2 of the test set should be"
    );
    let mut narrow = bytes(IMAGES, 2);
    narrow[15] = 1;
    assert_eq!(
        said(IMAGES, &narrow),
        "holds images of 2×1 pixels (rows at byte 8, columns at byte 12), not of 2×2"
    );
    let mut longer = bytes(IMAGES, 2);
    longer.push(0);
    assert_eq!(said(IMAGES, &longer), "goes on at byte 24, where its header says that it ends");
    assert_eq!(said(IMAGES, &longer[..20]), "is truncated: it ends at byte 20 of 24, so 4 are missing");
}

#[test]
fn other_bytes_in_the_right_form_are_told_by_their_digest() {
    // printf '\0\0\x08\x01\0\0\0\x02\0\x01' | sha256sum
    let digest = "8c50639ad7f90a8211edb1bbdfb25436fd8e2a10794b6d5e3d479d1b22c7e318";
    let known = Set { digests: Some([digest; 4]), ..SMALL };
    let right = bytes(LABELS, 2);
    assert_eq!(content(&right, LABELS, &known), Ok(()));
    let mut other = right.clone();
    other[9] = 7;
    let said = content(&other, LABELS, &known).unwrap_err().to_string();
    assert!(
        said.starts_with("has the right form but other bytes than the data set: the SHA-256 is "),
        "{said}"
    );
    assert!(said.ends_with(&format!(", not {digest}")), "{said}");
    // The same bytes where the digest is that of a file of handwritten digits.
    let digits = Fault::Content { found: digest.into(), wanted: digest.into(), digits: true }.to_string();
    assert!(
        digits.starts_with("is a file of MNIST, handwritten digits, under Fashion-MNIST's name"),
        "{digits}"
    );
}

#[test]
fn a_compressed_file_comes_back_and_a_broken_one_says_where() {
    let plain = bytes(IMAGES, 2);
    let whole = gz(&plain);
    assert_eq!(decompressed(&whole, IMAGES, &SMALL), Ok(plain.clone()));
    let short = decompressed(&whole[..whole.len() - 12], IMAGES, &SMALL);
    assert!(matches!(&short, Err(Fault::Gzip { at, .. }) if *at == whole.len() - 12), "{short:?}");
    let mut turned = whole.clone();
    let last = turned.len() - 5;
    turned[last] ^= 1;
    let corrupt = decompressed(&turned, IMAGES, &SMALL);
    assert!(matches!(corrupt, Err(Fault::Gzip { given: 24, .. })), "{corrupt:?}");
    assert!(matches!(decompressed(&plain, IMAGES, &SMALL), Err(Fault::NotCompressed { .. })));
}

#[test]
fn a_small_file_that_swells_is_read_no_further_than_it_should_go() {
    let swollen = gz(&vec![0; 50 << 20]);
    assert_eq!(decompressed(&swollen, IMAGES, &SMALL).unwrap().len(), 25);
}

#[test]
fn thousands_have_commas() {
    let shown: Vec<String> = [0, 999, 1_000, 60_000, 47_040_016].map(grouped).into();
    assert_eq!(shown, ["0", "999", "1,000", "60,000", "47,040,016"]);
}

/// A server on this machine that answers one request after the other.
fn serve(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut one = [0];
                if stream.read(&mut one).unwrap() == 0 {
                    break;
                }
                request.extend(one);
            }
            asked.push(String::from_utf8_lossy(&request).lines().next().unwrap_or("").to_owned());
            // Whoever has heard enough hangs up.
            let _ = stream.write_all(&answer);
        }
        asked
    });
    (address, served)
}

fn answer(body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())
        .into_bytes();
    all.extend(body);
    all
}

fn fetch(answers: Vec<Vec<u8>>) -> (Result<super::FashionMnist, DataError>, Vec<String>) {
    let agent =
        ureq::Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(20))).build();
    let (address, served) = serve(answers);
    let came = download_as(&agent.into(), &address, &SMALL);
    // A download that stops early leaves the server waiting; it ends with this program.
    let asked = if served.is_finished() || came.is_ok() { served.join().unwrap() } else { Vec::new() };
    (came, asked)
}

#[test]
fn the_four_files_are_downloaded_compressed_and_checked() {
    let files = File::ALL.map(|file| bytes(file, u32::try_from(SMALL.count(file.part)).unwrap()));
    let (came, asked) = fetch(files.iter().map(|plain| answer(&gz(plain))).collect());
    let data = came.unwrap();
    assert_eq!((data.train.images, data.test.labels.as_slice()), (3, [0, 1].as_slice()));
    assert_eq!(data.train.pixels, files[0][16..]);
    let wanted = File::ALL.map(|file| format!("GET /{}.gz HTTP/1.1", file.name()));
    assert_eq!(asked, wanted);
}

#[test]
fn a_download_that_fails_says_how_and_what_to_do_instead() {
    let right = answer(&gz(&bytes(File::ALL[0], 3)));
    let mut cut = right.clone();
    cut.truncate(right.len() - 9);
    let huge = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec();
    let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
    for (wrong, words) in [
        (cut, "it broke off after "),
        (huge, "larger than 48 MiB, the limit"),
        (missing, "the server answers with status 404"),
        (answer(b"<html>Sign in to this network</html>"), "is not compressed, though its name ends in .gz"),
        (answer(&gz(&bytes(LABELS, 3))), "holds labels where images should be"),
    ] {
        let mut answers = vec![wrong];
        answers.extend(
            [0, 1, 2, 3]
                .map(|i: usize| {
                    answer(&gz(&bytes(File::ALL[i], u32::try_from(SMALL.count(File::ALL[i].part)).unwrap())))
                })
                .into_iter()
                .skip(1),
        );
        let error = fetch(answers).0.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(words) && said.contains("train-images-idx3-ubyte.gz"), "{said}");
        assert!(error.help().contains("dataset-fashion-mnist"), "{}", error.help());
    }
}

#[test]
fn a_server_that_is_not_there_or_says_nothing_is_given_up() {
    let agent = |ms| {
        let config =
            ureq::Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_millis(ms)));
        ureq::Agent::from(config.build())
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = download_as(&agent(5_000), &format!("http://{closed}"), &SMALL).unwrap_err();
    assert!(matches!(error, DataError::Download { .. }), "{error}");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let error = download_as(&agent(300), &address, &SMALL).unwrap_err();
    assert!(error.to_string().contains("it took too long"), "{error}");
}
