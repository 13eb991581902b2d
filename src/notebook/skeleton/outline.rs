//! Python read as far as it takes to find functions and the `pass` that stands for a body: lines, indentation, texts
//! and brackets over several lines. Nothing is evaluated, and nothing here can be wrong by more than leaving a gap.

/// A function with what stands in it.
pub(super) struct Function {
    /// Its name, after its class and a point where it has one: `MLP.forward`.
    pub name: String,
    /// From `def` to the colon.
    pub header: String,
    /// All of it.
    pub text: String,
    /// Whether its body is a `pass` on the line of its name.
    pub one_line: bool,
    /// Whether it calls `compute_accuracy` in a loop within a loop.
    pub measures_in_batches: bool,
}

/// A line that says `pass` and nothing else.
pub(super) struct Pass {
    /// The place of the word, in characters.
    pub at: usize,
    /// What stands before it.
    pub indent: String,
    /// The function that it stands in.
    pub function: Option<usize>,
    /// Whether its function does nothing else, but for calling the `__init__` of its parent.
    pub whole: bool,
    /// Whether a comment above it says that something is to be done.
    pub todo: bool,
    /// How many `for` it stands in, within its function.
    pub loops: usize,
}

/// What a cell has.
#[derive(Default)]
pub(super) struct Outline {
    pub functions: Vec<Function>,
    pub passes: Vec<Pass>,
}

/// A line of Python.
struct Line {
    /// Where it starts, in characters.
    start: usize,
    indent: String,
    /// Without indentation, comment and blanks at its end.
    code: String,
    comment: String,
    /// Whether it goes on with a text, a bracket or a backslash of the line before.
    continues: bool,
}

/// What encloses a line.
struct Open {
    width: usize,
    what: What,
}

enum What {
    Class(String),
    Function(usize),
    Loop,
}

impl Outline {
    pub(super) fn of(characters: &[char]) -> Self {
        let lines = lines(characters);
        let mut outline = Self::default();
        let mut open: Vec<Open> = Vec::new();
        // The statements of each function: whether each is one that an unfinished body may have.
        let mut busy: Vec<usize> = Vec::new();
        let mut todo = false;
        for line in &lines {
            let inner =
                open.iter().rev().find_map(|o| if let What::Function(f) = o.what { Some(f) } else { None });
            if line.continues {
                if let Some(function) = inner.and_then(|f| outline.functions.get_mut(f)) {
                    function.text.push_str(&line.code);
                    function.text.push('\n');
                    if !function.header.ends_with(':') {
                        function.header.push_str(&line.code);
                    }
                }
                continue;
            }
            todo |= line.comment.to_lowercase().contains("todo");
            if line.code.is_empty() {
                continue;
            }
            let width = width(&line.indent);
            while open.last().is_some_and(|o| o.width >= width) {
                open.pop();
            }
            let mut inner = None;
            let mut loops = 0usize;
            for one in &open {
                match one.what {
                    What::Function(f) => (inner, loops) = (Some(f), 0),
                    What::Loop => loops = loops.saturating_add(1),
                    What::Class(_) => {}
                }
            }
            if let Some(function) = inner.and_then(|f| outline.functions.get_mut(f)) {
                function.text.push_str(&line.code);
                function.text.push('\n');
                function.measures_in_batches |= loops > 1 && line.code.contains("compute_accuracy(");
            }
            let is_pass = line.code == "pass";
            if let Some(count) = inner.and_then(|f| busy.get_mut(f))
                && !is_pass
                && !is_idle(&line.code)
            {
                *count = count.saturating_add(1);
            }
            if let Some(name) = named(&line.code, "class ") {
                open.push(Open { width, what: What::Class(name) });
            } else if let Some(name) = named(line.code.strip_prefix("async ").unwrap_or(&line.code), "def ") {
                let class = match open.last() {
                    Some(Open { what: What::Class(class), .. }) => format!("{class}."),
                    _ => String::new(),
                };
                let header = line.code.clone();
                let one_line = header.strip_suffix("pass").is_some_and(|h| h.trim_end().ends_with(':'));
                open.push(Open { width, what: What::Function(outline.functions.len()) });
                busy.push(0);
                outline.functions.push(Function {
                    name: class + &name,
                    text: header.clone(),
                    header,
                    one_line,
                    measures_in_batches: false,
                });
            } else if line.code.starts_with("for ") || line.code.starts_with("while ") {
                open.push(Open { width, what: What::Loop });
            } else if is_pass {
                outline.passes.push(Pass {
                    at: line.start.saturating_add(line.indent.chars().count()),
                    indent: line.indent.clone(),
                    function: inner,
                    whole: false,
                    todo,
                    loops,
                });
            }
            todo = false;
        }
        for pass in &mut outline.passes {
            pass.whole = pass.function.and_then(|f| busy.get(f)) == Some(&0);
        }
        outline
    }
}

/// A statement that does not make a body: a docstring, or calling the parent.
fn is_idle(code: &str) -> bool {
    let text = code.trim_start_matches(['r', 'R', 'u', 'U']);
    text.starts_with(['"', '\'']) || (code.starts_with("super(") && code.contains(".__init__("))
}

/// The name after a word, up to a bracket, a colon or a blank.
fn named(code: &str, word: &str) -> Option<String> {
    let name: String = code
        .strip_prefix(word)?
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

/// How far in a line stands; a tab goes to the next multiple of eight, as Python counts.
fn width(indent: &str) -> usize {
    indent
        .chars()
        .fold(0usize, |at, c| if c == '\t' { (at / 8).saturating_add(1) * 8 } else { at.saturating_add(1) })
}

/// Whether a text has a word that is not a part of a longer one.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

fn lines(characters: &[char]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0usize;
    let mut state = State::default();
    for line in characters.split(|c| *c == '\n') {
        let continues = state.is_open();
        let indent: String = if continues {
            String::new()
        } else {
            line.iter().take_while(|c| matches!(c, ' ' | '\t')).collect()
        };
        let skip = indent.chars().count();
        let (code, comment) = state.read(line.get(skip..).unwrap_or_default());
        lines.push(Line { start, indent, code: code.trim_end().to_owned(), comment, continues });
        start = start.saturating_add(line.len()).saturating_add(1);
    }
    lines
}

/// What is open at the end of a line.
#[derive(Default)]
struct State {
    /// The quote of a text over several lines.
    text: Option<char>,
    brackets: usize,
    backslash: bool,
}

impl State {
    fn is_open(&self) -> bool {
        self.text.is_some() || self.brackets > 0 || self.backslash
    }

    /// Reads a line: its code and its comment.
    fn read(&mut self, line: &[char]) -> (String, String) {
        self.backslash = false;
        let mut code = String::new();
        let at = |i: usize| line.get(i).copied();
        // The quote of a text within this line.
        let mut short: Option<char> = None;
        let mut i = 0;
        while let Some(c) = at(i) {
            let triple = at(i + 1) == Some(c) && at(i + 2) == Some(c);
            let mut taken = 1;
            match (self.text, short) {
                (Some(_), _) | (_, Some(_)) if c == '\\' => taken = 2,
                (Some(quote), _) if c == quote && triple => (self.text, taken) = (None, 3),
                (Some(_), _) => {}
                (None, Some(quote)) if c == quote => short = None,
                (None, Some(_)) => {}
                (None, None) => match c {
                    '#' => return (code, line.get(i..).unwrap_or_default().iter().collect()),
                    '"' | '\'' if triple => (self.text, taken) = (Some(c), 3),
                    '"' | '\'' => short = Some(c),
                    '(' | '[' | '{' => self.brackets = self.brackets.saturating_add(1),
                    ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
                    '\\' if line.len() == i + 1 => self.backslash = true,
                    _ => {}
                },
            }
            code.extend(line.iter().skip(i).take(taken));
            i += taken;
        }
        (code, String::new())
    }
}
