"""Writes ridge/: what the readout of ridge.lua is, solved for as one least-squares problem by QR, in float64.

    start.safetensors     parameters in float32; those of the reservoir stay
    data.safetensors      input, target, reset, weight [T, B, ...]
    NAME.safetensors      head.weight, head.bias, skip, slow, with l2 = 1e-3 of `all`, of `matrices`, and `without`
    costs                 NAME and the least cost, of l2 too

Run with PyTorch 1.13: python3 ridge.py. tests/cli/ridge_solves.sh reads the results."""
import os

import numpy as np
import torch

from cells import ESN
from fixture import HERE, arrays, normal, write, write_text

STEPS, BATCH, IN, HIDDEN, L2 = 120, 2, 3, 12, 1e-3
FOLDER = os.path.join(HERE, "ridge")


def start():
    torch.manual_seed(71)
    esn = ESN(IN, HIDDEN, leak=0.5)
    params = {"rnn." + name: p for name, p in esn.named_parameters()}
    params.update({"head.weight": torch.randn(2, HIDDEN), "head.bias": torch.randn(2), "skip": torch.randn(2, IN),
                   "slow": torch.randn(1, HIDDEN)})
    return esn, params


def stream():
    rng = np.random.RandomState(72)
    reset, weight = torch.zeros(STEPS, BATCH), torch.ones(STEPS, BATCH)
    reset[50, 0] = reset[31, 1] = reset[90, 1] = 1
    weight[:5], weight[60:70, 1] = 0, 2.5
    return {"input": normal(rng, STEPS, BATCH, IN), "target": normal(rng, STEPS, BATCH, 2), "reset": reset,
            "weight": weight}


def states(esn, data):
    h, found = torch.zeros(BATCH, HIDDEN, dtype=torch.float64), []
    for t in range(STEPS):
        h = torch.where(data["reset"][t][:, None] > 0, torch.zeros_like(h), h)
        h = esn.step(data["input"][t], {"h": h})[0]
        found.append(h)
    return torch.stack(found)


def columns(h, x, output):
    """Of an output: what its weights multiply, and how much each of them counts in l2."""
    ones = torch.ones(len(h), 1, dtype=h.dtype)
    parts = [(h, 1), (x, 1), (ones, 1)] + ([(0.5 * h ** 2, 3)] if output else [])
    return torch.cat([p for p, _ in parts], 1), torch.cat([torch.full((p.shape[1],), float(f)) for p, f in parts]).double()


def solve(h, data, l2, biases):
    """The rows are those of the data, times the root of what they count, and of l2."""
    x, y, w = (data[name].reshape(STEPS * BATCH, -1) for name in ("input", "target", "weight"))
    root, found, cost = (w / (2 * w.sum())).sqrt(), [], 0
    for i in range(2):
        a, count = columns(h.reshape(-1, HIDDEN), x, i)
        count[HIDDEN + IN] *= biases
        rows = torch.cat((root * a, torch.diag((l2 / 2 * count).sqrt())))
        right = torch.cat((root * y[:, i:i + 1], torch.zeros(a.shape[1], 1, dtype=a.dtype)))
        found.append(torch.linalg.lstsq(rows, right, driver="gelsy").solution[:, 0])
        cost += ((rows @ found[-1] - right[:, 0]) ** 2).sum().item()
    both = torch.stack([f[:HIDDEN + IN + 1] for f in found])
    return cost, {"head.weight": both[:, :HIDDEN], "skip": both[:, HIDDEN:HIDDEN + IN], "head.bias": both[:, -1],
                  "slow": found[1][None, HIDDEN + IN + 1:]}


def main():
    esn, params = start()
    data = stream()
    write(os.path.join(FOLDER, "start.safetensors"), arrays(params))
    write(os.path.join(FOLDER, "data.safetensors"), arrays(data))
    data = {name: t.double() for name, t in data.items()}
    h, lines = states(esn.double(), data), []
    for name, l2, biases in ("all", L2, 1), ("matrices", L2, 0), ("without", 0, 0):
        cost, expected = solve(h, data, l2, biases)
        lines.append("%s %.15g\n" % (name, cost))
        write(os.path.join(FOLDER, name + ".safetensors"), arrays({n: t.contiguous() for n, t in expected.items()}))
    write_text(os.path.join(FOLDER, "costs"), "".join(lines))


main()
