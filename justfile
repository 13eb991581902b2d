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

# Plant faults in the solvers' source that evidence alone has to find; hours for all, `--shard 0/40` for some
mutants *args:
    cargo mutants --file 'src/kinds/*/solve.rs' --file 'src/kinds/*/solve/**' --file 'src/kinds/*/{backward,next,loss}.rs' \
        --file 'src/net/*.rs' --timeout 120 --output target {{args}} -- --test evidence

# Format, clippy and docs, all without a warning
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# Time the program against peers: SymPy's same answers, the normal numbers of PyTorch and NumPy
bench:
    ./benches/peers/run.sh

# Fetch libtorch (1.2 GB) into .venv, unless LIBTORCH names one
setup-train:
    #!/usr/bin/env bash
    set -euo pipefail
    if [ -n "${LIBTORCH:-}" ]; then
        echo "LIBTORCH names $LIBTORCH; nothing to fetch"
        exit
    fi
    python3 -m venv .venv
    wheels=(torch==2.13.0)
    if [ "$(uname)" = Linux ]; then
        # libtorch is linked with these also where there is no CUDA device.
        wheels+=(nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
    fi
    .venv/bin/pip install --quiet --no-deps "${wheels[@]}"
    .venv/bin/python - <<'PYTHON'
    import os, sysconfig
    link = ".venv/libtorch"
    if os.path.islink(link):
        os.remove(link)
    os.symlink(os.path.relpath(os.path.join(sysconfig.get_path("purelib"), "torch"), ".venv"), link)
    PYTHON
    echo "libtorch 2.13.0 is in .venv; train with: just train"

# Run the tests of pictures
test-plots:
    cargo test --features plots --lib --test it plots::
    cargo clippy --all-targets --features plots -- -D warnings

# Train the networks of a sheet (the built-in one by default)
train *args: _libtorch
    cargo run --release --quiet --features train --target-dir target/train -- train {{args}}

# Run the tests of training: of its parts, and some batches of both programs, bit for bit
test-train: _libtorch
    cargo test --features train --target-dir target/train --lib train::
    cargo test --features train --target-dir target/train --test parity
    cargo clippy --all-targets --features train --target-dir target/train -- -D warnings

_libtorch:
    #!/usr/bin/env bash
    if [ -z "${LIBTORCH:-}${LIBTORCH_USE_PYTORCH:-}" ] && [ ! -e .venv/libtorch/lib ]; then
        echo "there is no libtorch: run \`just setup-train\`, or set LIBTORCH to one of version 2.13" >&2
        exit 2
    fi

# Write the notebook for the training question and run it: just notebook --name Lastname_Firstname
notebook *args:
    PATH="$PWD/.venv-parity/bin:$PATH" cargo run --release --quiet -- notebook --run {{args}}

# Fetch PyTorch, torchvision and Jupyter (5 GB) into .venv-parity, to train the same there and to run notebooks
setup-parity: setup-train
    python3 -m venv .venv-parity
    .venv-parity/bin/pip install --quiet torch==2.13.0 torchvision nbconvert ipykernel nbformat

# Train in both programs, all epochs, and compare counts and bits; or `just parity SHEET --epochs 1 --batches 60`
parity *args: _libtorch
    cargo build --release --quiet --features train --target-dir target/train
    tests/parity/run.sh target/train/release/backproof {{args}}

# Time training against the recipe in PyTorch, in turns, on this machine
bench-train *args: _libtorch
    cargo build --release --quiet --features train --target-dir target/train
    python3 benches/train/run.py target/train/release/backproof {{args}}

# Build the documentation
doc:
    cargo doc --no-deps
