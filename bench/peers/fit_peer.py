"""A fit of one record by others, from the parameters that tapeless begins with, at the same cost: the mean of squares.

`fit_peer.py HOW FILE TABLE [ITERATIONS]`: FILE has the parameters (bench_learning wrote it), TABLE the columns u and y. HOW is

    pyrenn      train_LM of bench/models/pyrenn.lua
    jax-sysid   Model.fit of models/state_space.lua: 1000 epochs of Adam, then L-BFGS-B of as many; no regularisation
    scipy-lm    least_squares(method="lm") of it, the Jacobian by JAX's jacfwd, jitted
    scipy-lbfgs minimize(method="L-BFGS-B") of it, the gradient by JAX, jitted

Prints a line of JSON: seconds, without what XLA compiles, the cost that was reached, and its iterations."""
import csv
import json
import sys
import time

import numpy as np

from common import read_tensors

# Of models/state_space.lua; scipy's vectors have them one after the other.
NAMES = ("A", "B", "C", "D", "E", "F", "G", "d", "g", "init.x")


def read_record(path):
    with open(path, encoding="utf-8") as f:
        rows = [(float(row["u"]), float(row["y"])) for row in csv.DictReader(f)]
    return np.array(rows).T


def timed(do):
    begun = time.perf_counter()
    result = do()
    return time.perf_counter() - begun, result


# ---- pyrenn ----

def weights(net, p):
    """Its matrices by their names for layers and delays: inputs in layer 1, the output's to layer 1, layer 1 to 2."""
    from_input = {(1, 1, d): p["W"][:, d:d + 1] for d in range(3)}
    layers = {(1, 2, d): p["W"][:, 2 + d:3 + d] for d in (1, 2)} | {(2, 1, 0): p["V"]}
    return from_input, layers, {1: p["b"], 2: p["c"]}


def pyrenn(p, u, y, iterations):
    import contextlib
    import io
    import pyrenn as peer
    net = peer.CreateNN([1, len(p["b"]), 1], dIn=[0, 1, 2], dIntern=[], dOut=[1, 2])
    net["w"] = peer.Wb2w(net, *weights(net, p))
    with contextlib.redirect_stdout(io.StringIO()):
        seconds, net = timed(lambda: peer.train_LM(u, y, net, k_max=iterations, E_stop=0))
        reached = peer.calc_error(net, peer.prepare_data(u, y, net)[0])
        first = net["ErrorHistory"][0]
    return seconds, reached / len(u), {"first": first / len(u), "version": "0.1"}


# ---- models/state_space.lua ----

def next_state(x, u, p):
    import jax.numpy as jnp
    return p["A"] @ x + p["B"] @ u + p["E"] @ jnp.tanh(p["F"] @ x + p["G"] @ u + p["g"])


def output(x, u, p):
    return p["C"] @ x + p["D"] @ u + p["d"]


def jax_sysid(p, u, y, iterations):
    from importlib.metadata import version
    from jax_sysid.models import Model
    names = NAMES[:-1]

    def fit(adam, lbfgs):
        m = Model(len(p["A"]), 1, 1, state_fcn=lambda x, u, q: next_state(x, u, dict(zip(names, q))),
                  output_fcn=lambda x, u, q: output(x, u, dict(zip(names, q))))
        m.init(params=[p[name] for name in names], x0=p["init.x"])
        m.loss(rho_x0=0., rho_th=0.)
        m.optimization(adam_epochs=adam, lbfgs_epochs=lbfgs, iprint=-1)
        return timed(lambda: m.fit(y.reshape(-1, 1), u.reshape(-1, 1)))[0], m
    compiling = fit(1, 1)[0]
    seconds, m = fit(iterations, iterations)
    return seconds - compiling, float(m.Jopt), {"with_compiling": seconds, "version": version("jax-sysid")}


class Flat:
    """Residuals as a function of one vector."""

    def __init__(self, p, u, y):
        import jax
        import jax.numpy as jnp
        jax.config.update("jax_enable_x64", True)
        shapes = [(name, p[name].shape) for name in NAMES]
        u, y = jnp.array(u.reshape(-1, 1)), jnp.array(y.reshape(-1, 1))

        def residuals(theta):
            at, q = 0, {}
            for name, shape in shapes:
                n = int(np.prod(shape))
                q[name] = theta[at:at + n].reshape(shape)
                at += n

            def step(x, now):
                return next_state(x, now[0], q), output(x, now[0], q) - now[1]
            return jax.lax.scan(step, q["init.x"], (u, y))[1].reshape(-1)
        self.start = np.concatenate([p[name].ravel() for name in NAMES])
        self.residuals = jax.jit(residuals)
        self.jacobian = jax.jit(jax.jacfwd(residuals))
        self.cost = jax.jit(jax.value_and_grad(lambda theta: jnp.mean(residuals(theta) ** 2)))


def scipy_lm(p, u, y, iterations):
    import scipy
    flat = Flat(p, u, y)
    np.asarray(flat.residuals(flat.start)), np.asarray(flat.jacobian(flat.start))
    seconds, r = timed(lambda: scipy.optimize.least_squares(
        lambda theta: np.asarray(flat.residuals(theta)), flat.start, lambda theta: np.asarray(flat.jacobian(theta)),
        method="lm", max_nfev=iterations))
    return seconds, 2 * r.cost / len(u), {"jacobians": r.njev, "evaluations": r.nfev, "version": scipy.__version__}


def scipy_lbfgs(p, u, y, iterations):
    import scipy
    flat = Flat(p, u, y)
    flat.cost(flat.start)[1].block_until_ready()

    def cost(theta):
        value, gradient = flat.cost(theta)
        return float(value), np.asarray(gradient)
    seconds, r = timed(lambda: scipy.optimize.minimize(cost, flat.start, jac=True, method="L-BFGS-B", options={
        "maxiter": iterations, "maxfun": 10 * iterations, "ftol": 0, "gtol": 0}))
    return seconds, float(r.fun), {"evaluations": r.nfev, "version": scipy.__version__}


HOW = {"pyrenn": (pyrenn, 20), "jax-sysid": (jax_sysid, 1000), "scipy-lm": (scipy_lm, 100),
       "scipy-lbfgs": (scipy_lbfgs, 1000)}


def main():
    run, iterations = HOW[sys.argv[1]]
    iterations = int(sys.argv[4]) if len(sys.argv) > 4 else iterations
    p = {name: value.astype(np.float64) for name, value in read_tensors(sys.argv[2]).items()}
    seconds, cost, more = run(p, *read_record(sys.argv[3]), iterations)
    print(json.dumps({"seconds": seconds, "cost": cost, "iterations": iterations, **more}))


main()
