#!/usr/bin/env python3
"""Times normal numbers in turns, in one run: the program's against torch.randn and NumPy's standard_normal.

normals.py [RUNS]: medians in normals a second, and the median of the ratios run by run. A peer that is not installed
is named and left out. Single precision everywhere, into memory that was used before; every peer with the threads that
it takes by itself.
"""
import statistics
import subprocess
import sys
import time

COUNT = 10_000_000
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 15


def ours():
    """Drawn into memory, and drawn and used up as sampling does it: normals a second."""
    command = ["cargo", "bench", "--quiet", "--bench", "normals", "--", str(COUNT), "1"]
    filled, summed = map(float, subprocess.check_output(command, text=True).split())
    return {"backproof, into memory": filled, "backproof, used at once": summed}


def peers():
    found = {}
    try:
        import torch
        tensor = torch.empty(COUNT)
        found[f"torch.randn {torch.__version__}"] = lambda: torch.randn(COUNT, out=tensor)
    except ImportError:
        print("torch: not installed (pip install torch)")
    try:
        import numpy
        array = numpy.empty(COUNT, "float32")
        generator = numpy.random.default_rng(480)
        found[f"numpy standard_normal {numpy.__version__}"] = lambda: generator.standard_normal(
            out=array, dtype="float32")
    except ImportError:
        print("numpy: not installed (pip install numpy)")
    return found


def rate(draw):
    start = time.perf_counter()
    draw()
    return COUNT / (time.perf_counter() - start)


def main():
    others = peers()
    ours(), [draw() for draw in others.values()]
    runs = [ours() | {name: rate(draw) for name, draw in others.items()} for _ in range(RUNS)]
    for name in runs[0]:
        rates = [run[name] for run in runs]
        print(f"{name:<32} median {statistics.median(rates):9.3g}/s   min {min(rates):9.3g}   max {max(rates):9.3g}")
    for peer in others:
        for mine in (name for name in runs[0] if name not in others):
            ratio = statistics.median(run[mine] / run[peer] for run in runs)
            print(f"{mine} over {peer}: median {ratio:.1f}")


main()
