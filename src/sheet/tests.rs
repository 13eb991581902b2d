//! x
#[cfg(test)]
mod t {}
