# Recipes of backproof; `just` alone lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @just --list --unsorted

# Check every answer of a sheet (the built-in one by default)
verify *args:
    cargo run --release --quiet -- verify {{args}}

# Print the answer tables
tables *args:
    cargo run --release --quiet -- tables {{args}}

# Run the tests
test *args:
    cargo test {{args}}

# Run the checks of every optional part that is there
test-all:
    ./tests/optional.sh

# Look for inputs that panic or hang, SECONDS for each target (or for those named)
fuzz seconds="60" *targets:
    ./fuzz/run.sh {{seconds}} {{targets}}

# Format, clippy and docs, all without a warning
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# Time the program against peers: SymPy's same answers, the normal numbers of PyTorch and NumPy
bench:
    ./benches/peers/run.sh

# Build the documentation
doc:
    cargo doc --no-deps
