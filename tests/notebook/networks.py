"""Builds the classes of generated notebooks in PyTorch, for random networks, and compares every layer's output shape
and all parameters with what the program says of the same network.

Usage: networks.py PROGRAM [HOW-MANY]
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import torch

NAME = "Lovelace_Ada"


def pair(rng, most, least=1):
    a = rng.randint(least, most)
    return f"{a}x{rng.randint(least, most)}" if rng.random() < 0.3 else str(a)


def layer(rng):
    kind = rng.choice(["conv", "conv", "max", "avg", "norm", "relu", "dropout"])
    if kind == "conv":
        groups = rng.choice([1, 1, 1, 2, 4])
        options = [f"Conv({4 * rng.randint(1, 4)}", pair(rng, 5)]
        if rng.random() < 0.3:
            options.append('padding="same"')
        else:
            options += [f"stride={pair(rng, 2)}"] * (rng.random() < 0.4)
            options += [f"padding={pair(rng, 2, 0)}"] * (rng.random() < 0.4)
        options += [f"dilation={pair(rng, 2)}"] * (rng.random() < 0.3)
        options += [f"groups={groups}"] * (groups > 1)
        options += ["bias=false"] * (rng.random() < 0.3)
        return ", ".join(options) + ")"
    if kind in ("max", "avg"):
        options = [f"{'MaxPool' if kind == 'max' else 'AvgPool'}({rng.randint(2, 3)}"]
        options += [f"stride={pair(rng, 3)}"] * (rng.random() < 0.4)
        options += ["padding=1"] * (rng.random() < 0.3)
        options += ["ceil=true"] * (rng.random() < 0.4)
        return ", ".join(options) + ")"
    return {"norm": "BatchNorm", "relu": "ReLU", "dropout": f"Dropout(0.{rng.randint(0, 9)})"}[kind]


def network(rng):
    flat = rng.random() < 0.2
    parts = ["Input(784)" if flat else "Input(28x28x1)"]
    if not flat and rng.random() < 0.7:
        parts += [layer(rng) for _ in range(rng.randint(1, 5))]
        parts += rng.choice([[], [], ["GlobalAvgPool"], ["GlobalMaxPool"]])
    parts += ["Flatten"] * (rng.random() < 0.6)
    for _ in range(rng.randint(0, 2)):
        parts.append(f"Linear({rng.randint(1, 40)}{', bias=false' if rng.random() < 0.2 else ''})")
        parts += [x for x in ("BatchNorm", "ReLU", f"Dropout(0.{rng.choice('122')})") if rng.random() < 0.6]
    return " -> ".join(parts + ["Linear(10)"])


def sheet(networks, models):
    text = "[networks]\n" + "".join(f"{name} = '{arrows}'\n" for name, arrows in networks.items())
    for name in networks:
        text += f'[[question]]\nid = "{name}"\nkind = "layer-table"\nnetwork = "{name}"\n'
    if models:
        text += f'[[question]]\nid = "t"\nkind = "training"\nmodels = {json.dumps(list(networks))}\n'
    return text


def told(program, path):
    ran = subprocess.run([program, "verify", "--format", "json", path], capture_output=True, text=True)
    return json.loads(ran.stdout) if ran.stdout else None


def shapes(report, name):
    question = next(q for q in report["questions"] if q["id"] == name)
    rows = {row["id"].removeprefix(f"{name}."): row["exact"] for row in question["rows"]}
    layers = []
    while f"layer.{len(layers) + 1}.shape" in rows:
        layers.append([int(n) for n in rows[f"layer.{len(layers) + 1}.shape"]])
    return layers, int(rows["total"])


def built(model):
    """The output shape of every module, in the sheet's order of axes."""
    seen = []

    def hook(_, __, out):
        seen.append(list(out.shape[1:]) if out.dim() == 2 else [out.shape[2], out.shape[3], out.shape[1]])

    for module in model.layers:
        module.register_forward_hook(hook)
    model(torch.zeros(2, 1, 28, 28))
    return seen


def main() -> int:
    program = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    rng = random.Random(480)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "random.toml")
        networks = {}
        while len(networks) < wanted:
            name, arrows = f"net{len(networks)}", network(rng)
            path.write_text(sheet({name: arrows}, False), encoding="utf-8")
            report = told(program, path)
            # A size that a window does not fit has no answer, and is drawn again.
            if report and shapes(report, name)[0]:
                networks[name] = arrows
        path.write_text(sheet(networks, True), encoding="utf-8")
        report = told(program, path)
        subprocess.run([program, "notebook", path, "--name", NAME, "--out", folder], check=True, capture_output=True)
        (file,) = pathlib.Path(folder).glob("*.ipynb")
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        names = {"torch": torch}
        failed = 0
        for number, (name, arrows) in enumerate(networks.items(), 1):
            source = next("".join(c["source"]) for c in cells if c["id"] == f"model-{number}")
            exec(source, names)  # The notebook's own code is what is tested.
            class_name = source.rsplit("class ", 1)[1].split("(", 1)[0]
            model = names[class_name]().train()
            seen = built(model)
            wanted_shapes, total = shapes(report, name)
            # What a class flattens itself, or a Linear flattens first, has no layer, or no module, of its own.
            flat = [s for s in seen if len(s) > 1], [s for s in wanted_shapes if len(s) > 1]
            count = sum(p.numel() for p in model.parameters())
            if flat[0] != flat[1] or seen[-1] != wanted_shapes[-1] or count != total:
                failed += 1
                print(f"  {arrows}\n    PyTorch: {seen}, {count}\n    sheet:   {wanted_shapes}, {total}")
        print(f"  {len(networks)} random networks built in PyTorch, {failed} differ in shapes or parameters")
        return 1 if failed else 0


sys.exit(main())
