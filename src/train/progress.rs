//! The bar of a run that a person watches: loss, images a second, time left. It computes nothing that a run needs.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use tch::{TchError, Tensor};

/// How often the loss is looked at.
const EVERY: Duration = Duration::from_millis(150);

/// A bar on standard error, or none.
pub(super) struct Progress {
    bar: Option<Bar>,
}

struct Bar {
    bar: ProgressBar,
    looked: Instant,
    began: Instant,
    /// Images of the whole run, and how many are done.
    all: u64,
    done: u64,
    since: u64,
}

impl Progress {
    /// A bar over so many images that are trained on; none where nobody looks.
    pub(super) fn new(wanted: bool, color: bool, all: u64, done: u64) -> Self {
        let watched = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
        let bar = (wanted && watched).then(|| {
            let style = ProgressStyle::with_template(if color {
                "{prefix} {bar:24.cyan} {msg}"
            } else {
                "{prefix} {bar:24} {msg}"
            });
            let bar = ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Bar { bar, looked: Instant::now(), began: Instant::now(), all, done, since: 0 }
        });
        Self { bar }
    }

    /// An epoch begins.
    pub(super) fn epoch(&mut self, model: &str, epoch: usize, epochs: u64, images: u64) {
        if let Some(Bar { bar, .. }) = &mut self.bar {
            bar.reset();
            bar.set_length(images);
            bar.set_prefix(format!("{model} {epoch}/{epochs}"));
        }
    }

    /// A batch is done.
    pub(super) fn step(&mut self, images: u64, loss: &Tensor) -> Result<(), TchError> {
        let Some(this) = &mut self.bar else { return Ok(()) };
        this.done = this.done.saturating_add(images);
        this.since = this.since.saturating_add(images);
        this.bar.inc(images);
        if this.looked.elapsed() >= EVERY {
            this.looked = Instant::now();
            let loss = loss.f_double_value(&[])?;
            let rate = this.since as f64 / this.began.elapsed().as_secs_f64().max(1e-9);
            let left =
                Duration::from_secs_f64((this.all.saturating_sub(this.done) as f64 / rate.max(1.0)).min(1e9));
            this.bar.set_message(format!("loss {loss:.4}  {rate:.0} images/s  {} left", HumanDuration(left)));
        }
        Ok(())
    }

    /// The model is being measured.
    pub(super) fn measuring(&self) {
        if let Some(Bar { bar, .. }) = &self.bar {
            bar.set_message("counting correct predictions");
        }
    }

    /// Prints a line above the bar.
    pub(super) fn line(&self, out: &mut dyn Write, line: &str) -> std::io::Result<()> {
        let mut print = || writeln!(out, "{line}").and_then(|()| out.flush());
        match &self.bar {
            Some(Bar { bar, .. }) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(Bar { bar, .. }) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
