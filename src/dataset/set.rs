//! Which four files a data set has, how large they are and what their SHA-256 is. Nothing is read here.

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Training.
    Train,
    /// Testing.
    Test,
}

impl Part {
    /// In a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Test => "test",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Train => Self::Test,
            Self::Test => Self::Train,
        }
    }

    /// Where its images and labels stand in [`File::ALL`].
    pub(super) fn places(self) -> (usize, usize) {
        match self {
            Self::Train => (0, 1),
            Self::Test => (2, 3),
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Grey images: counts of images, rows, columns, then a byte a pixel.
    Images,
    /// A count, then a byte a label.
    Labels,
}

impl Content {
    /// In a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }

    /// The first four bytes of an IDX file: two zeros, 8 for unsigned bytes, the number of axes.
    #[must_use]
    pub fn magic(self) -> u32 {
        match self {
            Self::Images => 0x0803,
            Self::Labels => 0x0801,
        }
    }

    /// Bytes before the data.
    pub(super) fn header(self) -> usize {
        match self {
            Self::Images => 16,
            Self::Labels => 8,
        }
    }
}

/// One of the four files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// What it is for.
    pub part: Part,
    /// What it holds.
    pub content: Content,
}

impl File {
    /// The four files, in the order of everything here.
    pub const ALL: [Self; 4] = [
        Self { part: Part::Train, content: Content::Images },
        Self { part: Part::Train, content: Content::Labels },
        Self { part: Part::Test, content: Content::Images },
        Self { part: Part::Test, content: Content::Labels },
    ];

    /// Its name, decompressed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match (self.part, self.content) {
            (Part::Train, Content::Images) => "train-images-idx3-ubyte",
            (Part::Train, Content::Labels) => "train-labels-idx1-ubyte",
            (Part::Test, Content::Images) => "t10k-images-idx3-ubyte",
            (Part::Test, Content::Labels) => "t10k-labels-idx1-ubyte",
        }
    }
}

/// A SHA-256, in lower-case hexadecimal digits.
pub type Digest = &'static str;

/// The sizes of a data set, and the SHA-256 of its decompressed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Its name in messages.
    pub name: &'static str,
    /// Images to train on.
    pub train: usize,
    /// Images to test on.
    pub test: usize,
    /// Rows of an image.
    pub rows: usize,
    /// Columns of an image.
    pub columns: usize,
    /// The SHA-256 of the decompressed files in the order of [`File::ALL`]; without it, any content is taken.
    pub digests: Option<[Digest; 4]>,
}

/// Fashion-MNIST. The digests are of the decompressed files in Debian's package `dataset-fashion-mnist`,
/// 0.0~git20200523.55506a9-1; they equal those of files whose gzip archives have the MD5 that the data set's authors
/// publish.
pub const FASHION_MNIST: Set = Set {
    name: "Fashion-MNIST",
    train: 60_000,
    test: 10_000,
    rows: 28,
    columns: 28,
    digests: Some([
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ]),
};

/// The classes of Fashion-MNIST, by label (Xiao, Rasul and Vollgraf 2017, table 2), in the singular, as the page of the
/// data set and torchvision write them.
pub const CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The same four files of MNIST, handwritten digits, which have Fashion-MNIST's names and sizes.
pub(super) const DIGITS: [Digest; 4] = [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
];

impl Set {
    /// How many images or labels a part has.
    #[must_use]
    pub fn count(&self, part: Part) -> usize {
        match part {
            Part::Train => self.train,
            Part::Test => self.test,
        }
    }

    /// How many bytes a file has, decompressed.
    #[must_use]
    pub fn bytes(&self, file: File) -> usize {
        let each = match file.content {
            Content::Images => self.rows.saturating_mul(self.columns),
            Content::Labels => 1,
        };
        self.count(file.part).saturating_mul(each).saturating_add(file.content.header())
    }

    /// The SHA-256 that a file should have.
    #[must_use]
    pub fn digest(&self, file: File) -> Option<Digest> {
        let at = File::ALL.iter().position(|other| *other == file)?;
        self.digests.as_ref()?.get(at).copied()
    }
}
