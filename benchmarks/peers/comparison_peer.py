"""The runs of a comparison in PyTorch: one teacher, then every variant with every seed, one after the other, as a script of a user does it.

python3 comparison_peer.py FOLDER THREADS, where FOLDER holds plan.json, and the inputs and labels of each part as raw float32 and int32. Prints the
seconds from the start of the script's work, and the mean test accuracy of each variant, as one line of JSON.
"""

import json
import math
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

started = time.perf_counter()
folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
plan = json.load(open(f"{folder}/plan.json"))


def part(name):
    inputs = np.fromfile(f"{folder}/{name}.inputs", dtype="<f4").reshape(-1, 1, 28, 28)
    labels = np.fromfile(f"{folder}/{name}.labels", dtype="<i4").astype(np.int64)
    return torch.from_numpy(inputs), torch.from_numpy(labels)


train, validation, test = part("train"), part("validation"), part("test")


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, plan["teacherDense"]), nn.ReLU(), nn.Linear(plan["teacherDense"], 10),
    )  # fmt: skip


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))


@torch.no_grad()
def logits_of(model, inputs):
    return torch.cat([model(batch) for batch in inputs.split(256)])


def accuracy(model, data):
    return (logits_of(model, data[0]).argmax(1) == data[1]).float().mean().item()


def temperature(variant, p):
    if isinstance(variant, (int, float)):
        return variant
    first, last = variant["from"], variant["to"]
    return last + (first - last) * 0.5 * (1 + math.cos(math.pi * p)) if variant["type"] == "cosine" else first + (last - first) * p


def fit(model, epochs, rate, seed, schedule=None, soft=0.0, taught=None):
    torch.manual_seed(seed)
    fused = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    inputs, labels = train
    size, batch = len(labels), plan["batchSize"]
    total = epochs * math.ceil(size / batch)
    step, best, kept = 0, -1.0, None
    for _ in range(epochs):
        for places in torch.randperm(size).split(batch):
            p = step / max(1, total - 1)
            fused.param_groups[0]["lr"] = rate * 0.5 * (1 + math.cos(math.pi * p))
            out = model(inputs[places])
            loss = F.cross_entropy(out, labels[places])
            if taught is not None and soft > 0:
                T = temperature(schedule, p)
                target = F.log_softmax(taught[places] / T, 1)
                kl = F.kl_div(F.log_softmax(out / T, 1), target, log_target=True, reduction="batchmean") * T * T
                loss = soft * kl + (1 - soft) * loss
            fused.zero_grad(set_to_none=True)
            loss.backward()
            fused.step()
            step += 1
        reached = accuracy(model, validation)
        if reached > best:
            best, kept = reached, {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(kept)


torch.manual_seed(0)
teacher = cnn()
fit(teacher, plan["teacherEpochs"], plan["teacherRate"], 0)
taught = logits_of(teacher, train[0])
results = {}
for name, variant in plan["variants"].items():
    reached = []
    for seed in plan["seeds"]:
        torch.manual_seed(seed)
        student = mlp()
        fit(student, plan["epochs"], plan["rate"], seed, variant["temperature"], variant["soft"], taught)
        reached.append(accuracy(student, test))
    results[name] = sum(reached) / len(reached)
print(json.dumps({"seconds": time.perf_counter() - started, "accuracy": results}))
