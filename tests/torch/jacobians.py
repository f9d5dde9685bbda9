"""Writes jacobian/CASE/: d y_t / d parameters by torch.func, in float64, of recurrent.lua's cells.

    case                  the spec and its options
    params.safetensors    in float32: both precisions begin with exactly these numbers
    data.safetensors      likewise: input, state.*
    expected.safetensors  jacobian.* [T, B, outputs, ...], output [T, B, outputs]

y_t is a function of the parameters and of the state that enters step t - k2 + 1, which is a number: what the steps before
it leave with the parameters as they are. torch.func has no rule for nn.LSTM and the like, so the cells are written out, and
compared with these layers first; jacrev and jacfwd agree.

Run with PyTorch 2.15: python3 jacobians.py."""
import os

import numpy as np
import torch
from torch.func import jacfwd, jacrev

from fixture import HERE, arrays, command, normal, write, write_text
from models import Recurrent

STEPS, BATCH = 6, 1


def lstm(p, x, s):
    i, f, g, o = gates(p, x, s["rnn.h"]).chunk(4, -1)
    c = torch.sigmoid(f) * s["rnn.c"] + torch.sigmoid(i) * torch.tanh(g)
    return {"rnn.h": torch.sigmoid(o) * torch.tanh(c), "rnn.c": c}


def gru(p, x, s):
    h = s["rnn.h"]
    a = x @ p["rnn.weight_ih_l0"].T + p["rnn.bias_ih_l0"]
    b = h @ p["rnn.weight_hh_l0"].T + p["rnn.bias_hh_l0"]
    (ra, za, na), (rb, zb, nb) = a.chunk(3, -1), b.chunk(3, -1)
    r, z = torch.sigmoid(ra + rb), torch.sigmoid(za + zb)
    return {"rnn.h": (1 - z) * torch.tanh(na + r * nb) + z * h}


def rnn(p, x, s):
    return {"rnn.h": torch.tanh(gates(p, x, s["rnn.h"]))}


def gates(p, x, h):
    return x @ p["rnn.weight_ih_l0"].T + p["rnn.bias_ih_l0"] + h @ p["rnn.weight_hh_l0"].T + p["rnn.bias_hh_l0"]


CELLS = {"lstm": lstm, "gru": gru, "rnn": rnn}


def output(p, s):
    return s["rnn.h"] @ p["head.weight"].T + p["head.bias"]


def states(cell, p, x, s):
    """The state that enters each step, and the last one left."""
    all_ = [s]
    for t in range(len(x)):
        all_.append(cell(p, x[t], all_[-1]))
    return all_


def compare_with_layer(model, cell, p, x, s):
    after = states(cell, p, x, s)
    for t in range(len(x)):
        y, s = model.step(x[t], s)
        assert torch.allclose(y, output(p, after[t + 1]), rtol=0, atol=1e-14)


def case(name, seed, kind, k2, options):
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed + 1000)
    model, cell = Recurrent(kind), CELLS[kind]
    params = {n: v.detach().clone() for n, v in model.named_parameters()}
    start = {n: 0.7 * normal(rng, *v.shape) for n, v in model.start(BATCH).items()}
    x = normal(rng, STEPS, BATCH, 5)
    p, s, xs = {n: v.double() for n, v in params.items()}, {n: v.double() for n, v in start.items()}, x.double()
    compare_with_layer(model.double(), cell, p, xs, s)
    entering = states(cell, p, xs, s)
    rows, values = [], []
    for t in range(STEPS):
        first = max(0, t - k2 + 1)
        of = lambda q: output(q, states(cell, q, xs[first:t + 1], entering[first])[-1])
        back, forward = jacrev(of)(p), jacfwd(of)(p)
        for n in p:
            assert torch.allclose(back[n], forward[n], rtol=0, atol=1e-13), (name, n)
        rows.append(back)
        values.append(of(p))
    folder = os.path.join(HERE, "jacobian", name)
    write_text(os.path.join(folder, "case"), command("recurrent", {**options, "k2": k2}))
    write(os.path.join(folder, "params.safetensors"), arrays(params, dtype=np.float32))
    write(os.path.join(folder, "data.safetensors"), {**arrays({"input": x}), **arrays(start, "state.")})
    expected = {n: torch.stack([row[n] for row in rows]) for n in p}
    write(os.path.join(folder, "expected.safetensors"),
          {**arrays(expected, "jacobian."), **arrays({"output": torch.stack(values)})})


if __name__ == "__main__":
    torch.set_num_threads(1)
    case("lstm", 31, "lstm", 3, {"cell": "lstm"})
    case("gru", 32, "gru", STEPS, {"cell": "gru"})
    case("rnn", 33, "rnn", 2, {"cell": "rnn", "nonlinearity": "tanh"})
