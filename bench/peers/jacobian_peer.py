"""J_t of every step of a stream, by JAX (jacrev and jacfwd, jitted) or by torch.func.jacrev.

`jacobian_peer.py HOW CELL FILE`: HOW is jax-rev, jax-fwd or torch, CELL elman or lstm (models/elman.lua, models/lstm.lua), FILE
what bench_learning wrote: parameters, inputs, and its J, with which that of the peer is compared before it is timed."""
import os
import sys
import time

import numpy as np

from common import fail, read_tensors, serve


def cell_of(name, np_):
    """One step for arrays of numpy's manner: parameters, input and state to output and state."""
    def sigmoid(x):
        return np_.sigmoid(x) if hasattr(np_, "sigmoid") else 0.5 * (1 + np_.tanh(0.5 * x))

    def elman(p, x, s):
        h = np_.tanh(p["W"] @ x + p["U"] @ s[0] + p["b"])
        return p["V"] @ h + p["c"], (h,)

    def lstm(p, x, s):
        n = len(p["bi"])
        a = p["W"] @ x + p["U"] @ s[0]
        i, f, g, o = (a[k * n:(k + 1) * n] for k in range(4))
        c = sigmoid(f + p["bf"]) * s[1] + sigmoid(i + p["bi"]) * np_.tanh(g + p["bg"])
        h = sigmoid(o + p["bo"]) * np_.tanh(c)
        return p["V"] @ h + p["d"], (h, c)
    return {"elman": (elman, 1), "lstm": (lstm, 2)}[name]


class Jax:
    def __init__(self, how, cell, params, x):
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        import jax
        import jax.numpy as jnp
        from jax import lax
        jax.config.update("jax_platforms", "cpu")
        jax.config.update("jax_enable_x64", True)

        class Functions:  # JAX's own sigmoid
            tanh, sigmoid = jnp.tanh, jax.nn.sigmoid
        step, states = cell_of(cell, Functions)
        zeros = tuple(jnp.zeros(params["U"].shape[1]) for _ in range(states))

        def outputs(p, x):
            def one(s, x):
                y, s = step(p, x, s)
                return s, y
            return lax.scan(one, zeros, x)[1]
        self.jacobian = jax.jit((jax.jacrev if how == "jax-rev" else jax.jacfwd)(outputs))
        self.params = {name: jnp.array(value) for name, value in params.items()}
        self.x, self.version, self.jax = jnp.array(x), jax.__version__, jax

    def once(self):
        return self.jax.block_until_ready(self.jacobian(self.params, self.x))


class Torch:
    def __init__(self, how, cell, params, x):
        import torch
        torch.set_num_threads(1)
        step, states = cell_of(cell, torch)
        hidden = params["U"].shape[1]

        def outputs(p):
            s, ys = tuple(torch.zeros(hidden, dtype=torch.float64) for _ in range(states)), []
            for t in range(len(self.x)):
                y, s = step(p, self.x[t], s)
                ys.append(y)
            return torch.stack(ys)
        self.jacobian = torch.func.jacrev(outputs)
        self.params = {name: torch.tensor(value) for name, value in params.items()}
        self.x, self.version = torch.tensor(x), torch.__version__

    def once(self):
        return self.jacobian(self.params)


class Peer:
    def __init__(self, peer):
        self.once = peer.once

    def run(self, first, n):
        for _ in range(n):
            self.once()


def worst(found, expected):
    return max(float(np.linalg.norm(np.asarray(found[name]).reshape(value.shape) - value) / np.linalg.norm(value))
               for name, value in expected.items())


def main():
    how, cell, path = sys.argv[1:]
    tensors = read_tensors(path)
    expected = {name[9:]: tensors.pop(name) for name in list(tensors) if name.startswith("jacobian.")}
    x = tensors.pop("input")
    del tensors["output"]
    begun = time.perf_counter()
    peer = (Torch if how == "torch" else Jax)(how, cell, tensors, x)
    first = peer.once()
    seconds = time.perf_counter() - begun
    difference = worst(first, expected)
    if not difference < 1e-9:
        fail(f"its Jacobian differs by {difference:.1e}")
    serve(Peer(peer), version=peer.version, first_seconds=seconds, difference=difference)


main()
