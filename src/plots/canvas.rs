//! Marks on a page live here: lines, rectangles, words, images, drawn by plotters as SVG. What they mean is not known.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{DashedPathElement, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor};

use super::text::fit_for_xml;

/// Plotters draws at whole numbers; this many of them are a unit of the page.
const SUBUNITS: f64 = 8.0;
/// Plotters divides a font's size by this.
const FONT: f64 = 1.24;
/// How far below its anchor plotters puts the baseline of words that hang from it, in units of their size.
const ASCENT: f64 = 0.76;

pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const INK: RGBColor = RGBColor(28, 28, 30);
pub(super) const GREY: RGBColor = RGBColor(96, 96, 100);
pub(super) const PALE: RGBColor = RGBColor(222, 222, 226);

/// Where words stand relative to their place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How words look.
#[derive(Clone, Copy)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) color: RGBColor,
    pub(super) anchor: Anchor,
    /// Whether they run upwards.
    pub(super) upwards: bool,
}

impl Font {
    pub(super) const fn new(size: f64) -> Self {
        Self { size, bold: false, color: INK, anchor: Anchor::Start, upwards: false }
    }
    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    pub(super) const fn color(self, color: RGBColor) -> Self {
        Self { color, ..self }
    }
    pub(super) const fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
    pub(super) const fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }
}

/// How a line looks: width, and length of dashes and gaps.
#[derive(Clone, Copy)]
pub(super) struct Stroke {
    pub(super) width: f64,
    pub(super) color: RGBColor,
    pub(super) dash: Option<(f64, f64)>,
}

/// A page that is being drawn. Places are in units from the upper left corner.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    images: String,
}

/// Draws a page; the title is for who does not see it.
pub(super) fn picture(width: f64, height: f64, title: &str, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
    let size = (subunits(width).unsigned_abs(), subunits(height).unsigned_abs());
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    let mut canvas = Canvas { area, images: String::new() };
    canvas.rectangle((0.0, 0.0), (width, height), WHITE);
    draw(&mut canvas);
    let images = std::mem::take(&mut canvas.images);
    // Writing to a string does not fail.
    let _ = canvas.area.present();
    drop(canvas);
    let head = format!("<svg width=\"{}\" height=\"{}\"", size.0, size.1);
    let ours = format!(
        "<svg width=\"{width}\" height=\"{height}\" role=\"img\" stroke-linejoin=\"round\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\""
    );
    let svg = svg.replacen(&head, &ours, 1);
    let title = format!("\n<title>{}</title>\n", escaped(title));
    let svg = svg.replacen(">\n", &format!(">{title}"), 1);
    let body = svg.trim_end().strip_suffix("</svg>").map(str::to_owned).unwrap_or(svg);
    format!("{body}{images}</svg>\n")
}

fn escaped(words: &str) -> String {
    fit_for_xml(words).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn subunits(x: f64) -> i32 {
    // The cast stops at the ends of the type, and no number becomes zero.
    (x * SUBUNITS).round() as i32
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    (subunits(x), subunits(y))
}

impl Canvas<'_> {
    /// A line through points.
    pub(super) fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        let style = stroke.color.stroke_width(subunits(stroke.width).unsigned_abs());
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        let _ = match stroke.dash {
            None => self.area.draw(&PathElement::new(points, style)),
            Some((on, off)) => {
                self.area.draw(&DashedPathElement::new(points, subunits(on), subunits(off), style))
            }
        };
    }

    /// A rectangle between two corners, filled.
    pub(super) fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), color: RGBColor) {
        let _ = self.area.draw(&Rectangle::new([place(from), place(to)], color.filled()));
    }

    /// A frame between two corners.
    pub(super) fn frame(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.line(&[from, (to.0, from.1), to, (from.0, to.1), from], stroke);
    }

    /// A polygon, filled.
    pub(super) fn polygon(&mut self, corners: &[(f64, f64)], color: RGBColor) {
        let corners: Vec<(i32, i32)> = corners.iter().copied().map(place).collect();
        let _ = self.area.draw(&Polygon::new(corners, color.filled()));
    }

    /// Words, with their baseline at `at`.
    pub(super) fn words(&mut self, words: &str, at: (f64, f64), font: Font) {
        let style = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let desc = FontDesc::new(FontFamily::SansSerif, font.size * SUBUNITS * FONT, style);
        let hanging = font.size * ASCENT;
        let (desc, at) = if font.upwards {
            (desc.transform(FontTransform::Rotate270), (at.0 - hanging, at.1))
        } else {
            (desc, (at.0, at.1 - hanging))
        };
        let h_pos = match font.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = desc.color(&font.color);
        let style = style.pos(Pos::new(h_pos, VPos::Top));
        let _ = self.area.draw(&plotters::element::Text::new(fit_for_xml(words), place(at), style));
    }

    /// A PNG in a rectangle, given in base 64. It lies over all that is drawn by lines and words.
    pub(super) fn image(&mut self, at: (f64, f64), size: (f64, f64), base64: &str) {
        let ((x, y), (width, height)) = (place(at), place(size));
        self.images += &format!(
            "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             xlink:href=\"data:image/png;base64,{base64}\"/>\n"
        );
    }
}
