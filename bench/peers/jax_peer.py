"""JAX: lax.scan over the steps, the whole update jitted, parameters, moments and state donated.

The weights of the cells are kept transposed, as JAX's libraries keep them; the head is applied to all steps at once.
What is timed is the fastest of: the products of the inputs in the scan, or before it for all steps at once; and for
windows of up to 16 steps the scan as it is, unrolled by 4, or altogether.
"""
import os
import time
from functools import partial

from common import begin, clock, fail, serve, stream_windows

try:
    import jax
    import jax.numpy as jnp
    from jax import lax
except ImportError as e:
    fail(f"JAX cannot be loaded ({e}); bench/setup installs it")


# ---- cells: given(p, x) for all steps at once, step(p, given, state) for one; state[0] is the output ----

class LSTM:
    states = 2

    @staticmethod
    def load(w, layer):
        if w.model == "lstm_hand":
            W, U, b = w.gates(layer)
            return {"W": W.T, "U": U.T, "b": b}
        p = {name: w.params[f"rnn.{name}_l{layer}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
        return {"W": p["weight_ih"].T, "U": p["weight_hh"].T, "b": p["bias_ih"], "b2": p["bias_hh"]}

    @staticmethod
    def given(p, x):
        return x @ p["W"] + (p["b"] + p["b2"] if "b2" in p else p["b"])

    @staticmethod
    def step(p, given, s):
        i, f, g, o = jnp.split(given + s[0] @ p["U"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * s[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
        return jax.nn.sigmoid(o) * jnp.tanh(c), c


class GRU(LSTM):
    states = 1

    @staticmethod
    def given(p, x):
        return x @ p["W"] + p["b"]

    @staticmethod
    def step(p, given, s):
        ar, az, an = jnp.split(given, 3, axis=-1)
        br, bz, bn = jnp.split(s[0] @ p["U"] + p["b2"], 3, axis=-1)
        r, z = jax.nn.sigmoid(ar + br), jax.nn.sigmoid(az + bz)
        return ((1 - z) * jnp.tanh(an + r * bn) + z * s[0],)


def own(w, layer):
    """Parameters of a cell of ours by their names, matrices transposed."""
    start = f"rnn.{layer + 1}."
    return {name[len(start):]: value.T if value.ndim == 2 else value for name, value in w.params.items()
            if name.startswith(start)}


def layer_norm(x, gain, bias):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(jnp.square(x - mean).mean(-1, keepdims=True) + 1e-5) * gain + bias


class LayerNorm:
    states, load = 2, staticmethod(own)

    @staticmethod
    def given(p, x):
        return layer_norm(x @ p["W"], p["x.weight"], p["x.bias"])

    @staticmethod
    def step(p, given, s):
        i, f, g, o = jnp.split(given + layer_norm(s[0] @ p["U"], p["h.weight"], p["h.bias"]), 4, axis=-1)
        c = jax.nn.sigmoid(f) * s[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
        return jax.nn.sigmoid(o) * jnp.tanh(layer_norm(c, p["c.weight"], p["c.bias"])), c


class Peephole:
    states, load = 2, staticmethod(own)

    @staticmethod
    def given(p, x):
        return x @ p["W"] + p["b"]

    @staticmethod
    def step(p, given, s):
        i, f, g, o = jnp.split(given + s[0] @ p["U"], 4, axis=-1)
        c = jax.nn.sigmoid(f + p["pf"] * s[1]) * s[1] + jax.nn.sigmoid(i + p["pi"] * s[1]) * jnp.tanh(g)
        return jax.nn.sigmoid(o + p["po"] * c) * jnp.tanh(c), c


class MinGRU:
    states, load = 1, staticmethod(own)

    @staticmethod
    def given(p, x):
        z = jax.nn.sigmoid(x @ p["z.weight"] + p["z.bias"])
        return 1 - z, z * (x @ p["h.weight"] + p["h.bias"])

    @staticmethod
    def step(p, given, s):
        return (given[0] * s[0] + given[1],)


class Elman:
    states, load = 1, staticmethod(own)
    given = Peephole.given

    @staticmethod
    def step(p, given, s):
        return (jnp.tanh(given + s[0] @ p["U"]),)


CELLS = {"lstm": LSTM, "lstm_hand": LSTM, "lstm_cnn": LSTM, "gru": GRU, "lstm_layernorm": LayerNorm,
         "lstm_peephole": Peephole, "mingru": MinGRU, "elman": Elman}


# ---- the window ----

def load(w):
    p = {"rnn": [CELLS[w.model].load(w, layer) for layer in range(w.layers)],
         "head": {"W": w.params["head.weight"].T, "b": w.params["head.bias"]}}
    if w.tokens:
        p["embed"] = w.params["embed.weight"]
    if w.model == "lstm_cnn":
        p["conv"] = {"W": w.params["conv.weight"], "b": w.params["conv.bias"]}
    return jax.tree.map(jnp.array, p)


def loss_of(w, before, unroll, p, x, target, state):
    """Also the states that enter the next window: those after the k1-th step of it. before: whether the products of
    the inputs are made before the scan."""
    cell, entering = CELLS[w.model], []
    if w.tokens:
        x = p["embed"][x]
    for layer in range(w.layers):
        q = p["rnn"][layer]

        def step(s, given, q=q):
            s = cell.step(q, given if before else cell.given(q, given), s)
            return s, s
        _, after = lax.scan(step, state[layer], cell.given(q, x) if before else x, unroll=min(unroll, len(x)))
        x = after[0]
        entering.append(tuple(s[w.k1 - 1] for s in after))
    if w.model == "lstm_cnn":
        picture = jnp.stack(after).transpose(2, 0, 1, 3)  # [B, 2, T, H]
        y = lax.conv(picture, p["conv"]["W"], (1, 1), "VALID") + p["conv"]["b"][:, None, None]
        y = jax.nn.relu(y).reshape(1, w.batch, -1)
    else:
        y = x[-len(target):]
    y = y @ p["head"]["W"] + p["head"]["b"]
    if w.tokens:
        picked = jnp.take_along_axis(jax.nn.log_softmax(y), target[..., None], axis=-1)
        return -picked.mean(), entering
    return jnp.square(y - target).mean(), entering


def sgd(w, p, g, moments):
    return jax.tree.map(lambda p, g: p - w.lr * g, p, g), moments


def adam(w, p, g, moments):
    m, v, t = moments
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    rate, scale = w.lr / (1 - 0.9 ** t), 1 / (1 - 0.999 ** t)
    return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v * scale) + 1e-8), p, m, v), (m, v, t)


def make_update(w, before, unroll):
    step = sgd if w.optimizer == "sgd" else adam

    @partial(jax.jit, donate_argnums=(0, 1, 4))
    def update(p, moments, x, target, state):
        (loss, state), g = jax.value_and_grad(partial(loss_of, w, before, unroll), has_aux=True)(p, x, target, state)
        p, moments = step(w, p, g, moments)
        return p, moments, state, loss
    return update


class Peer:
    def __init__(self, w):
        self.w = w
        self.given = [tuple(map(jnp.array, w.window(i))) for i in range(w.full)]
        self.restart()
        self.choose(w)
        self.restart()

    def choose(self, w):
        """The fastest way to write it."""
        best = float("inf")
        for before in (False, True):
            for unroll in (1, 4, w.k2) if w.k2 <= 16 else (1,):
                self.update = make_update(w, before, unroll)
                self.run(0, 2)
                spent = min(self.one_time() for _ in range(5 if w.k2 > 16 else 40))
                if spent < best:
                    best, fastest, self.way = spent, self.update, {"before": before, "unroll": unroll}
        self.update = fastest

    def one_time(self):
        begun = clock()
        self.run(0, 1)
        return clock() - begun

    def restart(self):
        w = self.w
        self.p = load(w)
        self.moments = () if w.optimizer == "sgd" else (jax.tree.map(jnp.zeros_like, self.p),
                                                        jax.tree.map(jnp.zeros_like, self.p), jnp.zeros(()))
        self.state = self.zeros()

    def zeros(self):
        w = self.w
        return [tuple(jnp.zeros((w.batch, w.hidden), self.given[0][0].dtype if not w.tokens else jnp.float32)
                      for _ in range(CELLS[w.model].states)) for _ in range(w.layers)]

    def one(self, x, target, state):
        self.p, self.moments, self.state, loss = self.update(self.p, self.moments, x, target, state)
        return loss

    def losses(self, n):
        w, found = self.w, []
        for first, end in stream_windows(w, n):
            found.append(float(self.one(*map(jnp.array, w.steps(first, end)), self.state)))
            if end - first < w.k2:
                self.state = self.zeros()
        self.restart()
        return found

    def run(self, first, n):
        for i in range(first, first + n):
            loss = self.one(*self.given[i % len(self.given)], self.state)
        loss.block_until_ready()
        jax.block_until_ready(self.p)


def main():
    w = begin()
    if w.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", w.real == "f64")
    begun = time.perf_counter()
    peer = Peer(w)
    serve(peer, version=jax.__version__, **peer.way, seconds=time.perf_counter() - begun)


main()
