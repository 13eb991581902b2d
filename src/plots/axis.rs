//! Axes live here: where ticks stand and what is written at them. Nothing is drawn.

/// The largest number of places after the point.
const MAX_PLACES: usize = 9;

/// An axis from its lowest to its highest value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Where a value stands, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        if span > 0.0 { ((value - self.low) / span).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// An axis of numbers that holds all given, spans at least `least`, and stays between `floor` and `ceiling`.
    pub(super) fn of_numbers(values: &[f64], least: f64, floor: f64, ceiling: f64) -> Self {
        let finite = || values.iter().copied().filter(|v| v.is_finite());
        let (mut low, mut high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let least = least.max(high.abs() * 1e-3);
        if high - low < least {
            let middle = low + (high - low) / 2.0;
            (low, high) = (middle - least / 2.0, middle + least / 2.0);
        }
        // No line lies on an end, unless it is at the floor or the ceiling.
        let air = (high - low) * 0.02;
        (low, high) = ((low - air).max(floor), (high + air).min(ceiling));
        if high - low < least {
            // One end was in the way; there is room at the other.
            if low <= floor { high = (low + least).min(ceiling) } else { low = (high - least).max(floor) }
        }
        let step = round_step((high - low) / 8.0);
        // A tick that all but touches an end is taken for one there.
        let (first, last) = ((low / step + 1e-6).floor(), (high / step - 1e-6).ceil());
        let (low, high) = ((first * step).max(floor), (last * step).min(ceiling));
        let places = (-step.log10().floor()).clamp(0.0, MAX_PLACES as f64) as usize;
        let count = (last - first).clamp(0.0, 20.0) as u32;
        let ticks = (0..=count)
            .map(|i| (first + f64::from(i)) * step)
            .filter(|v| *v >= low - step * 1e-6 && *v <= high + step * 1e-6)
            .map(|v| (v, written(v, step, places)))
            .collect();
        Self { low, high, ticks }
    }

    /// An axis of epochs from the first to the last, with a tick at the first and at round numbers.
    pub(super) fn of_epochs(epochs: usize) -> Self {
        let last = epochs.max(1);
        let mut step = 1usize;
        let mut next = [2, 5, 10].into_iter().cycle();
        let mut decade = 1usize;
        while last / step > 12 {
            let factor = next.next().unwrap_or(10);
            step = decade.saturating_mul(factor);
            if factor == 10 {
                decade = step;
            }
        }
        let round = (1..=last / step).map(|i| i.saturating_mul(step));
        let round = round.filter(|tick| *tick != 1);
        let ticks = std::iter::once(1).chain(round).map(|tick| (tick as f64, tick.to_string())).collect();
        Self { low: 1.0, high: last as f64, ticks }
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not smaller.
fn round_step(least: f64) -> f64 {
    if !(least > 0.0 && least.is_finite()) {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

fn written(value: f64, step: f64, places: usize) -> String {
    if value.abs() >= 1e6 {
        let digits = (value.abs().log10().floor() - step.log10().floor()).clamp(0.0, 5.0) as usize;
        return format!("{value:.digits$e}");
    }
    let text = format!("{value:.places$}");
    let zero = text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.'));
    if zero { "0".to_owned() } else { text }
}
