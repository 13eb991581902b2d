//! Work in chunks on several threads lives here. Which thread does a chunk is left to chance, so results come back in
//! the order of the chunks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Threads that the machine runs at once; one where that cannot be told.
#[must_use]
pub fn available() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What `work` gives for chunks 0, 1, … in order, on so many threads. The calling thread is one of them, so that the
/// work is done also where no other can be started.
pub fn in_order<T: Send>(chunks: u64, threads: usize, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if chunk >= chunks {
                return done;
            }
            done.push((chunk, work(chunk)));
        }
    };
    let helpers = u64::try_from(threads).unwrap_or(u64::MAX).min(chunks).saturating_sub(1);
    let mut all = thread::scope(|scope| {
        let started: Vec<_> =
            (0..helpers).map_while(|_| thread::Builder::new().spawn_scoped(scope, some).ok()).collect();
        let mut all = some();
        for helper in started {
            match helper.join() {
                Ok(done) => all.extend(done),
                // A chunk must not be missing in silence.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(chunk, _)| *chunk);
    all.into_iter().map(|(_, result)| result).collect()
}
