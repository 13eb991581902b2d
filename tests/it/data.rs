//! The data set on disk lives here: where it is looked for, every way in which four files can be wrong, where they are
//! laid, and the command `data`. Most files are small ones that a test makes; the real ones are used where they are.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use backproof::dataset::{
    Content, DEBIAN, DataError, FASHION_MNIST, FashionMnist, File, Part, Set, TORCHVISION, find, lay, load,
    load_as,
};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Ran, program, scratch};

const SMALL: Set = Set { name: "Small", train: 30, test: 20, rows: 4, columns: 3, digests: None };

/// An empty folder of a test.
fn folder(name: &str) -> PathBuf {
    let path = scratch("data").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn bytes(file: File) -> Vec<u8> {
    let count = SMALL.count(file.part);
    let header: &[usize] = match file.content {
        Content::Images => &[0x0803, count, SMALL.rows, SMALL.columns],
        Content::Labels => &[0x0801, count],
    };
    let mut all: Vec<u8> = header.iter().flat_map(|n| u32::try_from(*n).unwrap().to_be_bytes()).collect();
    let data = SMALL.bytes(file) - all.len();
    all.extend((0..data).map(|i| u8::try_from(i % 10).unwrap()));
    all
}

fn gz(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Four right files.
fn fill(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for file in File::ALL {
        fs::write(folder.join(file.name()), bytes(file)).unwrap();
    }
}

fn loaded(folder: &Path) -> Result<FashionMnist, DataError> {
    load_as(&find(Some(folder)).unwrap(), &SMALL)
}

#[test]
fn files_are_found_compressed_or_not_and_where_torchvision_lays_them() {
    let flat = folder("flat");
    fill(&flat);
    let data = loaded(&flat).unwrap();
    assert_eq!((data.train.images, data.train.rows, data.train.columns), (30, 4, 3));
    assert_eq!((data.train.pixels.len(), data.test.labels.len()), (30 * 4 * 3, 20));
    assert_eq!(data.test.pixels[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    let deep = folder("deep");
    fill(&deep.join(TORCHVISION));
    let first = deep.join(TORCHVISION).join(File::ALL[0].name());
    fs::write(first.with_extension("gz"), gz(&bytes(File::ALL[0]))).unwrap();
    fs::remove_file(first).unwrap();
    let other = loaded(&deep).unwrap();
    assert_eq!((&other.train, &other.test), (&data.train, &data.test));
    assert_eq!(other.folder, deep.join(TORCHVISION));
}

#[test]
fn a_folder_without_all_four_says_which_are_missing() {
    let none = folder("none");
    let said = find(Some(&none)).unwrap_err().to_string();
    assert!(said.ends_with("none has none of the four files"), "{said}");
    fill(&none);
    fs::remove_file(none.join(File::ALL[3].name())).unwrap();
    let error = find(Some(&none)).unwrap_err();
    assert!(error.to_string().ends_with("none has no t10k-labels-idx1-ubyte"), "{error}");
    assert!(error.help().contains("apt install dataset-fashion-mnist"), "{}", error.help());
}

/// A way to break right files, and what is said of it, with the name of the file.
type Wrong = (&'static str, fn(&Path), &'static [&'static str]);

fn at(folder: &Path, file: usize) -> PathBuf {
    folder.join(File::ALL[file].name())
}

fn change(path: &Path, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn exchange(one: &Path, other: &Path) {
    let (a, b) = (fs::read(one).unwrap(), fs::read(other).unwrap());
    fs::write(one, b).unwrap();
    fs::write(other, a).unwrap();
}

const WRONG: &[Wrong] = &[
    (
        "truncated",
        |f| change(&at(f, 0), |b| b.truncate(100)),
        &["train-images-idx3-ubyte is truncated: it ends at byte 100 of 376, so 276 are missing"],
    ),
    (
        "within-header",
        |f| change(&at(f, 2), |b| b.truncate(11)),
        &["t10k-images-idx3-ubyte is truncated: it ends at byte 11, within the header, which has 16 bytes"],
    ),
    (
        "empty",
        |f| change(&at(f, 3), Vec::clear),
        &["t10k-labels-idx1-ubyte is truncated: it ends at byte 0, within the header, which has 8 bytes"],
    ),
    (
        "longer",
        |f| change(&at(f, 1), |b| b.push(0)),
        &["train-labels-idx1-ubyte goes on at byte 38, where its header says that it ends"],
    ),
    (
        "images-and-labels-swapped",
        |f| exchange(&at(f, 0), &at(f, 1)),
        &[
            "train-images-idx3-ubyte holds labels where images should be",
            "at byte 0 is 2049 (00 00 08 01), not 2051 (00 00 08 03)",
        ],
    ),
    (
        "labels-of-the-other-part",
        |f| exchange(&at(f, 1), &at(f, 3)),
        &[
            "train-images-idx3-ubyte and ",
            "train-labels-idx1-ubyte do not belong together: the first holds 30 images, the second 20 labels (the counts at \
         byte 4); 30 of each should be there",
        ],
    ),
    (
        "parts-swapped",
        |f| {
            exchange(&at(f, 0), &at(f, 2));
            exchange(&at(f, 1), &at(f, 3));
        },
        &[
            "train-images-idx3-ubyte holds 20 images (the count at byte 4), those of the test set, where the 30 of the \
         training set should be",
        ],
    ),
    (
        "no-idx",
        |f| fs::write(at(f, 0), "<!doctype html>").unwrap(),
        &[
            "train-images-idx3-ubyte is no IDX file of images: the magic number at byte 0 is 1008821359 (3c 21 64 6f)",
        ],
    ),
    (
        "other-size",
        |f| {
            change(&at(f, 0), |b| {
                b[11] = 3;
                b[15] = 4;
            })
        },
        &[
            "train-images-idx3-ubyte holds images of 3×4 pixels (rows at byte 8, columns at byte 12), not of 4×3",
        ],
    ),
    (
        "label-beyond",
        |f| change(&at(f, 3), |b| b[20] = 11),
        &["t10k-labels-idx1-ubyte has the label 11 at byte 20; the classes are 0 to 9"],
    ),
    (
        "still-compressed",
        |f| change(&at(f, 0), |b| *b = gz(b)),
        &[
            "train-images-idx3-ubyte is still compressed: it begins with gzip's bytes 1f 8b, where an IDX file has 00 00",
        ],
    ),
    (
        "not-compressed",
        |f| fs::rename(at(f, 2), at(f, 2).with_extension("gz")).unwrap(),
        &[
            "t10k-images-idx3-ubyte.gz is not compressed, though its name ends in .gz: it begins with the bytes 00 00 08 03",
        ],
    ),
    (
        "gzip-cut",
        |f| {
            let cut = gz(&fs::read(at(f, 1)).unwrap());
            fs::remove_file(at(f, 1)).unwrap();
            fs::write(at(f, 1).with_extension("gz"), &cut[..cut.len() - 20]).unwrap();
        },
        &["train-labels-idx1-ubyte.gz is corrupt: gzip stops at byte "],
    ),
    (
        "gzip-corrupt",
        |f| {
            let mut turned = gz(&fs::read(at(f, 1)).unwrap());
            let checksum = turned.len() - 8;
            turned[checksum] ^= 1;
            fs::remove_file(at(f, 1)).unwrap();
            fs::write(at(f, 1).with_extension("gz"), turned).unwrap();
        },
        &["train-labels-idx1-ubyte.gz is corrupt: gzip stops at byte ", "after 38 decompressed bytes: "],
    ),
    (
        "a-folder",
        |f| {
            fs::remove_file(at(f, 0)).unwrap();
            fs::create_dir(at(f, 0)).unwrap();
        },
        &["train-images-idx3-ubyte cannot be read: it is not a file"],
    ),
];

#[test]
fn every_broken_file_is_named_with_what_is_wrong() {
    for (name, break_it, words) in WRONG {
        let folder = folder(name);
        fill(&folder);
        break_it(&folder);
        let error = loaded(&folder).expect_err(name);
        let said = error.to_string();
        for word in *words {
            assert!(said.contains(word), "{name} does not say {word:?}:\n{said}");
        }
        assert!(!error.help().is_empty(), "{name}");
    }
}

#[test]
fn files_are_laid_whole_once_and_never_over_others() {
    let (from, into) = (folder("from"), folder("into"));
    fill(&from);
    let data = loaded(&from).unwrap();
    let laid = lay(&data, &into).unwrap();
    assert_eq!((laid.folder.as_path(), laid.written.len()), (into.join(TORCHVISION).as_path(), 4));
    let names = || {
        let mut names: Vec<String> = fs::read_dir(into.join(TORCHVISION))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let mut wanted = File::ALL.map(|file| file.name().to_owned());
    wanted.sort();
    assert_eq!(names(), wanted);
    for file in File::ALL {
        assert_eq!(fs::read(into.join(TORCHVISION).join(file.name())).unwrap(), bytes(file));
    }
    assert_eq!(lay(&data, &into).unwrap().written, []);
    fs::remove_file(into.join(TORCHVISION).join(File::ALL[2].name())).unwrap();
    assert_eq!(lay(&data, &into).unwrap().written, [File { part: Part::Test, content: Content::Images }]);
    let first = into.join(TORCHVISION).join(File::ALL[0].name());
    change(&first, |b| b[50] ^= 1);
    let other = fs::read(&first).unwrap();
    fs::remove_file(into.join(TORCHVISION).join(File::ALL[3].name())).unwrap();
    let error = lay(&data, &into).unwrap_err();
    assert!(matches!(&error, DataError::InTheWay { file } if *file == first), "{error}");
    assert_eq!(fs::read(&first).unwrap(), other);
    assert_eq!(names().len(), 3, "nothing is written where something stands in the way");
}

// ---- the command -------------------------------------------------------------------------------

fn data(arguments: &[&str], at: &Path) -> Ran {
    let output = program().arg("data").args(arguments).current_dir(at).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_folder_that_is_not_the_data_set_ends_with_status_2() {
    let here = folder("command");
    fill(&here.join("mine"));
    for (given, words) in [("mine", "holds 30 images"), ("nowhere", "nowhere has none of the four files")] {
        let ran = data(&[given], &here);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        let said = ran.err.replace("\n  │", "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words) && said.contains("help:"), "{}", ran.err);
        assert!(!here.join("data").exists());
    }
}

#[test]
fn the_real_files_are_laid_and_one_turned_bit_is_refused() {
    if !Path::new(DEBIAN).exists() {
        eprintln!("not run: Debian's package dataset-fashion-mnist is not installed");
        return;
    }
    let here = folder("real");
    let ran = data(&[], &here);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.contains("60000 images") && ran.out.contains("Written to data/FashionMNIST/raw"),
        "{}",
        ran.out
    );
    let found = find(Some(&here.join("data"))).unwrap();
    let real = load(&found).unwrap();
    assert_eq!((real.train.images, real.test.images), (FASHION_MNIST.train, FASHION_MNIST.test));
    // Each class has a tenth of either part (Xiao, Rasul and Vollgraf 2017, section 2).
    for (split, each) in [(&real.train, 6_000), (&real.test, 1_000)] {
        assert!((0..10).all(|class| split.labels.iter().filter(|l| **l == class).count() == each));
    }
    change(&found.files[2], |b| b[7_000_000] ^= 1);
    let said = load(&found).unwrap_err().to_string();
    let words =
        "t10k-images-idx3-ubyte has the right form but other bytes than the data set: the SHA-256 is ";
    assert!(said.contains(words), "{said}");
    fs::remove_dir_all(&here).unwrap();
}
