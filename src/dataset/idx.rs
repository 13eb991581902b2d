//! What the bytes of one file should be, and the first thing that is not: compression, magic number, counts, length,
//! labels, SHA-256. Bytes are counted from 0. No file is opened here.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::set::{Content, DIGITS, File, Set};

/// How a gzip file begins.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Classes; a label is below.
const CLASSES: u8 = 10;

/// What is wrong with the bytes of a file. It prints as what follows the file's name in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its name says that it is decompressed, and it is not.
    StillCompressed,
    /// Its name says that it is compressed, and it is not.
    NotCompressed {
        /// The first bytes.
        found: Vec<u8>,
    },
    /// gzip gives up.
    Gzip {
        /// The compressed byte that it had come to.
        at: usize,
        /// The bytes that it had given until then.
        given: usize,
        /// Its reason.
        why: String,
    },
    /// It ends within its header.
    Header {
        /// Its length.
        found: usize,
        /// The length of a header.
        wanted: usize,
    },
    /// It begins otherwise.
    Magic {
        /// The first four bytes, as a number.
        found: u32,
        /// What should be there.
        wanted: Content,
    },
    /// It holds another number of images or labels.
    Count {
        /// The number, at byte 4.
        found: usize,
        /// The file.
        file: File,
        /// How many the part has.
        wanted: usize,
        /// Whether it is the number of the other part.
        other: bool,
    },
    /// Its images have another size.
    Size {
        /// Rows, at byte 8, and columns, at byte 12.
        found: (usize, usize),
        /// What they should be.
        wanted: (usize, usize),
    },
    /// It is too short.
    Truncated {
        /// Its length.
        found: usize,
        /// The length that its header asks for.
        wanted: usize,
    },
    /// It is too long.
    Longer {
        /// The length that its header asks for.
        wanted: usize,
    },
    /// A label that is no class.
    Label {
        /// Where it stands.
        at: usize,
        /// What it is.
        found: u8,
    },
    /// Other bytes than the data set's.
    Content {
        /// The SHA-256 of the file.
        found: String,
        /// The SHA-256 that it should have.
        wanted: String,
        /// Whether it is a file of MNIST.
        digits: bool,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StillCompressed => write!(
                f,
                "is still compressed: it begins with gzip's bytes {}, where an IDX file has 00 00",
                hex(&GZIP)
            ),
            Self::NotCompressed { found } => write!(
                f,
                "is not compressed, though its name ends in .gz: it begins with the bytes {}, not with gzip's {}",
                hex(found),
                hex(&GZIP)
            ),
            Self::Gzip { at, given, why } => write!(
                f,
                "is corrupt: gzip stops at byte {}, after {} decompressed bytes: {why}",
                grouped(*at),
                grouped(*given)
            ),
            Self::Header { found, wanted } => {
                write!(
                    f,
                    "is truncated: it ends at byte {found}, within the header, which has {wanted} bytes"
                )
            }
            Self::Magic { found, wanted } => {
                let other = match wanted {
                    Content::Images => Content::Labels,
                    Content::Labels => Content::Images,
                };
                let (is, should) = (hex(&found.to_be_bytes()), hex(&wanted.magic().to_be_bytes()));
                if *found == other.magic() {
                    write!(
                        f,
                        "holds {} where {} should be: the magic number at byte 0 is {found} ({is}), not {} ({should})",
                        other.words(),
                        wanted.words(),
                        wanted.magic()
                    )
                } else {
                    write!(
                        f,
                        "is no IDX file of {}: the magic number at byte 0 is {found} ({is}), not {} ({should})",
                        wanted.words(),
                        wanted.magic()
                    )
                }
            }
            Self::Count { found, file, wanted, other } => {
                let (what, part) = (file.content.words(), file.part.words());
                write!(f, "holds {} {what} (the count at byte 4), ", grouped(*found))?;
                if *other {
                    write!(f, "those of the {} set, ", file.part.other().words())?;
                }
                write!(f, "where the {} of the {part} set should be", grouped(*wanted))
            }
            Self::Size { found: (rows, columns), wanted: (r, c) } => write!(
                f,
                "holds images of {rows}×{columns} pixels (rows at byte 8, columns at byte 12), not of {r}×{c}"
            ),
            Self::Truncated { found, wanted } => write!(
                f,
                "is truncated: it ends at byte {} of {}, so {} are missing",
                grouped(*found),
                grouped(*wanted),
                grouped(wanted.saturating_sub(*found))
            ),
            Self::Longer { wanted } => {
                write!(f, "goes on at byte {}, where its header says that it ends", grouped(*wanted))
            }
            Self::Label { at, found } => write!(
                f,
                "has the label {found} at byte {}; the classes are 0 to {}",
                grouped(*at),
                CLASSES.saturating_sub(1)
            ),
            Self::Content { found, wanted, digits } => {
                if *digits {
                    f.write_str("is a file of MNIST, handwritten digits, under Fashion-MNIST's name")?;
                } else {
                    f.write_str("has the right form but other bytes than the data set")?;
                }
                write!(f, ": the SHA-256 is {found}, not {wanted}")
            }
        }
    }
}

/// Bytes in hexadecimal, with spaces.
fn hex(bytes: &[u8]) -> String {
    let all: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    all.join(" ")
}

/// A number with commas between its thousands.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len().saturating_sub(at)).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The counts of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Images or labels.
    pub count: usize,
    /// Rows and columns; of images only.
    pub size: Option<(usize, usize)>,
}

/// Reads the header: magic number and counts.
pub(super) fn header(bytes: &[u8], content: Content) -> Result<Header, Fault> {
    // A file of the other kind may be shorter than this header; what it begins with says more.
    let number = |at: usize| {
        let four = bytes.get(at..at.saturating_add(4)).and_then(|b| <[u8; 4]>::try_from(b).ok());
        four.map(u32::from_be_bytes)
    };
    let short = Fault::Header { found: bytes.len(), wanted: content.header() };
    match number(0) {
        Some(magic) if magic == content.magic() => {}
        Some(found) => return Err(Fault::Magic { found, wanted: content }),
        None => return Err(short),
    }
    let count = |at| number(at).and_then(|n| usize::try_from(n).ok());
    let size = match content {
        Content::Labels => None,
        Content::Images => match (count(8), count(12)) {
            (Some(rows), Some(columns)) => Some((rows, columns)),
            _ => return Err(short),
        },
    };
    match count(4) {
        Some(count) => Ok(Header { count, size }),
        None => Err(short),
    }
}

/// Checks counts and sizes against the data set's, the length against the header, and labels against the classes.
pub(super) fn form(bytes: &[u8], header: Header, file: File, set: &Set) -> Result<(), Fault> {
    let wanted = set.count(file.part);
    if header.count != wanted {
        let other = header.count == set.count(file.part.other());
        return Err(Fault::Count { found: header.count, file, wanted, other });
    }
    let size = (set.rows, set.columns);
    if let Some(found) = header.size.filter(|found| *found != size) {
        return Err(Fault::Size { found, wanted: size });
    }
    let wanted = set.bytes(file);
    if bytes.len() < wanted {
        return Err(Fault::Truncated { found: bytes.len(), wanted });
    }
    if bytes.len() > wanted {
        return Err(Fault::Longer { wanted });
    }
    if file.content == Content::Labels {
        let labels = bytes.iter().enumerate().skip(Content::Labels.header());
        if let Some((at, found)) = labels.into_iter().find(|(_, label)| **label >= CLASSES) {
            return Err(Fault::Label { at, found: *found });
        }
    }
    Ok(())
}

/// Checks the SHA-256 of the decompressed bytes, where it is known.
pub(super) fn content(bytes: &[u8], file: File, set: &Set) -> Result<(), Fault> {
    let Some(wanted) = set.digest(file) else { return Ok(()) };
    let found: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    if found == wanted {
        return Ok(());
    }
    let digits = DIGITS.contains(&found.as_str());
    Err(Fault::Content { found, wanted: wanted.to_owned(), digits })
}
