//! Lines by epoch live here: axes, lines, their marks, and their names at their ends, moved apart where they would
//! overlap. What is drawn comes from `epochs`.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Font, GREY, INK, PALE, Stroke, WHITE, picture};
use super::text::{cut, widest, width};

/// The width of the field of lines; names stand to its right.
const FIELD: f64 = 620.0;
/// Its width where there is one epoch, and no line.
const FIELD_OF_ONE: f64 = 220.0;
/// Its least height.
const HEIGHT: f64 = 380.0;
/// The least room for the numbers at its left.
const LEFT: f64 = 66.0;
const TOP: f64 = 100.0;
const BOTTOM: f64 = 62.0;
const RIGHT: f64 = 24.0;
/// Between the ends of the field and the first and last epoch.
const INSET: f64 = 16.0;
/// Between the field and the names.
const GAP: f64 = 26.0;
/// The height of a name.
const NAME: f64 = 17.0;
/// The size of names.
const SIZE: f64 = 13.0;
/// More epochs than these have no marks.
const MARKED: usize = 40;
/// Lines of more epochs than these are finer.
const FINE: usize = 100;
/// The most points of a line; of more epochs, the lowest and highest of every few are kept.
const MOST_POINTS: usize = 1200;

/// Colours from dark to light, so that they differ in grey as well, and all dark enough to read words in.
const COLORS: [RGBColor; 6] = [
    RGBColor(13, 59, 102),
    RGBColor(193, 73, 20),
    RGBColor(30, 127, 108),
    RGBColor(125, 49, 133),
    RGBColor(92, 92, 28),
    RGBColor(70, 70, 76),
];
/// Dashes and gaps.
const DASHES: [Option<(f64, f64)>; 4] = [None, Some((9.0, 4.0)), Some((2.5, 2.5)), Some((18.0, 5.0))];

/// A line.
pub(super) struct Line {
    /// The model's place: it gives colour, dashes and the form of marks.
    pub(super) model: usize,
    pub(super) name: String,
    /// What stands after the name: the set, the last value.
    pub(super) ending: String,
    /// Whether it is drawn heavily.
    pub(super) heavy: bool,
    /// Values of the epochs in order, as far as there are any.
    pub(super) values: Vec<Option<f64>>,
}

/// What a chart says around its lines.
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) about: &'a str,
    /// What the vertical axis has.
    pub(super) unit: &'a str,
    pub(super) vertical: Axis,
    pub(super) epochs: usize,
}

impl Chart<'_> {
    /// Draws the chart.
    pub(super) fn draw(&self, lines: &[Line]) -> String {
        let names: Vec<(String, String)> =
            lines.iter().map(|line| (cut(&line.name, SIZE, 200.0), format!(" {}", line.ending))).collect();
        // Bold words are wider.
        let longest = names
            .iter()
            .map(|(name, ending)| (width(name, SIZE) + width(ending, SIZE)) * 1.1)
            .fold(60.0, f64::max);
        let ticks: Vec<&str> = self.vertical.ticks.iter().map(|(_, words)| words.as_str()).collect();
        let left = LEFT.max(24.0 + widest(&ticks, 12.0) + 10.0);
        let field = Field {
            left,
            right: left + if self.epochs > 1 { FIELD } else { FIELD_OF_ONE },
            height: HEIGHT.max(lines.len() as f64 * NAME),
            horizontal: Axis::of_epochs(self.epochs),
            vertical: &self.vertical,
        };
        let least = width(self.about, 12.0).min(720.0) + 48.0;
        let page = ((field.right + GAP + longest + RIGHT).max(least).ceil(), TOP + field.height + BOTTOM);
        picture(page.0, page.1, self.title, |canvas| {
            canvas.words(self.title, (24.0, 34.0), Font::new(19.0).bold());
            let about = cut(self.about, 12.0, page.0 - 48.0);
            canvas.words(&about, (24.0, 55.0), Font::new(12.0).color(GREY));
            field.axes(canvas, self.unit);
            // The heavy lines lie over the others.
            for heavy in [false, true] {
                for line in lines.iter().filter(|line| line.heavy == heavy) {
                    field.line(canvas, line, self.epochs);
                }
            }
            let ends: Vec<(f64, f64)> = lines.iter().map(|line| field.end(line)).collect();
            let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
            let places = apart(&wanted, TOP + NAME / 2.0, TOP + field.height - NAME / 2.0);
            for (((line, (name, ending)), (x, y)), at) in lines.iter().zip(&names).zip(ends).zip(places) {
                let color = color(line.model);
                let bend = field.right + GAP;
                let way = [(x + 7.0, y), (field.right + 2.0, y), (bend - 6.0, at), (bend - 3.0, at)];
                canvas.line(&way, Stroke { width: 0.8, color, dash: None });
                let font = Font::new(SIZE).color(color);
                let font = if line.heavy { font.bold() } else { font };
                canvas.words(&format!("{name}{ending}"), (bend, at + SIZE * 0.36), font);
            }
        })
    }
}

fn color(model: usize) -> RGBColor {
    COLORS.get(model % COLORS.len()).copied().unwrap_or(INK)
}

/// The field of lines.
struct Field<'a> {
    left: f64,
    right: f64,
    height: f64,
    horizontal: Axis,
    vertical: &'a Axis,
}

impl Field<'_> {
    fn x(&self, epoch: f64) -> f64 {
        self.left + INSET + self.horizontal.share(epoch) * (self.right - self.left - 2.0 * INSET)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (1.0 - self.vertical.share(value)) * self.height
    }

    fn axes(&self, canvas: &mut Canvas<'_>, unit: &str) {
        let (left, right, bottom) = (self.left, self.right, TOP + self.height);
        let thin = |color| Stroke { width: 1.0, color, dash: None };
        canvas.words(unit, (24.0, TOP - 17.0), Font::new(12.0).color(GREY));
        for (value, words) in &self.vertical.ticks {
            let y = self.y(*value);
            canvas.line(&[(left, y), (right, y)], thin(PALE));
            canvas.words(words, (left - 9.0, y + 4.3), Font::new(12.0).anchor(Anchor::End));
        }
        canvas.line(&[(left, bottom), (right, bottom)], thin(INK));
        let mut free = f64::NEG_INFINITY;
        for (epoch, words) in &self.horizontal.ticks {
            let x = self.x(*epoch);
            let half = width(words, 12.0) / 2.0 + 4.0;
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], thin(INK));
            // Beside the first, the next may have no room for its number.
            if x - half >= free {
                canvas.words(words, (x, bottom + 19.0), Font::new(12.0).anchor(Anchor::Middle));
                free = x + half;
            }
        }
        let middle = ((left + right) / 2.0, bottom + 42.0);
        canvas.words("epoch", middle, Font::new(12.0).color(GREY).anchor(Anchor::Middle));
    }

    /// Where the name of a line points to: its last value, or the lower right corner where it has none.
    fn end(&self, line: &Line) -> (f64, f64) {
        let last = line.values.iter().enumerate().rev().find_map(|(at, value)| Some((at, (*value)?)));
        last.map_or((self.right, TOP + self.height), |(at, value)| (self.x(at as f64 + 1.0), self.y(value)))
    }

    fn line(&self, canvas: &mut Canvas<'_>, line: &Line, epochs: usize) {
        let color = color(line.model);
        let dash = DASHES.get(line.model % DASHES.len()).copied().flatten();
        let width = if line.heavy { 2.6 } else { 1.3 } * if epochs > FINE { 0.7 } else { 1.0 };
        let stroke = Stroke { width, color, dash };
        // A value that is missing breaks the line.
        for run in line.values.iter().enumerate().collect::<Vec<_>>().split(|(_, value)| value.is_none()) {
            let points: Vec<(usize, f64)> =
                run.iter().filter_map(|(at, value)| Some((*at, (**value)?))).collect();
            let points: Vec<(f64, f64)> = thinned(&points)
                .into_iter()
                .map(|(at, value)| (self.x(at as f64 + 1.0), self.y(value)))
                .collect();
            if points.len() > 1 {
                canvas.line(&points, stroke);
            }
            if epochs <= MARKED || points.len() == 1 {
                for point in &points {
                    mark(canvas, *point, line);
                }
            }
        }
    }
}

/// A mark: its form is the model's; it is hollow on a light line.
fn mark(canvas: &mut Canvas<'_>, (x, y): (f64, f64), line: &Line) {
    let color = color(line.model);
    let mut draw = |r: f64, color: RGBColor| {
        let corners: Vec<(f64, f64)> = match line.model % 4 {
            0 => {
                let turn = |i: u32| std::f64::consts::TAU * f64::from(i) / 24.0;
                (0..24).map(|i| (x + r * turn(i).cos(), y + r * turn(i).sin())).collect()
            }
            1 => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
                .map(|(a, b)| (x + r * a, y + r * b))
                .to_vec(),
            2 => [(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]
                .map(|(a, b)| (x + r * a, y + r * b))
                .to_vec(),
            _ => [(0.0, -1.3), (1.2, 0.8), (-1.2, 0.8)].map(|(a, b)| (x + r * a, y + r * b)).to_vec(),
        };
        canvas.polygon(&corners, color);
    };
    draw(if line.heavy { 4.2 } else { 3.8 }, color);
    if !line.heavy {
        draw(2.3, WHITE);
    }
}

/// Of very many points, the lowest and the highest of every few, and the ends: a peak stays a peak.
fn thinned(points: &[(usize, f64)]) -> Vec<(usize, f64)> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let some = points.len().div_ceil(MOST_POINTS / 2);
    let mut kept: Vec<(usize, f64)> = points.first().copied().into_iter().collect();
    for group in points.chunks(some) {
        let low = group.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
        let high = group.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        kept.extend(low);
        kept.extend(high);
    }
    kept.extend(points.last());
    kept.sort_by_key(|(at, _)| *at);
    kept.dedup_by_key(|(at, _)| *at);
    kept
}

/// Places for names that want to stand at given heights: in the same order, [`NAME`] apart, between the ends if there is
/// room, and as near as one pass down and one up bring them.
fn apart(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let want = |i: usize| wanted.get(i).copied().unwrap_or(top);
    order.sort_by(|a, b| want(*a).total_cmp(&want(*b)));
    // Names that touch form a block, which stands where the mean of its names' wishes is.
    let mut blocks: Vec<(f64, Vec<usize>)> = Vec::new();
    for i in order {
        let mut block = (want(i), vec![i]);
        while let Some((middle, above)) = blocks.pop() {
            let half = |names: &Vec<usize>| names.len() as f64 * NAME / 2.0;
            if within(middle, half(&above), top, bottom) + half(&above)
                <= within(block.0, half(&block.1), top, bottom) - half(&block.1) + 1e-9
            {
                blocks.push((middle, above));
                break;
            }
            let names: Vec<usize> = above.into_iter().chain(block.1).collect();
            block = (names.iter().map(|i| want(*i)).sum::<f64>() / names.len() as f64, names);
        }
        blocks.push(block);
    }
    let mut places = vec![top; wanted.len()];
    for (middle, names) in blocks {
        let half = names.len() as f64 * NAME / 2.0;
        let middle = within(middle, half, top, bottom);
        for (at, i) in names.into_iter().enumerate() {
            if let Some(place) = places.get_mut(i) {
                *place = middle - half + (at as f64 + 0.5) * NAME;
            }
        }
    }
    places
}

/// The middle of a block that stays between the ends; `top` and `bottom` are those of the middles of names.
fn within(middle: f64, half: f64, top: f64, bottom: f64) -> f64 {
    let (low, high) = (top + half - NAME / 2.0, bottom - half + NAME / 2.0);
    if low > high { low } else { middle.clamp(low, high) }
}
