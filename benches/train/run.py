#!/usr/bin/env python3
"""Times training against the recipe in PyTorch, as given: DataLoader, ToTensor, evaluation included.

    run.py PROGRAM [SHEET] [--rounds N] [--threads N] [--batches N]

One epoch of every model a round, the two programs in turns; the table has the fastest round of each,
since other work on the machine only ever adds. Counts have to be equal, or it is no comparison.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("sheet", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default=str(os.cpu_count() or 1))
    parser.add_argument("--batches", help="only so many batches of every pass")
    arguments = parser.parse_args()
    python = os.environ.get("BACKPROOF_PARITY_PYTHON", str(ROOT / ".venv-parity/bin/python"))
    some = ["--batches", arguments.batches] if arguments.batches else []
    words = ["train", *arguments.sheet, "--epochs", "1", *some]
    plan = json.loads(subprocess.check_output([arguments.program, *words, "--plan"]))
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "plan.json").write_text(json.dumps(plan))
        for number in range(arguments.rounds):
            ours, theirs = folder / "ours", folder / "theirs.json"
            subprocess.run(
                [arguments.program, *words, "--threads", arguments.threads, "--device", "cpu", "--runs", str(ours)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            script = str(ROOT / "tests/parity/pytorch.py")
            subprocess.run(
                [python, script, str(folder / "plan.json"), "--threads", arguments.threads, "--record", str(theirs)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            records = [json.loads(path.read_text()) for path in (next(ours.glob("*.json")), theirs)]
            for a, b in zip(*(record["models"] for record in records)):
                counts = [(e["train"], e["test"]) for m in (a, b) for e in m["epochs"]]
                if counts[0] != counts[1] or a["weights_sha256"] != b["weights_sha256"]:
                    sys.exit(f"{a['name']}: the two differ, {counts[0]} and {counts[1]}")
                for who, model in (("ours", a), ("PyTorch", b)):
                    epoch = model["epochs"][0]
                    took = (epoch["training_ms"], epoch["evaluation_ms"])
                    times.setdefault(a["name"], {}).setdefault(who, []).append(took)
            print(f"round {number + 1} of {arguments.rounds} is done", file=sys.stderr)
    print(f"An epoch, seconds, {arguments.threads} threads, fastest of {arguments.rounds} rounds; the same bits in both.\n")
    print("| model | PyTorch: train, evaluate | here: train, evaluate | an epoch, ratio |")
    print("| --- | --- | --- | --- |")
    for name, by in times.items():
        cells, sums = [], []
        for who in ("PyTorch", "ours"):
            train, evaluate = (min(t[i] for t in by[who]) / 1000 for i in (0, 1))
            sums.append(min(sum(t) for t in by[who]) / 1000)
            cells.append(f"{train:.2f}, {evaluate:.2f}")
        print(f"| {name} | {cells[0]} | {cells[1]} | {sums[0] / max(sums[1], 1e-3):.1f} |")


if __name__ == "__main__":
    main()
