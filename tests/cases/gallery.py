"""Works out the answers of gallery.toml again, with nothing of backproof: fractions, and floats where a number is not one.

Run `python3 tests/cases/gallery.py`; it names what differs and exits 1 if anything does. Sizes and numbers are those of
sheets/, written out anew in formulas.
"""
import math
import sys
import tomllib
from fractions import Fraction as F
from pathlib import Path

exp, log, sqrt = math.exp, math.log, math.sqrt


def log_sum(*terms):
    top = max(terms)
    return top + math.log1p(sum(exp(t - top) for t in terms) - 1) if len(terms) > 1 else top


def conv(k, c_in, c_out, bias=True, groups=1):
    return k * k * (c_in // groups) * c_out + (c_out if bias else 0)


def dense(*widths):
    return sum(a * b + b for a, b in zip(widths, widths[1:]))


def size(n, k, s=1, p=0, d=1):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def encoder(d, d_ff, attention=True):
    return 4 * d * d + (4 * d if attention else 0) + 2 * d * d_ff + d_ff + d + 4 * d


def descent(diagonal, start, step, accuracy):
    """First k with f(x_k) - f* <= accuracy, for a diagonal Hessian and a minimum of 0."""
    x = [F(v) for v in start]
    for k in range(10_000):
        if sum(h * v * v for h, v in zip(diagonal, x)) / 2 <= accuracy:
            return k
        x = [v * (1 - step * h) for h, v in zip(diagonal, x)]
    return "absent"


def second_difference(n, accuracy=1e-3):
    """First k for (x' K x)/2 - x_1 from 0 with the step 1/L, in floats."""
    largest = 2 - 2 * math.cos(n * math.pi / (n + 1))
    x, k, lowest = [0.0] * n, 0, -(1 - 1 / (n + 1)) / 2
    while True:
        kx = [2 * x[i] - (x[i - 1] if i else 0) - (x[i + 1] if i + 1 < n else 0) for i in range(n)]
        if sum(a * b for a, b in zip(x, kx)) / 2 - x[0] - lowest <= accuracy:
            return k
        x = [x[i] - (kx[i] - (i == 0)) / largest for i in range(n)]
        k += 1


def spectrum(n):
    return [2 - 2 * math.cos(j * math.pi / (n + 1)) for j in range(1, n + 1)]


def softmax(logits):
    total = log_sum(*logits)
    return [exp(t - total) for t in logits]


def moments(d, values, weights):
    mean = sum(v * w for v, w in zip(values, weights))
    second = sum(v * v * w for v, w in zip(values, weights))
    variance = d * (second * second - mean**4)
    return [d * mean * mean, variance, variance / d]


def backward(x, y, layers):
    """Rows of a network whose logits may be anything: p in floats unless all logits are equal."""
    zs, hs, h = [], [], [F(v) for v in x]
    for i, (w, b) in enumerate(layers):
        hs.append(h)
        z = [sum(F(a) * c for a, c in zip(row, h)) + F(o) for row, o in zip(w, b)]
        zs.append(z)
        h = [max(v, F(0)) for v in z] if i + 1 < len(layers) else z
    p = [F(1, len(h))] * len(h) if len(set(h)) == 1 else softmax([float(v) for v in h])
    delta, dh, dw = [v - (i == y) for i, v in enumerate(p)], {}, {}
    for i in reversed(range(len(layers))):
        dw[i + 1] = [[g * v for v in hs[i]] for g in delta]
        if i:
            dh[i] = [sum(g * F(row[j]) for g, row in zip(delta, layers[i][0])) for j in range(len(hs[i]))]
            delta = [g if z > 0 else F(0) for g, z in zip(dh[i], zs[i - 1])]
    dead = [[j + 1 for j, z in enumerate(zs[i]) if z < 0] for i in range(len(layers) - 1)]
    kinks = [[j + 1 for j, z in enumerate(zs[i]) if z == 0] for i in range(len(layers) - 1)]
    return {"z": zs, "h": hs, "p": p, "dh": dh, "dw": dw, "dead": dead, "kinks": kinks, "J": -log(float(p[y]))}


A = {}
A["cs480-680-spring-2026-assignment-2"] = {
    "1.1.eigenvalues": [1, 10],
    "1.1.k-convex": math.ceil(F(2) / (2 * F(1, 10)) / F(1, 100)),
    "1.2.total": conv(5, 1, 16) + 32 + conv(3, 16, 32) + 64 + dense(800, 10),
    "1.2.compare.total": dense(784, 256, 10),
    "1.3a.total": encoder(256, 1024, attention=False),
    "1.3b.variance": 32,
    "2.2.theta": backward([1, F(1, 2)], 0, [
        ([[F(1, 5), F(2, 5)], [F(-3, 10), F(1, 10)], [F(1, 2), F(-1, 5)]], [F(1, 10), F(1, 5), F(1, 10)]),
        ([[F(1, 5), 0, F(-1, 5)], [F(-3, 10), 0, F(3, 10)]], [0, 0])])["z"][1],
    "2.2.J": log(2),
}
A["condition-100"] = {
    "1.condition-number": 100,
    "1.k-convex": 100 * 10**6,
    "1.k-strongly-convex": next(k for k in range(9999) if 100 * F(99, 100) ** k <= F(1, 10**6)),
    "1.k-exact": descent([100, 1], [1, 1], F(1, 100), F(1, 10**6)),
    "2.step": F(2, 101),
    "2.k-convex": "absent",
    "2.k-exact": descent([100, 1], [1, 1], F(2, 101), F(1, 10**6)),
    "3.step": F(1, 50),
    "3.k-strongly-convex": "absent",
    "3.k-exact": "absent",  # x1 changes its sign at every step and keeps its size: f stays at 50 at least
}
A["boyd-quadratic"] = {
    "1.eigenvalues": [1, 10],
    "1.step": F(2, 11),
    "1.f-star": 0,
    "1.k-exact": next(k for k in range(999) if 55 * F(9, 11) ** (2 * k) <= F(1, 10**6)),
}
A["nesterov-worst-function"] = {
    f"{n}.{row}": value
    for n in (4, 5)
    for row, value in {
        "eigenvalues": spectrum(n),
        "minimiser": [1 - F(i, n + 1) for i in range(1, n + 1)],
        "f-star": -(1 - F(1, n + 1)) / 2,
        "condition-number": spectrum(n)[-1] / spectrum(n)[0],
        "k-exact": second_difference(n),
    }.items()
}
A["convolution-arithmetic"] = {
    "a.layer.1.shape": [size(227, 11, 4)] * 2 + [96],
    "a.total": conv(11, 3, 96),
    "b.layer.1.shape": [size(32, 5, p=2)] * 2 + [10],
    "b.total": conv(5, 3, 10),
    "c1.layer.1.shape": [size(4, 3)] * 2 + [1],
    "c2.layer.1.shape": [size(5, 4, p=2)] * 2 + [1],
    "c3.layer.1.shape": [size(6, 3, 2, 1)] * 2 + [1],
    "c4.layer.1.shape": [size(7, 3, d=2)] * 2 + [1],
}
lenet = conv(5, 1, 6) + conv(5, 6, 16) + dense(400, 120, 84, 10)
A["lenet-5"] = {
    "1.layer.1.shape": [28, 28, 6], "1.layer.3.shape": [14, 14, 6], "1.layer.4.shape": [10, 10, 16],
    "1.layer.6.shape": [5, 5, 16], "1.layer.7.shape": [1, 1, 120], "1.layer.7.parameters": conv(5, 16, 120),
    "1.total": lenet, "2.total": lenet, "2.same-count": True,
    "3.total": conv(5, 3, 6) + conv(5, 6, 16) + dense(400, 120, 84, 10),
}
A["mnist-tutorials"] = {
    "1.layer.1.parameters": conv(3, 1, 32), "1.layer.4.parameters": conv(3, 32, 64),
    "1.layer.7.shape": [5 * 5 * 64], "1.layer.9.parameters": dense(1600, 10),
    "1.total": conv(3, 1, 32) + conv(3, 32, 64) + dense(1600, 10),
    "1.compare.total": dense(784, 512, 512, 10),
}
sides = [size(224, 11, 4, 2)]
for _ in range(3):
    sides.append(size(sides[-1], 3, 2))
A["alexnet"] = {
    "1.layer.1.shape": [sides[0]] * 2 + [64], "1.layer.3.shape": [sides[1]] * 2 + [64],
    "1.layer.6.shape": [sides[2]] * 2 + [192], "1.layer.13.shape": [sides[3]] * 2 + [256],
    "1.layer.14.shape": [256 * sides[3] ** 2],
    "1.total": conv(11, 3, 64) + conv(5, 64, 192) + conv(3, 192, 384) + conv(3, 384, 256) + conv(3, 256, 256)
    + dense(9216, 4096, 4096, 1000),
}


def vgg(*widths):
    return sum(conv(3, a, b) for a, b in zip((3,) + widths, widths)) + dense(25088, 4096, 4096, 1000)


A["vgg-16"] = {
    "1.layer.31.shape": [224 // 2**5] * 2 + [512], "1.layer.33.parameters": dense(25088, 4096),
    "1.total": vgg(64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512),
    "1.compare.total": vgg(64, 128, 256, 256, 512, 512, 512, 512),
}
full = conv(3, 512, 512, bias=False)
separable = conv(3, 512, 512, bias=False, groups=512) + conv(1, 512, 512, bias=False)
A["depthwise-separable"] = {
    "1.total": full, "1.compare.total": separable, "1.ratio": F(1, 512) + F(1, 9),
    "2.total": full + 1024, "2.compare.total": separable + 2048,
}
A["transformer-base"] = {
    "paper.d_k": 512 // 8, "paper.layer": encoder(512, 2048, False), "paper.total": 6 * encoder(512, 2048, False),
    "pytorch.layer": encoder(512, 2048), "pytorch.total": 6 * encoder(512, 2048),
}
embeddings, pooler = (30522 + 512 + 2) * 768 + 2 * 768, dense(768, 768)
A["bert-base"] = {
    "base.layer": encoder(768, 3072), "base.total": 109_482_240 - embeddings - pooler, "base.d_k": 768 // 12,
    "large.layer": encoder(1024, 4096), "large.total": 24 * encoder(1024, 4096),
}
A["gpt-2-small"] = {
    "1.layer": encoder(768, 3072), "1.final-norm": 2 * 768,
    "1.total": 124_439_808 - (50257 + 1024) * 768,
}
A["attention-scaling"] = {
    f"{name}.{row}": value
    for name, law in {
        "paper": ([-1, 1], [F(1, 2)] * 2), "signs": ([-1, 1], [F(1, 2)] * 2),
        "dice": (range(1, 7), [F(1, 6)] * 6), "loaded": ([-2, F(1, 2)], [F(1, 5), F(4, 5)]),
    }.items()
    for row, value in zip(("mean", "variance", "scaled-variance"), moments(64, *law))
}
scores = {"notes": [-2.85, 0.86, 0.28], "scores": [1, -2, 0], "halves": [0.5, -1, 0], "lecture": [3.2, 5.1, -1.7]}
A["cs231n-softmax"] = {f"{name}.p": softmax(v) for name, v in scores.items()} | {
    "notes.J": -log(softmax(scores["notes"])[2]), "lecture.J": -log(softmax(scores["lecture"])[0]),
}
A["softmax-overflow"] = {
    "large.p": softmax([1000, 1001]), "shifted.p": softmax([0, 1]),
    "large.J": log(1 + exp(-1)), "shifted.J": log(1 + exp(-1)),
    "far.J": 666 + math.log1p(exp(-333)), "sure.J": 0.0,
}
A["xor-relu"] = {}
for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
    got = backward([a, b], a ^ b, [([[1, 1], [1, 1]], [0, -1]), ([[0, 0], [1, -2]], [0, 0])])
    A["xor-relu"] |= {f"{a}{b}.{row}": value for row, value in {
        "layer.1.z": got["z"][0], "layer.1.h": got["h"][1], "theta": [0, a ^ b], "kinks": got["kinks"],
        "dead": got["dead"], "J": got["J"],
        "dJ-dtheta": [v - (i == a ^ b) for i, v in enumerate(got["p"])],
    }.items()}
got = backward([1, -1], 1, [
    ([[1, -1], [2, 1], [1, -2]], [0] * 3),
    ([[1, -1, 0], [-1, 0, F(1, 2)], [0, 2, 0]], [0] * 3),
    ([[1, 3, 0], [-1, -1, 1], [3, 2, -1], [0, 0, F(1, 2)]], [0] * 4)])
A["dead-relu"] = {
    "1.layer.2.z": got["z"][1], "1.theta": got["z"][2], "1.J": got["J"], "1.dead": got["dead"],
    "1.kinks": got["kinks"], "1.layer.2.dJ-dh": got["dh"][2],
    "1.layer.2.dJ-dz": [g if z > 0 else 0 for g, z in zip(got["dh"][2], got["z"][1])],
    "1.layer.2.dJ-dW": got["dw"][2], "1.layer.1.dJ-dh": got["dh"][1], "1.layer.1.dJ-dW": got["dw"][1],
}
zeros = backward([1, 2], 0, [([[0, 0]] * 3, [0] * 3), ([[0] * 3] * 2, [0, 0])])
equal = backward([1, 2], 0, [([[1, 1]] * 2, [0, 0]), ([[F(1, 2)] * 2] * 2, [0, 0])])
A["zero-initialisation"] = {
    "loss.J": log(10), "loss.gradient": [F(1, 10) - (i == 3) for i in range(10)], "zeros.J": zeros["J"],
    "zeros.layer.1.dJ-dW": zeros["dw"][1], "zeros.layer.2.dJ-dW": zeros["dw"][2],
    "zeros.layer.2.b-next": [F(1, 4), F(-1, 4)],
    "equal.layer.1.dJ-dW": equal["dw"][1], "equal.layer.2.dJ-dW": equal["dw"][2],
    "equal.layer.2.W-next": [[F(1, 2) - g / 2 for g in row] for row in equal["dw"][2]],
}


def read(text):
    """An exact value as JSON prints it: a fraction if it is one, else a float."""
    try:
        return F(text)
    except ValueError:
        pass
    if "log(1 + exp(" in text and "333" in text:
        return log_sum(0, 333, 666)
    if "exp(1000)" in text:
        return -1000 + log_sum(0, 1000)
    return eval(text, {"exp": exp, "log": log, "sqrt": sqrt})


def same(known, own, digits=None):
    if isinstance(known, list):
        return len(known) == len(own) and all(same(k, o, digits) for k, o in zip(known, own))
    if known == "absent" or isinstance(known, bool):
        return known == own
    if digits is not None or isinstance(own, float):
        return abs(float(read(known)) - float(own)) <= (0.5000001 * 10.0**-digits if digits is not None else 1e-9)
    value = read(known)
    return value == own if isinstance(value, F) else abs(value - float(own)) < 1e-9


def places(known):
    while isinstance(known, list):
        known = known[0]
    return len(known.partition(".")[2])


def main():
    known = tomllib.loads((Path(__file__).parent / "gallery.toml").read_text(encoding="utf-8"))
    faults, compared = [], 0
    for name, rows in known.items():
        rows.pop("origin")
        decimals = rows.pop("decimals", {})
        pairs = [(row, value, None) for row, value in rows.items()]
        pairs += [(row, value, places(value)) for row, value in decimals.items()]
        for row, value, digits in pairs:
            compared += 1
            if row not in A.get(name, {}) or not same(value, A[name][row], digits):
                faults.append(f"{name}: {row}: {value}, here {A.get(name, {}).get(row, 'nothing')}")
    print("\n".join(faults) or f"{compared} known answers found again")
    sys.exit(1 if faults else 0)


main()
