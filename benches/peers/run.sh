#!/usr/bin/env bash
# Times whole processes in turns, in one run: the program's `tables` against SymPy working out the same answers.
# RUNS=15 by default. Prints medians and the median of the ratios pair by pair. Then normal numbers against those of
# PyTorch and NumPy, and gradients checked by differences against gradcheck, where they are installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --release --quiet
python3 -c 'import sympy' 2>/dev/null || { echo "not run: sympy is missing, install it with pip install sympy"; exit 1; }
python3 - target/release/backproof "${RUNS:-15}" <<'PY'
import statistics, subprocess, sys, time

program, runs = sys.argv[1], int(sys.argv[2])
ours = [program, "tables"]
theirs = [sys.executable, "benches/peers/sympy_answers.py"]


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


seconds(ours), seconds(theirs)
pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
for name, times in zip(("backproof tables", "sympy_answers.py"), zip(*pairs)):
    print(f"{name:<18} median {statistics.median(times) * 1000:8.1f} ms   "
          f"min {min(times) * 1000:8.1f}   max {max(times) * 1000:8.1f}")
print(f"ratio, pair by pair: median {statistics.median(b / a for a, b in pairs):.0f}")
PY
python3 benches/peers/normals.py "${RUNS:-15}"
python3 benches/peers/gradcheck.py target/release/backproof "${RUNS:-15}"
