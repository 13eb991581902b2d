//! Confusion matrices live here: numbers in cells, shaded by their share of a row. The numbers come from the record.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Font, GREY, INK, PALE, Stroke, WHITE, picture};
use super::text::{broken, cut, widest, width};
use super::{about, percent};
use crate::record::Record;

/// The most rows of the picture; where there are more classes, the last row and column hold all others together.
pub const MAX_CLASSES: usize = 40;

/// The darkest shade; words on it are white.
const DARK: (f64, f64, f64) = (13.0, 59.0, 102.0);
const SIZE: f64 = 13.0;
const CELL_HEIGHT: f64 = 44.0;
/// The widest that a class's name may be over its column; longer ones run upwards.
const OVER_COLUMN: f64 = 84.0;
/// The baseline of the words over the columns' names.
const CAPTION: f64 = 100.0;
/// The room for names at the left, and for those that run upwards.
const NAMES: f64 = 170.0;

/// The confusion matrix of a model: a row for each class that images are of, a column for each that they were taken for,
/// counts in the cells, and at the right how many percent of a row are right. Classes without a name have their number.
/// `None` where the record has no such model.
#[must_use]
pub fn confusion(record: &Record, model: &str, class_names: &[&str]) -> Option<String> {
    let trained = record.model(model)?;
    let all = trained.confusion.len();
    let matrix = folded(&trained.confusion);
    let classes = matrix.len();
    let names: Vec<String> = (0..classes)
        .map(|class| match class_names.get(class) {
            _ if all > classes && class.saturating_add(1) == classes => "all others".to_owned(),
            Some(name) => cut(name, SIZE, NAMES),
            None => class.to_string(),
        })
        .collect();
    let lines: Vec<Vec<String>> = names.iter().map(|name| broken(name, SIZE)).collect();
    let over = lines.iter().map(|lines| widest(lines, SIZE)).fold(0.0, f64::max);
    let upwards = over > OVER_COLUMN;
    let numbers: Vec<String> = matrix.iter().flatten().map(u64::to_string).collect();
    let cell = (if upwards { 0.0 } else { over }).max(widest(&numbers, SIZE)).max(CELL_HEIGHT) + 8.0;
    let left = 24.0 + 22.0 + widest(&names, SIZE) + 10.0;
    let head = if upwards { widest(&names, SIZE) } else { 2.0 * SIZE + 4.0 };
    let top = CAPTION + 9.0 + head + 8.0;
    let side = (cell * classes as f64, CELL_HEIGHT * classes as f64);
    let title = format!("Confusion matrix of {model}");
    let right = match trained.last() {
        Some(last) => match percent(last.test, record.images.test) {
            Some(share) => {
                format!("{} of {} test images are right, {share:.2} %", last.test, record.images.test)
            }
            None => String::new(),
        },
        None => String::new(),
    };
    let about = about(record);
    let least = width(&right, 12.0).max(width(&about, 12.0)).min(720.0) + 48.0;
    let page = ((left + side.0 + 92.0).max(least).ceil(), (top + side.1 + 28.0).ceil());
    Some(picture(page.0, page.1, &title, |canvas| {
        let room = page.0 - 48.0;
        canvas.words(&cut(&title, 19.0, room / 1.1), (24.0, 34.0), Font::new(19.0).bold());
        canvas.words(&cut(&right, 12.0, room), (24.0, 54.0), Font::new(12.0));
        canvas.words(&cut(&about, 12.0, room), (24.0, 71.0), Font::new(12.0).color(GREY));
        let centred = Font::new(SIZE).anchor(Anchor::Middle);
        canvas.words("predicted class", (left + side.0 / 2.0, CAPTION), centred.color(GREY));
        canvas.words("true class", (24.0 + 11.0, top + side.1 / 2.0), centred.color(GREY).upwards());
        let ending = Font::new(SIZE).anchor(Anchor::End);
        canvas.words("right", (left + side.0 + 66.0, top - 8.0), ending.color(GREY));
        for (class, (name, lines)) in names.iter().zip(&lines).enumerate() {
            let middle = left + (class as f64 + 0.5) * cell;
            if upwards {
                canvas.words(name, (middle + SIZE * 0.36, top - 8.0), Font::new(SIZE).upwards());
            } else {
                for (line, words) in lines.iter().rev().enumerate() {
                    canvas.words(words, (middle, top - 8.0 - line as f64 * (SIZE + 2.0)), centred);
                }
            }
        }
        for (class, row) in matrix.iter().enumerate() {
            let y = top + class as f64 * CELL_HEIGHT;
            let baseline = y + CELL_HEIGHT / 2.0 + SIZE * 0.36;
            let sum = row.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
            if let Some(name) = names.get(class) {
                canvas.words(name, (left - 10.0, baseline), ending);
            }
            for (prediction, count) in row.iter().enumerate() {
                let x = left + prediction as f64 * cell;
                let share = percent(*count, sum).unwrap_or(0.0) / 100.0;
                canvas.rectangle((x, y), (x + cell, y + CELL_HEIGHT), shade(share));
                let color = match *count {
                    _ if depth(share) > 0.5 => WHITE,
                    0 => RGBColor(150, 150, 154),
                    _ => INK,
                };
                let font = centred.color(color);
                let font = if class == prediction { font.bold() } else { font };
                canvas.words(&count.to_string(), (x + cell / 2.0, baseline), font);
            }
            let diagonal = row.get(class).copied().unwrap_or(0);
            if let Some(share) = percent(diagonal, sum) {
                canvas.words(&format!("{share:.1} %"), (left + side.0 + 66.0, baseline), ending);
            }
        }
        let thin = Stroke { width: 0.8, color: PALE, dash: None };
        for line in 0..=classes {
            let (x, y) = (left + line as f64 * cell, top + line as f64 * CELL_HEIGHT);
            canvas.line(&[(x, top), (x, top + side.1)], thin);
            canvas.line(&[(left, y), (left + side.0, y)], thin);
        }
        let outline = Stroke { width: 1.0, color: GREY, dash: None };
        canvas.frame((left, top), (left + side.0, top + side.1), outline);
    }))
}

/// The matrix, with all classes that there is no room for as one.
fn folded(matrix: &[Vec<u64>]) -> Vec<Vec<u64>> {
    if matrix.len() <= MAX_CLASSES {
        return matrix.to_vec();
    }
    let place = |class: usize| class.min(MAX_CLASSES.saturating_sub(1));
    let mut small = vec![vec![0u64; MAX_CLASSES]; MAX_CLASSES];
    for (class, row) in matrix.iter().enumerate() {
        for (prediction, count) in row.iter().enumerate() {
            if let Some(n) = small.get_mut(place(class)).and_then(|row| row.get_mut(place(prediction))) {
                *n = n.saturating_add(*count);
            }
        }
    }
    small
}

/// How dark a share is, from 0 to 1. The root shows the few that are mistaken beside the many that are not.
fn depth(share: f64) -> f64 {
    share.clamp(0.0, 1.0).sqrt() * 0.92
}

fn shade(share: f64) -> RGBColor {
    let depth = depth(share);
    let mix = |dark: f64| (255.0 + (dark - 255.0) * depth).round() as u8;
    RGBColor(mix(DARK.0), mix(DARK.1), mix(DARK.2))
}
