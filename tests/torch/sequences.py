"""Writes trajectory/resets_*/, ragged_*/, many_to_one/ and loss_weight/: several sequences in the lanes of a batch.

Here every lane is run by itself, and what makes a batch of sequences is not there at all: where a
sequence begins there is no state (nn.LSTM takes zeros), and padding is left out. In the files,
which are all that tapeless sees, beginnings are `reset`, and padding is `mask` 0 over inputs and
targets of 100. The loss of a window is sum(w loss) / sum(w) over the counted steps of all lanes, w the
mask times `weight`; where the sum is 0 there is no update, and the state moves on.

    resets_disjoint   resets, lane by lane, k1 = k2 = 8
    resets_overlap    likewise, k1 = 2, k2 = 7: the window is run again from the state that entered
                      its oldest step as last computed, and sequences begin among its older steps
    resets_all_lanes  all lanes begin anew as well, now and then, and all steps of the window count:
                      a window does not reach back beyond that
    ragged_batches    GRU, k1 = k2 = 8: batches of three sequences of different lengths, each padded
                      to the longest of its batch
    ragged_packed     LSTM, k1 = 3, k2 = 8: each lane has its sequences one behind the other, with
                      padding in between, at the end and between a reset and its first step
    ragged_weighted   the same with weights 0.25, 0.5, 1 and 3 of the steps, in the mask
    many_to_one       LSTM, k1 = 6, k2 = 24: the same sequences, of which the last step's loss alone counts
                      (`weight`); the targets of the others are NaN
    loss_weight       GRU, k1 = 3, k2 = 8, all steps of the window count: `weight` 0, 0.25, 0.5, 1 and 3
                      beside a mask of 0, 1 and 2

Run with PyTorch 1.13: python3 sequences.py."""
import numpy as np
import torch
import torch.nn.functional as F

from gradients import BATCH
from models import Recurrent
from training import norm, record, result
from trajectories import OPTIMIZERS, waves, with_resets

HIDDEN = 8


def detached(state):
    if isinstance(state, tuple): # nn.LSTM's
        return tuple(s.detach() for s in state)
    return state if state is None else state.detach()


class Trainer:
    def __init__(self, model, data, optimizer, k1, k2, counted):
        self.model, self.data, self.k1, self.k2, self.counted = model, data, k1, k2, counted
        self.optimizer = OPTIMIZERS[optimizer](model.parameters())
        self.steps = len(data["input"])
        self.mask = data.get("mask", torch.ones_like(data["reset"]))
        self.weight = self.mask * data.get("weight", torch.ones_like(data["reset"]))
        self.begin_epoch()

    def begin_epoch(self):
        self.position = 0
        self.entering = {0: [None] * BATCH} # step -> state of each lane, as last computed

    def oldest(self, end):
        """First step of the window that ends before step `end`."""
        t = self.position
        while t > max(0, end - self.k2) and not self.data["reset"][t].all():
            t -= 1
        return t

    def run(self, lane, start, end, counted):
        """Weights and losses of a lane's steps from `counted` on."""
        state, terms = self.entering[start][lane], []
        for t in range(start, end):
            if self.data["reset"][t, lane]:
                state = None
            if self.mask[t, lane] > 0:
                h, state = self.model.rnn(self.data["input"][t, lane][None, None], state)
                y, w = self.model.head(h[0, 0]), self.weight[t, lane]
                if t >= counted and w > 0:
                    terms.append((w, F.mse_loss(y, self.data["target"][t, lane])))
            self.entering[t + 1][lane] = detached(state)
        return terms

    def forward(self):
        """The loss of the next window, None where nothing counts."""
        end = min(self.position + self.k1, self.steps)
        start = self.oldest(end)
        counted = start if self.counted == "all" else self.position
        for t in range(start, end):
            self.entering[t + 1] = [None] * BATCH
        terms = [term for lane in range(BATCH) for term in self.run(lane, start, end, counted)]
        self.position = end
        return sum(w * loss for w, loss in terms) / sum(w for w, _ in terms) if terms else None

    def loss(self):
        loss = self.forward()
        while loss is None:
            if self.position == self.steps:
                self.begin_epoch()
            loss = self.forward()
        return loss

    def update(self):
        loss = self.loss()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.position == self.steps:
            self.begin_epoch()
        return loss.item(), norm(self.model.parameters())

    def result(self):
        """The state that enters the next window."""
        lanes = self.entering[self.oldest(min(self.position + self.k1, self.steps))]
        zeros, state = self.data["input"].new_zeros(HIDDEN), {}
        parts = ("h", "c") if isinstance(self.model.rnn, torch.nn.LSTM) else ("h",)
        for i, part in enumerate(parts):
            rows = [zeros if s is None else (s if len(parts) == 1 else s[i])[0, 0] for s in lanes]
            state["rnn." + part] = torch.stack(rows)
        return result(self.model, self.optimizer, state)


def lay_out(steps, lanes):
    """reset and mask [T, B] of lanes [(first step, length), ...]. A reset stands at the first step,
    or where a sequence is given as (first step, length, reset)."""
    reset, mask = torch.zeros(steps, BATCH), torch.zeros(steps, BATCH)
    for lane, sequences in enumerate(lanes):
        for first, length, *at in sequences:
            assert not mask[first:first + length, lane].any() and first + length <= steps
            mask[first:first + length, lane] = 1
            reset[at[0] if at else first, lane] = 1
    return {"reset": reset, "mask": mask}


def batches(*lengths):
    """Batches of three sequences, each as long as the longest of them."""
    lanes, first = [[] for _ in range(BATCH)], 0
    for batch in lengths:
        for lane, length in zip(lanes, batch):
            lane.append((first, length))
        first += max(batch)
    return lay_out(first, lanes)


def with_weights(seed, layout):
    weights = np.random.RandomState(seed).choice([0.25, 0.5, 1, 3], layout["mask"].shape)
    return {**layout, "mask": layout["mask"] * torch.tensor(weights.astype(np.float32))}


def last_steps(layout):
    """Weight 1 where a sequence ends: its next step is padding, another's, or none."""
    mask, reset = layout["mask"], layout["reset"]
    weight = mask.clone()
    for lane in range(BATCH):
        steps = [t for t in range(len(mask)) if mask[t, lane] > 0]
        for t, after in zip(steps, steps[1:]):
            if not reset[t + 1:after + 1, lane].any():
                weight[t, lane] = 0
    return {**layout, "weight": weight}


def with_loss_weights(seed, layout):
    rng = np.random.RandomState(seed)
    weights = rng.choice([0, 0, 0.25, 0.5, 1, 3], layout["mask"].shape)
    weights[20:30] = 0
    mask = layout["mask"] * torch.tensor(rng.choice([1, 2], layout["mask"].shape).astype(np.float32))
    return {**layout, "mask": mask, "weight": torch.tensor(weights.astype(np.float32))}


def case(name, seed, cell, optimizer, k1, k2, layout, counted="new"):
    torch.manual_seed(seed)
    data = {**waves(seed, len(layout["reset"]), 5, 3), **layout}
    if "mask" in data:
        for series in data["input"], data["target"]:
            series[data["mask"] == 0] = 100
    if "weight" in data:
        data["target"][data["weight"] == 0] = float("nan")
    options = {"cell": cell, "optimizer": optimizer, "k1": k1, "k2": k2, "loss": counted}
    record(name, "recurrent", options, Recurrent(cell), data,
           lambda model, given: Trainer(model, given, optimizer, k1, k2, counted))


def resets(seed, steps, *of_all_lanes):
    flags = with_resets(seed, {"input": torch.zeros(steps, BATCH)})["reset"]
    flags[list(of_all_lanes)] = 1
    return {"reset": flags}


def main():
    torch.set_num_threads(1)
    case("resets_disjoint", 89, "lstm", "sgd", 8, 8, resets(89, 93))
    case("resets_overlap", 82, "lstm", "sgd", 2, 7, resets(82, 63))
    case("resets_all_lanes", 83, "lstm", "adam", 2, 7, resets(83, 63, 4, 26, 40), "all")
    case("ragged_batches", 84, "gru", "sgd", 8, 8,
         batches((11, 4, 19), (13, 13, 2), (5, 17, 9), (21, 3, 14)))
    packed = lay_out(70, [[(0, 12), (12, 7), (25, 1, 23), (26, 30)],
                          [(2, 20), (22, 9), (33, 18), (55, 15)],
                          [(0, 5), (9, 26, 7), (35, 3), (39, 27)]])
    case("ragged_packed", 85, "lstm", "adam", 3, 8, packed)
    case("ragged_weighted", 86, "lstm", "sgd", 3, 8, with_weights(86, packed))
    case("many_to_one", 87, "lstm", "adam", 6, 24, last_steps(packed))
    case("loss_weight", 88, "gru", "sgd", 3, 8, with_loss_weights(88, packed), "all")


if __name__ == "__main__":
    main()
