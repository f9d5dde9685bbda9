"""Writes trajectory/chunks*/: training on chunks, one after the other, as PyTorch's users write it.

Where k1 = k2 the windows are disjoint, and TBPTT is a call of nn.LSTM on the next 8 steps from the
last (h, c), detached: the chunk's mean squared error, backward, step. Nothing here counts steps or
windows; trajectories.py does. The 96 steps are 12 chunks, so there are five epochs. (Where a tail
is left over, this loop's last chunk is shorter; the last window of a TBPTT(k1, k2) still reaches
back k2 steps, into the chunk before. So it is in trajectories.py.)

    chunks           (h, c) begins at 0 in each epoch
    chunks_carried   (h, c) goes on from the end of one epoch into the next

Run with PyTorch 1.13: python3 chunks.py."""
import torch
import torch.nn.functional as F

from models import Recurrent
from training import norm, record, result
from trajectories import OPTIMIZERS, waves

CHUNK = 8


class Trainer:
    def __init__(self, model, data, layers, carry):
        self.model, self.data, self.layers, self.carry = model, data, layers, carry
        self.optimizer = OPTIMIZERS["adam"](model.parameters())
        self.left, self.state = [], None

    def begin_epoch(self):
        self.left = list(zip(*(self.data[name].split(CHUNK) for name in ("input", "target"))))
        if not self.carry:
            self.state = None # nn.LSTM takes zeros

    def update(self):
        if not self.left:
            self.begin_epoch()
        x, target = self.left.pop(0)
        h, state = self.model.rnn(x, self.state)
        loss = F.mse_loss(self.model.head(h), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.state = tuple(s.detach() for s in state)
        return loss.item(), norm(self.model.parameters())

    def result(self):
        parts = zip("hc", self.state)
        state = {"rnn.l%d.%s" % (i, part): s[i] for part, s in parts for i in range(self.layers)}
        return result(self.model, self.optimizer, state)


def case(name, seed, carry, layers=2):
    torch.manual_seed(seed)
    options = {"cell": "lstm", "layers": layers, "k1": CHUNK, "k2": CHUNK, "optimizer": "adam",
               "carry": str(carry).lower()}
    record(name, "recurrent", options, Recurrent("lstm", layers=layers), waves(seed, 96, 5, 3),
           lambda model, data: Trainer(model, data, layers, carry))


if __name__ == "__main__":
    torch.set_num_threads(1)
    case("chunks", 71, False)
    case("chunks_carried", 71, True)
