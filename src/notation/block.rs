//! Formulas over several lines of a terminal are laid out here: matrices with tall brackets, long chains broken at
//! their relations. What has no matrix in it is printed as a line of text.

use super::pad::{display_width, pad_left, pad_right};
use super::text::{function_name, line, lowered, product_sign, raised, relation_sign, sum_sign, text};
use super::{Math, Notation, grouped};

/// The width that [`text_block`] fits formulas into, in terminal columns.
pub const DEFAULT_WIDTH: usize = 80;

/// A formula over as many lines as its matrices need, at [`DEFAULT_WIDTH`].
#[must_use]
pub fn text_block(math: &Math) -> Vec<String> {
    text_block_within(math, DEFAULT_WIDTH)
}

/// A formula over several lines, fitted into `width` terminal columns by breaking its chain before relations, and a
/// sequence after commas. A single side that is wider is broken before + and −; a term that is wider stays whole.
#[must_use]
pub fn text_block_within(math: &Math, width: usize) -> Vec<String> {
    let node = grouped(math, Notation::Block);
    let mut lines = Vec::new();
    match &node {
        Math::Sequence(items) => sequence_lines(items, width, &mut lines),
        _ => chain_lines(&node, "", width, &mut lines),
    }
    lines
}

/// Text of some height; `base` is the row that stands level with the text beside it.
struct Block {
    rows: Vec<String>,
    base: usize,
}

impl Block {
    fn of(text: impl Into<String>) -> Self {
        Self { rows: vec![text.into()], base: 0 }
    }

    fn width(&self) -> usize {
        self.rows.iter().map(|row| display_width(row)).max().unwrap_or(0)
    }

    /// Side by side, base rows level.
    fn beside(self, right: Self) -> Self {
        let base = self.base.max(right.base);
        let below = |block: &Self| block.rows.len().saturating_sub(block.base);
        let height = base + below(&self).max(below(&right));
        let width = self.width();
        let row_of = |block: &Self, row: usize| {
            (row + block.base)
                .checked_sub(base)
                .and_then(|own| block.rows.get(own).cloned())
                .unwrap_or_default()
        };
        let rows =
            (0..height).map(|row| pad_right(&row_of(&self, row), width) + &row_of(&right, row)).collect();
        Self { rows, base }
    }

    fn then(self, text: &str) -> Self {
        self.beside(Self::of(text))
    }

    /// With `mark` at the upper right.
    fn with_top(self, mark: &str) -> Self {
        let column = Self { rows: vec![mark.to_owned()], base: self.base };
        self.beside(column)
    }

    /// With `mark` at the lower right.
    fn with_bottom(self, mark: &str) -> Self {
        let last = self.rows.len().saturating_sub(1);
        let mut rows = vec![String::new(); last];
        rows.push(mark.to_owned());
        let base = self.base;
        self.beside(Self { rows, base })
    }

    fn fenced(self, fence: &Fence) -> Self {
        let (height, base, width) = (self.rows.len(), self.base, self.width());
        let rows = self.rows.iter().enumerate().map(|(i, row)| {
            let (left, right) = match (height, i) {
                (1, _) => fence.single,
                (_, 0) => fence.top,
                (_, i) if i + 1 == height => fence.bottom,
                _ => fence.middle,
            };
            format!("{left}{}{right}", pad_right(row, width))
        });
        Self { rows: rows.collect(), base }
    }

    fn finish(self, lines: &mut Vec<String>) {
        lines.extend(self.rows.iter().map(|row| row.trim_end().to_owned()));
    }
}

/// The two characters around a row, by where the row stands.
struct Fence {
    single: (char, char),
    top: (char, char),
    middle: (char, char),
    bottom: (char, char),
}

const BRACKETS: Fence =
    Fence { single: ('[', ']'), top: ('⎡', '⎤'), middle: ('⎢', '⎥'), bottom: ('⎣', '⎦') };
const PARENTHESES: Fence =
    Fence { single: ('(', ')'), top: ('⎛', '⎞'), middle: ('⎜', '⎟'), bottom: ('⎝', '⎠') };
const BARS: Fence =
    Fence { single: ('|', '|'), top: ('│', '│'), middle: ('│', '│'), bottom: ('│', '│') };
const DOUBLE_BARS: Fence =
    Fence { single: ('‖', '‖'), top: ('‖', '‖'), middle: ('‖', '‖'), bottom: ('‖', '‖') };

fn sequence_lines(items: &[Math], width: usize, lines: &mut Vec<String>) {
    let mut current: Option<Block> = None;
    for (i, item) in items.iter().enumerate() {
        let comma = if i + 1 == items.len() { "" } else { "," };
        let next = block(item).then(comma);
        let fits = current.as_ref().is_some_and(|line| line.width() + 1 + next.width() <= width);
        current = match current.take() {
            Some(line) if fits => Some(line.then(" ").beside(next)),
            before => {
                if let Some(line) = before {
                    line.finish(lines);
                }
                if next.width() <= width {
                    Some(next)
                } else {
                    chain_lines(item, comma, width, lines);
                    None
                }
            }
        };
    }
    if let Some(line) = current {
        line.finish(lines);
    }
}

fn chain_lines(node: &Math, ending: &str, width: usize, lines: &mut Vec<String>) {
    let Math::Chain(first, links) = node else {
        side_lines("", block(node).then(ending), width, lines).finish(lines);
        return;
    };
    let mut current = side_lines("", block(first), width, lines);
    // Relations hang below the first one, if its left side leaves room for that.
    let indent = match current.width() + 1 {
        hanging if hanging <= width / 3 => hanging,
        _ => 4,
    };
    let mut alone = current.width() < indent;
    for (i, (relation, side)) in links.iter().enumerate() {
        let last = if i + 1 == links.len() { ending } else { "" };
        let relation = format!("{} ", relation_sign(*relation));
        let side = block(side).then(last);
        let piece = display_width(&relation) + side.width();
        let fits = current.width() + 1 + piece <= width;
        if !alone && !fits {
            current.finish(lines);
            current = Block::of(" ".repeat(indent.saturating_sub(1)));
        }
        current = match current.rows.as_slice() {
            [before] if !fits => side_lines(&format!("{before} {relation}"), side, width, lines),
            _ => current.then(" ").beside(Block::of(relation)).beside(side),
        };
        alone = false;
    }
    current.finish(lines);
}

/// One side of a chain behind what stands before it in its line. A line that is too wide is broken before + and −, what
/// follows hangs below the side; all but the last of its lines are finished here.
fn side_lines(before: &str, side: Block, width: usize, lines: &mut Vec<String>) -> Block {
    let [text] = side.rows.as_slice() else { return Block::of(before).beside(side) };
    let hang = match display_width(before) {
        0 => 2,
        hang if hang <= width / 2 => hang,
        _ => 4,
    };
    let mut lead = before.to_owned();
    let mut rest = text.as_str();
    let mut depth = 0;
    while display_width(&lead) + display_width(rest) > width {
        let room = width.saturating_sub(display_width(&lead));
        let Some((head, tail, deeper)) = broken(rest, room, depth) else { break };
        lines.push(format!("{lead}{head}"));
        lead = " ".repeat(hang);
        (rest, depth) = (tail, deeper);
    }
    Block::of(format!("{lead}{rest}"))
}

/// The text before and after the break that fits into `room`: the last among those within the fewest parentheses. With
/// how many are open before it, and then after it.
fn broken(text: &str, room: usize, depth: usize) -> Option<(&str, &str, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut open = depth;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => open += 1,
            ')' | ']' => open = open.saturating_sub(1),
            ' ' => {
                let sign =
                    text.get(at..).is_some_and(|rest| rest.starts_with(" + ") || rest.starts_with(" − "));
                let fits = text.get(..at).is_some_and(|head| display_width(head) <= room);
                if at > 0 && sign && fits && best.is_none_or(|(least, _)| open <= least) {
                    best = Some((open, at));
                }
            }
            _ => {}
        }
    }
    let (open, at) = best?;
    Some((text.get(..at)?, text.get(at + 1..)?, open))
}

fn block(node: &Math) -> Block {
    if !has_matrix(node) {
        return Block::of(line(node));
    }
    match node {
        Math::Matrix(rows) => matrix(rows),
        Math::Negative(operand) => Block::of("−").beside(block(operand)),
        Math::Sum(terms) => {
            let mut out = Block::of("");
            for (i, term) in terms.iter().enumerate() {
                out = match term {
                    _ if i == 0 => out.beside(block(term)),
                    Math::Negative(size) => out.then(" − ").beside(block(size)),
                    _ => out.then(" + ").beside(block(term)),
                };
            }
            out
        }
        Math::Product(factors) => joined(factors, product_sign(factors)),
        Math::Fraction(numerator, denominator) => block(numerator).then("/").beside(block(denominator)),
        Math::Power(base, exponent) if has_matrix(base) => block(base).with_top(&raised(exponent)),
        Math::Sub(base, index) if has_matrix(base) => block(base).with_bottom(&lowered(index)),
        Math::Transpose(operand) => block(operand).with_top("ᵀ"),
        Math::Apply(name, arguments) => {
            let fence = if name == "E" { &BRACKETS } else { &PARENTHESES };
            Block::of(function_name(name)).beside(joined(arguments, ", ").fenced(fence))
        }
        Math::Norm(operand) => block(operand).fenced(&DOUBLE_BARS),
        Math::Abs(operand) => block(operand).fenced(&BARS),
        Math::BigSum { index, from, to, body } => {
            Block::of(sum_sign(index, from.as_deref(), to.as_deref())).then(" ").beside(block(body))
        }
        Math::List(entries) => joined(entries, ", ").fenced(&PARENTHESES),
        Math::Sequence(items) => joined(items, ", "),
        Math::Group(inner) => block(inner).fenced(&PARENTHESES),
        Math::Chain(first, links) => links.iter().fold(block(first), |out, (relation, side)| {
            out.then(&format!(" {} ", relation_sign(*relation))).beside(block(side))
        }),
        _ => Block::of(text(node)),
    }
}

fn joined(items: &[Math], separator: &str) -> Block {
    let mut out = Block::of("");
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out = out.then(separator);
        }
        out = out.beside(block(item));
    }
    out
}

fn matrix(rows: &[Vec<Math>]) -> Block {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut drawn = vec![String::new(); rows.len()];
    for column in 0..columns {
        let cells: Vec<String> =
            rows.iter().map(|row| row.get(column).map(text).unwrap_or_default()).collect();
        for (out, cell) in drawn.iter_mut().zip(aligned(&cells)) {
            if column > 0 {
                out.push_str("  ");
            }
            out.push_str(&cell);
        }
    }
    let base = drawn.len().saturating_sub(1) / 2;
    if drawn.is_empty() { Block::of("[]") } else { Block { rows: drawn, base }.fenced(&BRACKETS) }
}

/// Cells of a column at one width: to the right, and numbers with their decimal points below each other.
fn aligned(cells: &[String]) -> Vec<String> {
    let numeric = |cell: &String| cell.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '−');
    let whole = |cell: &str| cell.find('.').and_then(|point| cell.get(..point)).unwrap_or(cell).to_owned();
    let mut padded: Vec<String> = cells.to_vec();
    if cells.iter().all(numeric) {
        let fraction_width = |cell: &String| display_width(cell).saturating_sub(display_width(&whole(cell)));
        let most = cells.iter().map(fraction_width).max().unwrap_or(0);
        padded = cells
            .iter()
            .map(|cell| format!("{cell}{}", " ".repeat(most.saturating_sub(fraction_width(cell)))))
            .collect();
    }
    let width = padded.iter().map(|cell| display_width(cell)).max().unwrap_or(0);
    padded.iter().map(|cell| pad_left(cell, width)).collect()
}

fn has_matrix(node: &Math) -> bool {
    match node {
        Math::Matrix(_) => true,
        Math::Number(_) | Math::Decimal(_) | Math::Symbol(_) | Math::Words(_) => false,
        Math::Sum(items)
        | Math::Product(items)
        | Math::Apply(_, items)
        | Math::List(items)
        | Math::Sequence(items) => items.iter().any(has_matrix),
        Math::Fraction(a, b) | Math::Power(a, b) | Math::Sub(a, b) | Math::Partial(a, b) => {
            has_matrix(a) || has_matrix(b)
        }
        Math::Negative(a)
        | Math::Root(a)
        | Math::Transpose(a)
        | Math::Norm(a)
        | Math::Abs(a)
        | Math::Indicator(a)
        | Math::Group(a) => has_matrix(a),
        Math::BigSum { body, .. } => has_matrix(body),
        Math::Chain(first, links) => has_matrix(first) || links.iter().any(|link| has_matrix(&link.1)),
    }
}
