#!/usr/bin/env python3
"""Trains a plan of `backproof train --plan` with PyTorch's own parts: nn.Sequential, DataLoader, ToTensor, SGD.

Prints the same lines and writes a record of the same form, with "by": "pytorch". Wants torch, torchvision, and the data
where Debian's package lays it, or in --data (the four .gz files, or a root of torchvision).
"""

import argparse
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import time
from fractions import Fraction

import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

DEBIAN = "/usr/share/datasets/fashion-mnist"


def layer(step):
    """The module of torch.nn that a step of the plan names."""

    def window():
        return {
            "kernel_size": tuple(step["kernel"]),
            "stride": tuple(step["stride"]),
            "padding": tuple(step["padding"]),
            "ceil_mode": step["ceil"],
        }

    match step["op"]:
        case "conv2d":
            padding = step["padding"]
            return nn.Conv2d(
                step["in_channels"],
                step["out_channels"],
                tuple(step["kernel"]),
                stride=tuple(step["stride"]),
                padding="same" if padding is None else tuple(padding),
                dilation=tuple(step["dilation"]),
                groups=step["groups"],
                bias=step["bias"],
            )
        case "max_pool2d":
            return nn.MaxPool2d(**window())
        case "avg_pool2d":
            return nn.AvgPool2d(**window())
        case "global_avg_pool":
            return nn.AdaptiveAvgPool2d(1)
        case "global_max_pool":
            return nn.AdaptiveMaxPool2d(1)
        case "batch_norm":
            return (nn.BatchNorm2d if step["dimensions"] == 2 else nn.BatchNorm1d)(step["features"])
        case "relu":
            return nn.ReLU()
        case "dropout":
            return nn.Dropout(float(Fraction(step["p"])))
        case "flatten":
            return nn.Flatten()
        case "linear":
            return nn.Linear(step["inputs"], step["units"], bias=step["bias"])
    sys.exit(f"no module is known for {step['op']}")


def loaders(root, batch):
    """The loaders of the recipe, as given."""
    to_tensor = torchvision.transforms.ToTensor()
    train = torchvision.datasets.FashionMNIST(root, train=True, transform=to_tensor)
    test = torchvision.datasets.FashionMNIST(root, train=False, transform=to_tensor)
    return DataLoader(train, batch_size=batch, shuffle=True), DataLoader(test, batch_size=batch, shuffle=False)


def root_of(data):
    """A root of torchvision over a folder of .gz files: their decompressed copies."""
    folder = pathlib.Path(data)
    if (folder / "FashionMNIST" / "raw").is_dir():
        return folder
    root = pathlib.Path(tempfile.gettempdir()) / "backproof-parity-data"
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*-ubyte.gz"):
        if not (raw / file.stem).exists():
            import gzip

            beside = raw / f"{file.stem}.{os.getpid()}"
            beside.write_bytes(gzip.decompress(file.read_bytes()))
            beside.rename(raw / file.stem)
    return root


def first(loader, batches):
    """The batches of a pass, at most so many."""
    for at, batch in enumerate(loader):
        if at == batches:
            return
        yield batch


def count(model, loader, batches, classes=10):
    """Correct predictions, images seen, and the confusion matrix."""
    model.eval()
    correct, total = 0, 0
    confusion = torch.zeros(classes * classes, dtype=torch.int64)
    with torch.no_grad():
        for images, labels in first(loader, batches):
            predicted = model(images).argmax(dim=1)
            correct += (predicted == labels).sum().item()
            total += labels.size(0)
            confusion += torch.bincount(labels * classes + predicted, minlength=classes * classes)
    return correct, total, confusion.view(classes, classes).tolist()


def tensors(model):
    """Of every layer in order: weight, bias, running mean, running variance."""
    for at, module in enumerate(model):
        for name in ("weight", "bias", "running_mean", "running_var"):
            tensor = getattr(module, name, None)
            if tensor is not None:
                yield f"{at}.{name}", tensor.detach()


def weights_sha256(model):
    digest = hashlib.sha256()
    for _, tensor in tensors(model):
        digest.update(tensor.contiguous().numpy().astype("<f4").tobytes())
    return digest.hexdigest()


def cpu():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def features():
    wanted = ["avx", "avx2", "avx512bf16", "avx512bw", "avx512dq", "avx512f", "avx512vl", "avx512vnni", "fma"]
    names = {"avx512_bf16": "avx512bf16", "avx512_vnni": "avx512vnni"}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            found = {names.get(flag, flag) for flag in line.split(":", 1)[1].split()}
            return [flag for flag in wanted if flag in found]
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", help="the JSON of `backproof train --plan`, or - for standard input")
    parser.add_argument("--data", default=DEBIAN)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--record", help="write the record to this file")
    parser.add_argument("--weights", help="write each model's tensors to FOLDER/NAME.safetensors")
    parser.add_argument("--initial", action="store_true", help="print the SHA-256 of the initial weights")
    arguments = parser.parse_args()
    plan = json.load(sys.stdin if arguments.plan == "-" else open(arguments.plan, encoding="utf-8"))
    recipe = plan["recipe"]
    batches = recipe.get("batches")
    sgd = {name: float(Fraction(value)) for name, value in recipe["optimizer"]["sgd"].items()}
    if arguments.threads:
        torch.set_num_threads(arguments.threads)

    torch.manual_seed(recipe["seed"])
    train_loader, test_loader = loaders(root_of(arguments.data), recipe["batch"])
    trained, images = [], {}
    for planned in plan["models"]:
        model = nn.Sequential(*[layer(step) for step in planned["steps"]])
        parameters = sum(p.numel() for p in model.parameters())
        assert parameters == planned["parameters"], (parameters, planned["parameters"])
        print(f"{planned['name']}: {parameters} parameters", flush=True)
        if arguments.initial:
            print(f"initial {weights_sha256(model)}", flush=True)
        criterion = nn.CrossEntropyLoss()
        optimizer = torch.optim.SGD(model.parameters(), **sgd)
        epochs, confusion = [], []
        for epoch in range(recipe["epochs"]):
            began = time.perf_counter()
            model.train()
            for inputs, labels in first(train_loader, batches):
                optimizer.zero_grad()
                criterion(model(inputs), labels).backward()
                optimizer.step()
            training = time.perf_counter() - began
            began = time.perf_counter()
            train, train_images, _ = count(model, train_loader, batches)
            test, test_images, confusion = count(model, test_loader, batches)
            evaluation = time.perf_counter() - began
            images = {"train": train_images, "test": test_images}
            print(f"Epoch {epoch + 1:2d} Train: {train / train_images:.4f} Test: {test / test_images:.4f}", flush=True)
            times = {"training_ms": int(training * 1000), "evaluation_ms": int(evaluation * 1000)}
            epochs.append({"train": train, "test": test, "words": 0, **times})
        if arguments.weights:
            write_weights(pathlib.Path(arguments.weights) / f"{planned['name']}.safetensors", model)
        trained.append(
            {
                "name": planned["name"],
                "parameters": parameters,
                "epochs": epochs,
                "confusion": confusion,
                "weights_sha256": weights_sha256(model),
            }
        )
    record = {
        "format": 1,
        "by": "pytorch",
        "sheet": plan["sheet"],
        "question": plan["question"],
        "versions": {
            "program": "tests/parity/pytorch.py",
            "libtorch": torch.__version__,
            "binding": f"torchvision {torchvision.__version__}",
        },
        "machine": {"cpu": cpu(), "features": features(), "threads": torch.get_num_threads(), "device": "cpu"},
        "recipe": recipe,
        "images": images,
        "models": trained,
        "words": 0,
    }
    if arguments.record:
        path = pathlib.Path(arguments.record)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".tmp")
        beside.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        beside.rename(path)


def write_weights(path, model):
    """The tensors as safetensors: eight bytes of length, a JSON header, the numbers."""
    header, chunks, at = {}, [], 0
    for name, tensor in tensors(model):
        data = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        chunks.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(chunks))


if __name__ == "__main__":
    main()
