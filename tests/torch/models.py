"""The counterparts of the specs beside this file: a module has start(batch), the state that a
stream begins with, and step(x, state) -> output, next state. States are named as in tapeless."""
import torch
import torch.nn.functional as F
from torch import nn

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


class Layers(nn.Module):
    """torch.nn's recurrent layers; of one layer the state is rnn.h, of more rnn.l0.h and so on."""

    def __init__(self, cell, inputs, hidden, layers=1, **how):
        super().__init__()
        self.rnn = CELLS[cell](inputs, hidden, layers, **how)
        self.parts = ("h", "c") if cell == "lstm" else ("h",)

    def names(self, part):
        n = self.rnn.num_layers
        return ["rnn.%s%s" % ("l%d." % i if n > 1 else "", part) for i in range(n)]

    def start(self, batch):
        zeros = next(self.parameters()).new_zeros
        return {name: zeros(batch, self.rnn.hidden_size)
                for part in self.parts for name in self.names(part)}

    def run(self, x, s):
        packed = [torch.stack([s[name] for name in self.names(part)]) for part in self.parts]
        y, packed = self.rnn(x[None], tuple(packed) if len(packed) > 1 else packed[0])
        packed = packed if isinstance(packed, tuple) else (packed,)
        return y[0], {name: p[i] for part, p in zip(self.parts, packed)
                      for i, name in enumerate(self.names(part))}


class Recurrent(Layers): # recurrent.lua and losses.lua
    def __init__(self, cell="lstm", inputs=5, hidden=8, outputs=3, **how):
        super().__init__(cell, inputs, hidden, **how)
        self.head = nn.Linear(hidden, outputs)

    def step(self, x, s):
        h, s = self.run(x, s)
        return self.head(h), s


class Grouped(Layers): # groups.lua: the encoder is not trained
    def __init__(self):
        super().__init__("gru", 6, 8)
        self.encode, self.head = nn.Linear(4, 6), nn.Linear(8, 3)
        self.scale = nn.Parameter(torch.rand(3) + 0.5)
        self.encode.requires_grad_(False)

    def step(self, x, s):
        h, s = self.run(torch.tanh(self.encode(x)), s)
        return self.scale * self.head(h), s


class Char(Layers): # char.lua
    def __init__(self, layers=1):
        super().__init__("lstm", 6, 8, layers)
        self.embed = nn.Embedding(12, 6)
        self.head = nn.Linear(8, 12)

    def step(self, x, s):
        h, s = self.run(self.embed(x.long()), s)
        return self.head(h), s


class Normalised(nn.Module): # layer_norm.lua
    def __init__(self):
        super().__init__()
        self.W = nn.Parameter(torch.randn(6, 4) * 0.5)
        self.U = nn.Parameter(torch.randn(6, 6) * 0.5)
        self.norm, self.out, self.head = nn.LayerNorm(6), nn.LayerNorm(6), nn.Linear(6, 2)
        self.init = nn.ParameterDict({"h": nn.Parameter(torch.randn(6))})
        for layer in self.norm, self.out: # away from 1 and 0, which would hide an error
            nn.init.normal_(layer.weight, 1, 0.3)
            nn.init.normal_(layer.bias, 0, 0.3)

    def start(self, batch):
        return {"h": self.init["h"].expand(batch, 6)}

    def step(self, x, s):
        h = torch.tanh(self.norm(F.linear(x, self.W) + F.linear(s["h"], self.U)))
        return self.head(self.out(h + s["h"])), {"h": h}


# Per example: [batch, ...] to [batch].
LOSSES = {
    "mse": lambda y, t: F.mse_loss(y, t, reduction="none").mean(-1),
    "huber": lambda y, t: F.huber_loss(y, t, reduction="none").mean(-1),
    "bce": lambda y, t: F.binary_cross_entropy_with_logits(y, t, reduction="none").mean(-1),
    "cross_entropy": lambda y, t: F.cross_entropy(y, t.long(), reduction="none"),
}


def window(model, loss, data, state, counted, reduce="mean"):
    """The steps of one window, from `state`, which a caller has detached. data: input and target
    [T, B, ...], perhaps reset and mask [T, B]. The steps counted, ... count. Returns the reduced
    loss and the state after each step."""
    states, total, weight = [], 0, 0
    steps, batch = data["input"].shape[:2]
    for t in range(steps):
        if "reset" in data:
            fresh = data["reset"][t].bool()[:, None]
            first = model.start(batch)
            state = {name: torch.where(fresh, first[name], s) for name, s in state.items()}
        y, state = model.step(data["input"][t], state)
        states.append(state)
        if t >= counted:
            w = data["mask"][t] if "mask" in data else torch.ones(batch, dtype=y.dtype)
            total = total + (w * loss(y, data["target"][t])).sum()
            weight = weight + w.sum()
    return total / weight if reduce == "mean" else total, states
