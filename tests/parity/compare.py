#!/usr/bin/env python3
"""Holds the record of a run by this program against one by PyTorch: counts, confusion matrices, bits of the weights.

Exit 1 where anything differs. Both have to be of the same recipe, machine and number of threads.
"""

import json
import sys


def main():
    ours, theirs = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
    differs = []

    def same(what, a, b):
        if a != b:
            differs.append(f"{what}: {a} here, {b} in PyTorch")

    for key in ("recipe", "images"):
        same(key, ours[key], theirs[key])
    for key in ("threads", "device", "cpu", "features"):
        same(key, ours["machine"][key], theirs["machine"][key])
    same("models", [m["name"] for m in ours["models"]], [m["name"] for m in theirs["models"]])
    for a, b in zip(ours["models"], theirs["models"]):
        name = a["name"]
        print(f"{name}: {a['parameters']} parameters")
        same(f"{name}: parameters", a["parameters"], b["parameters"])
        same(f"{name}: epochs", len(a["epochs"]), len(b["epochs"]))
        for at, (x, y) in enumerate(zip(a["epochs"], b["epochs"]), 1):
            verdict = "equal" if (x["train"], x["test"]) == (y["train"], y["test"]) else "NOT EQUAL"
            print(f"  epoch {at:2d}  train {x['train']:5d} {y['train']:5d}  test {x['test']:5d} {y['test']:5d}  {verdict}")
            same(f"{name}: epoch {at}: train", x["train"], y["train"])
            same(f"{name}: epoch {at}: test", x["test"], y["test"])
        same(f"{name}: confusion", a["confusion"], b["confusion"])
        same(f"{name}: weights", a["weights_sha256"], b["weights_sha256"])
        bits = "the same bits" if a["weights_sha256"] == b["weights_sha256"] else "OTHER bits"
        print(f"  weights {a['weights_sha256'][:16]}… {b['weights_sha256'][:16]}…  {bits}")
    for line in differs:
        print(line, file=sys.stderr)
    print("PyTorch's run, bit for bit." if not differs else f"{len(differs)} differences.")
    sys.exit(1 if differs else 0)


if __name__ == "__main__":
    main()
