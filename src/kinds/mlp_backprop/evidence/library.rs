//! What floats of an unrelated library say about a network question: a plain pass forward and back, and forward again
//! after the step. No answer is seen here, and no solver used.

use super::super::given::{Given, Layer};
use crate::evidence::library::{Float, Library, SOURCE};
use crate::num::{Rational, Undecided};
use crate::report::Evidence;

/// Up to this many parameters the library is asked: a pass takes a handful of its operations for each.
const MAX_PARAMETERS: usize = 20_000;

pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    if given.parameters() > MAX_PARAMETERS {
        return Vec::new();
    }
    let library = Library::for_digits(given.digits);
    Pass::of(given, library)
        .and_then(|pass| pass.evidence())
        .unwrap_or_else(|why| vec![Evidence::nothing("p", SOURCE, why.reason)])
}

/// A layer's parameters.
struct Parameters {
    weights: Vec<Vec<Float>>,
    bias: Vec<Float>,
}

/// A pass forward.
struct Pass<'a> {
    given: &'a Given,
    library: Library,
    layers: Vec<Parameters>,
    /// What goes into each layer.
    into: Vec<Vec<Float>>,
    /// What goes into each activation; the last are the logits.
    pre: Vec<Vec<Float>>,
}

impl<'a> Pass<'a> {
    fn of(given: &'a Given, library: Library) -> Result<Self, Undecided> {
        let layer = |l: &Layer| {
            let weights = l.weights.iter().map(|row| library.numbers(row)).collect::<Result<_, _>>()?;
            Ok::<_, Undecided>(Parameters { weights, bias: library.numbers(&l.bias)? })
        };
        let layers = given.layers.iter().map(layer).collect::<Result<_, _>>()?;
        Self::through(given, library, layers)
    }

    fn through(given: &'a Given, library: Library, layers: Vec<Parameters>) -> Result<Self, Undecided> {
        let (mut into, mut pre) = (Vec::new(), Vec::new());
        let mut signal = library.numbers(&given.input)?;
        for (parameters, layer) in layers.iter().zip(&given.layers) {
            let unit = |(row, b): (&Vec<Float>, &Float)| library.dot(row.iter().zip(&signal), b);
            let z: Vec<Float> =
                parameters.weights.iter().zip(&parameters.bias).map(unit).collect::<Result<_, _>>()?;
            let out = if layer.relu { z.iter().map(|z| library.ramp(z)).collect() } else { z.clone() };
            into.push(std::mem::replace(&mut signal, out));
            pre.push(z);
        }
        Ok(Self { given, library, layers, into, pre })
    }

    fn logits(&self) -> &[Float] {
        self.pre.last().map_or(&[], Vec::as_slice)
    }

    /// ∂J/∂h of what goes into a layer: Wᵀ·∂J/∂z.
    fn below(&self, at: usize, slopes: &[Float]) -> Result<Vec<Float>, Undecided> {
        let weights = self.layers.get(at).map_or(&[][..], |l| &l.weights);
        let width = self.into.get(at).map_or(0, Vec::len);
        let column = |j: usize| {
            let column = weights.iter().filter_map(|row| row.get(j));
            self.library.dot(column.zip(slopes), &self.library.zero())
        };
        (0..width).map(column).collect()
    }

    /// Slopes through an activation, where it is on; `None` where a float does not tell whether it is.
    fn masked(&self, at: usize, slopes: &[Float]) -> Option<Vec<Float>> {
        let relu = self.given.layers.get(at).is_some_and(|l| l.relu);
        let off = |z: &Float| z.is_negative() || z.is_zero();
        let one = |(z, s): (&Float, &Float)| match (relu, z.is_positive(), off(z)) {
            (false, ..) | (_, true, _) => Some(s.clone()),
            (_, _, true) => Some(self.library.zero()),
            _ => None,
        };
        self.pre.get(at)?.iter().zip(slopes).map(one).collect()
    }

    fn evidence(&self) -> Result<Vec<Evidence>, Undecided> {
        let (library, class) = (self.library, self.given.classes.index);
        let last = self.layers.len().saturating_sub(1);
        let (p, loss) = library.softmax(self.logits(), class)?;
        let mut out = vec![
            library.evidence("theta", library.list(self.logits())),
            library.evidence("p", library.list(&p)),
            library.evidence("J", library.bounds(&loss)),
        ];
        for (at, z) in self.pre.iter().enumerate().take(last) {
            out.push(library.evidence(format!("layer.{}.z", at + 1), library.list(z)));
            if let Some(h) = self.into.get(at + 1) {
                out.push(library.evidence(format!("layer.{}.h", at + 1), library.list(h)));
            }
        }
        let mut slopes = library.slopes(&p, class)?;
        out.push(library.evidence("dJ-dtheta", library.list(&slopes)));
        let mut stepped = Vec::new();
        for at in (0..=last).rev() {
            let n = at + 1;
            let (Some(layer), Some(into)) = (self.layers.get(at), self.into.get(at)) else { break };
            if at < last {
                out.push(library.evidence(format!("layer.{n}.dJ-dz"), library.list(&slopes)));
            }
            let outer = |s: &Float| into.iter().map(|h| library.mul(s, h)).collect::<Result<Vec<_>, _>>();
            let gradient = slopes.iter().map(outer).collect::<Result<Vec<_>, _>>()?;
            let weights = layer.weights.iter().zip(&gradient).map(|(w, g)| self.moved(w, g));
            let next = Parameters {
                weights: weights.collect::<Result<_, _>>()?,
                bias: self.moved(&layer.bias, &slopes)?,
            };
            out.push(library.evidence(format!("layer.{n}.dJ-dW"), library.matrix(&gradient)));
            out.push(library.evidence(format!("layer.{n}.dJ-db"), library.list(&slopes)));
            out.push(library.evidence(format!("layer.{n}.W-next"), library.matrix(&next.weights)));
            out.push(library.evidence(format!("layer.{n}.b-next"), library.list(&next.bias)));
            stepped.push(next);
            let Some(under) = at.checked_sub(1) else { break };
            let below = self.below(at, &slopes)?;
            out.push(library.evidence(format!("layer.{}.dJ-dh", under + 1), library.list(&below)));
            match self.masked(under, &below) {
                Some(masked) => slopes = masked,
                // Near a kink a float cannot tell; what lies below is left to exact ways.
                None => return Ok(out),
            }
        }
        stepped.reverse();
        let (_, loss) = library.softmax(Self::through(self.given, library, stepped)?.logits(), class)?;
        out.push(library.evidence("J-next", library.bounds(&loss)));
        Ok(out)
    }

    /// w − t·g
    fn moved(&self, old: &[Float], gradient: &[Float]) -> Result<Vec<Float>, Undecided> {
        let t: Rational = self.given.step.clone();
        let t = self.library.number(&t)?;
        let one = |(w, g)| self.library.sub(w, &self.library.mul(&t, g)?);
        old.iter().zip(gradient).map(one).collect()
    }
}
