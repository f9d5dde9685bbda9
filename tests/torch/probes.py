"""Writes gradient/probes_*/: what retain_grad says of values inside of a window, in float64.

The cells are written out, so that the h that a step returns and the h that it leaves as its state are one
tensor. What enters a step is a tensor of its own: the clone of what the step before left, or the zeros of a new
sequence. A function of parameters is computed in each step; its gradient is the sum over the lanes.

    probes_lstm   sequences begin inside of the window; steps weigh 0 to 3
    probes_gru    the five newest of eight steps count
    probes_head   an LSTM below a head that looks at all steps

Run with PyTorch 1.13: python3 probes.py. tests/cli/torch_probes.sh reads the results."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from fixture import arrays, normal
from gradients import BATCH, STEPS, double, series, with_reset, write_case

HIDDEN = 8


def lstm(rnn, x, h, c):
    gates = F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0) + F.linear(h, rnn.weight_hh_l0, rnn.bias_hh_l0)
    i, f, g, o = gates.chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def gru(rnn, x, h, _):
    r, z, n = F.linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0).chunk(3, 1)
    hr, hz, hn = F.linear(h, rnn.weight_hh_l0, rnn.bias_hh_l0).chunk(3, 1)
    z = torch.sigmoid(z + hz)
    return (1 - z) * torch.tanh(n + torch.sigmoid(r + hr) * hn) + z * h, h.new_zeros(h.shape)


class Probed(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = {"lstm": lstm, "gru": gru}[cell]
        self.rnn = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](5, HIDDEN)
        self.A, self.scale = nn.Parameter(0.5 * torch.randn(4, HIDDEN)), nn.Parameter(torch.tensor([0.3]))
        self.out, self.top = nn.Linear(4, 3), nn.Linear(HIDDEN + 4, 3)
        self.kept = {}

    def keep(self, name, value):
        value.retain_grad()
        self.kept.setdefault(name, []).append(value)
        return value

    def step(self, x, h, c, fresh):
        h, c = torch.where(fresh, torch.zeros_like(h), h.clone()), torch.where(fresh, torch.zeros_like(c), c)
        entering = self.keep("entering", h)
        h, c = self.cell(self.rnn, x, h, c)
        a = self.keep("thrice", F.linear(self.keep("h", h), self.A))
        self.keep("unused", torch.tanh(a) * entering[:, :4])
        scale = self.keep("scale", torch.exp(self.scale))
        return self.out(a * torch.sin(a) + a * scale), a, h, c

    def head(self, ys, hs, squares):
        seen = [torch.cat((h, s), 1) for h, s in zip(hs, squares)]
        self.kept["seen_first"] = [hs[0]]
        stack = self.keep("stack", torch.tanh(torch.stack(seen, 1)))
        return self.top(stack.sum(1)) + 0.1 * ys[0]


def window(model, data, h, c, counted):
    """The reduced loss, and the state that the last step leaves."""
    ys, hs, squares, total, weight = [], [], [], 0, 0
    for t in range(STEPS):
        fresh = data["reset"][t].bool()[:, None] if "reset" in data else torch.zeros(BATCH, 1).bool()
        y, a, h, c = model.step(data["input"][t], h, c, fresh)
        ys.append(y)
        hs.append(h)
        squares.append(a * a)
        if counted is None and t == STEPS - 1:
            y = model.head(ys, hs, squares)
        if t >= (STEPS - 1 if counted is None else counted):
            w = data["weight"][t] if "weight" in data else torch.ones(BATCH, dtype=y.dtype)
            total = total + (w * F.mse_loss(y, data["target"][t], reduction="none").mean(-1)).sum()
            weight = weight + w.sum()
    return total / weight, h, c


def expand(value, name):
    """As tapeless lays a probe out: a value that lanes share in every lane."""
    return value.expand(BATCH, *value.shape) if name == "scale" else value


def probes(model):
    """probe.* and probe_grad.*: [T, B, ...]; a head's in the newest step, zeros before."""
    found = {}
    for name, values in model.kept.items():
        grads = [torch.zeros_like(v) if v.grad is None else v.grad for v in values]
        for prefix, rows in (("probe.", values), ("probe_grad.", grads)):
            rows = [expand(r, name) for r in rows]
            zeros = [torch.zeros_like(rows[0])] * (STEPS - len(rows))
            found[prefix + name] = torch.stack(zeros + rows)
    return found


def with_weight(seed, data):
    weights = np.random.RandomState(seed).choice([0, 0.25, 1, 3], (STEPS, BATCH))
    return {**data, "weight": torch.tensor(weights.astype(np.float32))}


def case(name, seed, cell, data, options, counted, more=""):
    torch.manual_seed(seed)
    model, rng = Probed(cell), np.random.RandomState(seed + 1000)
    params = {n: p.clone() for n, p in model.named_parameters()}
    parts = ("rnn.h", "rnn.c") if cell == "lstm" else ("rnn.h",)
    state = {part: 0.7 * normal(rng, BATCH, HIDDEN) for part in parts}
    given = {**arrays(data), **arrays(state, "state.")}
    state, data = double(state), double(data)
    entering = [state[part].requires_grad_() for part in parts]
    entering = (entering + [torch.zeros_like(entering[0])])[:2]
    model.double()
    loss, h, c = window(model, data, *entering, counted)
    loss.backward()
    grads = {n: torch.zeros_like(p) if p.grad is None else p.grad for n, p in model.named_parameters()}
    after = dict(zip(parts, (h, c)))
    write_case(name, "probes", {"cell": cell, **options}, more, params, given, loss, grads, after, probes(model))


if __name__ == "__main__":
    torch.set_num_threads(1)
    case("probes_lstm", 61, "lstm", with_weight(61, with_reset(series(61, 5, 3))), {}, 0)
    case("probes_gru", 62, "gru", series(62, 5, 3), {}, STEPS - 5, " --new 5")
    case("probes_head", 63, "lstm", series(63, 5, 3), {"head": "true"}, None)
