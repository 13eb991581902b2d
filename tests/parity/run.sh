#!/usr/bin/env bash
# Trains a sheet in this program and in PyTorch and compares: run.sh PROGRAM [SHEET] [--epochs N] [--batches N] [--threads N].
# Python is $BACKPROOF_PARITY_PYTHON, or .venv-parity's, which `just setup-parity` makes; the records go to runs/parity.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1
shift
python=${BACKPROOF_PARITY_PYTHON:-$here/../../.venv-parity/bin/python}
if ! "$python" -c 'import torch, torchvision' 2>/dev/null; then
    echo "$python has no torch and torchvision: run \`just setup-parity\`, or set BACKPROOF_PARITY_PYTHON" >&2
    exit 2
fi
folder=${BACKPROOF_PARITY_RUNS:-runs/parity}
mkdir -p "$folder"

# The same words go to both, but for --threads and --data, which the plan does not hold.
plan=() both=()
while [ $# -gt 0 ]; do
    case $1 in
    --threads | --data) both+=("$1" "$2") && shift 2 ;;
    *) plan+=("$1") && shift ;;
    esac
done
"$program" train "${plan[@]}" --plan >"$folder/plan.json"
echo "== this program"
"$program" train "${plan[@]}" "${both[@]}" --device cpu --runs "$folder/ours"
echo "== PyTorch"
"$python" "$here/pytorch.py" "$folder/plan.json" "${both[@]}" --record "$folder/pytorch.json"
echo "== compared"
"$python" "$here/compare.py" "$(ls -t "$folder"/ours/*.json | head -1)" "$folder/pytorch.json"
