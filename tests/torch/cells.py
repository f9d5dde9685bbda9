"""The cells of cells.lua as their papers write them, and what autograd says about a window of each, in float64.

Writes gradient/NAME/ as gradients.py does, and evaluation/zoneout/: a stream, and the loss of the expectation over it.
Run with PyTorch 1.13: python3 cells.py. tests/cli/torch_cells_*.sh read the results."""
import os

import numpy as np
import torch
from torch import nn

from fixture import HERE, arrays, normal, write, write_text
from gradients import BATCH, STEPS, double, gradient, series, with_reset, write_case
from models import LOSSES, window

IN, HIDDEN, OUT = 5, 8, 3


class Cell(nn.Module):
    """A layer: its parameters have the layer's number behind them. state: sizes by name. step: output, new state."""

    def __init__(self, inputs, hidden=HIDDEN, suffix="", **how):
        super().__init__()
        self.inputs, self.hidden, self.suffix, self.how = inputs, hidden, suffix, how
        self.state, self.output = {"h": hidden}, hidden
        self.build()

    def add(self, name, *shape):
        bound = 1 / self.hidden ** 0.5
        self.register_parameter(name + self.suffix, nn.Parameter((2 * torch.rand(shape) - 1) * bound))

    def p(self, name):
        return getattr(self, name + self.suffix)

    def blocks(self, count, of_state=True):
        self.add("weight_ih", count * self.hidden, self.inputs)
        if of_state:
            self.add("weight_hh", count * self.hidden, self.hidden)
        self.add("bias", count * self.hidden)

    def b(self, block, count):
        return self.p("bias").chunk(count)[block]


class MGU(Cell):
    def build(self):
        self.blocks(2)

    def step(self, x, s):
        wf, wn = self.p("weight_ih").chunk(2)
        uf, un = self.p("weight_hh").chunk(2)
        f = torch.sigmoid(x @ wf.T + s["h"] @ uf.T + self.b(0, 2))
        n = torch.tanh(x @ wn.T + (f * s["h"]) @ un.T + self.b(1, 2))
        h = (1 - f) * s["h"] + f * n
        return h, {"h": h}


class MinGRU(Cell):
    def build(self):
        self.blocks(2, of_state=False)

    def step(self, x, s):
        wz, wn = self.p("weight_ih").chunk(2)
        z = torch.sigmoid(x @ wz.T + self.b(0, 2))
        h = (1 - z) * s["h"] + z * (x @ wn.T + self.b(1, 2))
        return h, {"h": h}


class IndRNN(Cell):
    def build(self):
        self.add("weight_ih", self.hidden, self.inputs)
        self.add("weight_hh", self.hidden)
        self.add("bias", self.hidden)

    def step(self, x, s):
        a = x @ self.p("weight_ih").T + self.p("weight_hh") * s["h"] + self.p("bias")
        h = torch.tanh(a) if self.how.get("tanh") else torch.relu(a)
        return h, {"h": h}


class CTRNN(Cell):
    """tau dh/dt = -h + W x + U f(h + b), one step of Euler's."""

    def build(self):
        self.blocks(1)
        if "tau" not in self.how:
            self.register_parameter("log_tau" + self.suffix, nn.Parameter(torch.randn(self.hidden)))

    def step(self, x, s):
        f = torch.sigmoid if "tau" in self.how else torch.tanh
        dt, h = self.how["dt"], s["h"]
        tau = self.how.get("tau")
        tau = dt + torch.exp(self.p("log_tau")) if tau is None else torch.tensor(tau, dtype=h.dtype)
        speed = (-h + x @ self.p("weight_ih").T + f(h + self.p("bias")) @ self.p("weight_hh").T) / tau
        h = h + dt * speed
        return f(h + self.p("bias")), {"h": h}


class Clockwork(Cell):
    """Group i moves at the steps whose number is a multiple of its period, and reads groups i, i + 1, ..."""

    def build(self):
        self.blocks(1)
        self.periods = torch.tensor(self.how["periods"])
        self.state["phase"] = len(self.periods)

    def step(self, x, s):
        groups, h = [], s["h"]
        n = self.hidden // len(self.periods)
        for i in range(len(self.periods)):
            rows = slice(i * n, (i + 1) * n)
            moved = torch.tanh(x @ self.p("weight_ih")[rows].T + h[:, i * n:] @ self.p("weight_hh")[rows, i * n:].T
                               + self.p("bias")[rows])
            groups.append(torch.where(s["phase"][:, i:i + 1] == 0, moved, h[:, rows]))
        h = torch.cat(groups, -1)
        return h, {"h": h, "phase": (s["phase"] + 1) % self.periods}


class LRU(Cell):
    """In complex numbers, as the paper has it."""

    def build(self):
        n = self.how["state"]
        self.state = {"re": n, "im": n}
        self.nu_log, self.theta_log, self.gamma_log = (nn.Parameter(torch.randn(n) * 0.5 - 1) for _ in range(3))
        for part in "re", "im":
            self.add("B_" + part, n, self.inputs)
            self.add("C_" + part, self.hidden, n)
        self.add("D", self.hidden, self.inputs)

    def step(self, x, s):
        turn = torch.exp(torch.complex(-torch.exp(self.nu_log), torch.exp(self.theta_log)))
        B, C = (torch.complex(self.p(m + "_re"), self.p(m + "_im")) for m in "BC")
        h = turn * torch.complex(s["re"], s["im"]) + torch.exp(self.gamma_log) * (x.to(B.dtype) @ B.T)
        return (h @ C.T).real + x @ self.D.T, {"re": h.real, "im": h.imag}


class ESN(Cell):
    def build(self):
        self.blocks(1)
        self.requires_grad_(False)

    def step(self, x, s):
        new = torch.tanh(x @ self.weight_ih.T + s["h"] @ self.weight_hh.T + self.bias)
        h = (1 - self.how["leak"]) * s["h"] + self.how["leak"] * new
        return h, {"h": h}


class LSTM(Cell):
    """Variants of the LSTM, in the order of what each paper changes."""

    def build(self):
        count, self.output = 3 if self.how.get("coupled") else 4, self.how.get("projection", self.hidden)
        self.count, self.state = count, {"h": self.output, "c": self.hidden}
        self.add("weight_ih", count * self.hidden, self.inputs)
        self.add("weight_hh", count * self.hidden, self.output)
        if "projection" in self.how:
            self.add("weight_hr", self.output, self.hidden)
        if self.how.get("peephole"):
            for gate in "cf", "co", *(() if count == 3 else ("ci",)):
                self.add("weight_" + gate, self.hidden)
        if not self.how.get("norm"):
            self.add("bias_ih", count * self.hidden)
            self.add("bias_hh", count * self.hidden)
            return
        for name, width in ("ih", count * self.hidden), ("hh", count * self.hidden), ("c", self.hidden):
            layer = nn.LayerNorm(width)
            nn.init.normal_(layer.weight, 1, 0.3)  # away from 1 and 0, which would hide an error
            nn.init.normal_(layer.bias, 0, 0.3)
            self.add_module("norm_%s%s" % (name, self.suffix), layer)

    def sums(self, x, h):
        a, b = x @ self.p("weight_ih").T, h @ self.p("weight_hh").T
        if self.how.get("norm"):
            return self.p("norm_ih")(a) + self.p("norm_hh")(b)
        return a + self.p("bias_ih") + b + self.p("bias_hh")

    def peep(self, gate, c):
        return self.p("weight_c" + gate) * c if self.how.get("peephole") else 0

    def step(self, x, s):
        parts = list(self.sums(x, s["h"]).chunk(self.count, -1))
        i = parts.pop(0) if self.count == 4 else None
        f, g, o = parts
        f = torch.sigmoid(f + self.peep("f", s["c"]))
        i = 1 - f if i is None else torch.sigmoid(i + self.peep("i", s["c"]))
        c = f * s["c"] + i * torch.tanh(g)
        seen = self.p("norm_c")(c) if self.how.get("norm") else c
        h = torch.sigmoid(o + self.peep("o", c)) * torch.tanh(seen)
        if "projection" in self.how:
            h = h @ self.p("weight_hr").T
        zone = self.how.get("zone", 0)  # of the expectation
        h, c = zone * s["h"] + (1 - zone) * h, 2 * zone * s["c"] + (1 - 2 * zone) * c
        return h, {"h": h, "c": c}


class Stack(nn.Module):
    """Layers of a cell under the name rnn, and the head."""

    def __init__(self, cell, layers=1, numbered=True, **how):
        super().__init__()
        self.rnn, self.layers, inputs = nn.Module(), [], IN
        for i in range(layers):
            self.layers.append(cell(inputs, suffix="_l%d" % i if numbered else "", **how))
            inputs = self.layers[-1].output
            for name, p in self.layers[-1].named_parameters(recurse=False):
                self.rnn.register_parameter(name, p)
            for name, m in self.layers[-1].named_children():
                self.rnn.add_module(name, m)
        self.head = nn.Linear(inputs, OUT)

    def name(self, i, part):
        return "rnn.%s%s" % ("l%d." % i if len(self.layers) > 1 else "", part)

    def start(self, batch):
        zeros = self.head.weight.new_zeros
        return {self.name(i, part): zeros(batch, size)
                for i, layer in enumerate(self.layers) for part, size in layer.state.items()}

    def double(self):
        for layer in self.layers:
            layer.double()
        return super().double()

    def step(self, x, s):
        new = {}
        for i, layer in enumerate(self.layers):
            x, parts = layer.step(x, {part: s[self.name(i, part)] for part in layer.state})
            new.update((self.name(i, part), v) for part, v in parts.items())
        return self.head(x), new


class Projected(nn.Module):
    """torch.nn.LSTM itself, one step at a time."""

    def __init__(self, layers):
        super().__init__()
        self.rnn, self.head = nn.LSTM(IN, HIDDEN, layers, proj_size=4), nn.Linear(4, OUT)

    def names(self, part):
        return ["rnn.%s%s" % ("l%d." % i if self.rnn.num_layers > 1 else "", part) for i in range(self.rnn.num_layers)]

    def start(self, batch):
        zeros = self.head.weight.new_zeros
        return {name: zeros(batch, size) for part, size in (("h", 4), ("c", HIDDEN)) for name in self.names(part)}

    def step(self, x, s):
        packed = tuple(torch.stack([s[name] for name in self.names(part)]) for part in "hc")
        y, packed = self.rnn(x[None], packed)
        return self.head(y[0]), {name: p[i] for part, p in zip("hc", packed) for i, name in enumerate(self.names(part))}


def entering(model, seed):
    """Random, but for phases, which are those of lanes at steps 0, 3 and 7."""
    rng = np.random.RandomState(seed)
    state = {}
    for name, s in model.start(BATCH).items():
        state[name] = 0.7 * normal(rng, *s.shape)
        if name.endswith("phase"):
            state[name] = torch.tensor([0.0, 3, 7])[:, None] % torch.tensor(CLOCKS)
    return state


CLOCKS = [1, 2, 5, 6]


def case(name, seed, make, cell, layers=1, resets=False):
    torch.manual_seed(seed)
    model = make(layers)
    params = {n: p.clone() for n, p in model.named_parameters()}
    data, state = series(seed, IN, OUT), entering(model, seed + 1000)
    data = with_reset(data) if resets else data
    given = arrays(data)
    given.update(arrays(state, "state."))
    options = {"cell": cell, "layers": layers} if layers > 1 else {"cell": cell}
    write_case(name, "cells", options, "", params, given,
               *gradient(model.double(), LOSSES["mse"], double(data), double(state)))


def stack(cell, numbered=True, **how):
    return lambda layers: Stack(cell, layers, numbered, **how)


def variants():
    case("lstm_peephole", 41, stack(LSTM, peephole=True), "peephole")
    case("lstm_layer_norm", 42, stack(LSTM, norm=True), "norm")
    case("lstm_projection", 43, Projected, "projection", layers=2)
    case("lstm_coupled", 44, stack(LSTM, coupled=True), "coupled")
    case("lstm_all", 45, stack(LSTM, peephole=True, norm=True, coupled=True, projection=4), "all")


def cells():
    case("mgu", 51, stack(MGU), "mgu", layers=2)
    case("mingru", 52, stack(MinGRU), "mingru", layers=2)
    case("indrnn", 53, stack(IndRNN), "indrnn")
    case("indrnn_tanh", 54, stack(IndRNN, tanh=True), "indrnn_tanh", layers=2)
    case("ctrnn", 55, stack(CTRNN, dt=0.5), "euler", layers=2)
    case("ctrnn_fixed", 56, stack(CTRNN, dt=1, tau=list(range(2, 10))), "fixed")
    case("clockwork", 57, stack(Clockwork, periods=CLOCKS), "clockwork")
    case("clockwork_resets", 58, stack(Clockwork, periods=CLOCKS), "clockwork", layers=2, resets=True)
    case("lru", 59, stack(LRU, numbered=False, state=6), "lru")
    case("esn", 60, stack(ESN, numbered=False, leak=0.3), "esn")


def evaluation():
    """A stream of 5 windows, from the start; z = 0.25 of h, 0.5 of c."""
    torch.manual_seed(46)
    model = Stack(LSTM, 2, zone=0.25)
    folder = os.path.join(HERE, "evaluation", "zoneout")
    params, data = arrays(dict(model.named_parameters())), series(46, IN, OUT, steps=5 * STEPS)
    model.double()
    with torch.no_grad():
        loss, _ = window(model, LOSSES["mse"], double(data), model.start(BATCH), 0)
    write(os.path.join(folder, "params.safetensors"), params)
    write(os.path.join(folder, "data.safetensors"), arrays(data))
    write_text(os.path.join(folder, "loss"), "%.15g\n" % loss)


if __name__ == "__main__":
    torch.set_num_threads(1)
    variants()
    cells()
    evaluation()
