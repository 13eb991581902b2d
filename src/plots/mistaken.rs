//! A page of misclassified images lives here: the first of the test set, each with its class and what it was taken for.
//! Who predicted is not known.

use super::canvas::{Anchor, Font, GREY, PALE, Stroke, picture};
use super::png::{base64, png};
use super::text::cut;
use crate::dataset::Split;

/// Images in a row of the page.
pub const COLUMNS: usize = 8;
/// Rows of the page.
pub const ROWS: usize = 5;
/// The largest side of an image that is drawn, in pixels.
const MAX_SIDE: usize = 64;
/// A pixel of an image is a square of so many in the picture.
const TIMES: usize = 6;

/// The side of an image on the page.
const SIDE: f64 = 84.0;
const PITCH: (f64, f64) = (122.0, 150.0);
const LEFT: f64 = 24.0;
const TOP: f64 = 82.0;

/// A page of the first [`COLUMNS`] · [`ROWS`] images whose prediction is not their label, in the order of the set, dark on
/// white: beneath each the name of its class, and after an arrow of the class it was taken for; above, its place in the
/// set, counted from 0. The predictions are of the first images in order; classes without a name have their number.
#[must_use]
pub fn mistaken(images: &Split, predictions: &[u8], model: &str, class_names: &[&str]) -> String {
    let predicted = predictions.len().min(images.labels.len()).min(images.images);
    let wrong = || {
        let pairs = images.labels.iter().zip(predictions).take(predicted);
        pairs.enumerate().filter(|(_, (label, prediction))| label != prediction)
    };
    let count = wrong().count();
    let shown = count.min(COLUMNS.saturating_mul(ROWS));
    let rows = shown.div_ceil(COLUMNS).max(1);
    let title = format!("Test images that {model} mistakes");
    let which = match count {
        0 => String::new(),
        _ if shown == count => format!("all {count} misclassified of {predicted} test images: "),
        _ => format!("the first {shown} of {count} misclassified among {predicted} test images: "),
    };
    let told = match count {
        0 => format!("none of {predicted} test images is misclassified"),
        _ => which + "above its place in the set, beneath true class → predicted class",
    };
    let page = (2.0 * LEFT + PITCH.0 * COLUMNS as f64, TOP + PITCH.1 * rows as f64 + 8.0);
    picture(page.0, page.1, &title, |canvas| {
        let room = page.0 - 2.0 * LEFT;
        canvas.words(&cut(&title, 19.0, room / 1.1), (LEFT, 34.0), Font::new(19.0).bold());
        canvas.words(&told, (LEFT, 55.0), Font::new(12.0).color(GREY));
        for (place, (at, (label, prediction))) in wrong().take(shown).enumerate() {
            let (column, row) = (place % COLUMNS, place / COLUMNS);
            let middle = LEFT + (column as f64 + 0.5) * PITCH.0;
            let (left, top) = (middle - SIDE / 2.0, TOP + row as f64 * PITCH.1 + 14.0);
            canvas.words(&at.to_string(), (left, top - 4.0), Font::new(10.0).color(GREY));
            let frame = Stroke { width: 0.8, color: PALE, dash: None };
            canvas.frame((left - 0.5, top - 0.5), (left + SIDE + 0.5, top + SIDE + 0.5), frame);
            if let Some(image) = image(images, at) {
                let longer = images.rows.max(images.columns).max(1) as f64;
                let size = (SIDE * images.columns as f64 / longer, SIDE * images.rows as f64 / longer);
                let corner = (middle - size.0 / 2.0, top + (SIDE - size.1) / 2.0);
                canvas.image(corner, size, &image);
            }
            let room = PITCH.0 - 6.0;
            let font = Font::new(12.0).anchor(Anchor::Middle);
            canvas.words(&cut(&name(*label, class_names), 12.0, room), (middle, top + SIDE + 15.0), font);
            let taken = cut(&format!("→ {}", name(*prediction, class_names)), 12.0, room / 1.1);
            canvas.words(&taken, (middle, top + SIDE + 30.0), font.bold());
        }
    })
}

fn name(class: u8, names: &[&str]) -> String {
    names.get(usize::from(class)).map_or_else(|| class.to_string(), |name| (*name).to_owned())
}

/// An image as PNG in base 64, dark on white as things on paper are; none where the set does not hold it, or it is large.
fn image(images: &Split, at: usize) -> Option<String> {
    let (rows, columns) = (images.rows, images.columns);
    if rows > MAX_SIDE || columns > MAX_SIDE {
        return None;
    }
    let length = rows.checked_mul(columns)?;
    let from = at.checked_mul(length)?;
    let pixels: Vec<u8> =
        images.pixels.get(from..from.checked_add(length)?)?.iter().map(|grey| u8::MAX - grey).collect();
    Some(base64(&png(&pixels, rows, columns, TIMES)?))
}
