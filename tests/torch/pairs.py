"""Writes trajectory/pairs_*/: TBPTT(1, 9) with the class that is handed around for it in PyTorch.

It keeps for each step the pair (state it was given, state it made), where the given one is the last
made one, detached, with a gradient of its own; it goes back from the newest loss by handing the
gradient of each given state to the made state of the step before. Here it is written for states
that are tuples, (h, c), and clears the gradients of the given states before it goes back: they
add up otherwise, and on x' = w x, x0 = 0.9, w = 0.2, k2 = 3 the third step says 0.288 where it is
0.108. check() asserts both numbers, and the rows of the table in docs/semantics.md.

    pairs_standing    the weights stand still: 50 gradients, in gradients.safetensors; the steps'
                      graphs are kept from window to window
    pairs_recompute   SGD; the window is run again from the state that entered its oldest step as
                      last computed, with today's weights, and the class goes back through that
    pairs_retain      SGD; the graphs are kept, as before PyTorch 1.5: weights are changed behind
                      autograd's back, which today refuses to go back (check() asserts that it does)
    pairs_versions    SGD; the graphs are kept, and each step was run with a copy of the weights of
                      its time; the gradient is the sum over the copies

Run with PyTorch 1.13: python3 pairs.py."""
import copy
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from fixture import HERE, write
from gradients import BATCH
from training import norm, record, result
from trajectories import waves

K2 = 9


class Pairs:
    """The last k2 steps. A cell takes (x, state) to (y, state); states are tuples of tensors."""

    def __init__(self, k2):
        self.k2, self.steps = k2, []

    def forward(self, cell, x, state):
        given = tuple(s.detach().requires_grad_() for s in state)
        y, made = cell(x, given)
        self.steps = (self.steps + [(given, made)])[-self.k2:]
        return y, made

    def backward(self, loss, clear=True):
        for given, _ in self.steps if clear else ():
            for s in given:
                s.grad = None
        loss.backward(retain_graph=True)
        for older, newer in zip(self.steps[-2::-1], self.steps[:0:-1]):
            torch.autograd.backward(older[1], [s.grad for s in newer[0]], retain_graph=True)


class Kept:
    """Runs each step once and keeps its graph."""

    def __init__(self, cell, k2, clear=True):
        self.cell, self.pairs, self.clear = cell, Pairs(k2), clear
        self.made = [cell.start()] # made[t] enters step t

    def gradient(self, x, loss):
        """One more step, and the gradient of its loss in the parameters' .grad."""
        y, made = self.pairs.forward(self.cell, x, self.made[-1])
        self.made.append(made)
        value = loss(y)
        self.cell.zero_grad()
        self.pairs.backward(value, self.clear)
        return value.item()

    def entering(self):
        """The state that enters the next window."""
        return self.made[max(0, len(self.made) - self.pairs.k2)]


class Versions(Kept):
    """Likewise, and each step keeps the weights that it was run with."""

    def __init__(self, cell, k2):
        super().__init__(cell, k2)
        self.copies = []

    def gradient(self, x, loss):
        now = copy.deepcopy(self.cell)
        self.copies = (self.copies + [now])[-self.pairs.k2:]
        y, made = self.pairs.forward(now, x, self.made[-1])
        self.made.append(made)
        value = loss(y)
        for cell in self.copies:
            cell.zero_grad()
        self.pairs.backward(value)
        for name, p in self.cell.named_parameters():
            grads = [dict(cell.named_parameters())[name].grad for cell in self.copies]
            p.grad = sum(g for g in grads if g is not None) # only the newest used the head
        return value.item()


class Recomputed(Kept):
    """Runs the window's steps again with today's weights; what they make replaces what was made."""

    def __init__(self, cell, k2):
        super().__init__(cell, k2)
        self.xs = []

    def gradient(self, x, loss):
        self.xs.append(x)
        first = max(0, len(self.xs) - self.pairs.k2)
        del self.made[first + 1:]
        self.pairs.steps = []
        for older in self.xs[first:-1]:
            self.made.append(self.pairs.forward(self.cell, older, self.made[-1])[1])
        return super().gradient(x, loss)


class Cell(nn.Module): # pairs.lua
    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.LSTM(3, 4), nn.Linear(4, 2)

    def start(self):
        zeros = self.head.bias.new_zeros(1, BATCH, 4)
        return zeros, zeros

    def forward(self, x, state):
        y, state = self.rnn(x[None], state)
        return self.head(y[0]), state


class Unseen:
    """SGD on the memory of the parameters, past the counter by which autograd sees a change."""

    def __init__(self, params, **how):
        self.params = list(params)
        self.memory = [p.data for p in self.params]
        self.sgd = torch.optim.SGD(self.memory, **how)

    def step(self):
        for p, memory in zip(self.params, self.memory):
            memory.grad = p.grad
        self.sgd.step()
        self.state = {p: self.sgd.state[m] for p, m in zip(self.params, self.memory)}


class Trainer:
    """50 updates, k1 = 1. An epoch begins with a new stream."""

    def __init__(self, way, optimizer, cell, data):
        self.way, self.cell, self.data = way, cell, data
        self.optimizer = optimizer(cell.parameters()) if optimizer else None
        self.begin()
        self.gradients = {"optim.m." + name: [] for name, _ in cell.named_parameters()}

    def begin(self):
        self.position, self.window = 0, self.way(self.cell, K2)

    def update(self):
        target = self.data["target"][self.position]
        loss = self.window.gradient(self.data["input"][self.position],
                                    lambda y: F.mse_loss(y, target))
        for name, p in self.cell.named_parameters():
            self.gradients["optim.m." + name].append(p.grad.numpy().copy())
        if self.optimizer:
            self.optimizer.step()
        self.position += 1
        if self.position == len(self.data["input"]):
            self.begin()
        return loss, norm(self.cell.parameters())

    def result(self):
        h, c = self.window.entering()
        state = {"rnn.h": h[0], "rnn.c": c[0]}
        if self.optimizer:
            return result(self.cell, self.optimizer, state)
        return result(self.cell, torch.optim.SGD(self.cell.parameters(), lr=1), state)


class Scalar(nn.Module): # models/scalar.lua
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(0.2, dtype=torch.float64))

    def start(self):
        return torch.tensor(0.9, dtype=torch.float64),

    def forward(self, _, state):
        y = self.w * state[0]
        return y, (y,)


def row(way, optimizer=None, **how):
    """The gradients of x_t for t = 1 .. 5."""
    cell = Scalar()
    window, grads = way(cell, 3, **how), []
    optimizer = optimizer and optimizer(cell.parameters(), lr=0.1)
    for _ in range(5):
        window.gradient(None, lambda y: y)
        grads.append(cell.w.grad.item())
        if optimizer:
            optimizer.step()
    return grads


def check():
    sgd = torch.optim.SGD
    near = lambda got, *want: np.testing.assert_allclose(got, want, rtol=0, atol=5e-10)
    near(row(Kept), 0.9, 0.36, 0.108, 0.0216, 0.00432)
    near(row(Kept, clear=False)[:3], 0.9, 0.36, 0.288)
    near(row(Recomputed), 0.9, 0.36, 0.108, 0.0216, 0.00432)
    near(row(Recomputed, sgd), 0.9, 0.198, 0.021967308, 0.001886114, 0.000165273)
    near(row(Kept, Unseen), 0.9, 0.279, 0.040644369, 0.004266803, 0.000372271)
    near(row(Versions, sgd), 0.9, 0.279, 0.042705900, 0.004316765, 0.000371606)
    try:
        row(Kept, sgd)
    except RuntimeError as e:
        assert "modified by an inplace operation" in str(e), e
    else:
        raise AssertionError("graphs are kept, weights are changed, and autograd does not mind")


def case(name, options, way, optimizer, steps, more=""):
    torch.manual_seed(61)
    return record("pairs_" + name, "pairs", options, Cell(), waves(61, steps, 3, 2),
                  lambda cell, data: Trainer(way, optimizer, cell, data), more)


def main():
    torch.set_num_threads(1)
    check()
    standing = case("standing", {"optimizer": "standing"}, Kept, None, 60, " --lr 0")
    write(os.path.join(HERE, "trajectory", "pairs_standing", "gradients.safetensors"),
          {name: np.stack(grads) for name, grads in standing.gradients.items()})
    # 35 steps: the second epoch begins anew.
    for name, way, make in (("recompute", Recomputed, torch.optim.SGD), ("retain", Kept, Unseen),
                            ("versions", Versions, torch.optim.SGD)):
        case(name, {"overlap": name}, way, lambda params: make(params, lr=0.04, momentum=0.9), 35)


if __name__ == "__main__":
    main()
