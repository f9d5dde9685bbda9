"""PyTorch: eager, or with `compile` behind the file's name what torch.compile makes of the window.

The recurrent layers are nn.LSTM, nn.GRU and nn.RNN where there is one that computes the same; the eight matrices of
'lstm_hand' go into nn.LSTM's two. Other cells are loops over the steps, with the products of the inputs made for all
steps at once, as one writes them. The optimizers are torch.optim's, fused.

TBPTT(k1, k2) with k1 < k2 carries the state after the k1-th step of a window into the next. nn.LSTM gives the h of
every step but the c of the last alone, so that this takes two calls of it. Timed is one call, on an entering state that
is given: less than the whole work. `losses` makes both.
"""
import sys
import time

from common import begin, fail, serve, stream_windows

try:
    import torch
    import torch.nn.functional as F
except ImportError as e:
    fail(f"PyTorch cannot be loaded ({e}); bench/setup installs it")

LIBRARY = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "lstm_hand": torch.nn.LSTM,
           "lstm_cnn": torch.nn.LSTM, "elman": torch.nn.RNN}


def tensor(array):
    return torch.from_numpy(array)


# ---- recurrent layers: y, state = rnn(x, state), over all steps of x [T, B, in] ----

class Library(torch.nn.Module):
    """Of nn; state is what it takes: h, or (h, c), each [layers, B, H]."""

    def __init__(self, w):
        super().__init__()
        self.rnn = LIBRARY[w.model](w.input_size, w.hidden, w.layers)
        for layer in range(w.layers):
            for name, value in self.weights(w, layer):
                p = getattr(self.rnn, f"{name}_l{layer}")
                p.data = tensor(value) if value is not None else torch.zeros_like(p)
                p.requires_grad_(value is not None)  # a bias that the model does not have stays 0
        self.rnn.to(next(iter(self.rnn.parameters())).dtype)
        zeros = torch.zeros(w.layers, w.batch, w.hidden, dtype=self.rnn.weight_ih_l0.dtype)
        self.start = (zeros, zeros.clone()) if isinstance(self.rnn, torch.nn.LSTM) else zeros

    @staticmethod
    def weights(w, layer):
        names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
        if w.model == "lstm_hand":
            return zip(names, (*w.gates(layer), None))
        if w.model == "elman":
            return zip(names, (*(w.params[f"rnn.{layer + 1}.{name}"] for name in "WUb"), None))
        return ((name, w.params[f"rnn.{name}_l{layer}"]) for name in names)

    def forward(self, x, state):
        return self.rnn(x, state)


class Loop(torch.nn.Module):
    """A cell of our own. state: for each layer a tuple of [B, H]."""

    def __init__(self, w, states):
        super().__init__()
        self.p = torch.nn.ParameterDict({name.replace(".", "_"): torch.nn.Parameter(tensor(value))
                                         for name, value in w.params.items() if name.startswith("rnn.")})
        self.layers = w.layers
        zeros = torch.zeros(w.batch, w.hidden, dtype=tensor(w.params["head.weight"]).dtype)
        self.start = tuple(tuple(zeros.clone() for _ in range(states)) for _ in range(w.layers))

    def forward(self, x, state):
        new = []
        for layer in range(self.layers):
            p = {name[len(f"rnn_{layer + 1}_"):]: value for name, value in self.p.items()
                 if name.startswith(f"rnn_{layer + 1}_")}
            s, ys = state[layer], []
            for given in self.given(p, x):
                s = self.step(p, given, *s)
                ys.append(s[0])
            x = torch.stack(ys)
            new.append(s)
        return x, tuple(new)


class LayerNorm(Loop):
    def __init__(self, w):
        super().__init__(w, 2)

    def given(self, p, x):
        y = x @ p["W"].t()
        return F.layer_norm(y, y.shape[-1:], p["x_weight"], p["x_bias"]).unbind(0)

    def step(self, p, given, h, c):
        y = h @ p["U"].t()
        i, f, g, o = (given + F.layer_norm(y, y.shape[-1:], p["h_weight"], p["h_bias"])).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * F.layer_norm(c, c.shape[-1:], p["c_weight"], p["c_bias"]).tanh(), c


class Peephole(Loop):
    def __init__(self, w):
        super().__init__(w, 2)

    def given(self, p, x):
        return F.linear(x, p["W"], p["b"]).unbind(0)

    def step(self, p, given, h, c):
        i, f, g, o = (given + h @ p["U"].t()).chunk(4, 1)
        c1 = (f + p["pf"] * c).sigmoid() * c + (i + p["pi"] * c).sigmoid() * g.tanh()
        return (o + p["po"] * c1).sigmoid() * c1.tanh(), c1


class MinGRU(Loop):
    def __init__(self, w):
        super().__init__(w, 1)

    def given(self, p, x):
        z = F.linear(x, p["z_weight"], p["z_bias"]).sigmoid()
        return zip((1 - z).unbind(0), (z * F.linear(x, p["h_weight"], p["h_bias"])).unbind(0))

    def step(self, p, given, h):
        return (given[0] * h + given[1],)


OWN = {"lstm_layernorm": LayerNorm, "lstm_peephole": Peephole, "mingru": MinGRU}


# ---- the window ----

class Net(torch.nn.Module):
    """loss, state = net(x, target, state): the last len(target) steps count."""

    def __init__(self, w):
        super().__init__()
        self.tokens = w.tokens
        self.rnn = OWN[w.model](w) if w.model in OWN else Library(w)
        self.head = torch.nn.Linear(w.hidden, w.out)
        self.head.weight.data, self.head.bias.data = tensor(w.params["head.weight"]), tensor(w.params["head.bias"])
        if w.tokens:
            self.embed = torch.nn.Embedding.from_pretrained(tensor(w.params["embed.weight"]), freeze=False)

    def forward(self, x, target, state, split=0):
        """split: the state after so many steps is returned, not the last one."""
        if self.tokens:
            x = self.embed(x)
        if split:
            head, between = self.rnn(x[:split], state)
            tail, _ = self.rnn(x[split:], between)
            h = torch.cat((head, tail))
        else:
            h, between = self.rnn(x, state)
        y = self.head(h[-len(target):])
        return (F.cross_entropy(y.flatten(0, 1), target.flatten()) if self.tokens else F.mse_loss(y, target)), between


class LstmCnn(torch.nn.Module):
    """models/lstm_cnn.lua: a convolution over the window's (h, c), so the steps are nn.LSTM's one by one."""

    def __init__(self, w):
        super().__init__()
        self.rnn = Library(w)
        channels = len(w.params["conv.bias"])
        self.conv, self.head = torch.nn.Conv2d(2, channels, 3), torch.nn.Linear(1, w.out)
        for module, name in ((self.conv, "conv"), (self.head, "head")):
            module.weight.data, module.bias.data = tensor(w.params[name + ".weight"]), tensor(w.params[name + ".bias"])

    def forward(self, x, target, state, split=0):
        after = []
        for step in x.split(1):
            state = self.rnn(step, state)[1]
            after.append(state)
        h, c = (torch.stack([s[i][0] for s in after], 1) for i in (0, 1))
        y = self.head(self.conv(torch.stack((h, c), 1)).relu().flatten(1))
        return F.mse_loss(y[None], target), after[split - 1]


def detached(state):
    return state.detach() if isinstance(state, torch.Tensor) else tuple(detached(s) for s in state)


class Peer:
    def __init__(self, w, compiled):
        torch.set_num_threads(w.threads)
        self.w, self.net = w, LstmCnn(w) if w.model == "lstm_cnn" else Net(w)
        self.start = self.net.rnn.start
        self.optimizer = self.make_optimizer(w)
        self.window = torch.compile(self.net, dynamic=False) if compiled else self.net
        self.given = [self.tensors(w.window(i)) for i in range(w.full)]
        self.state = self.start

    def make_optimizer(self, w):
        kind = torch.optim.SGD if w.optimizer == "sgd" else torch.optim.Adam
        return kind([p for p in self.net.parameters() if p.requires_grad], lr=w.lr, fused=True)

    def tensors(self, window):
        x, target = map(tensor, window)
        return (x.long(), target.long()) if self.w.tokens else (x, target)

    def update(self, x, target, split=0, window=None):
        loss, state = (self.window if window is None else window)(x, target, self.state, split)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss, detached(state)

    def losses(self, n):
        w, found = self.w, []
        for first, end in stream_windows(w, n):
            full = end - first == w.k2  # a shorter one began at the stream's start, and so will the next
            split, window = (w.k1 if w.k1 < w.k2 else 0, self.window) if full else (0, self.net)
            loss, state = self.update(*self.tensors(w.steps(first, end)), split, window)
            found.append(loss.item())
            if full:
                self.state = state
        return found

    def run(self, first, n):
        carried = self.w.k1 >= self.w.k2
        for i in range(first, first + n):
            state = self.update(*self.given[i % len(self.given)])[1]
            if carried:
                self.state = state


def main():
    compiled = sys.argv[3:] == ["compile"]
    begun = time.perf_counter()
    peer = Peer(begin(), compiled)
    if not compiled:
        peer.net(*peer.given[0], peer.start)
    serve(peer, version=torch.__version__, seconds=time.perf_counter() - begun)


main()
