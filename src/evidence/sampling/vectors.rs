//! The choice of vector instructions lives here: the best that the processor has, by the crate `pulp`, so that no code
//! of ours names one. The choice changes the speed and not a bit of the result.

/// Runs work compiled for the best instructions there are. The closure and all that it calls have to be inlined to take
/// part: each is marked `#[inline(always)]`.
#[inline(always)]
pub(super) fn with_best<T>(work: impl FnOnce() -> T) -> T {
    pulp::Arch::new().dispatch(work)
}
