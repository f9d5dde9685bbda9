"""Writes trajectory/CASE/: 50 updates of TBPTT(k1, k2) by autograd and torch.optim.

The state enters every window detached and begins afresh with each epoch unless it is carried over;
a window that is overlapped by the one before is run again from the state that entered its oldest
step as last computed. training.py says what is in a case.

Run with PyTorch 1.13: python3 trajectories.py."""
import numpy as np
import torch

from gradients import BATCH, with_mask
from models import LOSSES, Char, Normalised, Recurrent, window
from training import norm, record, result


class Trainer:
    def __init__(self, model, optimizer, loss, data, k1, k2, counted="new", carry=False,
                 clip_norm=0, clip_value=0):
        self.model, self.loss, self.data = model, loss, data
        self.k1, self.k2, self.counted, self.carry = k1, k2, counted, carry
        self.clip_norm, self.clip_value = clip_norm, clip_value
        self.optimizer = optimizer(model.parameters())
        self.begin_epoch()

    def begin_epoch(self, carried=None):
        self.position = 0
        self.entering = {0: carried} # step -> the state that enters it; None: that of a new stream

    def entry(self, end):
        """First step of the window that ends before step `end`, and the state that enters it. What
        a stream begins with is read again each time: if it is learned it has moved."""
        start = max(0, end - self.k2)
        return start, self.entering[start] or self.model.start(BATCH)

    def next_end(self):
        return min(self.position + self.k1, len(self.data["input"]))

    def forward(self):
        end = self.next_end()
        start, state = self.entry(end)
        first = {"new": self.position, "last": end - 1, "all": start}[self.counted]
        steps = {name: series[start:end] for name, series in self.data.items()}
        loss, states = window(self.model, self.loss, steps, state, first - start)
        for t, after in enumerate(states, start + 1):
            self.entering[t] = {name: s.detach() for name, s in after.items()}
        self.position = end
        return loss

    def update(self):
        """One update; returns the loss and the gradient's norm before it is clipped by norm."""
        loss = self.forward()
        self.optimizer.zero_grad()
        loss.backward()
        if self.clip_value:
            torch.nn.utils.clip_grad_value_(self.model.parameters(), self.clip_value)
        before = norm(self.model.parameters())
        if self.clip_norm:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        self.optimizer.step()
        if self.position == len(self.data["input"]):
            self.begin_epoch(self.entering[self.position] if self.carry else None)
        return loss.item(), before

    def result(self):
        return result(self.model, self.optimizer, self.entry(self.next_end())[1])


def case(name, seed, spec, options, make, data, optimizer, loss="mse", **how):
    torch.manual_seed(seed)
    record(name, spec, options, make(), data,
           lambda model, given: Trainer(model, optimizer, LOSSES[loss], given, **how))


def waves(seed, steps, inputs, outputs):
    """Sines with noise; the targets are mixtures of the inputs of two steps before."""
    rng = np.random.RandomState(seed)
    t = np.arange(steps + 2)[:, None, None]
    x = np.sin(t * rng.uniform(0.2, 1.2, (BATCH, inputs)) + rng.uniform(0, 6, (BATCH, inputs)))
    y = x @ rng.standard_normal((inputs, outputs))
    x += 0.1 * rng.standard_normal(x.shape)
    return {"input": torch.tensor(x[2:].astype(np.float32)),
            "target": torch.tensor(y[:-2].astype(np.float32))}


def words(seed, steps):
    """Characters that mostly follow one another, so that there is something to learn."""
    rng = np.random.RandomState(seed)
    follow, jump = rng.permutation(12), rng.uniform(size=(steps + 1, BATCH)) < 0.2
    text = rng.randint(0, 12, (steps + 1, BATCH))
    for t in range(steps):
        text[t + 1] = np.where(jump[t], text[t + 1], follow[text[t]])
    text = torch.tensor(text.astype(np.int32))
    return {"input": text[:-1], "target": text[1:]}


def adam(**options):
    return lambda params: torch.optim.Adam(params, **options)


# As in recurrent.lua.
OPTIMIZERS = {
    "sgd": lambda params: torch.optim.SGD(params, lr=0.05, momentum=0.9),
    "nesterov": lambda params: torch.optim.SGD(params, lr=0.05, momentum=0.9, nesterov=True,
                                               weight_decay=1e-3),
    "adam": adam(lr=3e-3),
    "adamw": lambda params: torch.optim.AdamW(params, lr=1e-2, weight_decay=0.1),
    "rmsprop": lambda params: torch.optim.RMSprop(params, lr=3e-3, alpha=0.95, momentum=0.5),
}


def regression(name, seed, steps, cell, optimizer, k1=8, k2=8, counted="new", layers=1,
               carry=False):
    options = {"cell": cell, "optimizer": optimizer, "k1": k1, "k2": k2, "loss": counted,
               "layers": layers, "carry": str(carry).lower()}
    case(name, seed, "recurrent", options, lambda: Recurrent(cell, layers=layers),
         waves(seed, steps, 5, 3), OPTIMIZERS[optimizer], k1=k1, k2=k2, counted=counted,
         carry=carry)


def characters(name, seed, layers, **clip):
    case(name, seed, "char", {"layers": layers, **clip}, lambda: Char(layers), words(seed, 93),
         adam(lr=1e-2), "cross_entropy", k1=8, k2=8, **clip)


def normalised(name, seed, data):
    case(name, seed, "layer_norm", {"k1": 3, "k2": 8}, Normalised, data,
         adam(lr=3e-3, betas=(0.8, 0.99), weight_decay=0.01), k1=3, k2=8)


def with_resets(seed, data):
    flags = np.random.RandomState(seed).uniform(size=data["input"].shape[:2]) < 0.1
    return {**data, "reset": torch.tensor(flags.astype(np.float32))}


def main():
    torch.set_num_threads(1)
    # 93 steps are 11 windows of 8 and one of 5: four epochs and two updates of a fifth.
    characters("char_adam_clip_norm", 41, 1, clip_norm=0.25)
    characters("char_2_layers_clip_value", 42, 2, clip_value=0.02)
    regression("lstm_sgd", 43, 405, "lstm", "sgd")
    regression("lstm_nesterov", 44, 93, "lstm", "nesterov")
    regression("lstm_carry", 45, 93, "lstm", "sgd", carry=True)
    regression("gru_adamw", 46, 93, "gru", "adamw")
    regression("gru_2_layers_rmsprop", 47, 93, "gru", "rmsprop", layers=2)
    regression("overlap_new", 48, 63, "lstm", "adam", k1=2, k2=7)
    regression("overlap_last", 49, 40, "gru", "sgd", k1=1, k2=6, counted="last")
    regression("overlap_all", 50, 70, "rnn", "adam", k1=3, k2=8, counted="all")
    # A start from which the variance below layer_norm stays away from 0. Where it does not,
    # gradients of 20 follow gradients of 1 and float32 drifts by 1e-5 in PyTorch as well.
    normalised("learned", 57, waves(57, 40, 4, 2))
    normalised("reset_and_mask", 52, with_mask(52, with_resets(52, waves(52, 70, 4, 2))))


if __name__ == "__main__":
    main()
