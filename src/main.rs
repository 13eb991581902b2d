//! Arguments and exit codes live here; everything else is in the library.

fn main() {}
