"""Writes trajectory/lstm_cnn_*/: an LSTM, and a CNN over its last nine states, trained together.

The CNN's image has two channels, h and c, of nine rows, oldest first. After every step from the
ninth on there is one update: the nine steps are run again with today's weights from the (h, c) that
entered the oldest of them as last computed, held constant, and the loss is the mean squared error
of what the CNN says against the target of the newest step. Before nine steps exist nothing is
learned; so it is again in each epoch, which begins with (h, c) = 0.

    lstm_cnn_sgd    SGD with momentum
    lstm_cnn_adam   Adam, the norm of the gradient clipped

Run with PyTorch 1.13: python3 lstm_cnn.py."""
import torch
import torch.nn.functional as F
from torch import nn

from gradients import BATCH
from training import norm, record, result
from trajectories import waves

K2, INPUTS, HIDDEN, CHANNELS, OUTPUTS = 9, 3, 6, 3, 2


class LstmCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(INPUTS, HIDDEN)
        self.conv = nn.Conv2d(2, CHANNELS, 3)
        self.head = nn.Linear(CHANNELS * (K2 - 2) * (HIDDEN - 2), OUTPUTS)

    def forward(self, states):
        h, c = zip(*states)
        image = torch.stack((torch.cat(h), torch.cat(c))).permute(2, 0, 1, 3) # [B, 2, 9, hidden]
        return self.head(F.relu(self.conv(image)).flatten(1))


class Trainer:
    def __init__(self, model, data, optimizer, clip_norm):
        self.model, self.x, self.target = model, data["input"], data["target"]
        self.optimizer, self.clip_norm = optimizer(model.parameters()), clip_norm
        self.begin()

    def begin(self):
        zeros = self.x.new_zeros(1, BATCH, HIDDEN)
        self.oldest, self.entering = 0, (zeros, zeros)

    def update(self):
        steps = range(self.oldest, self.oldest + K2)
        state, states = self.entering, []
        for t in steps:
            _, state = self.model.rnn(self.x[t][None], state)
            states.append(state)
        loss = F.mse_loss(self.model(states), self.target[steps[-1]])
        self.optimizer.zero_grad()
        loss.backward()
        before = norm(self.model.parameters())
        if self.clip_norm:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        self.optimizer.step()
        self.oldest += 1
        self.entering = tuple(s.detach() for s in states[0])
        if self.oldest + K2 > len(self.x):
            self.begin()
        return loss.item(), before

    def result(self):
        h, c = self.entering
        return result(self.model, self.optimizer, {"rnn.h": h[0], "rnn.c": c[0]})


def case(optimizer, make, clip_norm=0):
    """38 steps: 30 updates in the first epoch, 20 in the second."""
    torch.manual_seed(91)
    record("lstm_cnn_" + optimizer, "lstm_cnn", {"optimizer": optimizer, "clip_norm": clip_norm},
           LstmCnn(), waves(91, 38, INPUTS, OUTPUTS),
           lambda model, data: Trainer(model, data, make, clip_norm))


if __name__ == "__main__":
    torch.set_num_threads(1)
    case("sgd", lambda params: torch.optim.SGD(params, lr=0.01, momentum=0.9))
    case("adam", lambda params: torch.optim.Adam(params, lr=1e-2), clip_norm=0.5)
