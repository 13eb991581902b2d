#!/usr/bin/env python3
"""Times gradients checked by differences, in turns, in one run: the program against torch.autograd.gradcheck.

gradcheck.py PROGRAM [RUNS]: a network of 20 inputs, 30 ReLU units and 10 classes, 940 parameters, all of them. The
program is timed as a whole process that solves the question and checks every row by every source; gradcheck alone, in
double precision, without Python's start.
"""
import re
import random
import statistics
import subprocess
import sys
import tempfile
import time

INPUTS, HIDDEN, CLASSES = 20, 30, 10


def network():
    draw = random.Random(480)
    number = lambda: f"{draw.randint(-99, 99) / 100:.2f}"
    vector = lambda n: [number() for _ in range(n)]
    matrix = lambda rows, columns: [vector(columns) for _ in range(rows)]
    return vector(INPUTS), [(matrix(HIDDEN, INPUTS), vector(HIDDEN)), (matrix(CLASSES, HIDDEN), vector(CLASSES))]


def sheet(values, layers):
    listed = lambda numbers: "[" + ", ".join(numbers) + "]"
    lines = ['[[question]]', 'id = "1"', 'kind = "mlp-backprop"', f"input = {listed(values)}", "true_class = 3",
             'step = "1/10"']
    for n, (weights, bias) in enumerate(layers):
        rows = ", ".join(map(listed, weights))
        lines += ["[[question.layer]]", f"weights = [{rows}]", f"bias = {listed(bias)}"]
        if n + 1 < len(layers):
            lines.append('activation = "relu"')
    return "\n".join(lines) + "\n"


def gradcheck(values, layers):
    import torch
    tensor = lambda x: torch.tensor([[float(v) for v in row] for row in x] if isinstance(x[0], list)
                                    else [float(v) for v in x], dtype=torch.float64)
    x = tensor(values)
    parameters = [tensor(part).requires_grad_() for layer in layers for part in layer]

    def loss(w1, b1, w2, b2):
        logits = w2 @ torch.relu(w1 @ x + b1) + b2
        return torch.nn.functional.cross_entropy(logits[None], torch.tensor([3]))

    return torch.__version__, lambda: torch.autograd.gradcheck(loss, parameters, eps=1e-6, atol=1e-5, rtol=1e-5)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    program, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    values, layers = network()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(sheet(values, layers))
        file.flush()
        ours = lambda: subprocess.run([program, "verify", "--quiet", file.name], check=True, stdout=subprocess.DEVNULL)
        told = subprocess.check_output([program, "explain", file.name], text=True)
        digits = sorted({int(n) for n in re.findall(r"(\d+) digits?: differences", told)})
        try:
            version, theirs = gradcheck(values, layers)
        except ImportError:
            version, theirs = None, None
            print("torch: not installed (pip install torch numpy)")
        pairs = [(seconds(ours), seconds(theirs) if theirs else 0.0) for _ in range(runs + 1)][1:]
    ms = lambda n: f"{statistics.median(p[n] for p in pairs) * 1000:8.1f} ms"
    print(f"backproof verify, 940 parameters: median {ms(0)}; digits told: {', '.join(map(str, digits)) or 'none'}")
    if theirs:
        print(f"torch.autograd.gradcheck {version}: median {ms(1)}; 5 digits asked")
        print(f"ratio, pair by pair: median {statistics.median(b / a for a, b in pairs):.2f}")


main()
