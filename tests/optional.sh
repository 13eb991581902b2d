#!/usr/bin/env bash
# Runs the checks of parts that need a tool beyond Rust. A part whose tool is missing says so and how to install it;
# with BACKPROOF_REQUIRE_ALL=1 that is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0

# part NAME TOOL TEST-OF-THE-TOOL HOW-TO-INSTALL COMMAND...
part() {
    local name=$1 tool=$2 test=$3 install=$4
    shift 4
    if ! bash -c "$test" >/dev/null 2>&1; then
        echo "$name: not run: $tool is missing, install it with $install"
        [ "${BACKPROOF_REQUIRE_ALL:-0}" = 1 ] && failed=1
        return
    fi
    echo "$name:"
    "$@" || failed=1
}

pytorch=${BACKPROOF_PARITY_PYTHON:-.venv-parity/bin/python}
cargo build --release --quiet || exit 1
part "the built-in sheet against SymPy" sympy "python3 -c 'import sympy'" "pip install sympy" \
    python3 benches/peers/compare.py target/release/backproof
part "the known answers of the gallery, worked out again" python "python3 -c 'import tomllib'" "Python 3.11 or later" \
    python3 tests/cases/gallery.py
part "the notebook against nbformat" nbformat "python3 -c 'import nbformat'" "pip install nbformat" \
    python3 tests/notebook/valid.py target/release/backproof
part "the notebook's networks in PyTorch" PyTorch "$pytorch -c 'import torch'" "just setup-parity" \
    "$pytorch" tests/notebook/networks.py target/release/backproof
part "pictures of training runs" just "just --version" "cargo install just" just test-plots
part "training, bit for bit against PyTorch" "libtorch, PyTorch or Fashion-MNIST" \
    "[ -e .venv/libtorch/lib ] && $pytorch -c 'import torch, torchvision' && { [ -d data/FashionMNIST/raw ] || [ -d /usr/share/datasets/fashion-mnist ]; }" \
    "just setup-train setup-parity; backproof data" \
    just test-train
exit "$failed"
