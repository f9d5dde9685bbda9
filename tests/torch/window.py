"""Writes gradient/attention*/ and gradient/bidirectional*/: what PyTorch's autograd says about a head over a window of
eight steps, in float64, from an entering state that is held constant.

    attention          nn.MultiheadAttention over the states of a GRU, the newest one being the query
    attention_1        the same with one head
    attention_additive Bahdanau's, written from the paper
    bidirectional*     nn.GRU and nn.LSTM with bidirectional=True, whose output three steps before the newest is read:
                       forward from the entering state, backward from zeros

Run with PyTorch: python3 window.py. tests/cli/torch_window.sh reads the results."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from fixture import arrays, normal
from gradients import BATCH, STEPS, double, series, write_case
from models import CELLS

INPUTS, HIDDEN, OUTPUTS, AFTER = 5, 8, 3, 3


class Additive(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight_q = nn.Parameter(torch.randn(width, width) * 0.4)
        self.weight_k = nn.Parameter(torch.randn(width, width) * 0.4)
        self.bias, self.v = nn.Parameter(torch.randn(width)), nn.Parameter(torch.randn(width))

    def forward(self, query, keys, values):
        energy = torch.tanh(query @ self.weight_q.T + keys @ self.weight_k.T + self.bias) @ self.v # [T, B]
        a = torch.softmax(energy, 0)
        return (a[..., None] * values).sum(0, keepdim=True), a


class Attention(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.rnn, self.head = nn.GRU(INPUTS, HIDDEN), nn.Linear(HIDDEN, OUTPUTS)
        self.look = nn.MultiheadAttention(HIDDEN, heads) if heads else Additive(HIDDEN)
        if heads: # away from 0, which would hide an error
            nn.init.normal_(self.look.in_proj_bias)
            nn.init.normal_(self.look.out_proj.bias)

    def forward(self, x, s):
        h, last = self.rnn(x, s["rnn.h"][None])
        return self.head(self.look(h[-1:], h, h)[0][0]), {"rnn.h": last[0]}


class Bidirectional(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.rnn = CELLS[cell](INPUTS, HIDDEN, bidirectional=True)
        self.head = nn.Linear(2 * HIDDEN, OUTPUTS)
        self.parts = ("h", "c") if cell == "lstm" else ("h",)

    def forward(self, x, s):
        first = tuple(torch.stack([s["rnn." + part], torch.zeros_like(s["rnn." + part])]) for part in self.parts)
        y, last = self.rnn(x, first if len(first) > 1 else first[0])
        last = last if isinstance(last, tuple) else (last,)
        return self.head(y[STEPS - 1 - AFTER]), {"rnn." + part: v[0] for part, v in zip(self.parts, last)}


def case(name, seed, make, options, parts=("h",)):
    torch.manual_seed(seed)
    model, data, rng = make(), series(seed, INPUTS, OUTPUTS), np.random.RandomState(seed + 1000)
    params = {n: p.clone() for n, p in model.named_parameters()}
    state = {"rnn." + part: 0.7 * normal(rng, BATCH, HIDDEN) for part in parts}
    given = arrays(data)
    given.update(arrays(state, "state."))
    model, data, state = model.double(), double(data), double(state)
    y, after = model(data["input"], state)
    loss = F.mse_loss(y, data["target"][-1])
    loss.backward()
    grads = {n: p.grad for n, p in model.named_parameters()}
    write_case(name, "window", options, "", params, given, loss, grads, after)


if __name__ == "__main__":
    torch.set_num_threads(1)
    case("attention", 31, lambda: Attention(2), {"over": "attention"})
    case("attention_1", 32, lambda: Attention(1), {"over": "attention", "heads": 1})
    case("attention_additive", 33, lambda: Attention(0), {"over": "attention", "score": "additive", "heads": 1})
    case("bidirectional", 34, lambda: Bidirectional("gru"), {"over": "bidirectional"})
    case("bidirectional_lstm", 35, lambda: Bidirectional("lstm"), {"over": "bidirectional", "cell": "lstm"}, ("h", "c"))
