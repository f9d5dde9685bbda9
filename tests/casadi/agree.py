"""One model's functions as CasADi sees them: against predict, jacobian and finite differences.

    agree.py NAME UNITS_DIR FREE_DIR TABLE PREDICTIONS CHECKPOINT STREAM JACOBIAN [--make]

UNITS_DIR: with the parameters of CHECKPOINT, in the data's units; FREE_DIR: --model-units --free-params. PREDICTIONS is
`predict` of TABLE; JACOBIAN what `tapeless jacobian` made of STREAM. --make: writes STREAM alone, of the free functions'
sizes, and ends.
"""
import csv
import json
import struct
import subprocess
import sys

import casadi as ca
import numpy as np

STEPS = 5
worst = {}


def read(path):
    """safetensors, as {name: array}."""
    with open(path, "rb") as f:
        head = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    types = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "I64": "<i8"}
    return {k: np.frombuffer(data[v["data_offsets"][0]:v["data_offsets"][1]], types[v["dtype"]]).reshape(v["shape"])
            for k, v in head.items() if k != "__metadata__"}


def write(path, tensors):
    head, at = {}, 0
    for k, v in tensors.items():
        head[k] = {"dtype": "F64", "shape": list(v.shape), "data_offsets": [at, at + 8 * v.size]}
        at += 8 * v.size
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(v.astype("<f8").tobytes() for v in tensors.values()))


def near(what, a, b, tolerance):
    a, b = np.asarray(a, float).ravel(), np.asarray(b, float).ravel()
    off = np.linalg.norm(a - b) / max(1, np.linalg.norm(b))
    worst[what] = max(off, worst.get(what, 0))
    if a.shape != b.shape or not off <= tolerance:
        sys.exit(f"FAILED: {what}: {a.size} and {b.size} numbers, off by {off:.2e}, allowed {tolerance:.0e}")


def vectors(f):
    """The states' places among arguments and results."""
    s = [i for i in range(f.n_in()) if f.name_in(i).startswith("s_")]
    n = [f.index_out("next_" + f.name_in(i)[2:]) for i in s]
    return s, n


def begin(f, checkpoint):
    """A state that is learned starts from a parameter, others here from 0."""
    return {i: checkpoint.get("init." + f.name_in(i)[2:], np.zeros(f.size1_in(i))).ravel() for i in vectors(f)[0]}


def check_predictions(f, table, predictions, checkpoint):
    rows = list(csv.DictReader(open(table)))[:300]
    want = [float(r["y"]) for r in csv.DictReader(open(predictions))][:300]
    s, n = vectors(f)
    state, got = begin(f, checkpoint), []
    for row in rows:
        out = f.call([float(row["u"]) if i not in state else ca.DM(state[i]) for i in range(f.n_in())])
        got.append(float(out[f.index_out("y")]))
        state = {i: out[k].full().ravel() for i, k in zip(s, n)}
    near("predict", got, want, 1e-8)  # it prints nine digits


def make_stream(f, path):
    random = np.random.default_rng(5)
    stream = {"input.u" if f.name_in(0) == "u" else "input": random.normal(2, 1, (STEPS, 1, f.size1_in(0)))}
    for i in vectors(f)[0]:
        stream["state." + f.name_in(i)[2:]] = random.uniform(0.5, 3, (1, f.size1_in(i)))
    write(path, stream)


def check_jacobian(f, stream, jacobian, p):
    """dy_t/dp by the chain rule over the steps: J = dy/dp + dy/ds S, S' = ds'/dp + ds'/ds S."""
    J = f.jacobian()
    s, n = vectors(f)
    y, ip = f.index_out("y"), f.index_in("p")
    state = {i: stream["state." + f.name_in(i)[2:]].ravel() for i in s}
    S = {i: np.zeros((f.size1_in(i), p.size)) for i in s}
    names = sorted(k[9:] for k in jacobian if k.startswith("jacobian."))
    want = np.concatenate([jacobian["jacobian." + k].reshape(STEPS, f.size1_out(y), -1) for k in names], axis=2)
    for t in range(STEPS):
        arg = [ca.DM(state[i]) if i in state else ca.DM(p) for i in range(f.n_in())]
        arg[0] = ca.DM(next(v for k, v in stream.items() if k.startswith("input"))[t].ravel())
        out = f.call(arg)
        blocks = [b.full() for b in J.call(arg + [ca.DM(*f.size_out(i)) for i in range(f.n_out())])]
        block = lambda r, a: blocks[r * f.n_in() + a]
        near("output", out[y], jacobian["output"][t], 1e-12)
        near("jacobian", block(y, ip) + sum(block(y, i) @ S[i] for i in s), want[t], 1e-12)
        S = {i: block(k, ip) + sum(block(k, j) @ S[j] for j in s) for i, k in zip(s, n)}
        state = {i: out[k].full().ravel() for i, k in zip(s, n)}
    for i in s:
        near("state", state[i], jacobian["state." + f.name_in(i)[2:]], 1e-12)


def differences(f, x, h=1e-5):
    columns = []
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        columns.append((f(x + e).full().ravel() - f(x - e).full().ravel()) / (2 * h))
    return np.array(columns).T


def check_graphs(f):
    """What CasADi makes of the functions in graphs of its own: Jacobian, forward and reverse products, Hessian."""
    random = np.random.default_rng(6)
    sizes = [f.size1_in(i) for i in range(f.n_in())]
    x = ca.MX.sym("x", sum(sizes))
    parts = ca.vertsplit(x, [0] + list(np.cumsum(sizes)))
    outputs = f.call(parts)
    y = ca.vertcat(*outputs)
    at = random.uniform(0.5, 2, sum(sizes))
    Y = ca.Function("Y", [x], [y])
    J = ca.Function("J", [x], [ca.jacobian(y, x)])(at).full()
    near("jac, differences", J, differences(Y, at), 1e-7)
    v, w = random.normal(size=at.size), random.normal(size=J.shape[0])
    near("forward", ca.Function("F", [x], [ca.jtimes(y, x, ca.DM(v))])(at), J @ v, 1e-12)
    near("reverse", ca.Function("R", [x], [ca.jtimes(y, x, ca.DM(w), True)])(at), J.T @ w, 1e-12)
    H, g = ca.hessian(ca.dot(ca.DM(w), y), x)
    H = ca.Function("H", [x], [H])(at).full()
    near("hessian, differences", H, differences(ca.Function("g", [x], [g]), at), 1e-7)
    if not np.linalg.norm(H) > 1e-6:
        sys.exit("FAILED: the Hessian is nothing")
    # As parallel directions, and of two steps one after the other.
    many = ca.Function("M", [x], [ca.jtimes(y, x, ca.DM(np.eye(at.size)[:, :3]))])(at)
    near("three directions", many, J[:, :3], 1e-12)
    if f.n_in() == f.n_out():
        s, n = vectors(f)
        second = f.call([outputs[n[s.index(i)]] if i in s else parts[i] for i in range(f.n_in())])
        z = ca.dot(ca.vertcat(*second), ca.vertcat(*second))
        H2, g2 = ca.hessian(z, x)
        near("two steps", ca.Function("H2", [x], [H2])(at), differences(ca.Function("g2", [x], [g2]), at), 1e-6)


def check_generated(f, directory):
    """C that CasADi makes of a function that calls these, linked with their library."""
    sizes = [f.size1_in(i) for i in range(f.n_in())]
    x = ca.MX.sym("x", sum(sizes))
    y = ca.vertcat(*f.call(ca.vertsplit(x, [0] + list(np.cumsum(sizes)))))
    F = ca.Function("F", [x], [y])
    functions = [F, F.jacobian(), F.reverse(1), F.reverse(1).jacobian()]
    code = ca.CodeGenerator("generated.c")
    for g in functions:
        code.add(g)
    code.generate(directory + "/")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", f"{directory}/generated.c", f"{directory}/lib{f.name()}_casadi.so",
                    f"-Wl,-rpath,{directory}", "-o", f"{directory}/generated.so"], check=True)
    for g in functions:
        arg = [ca.DM.ones(g.sparsity_in(i)) * 0.7 for i in range(g.n_in())]
        made = ca.external(g.name(), f"{directory}/generated.so")
        near("generated", ca.vertcat(*map(ca.vec, map(ca.densify, made.call(arg)))),
             ca.vertcat(*map(ca.vec, map(ca.densify, g.call(arg)))), 1e-14)


def main():
    name, units_dir, free_dir, table, predictions, checkpoint, stream, jacobian = sys.argv[1:9]
    free = ca.external(name, f"{free_dir}/lib{name}_casadi.so")
    if "--make" in sys.argv:
        return make_stream(free, stream)
    f = ca.external(name, f"{units_dir}/lib{name}_casadi.so")
    weights = read(checkpoint)
    names = sorted(k for k in weights if not k.startswith(("optim.", "state.", "data.", "kept.")))
    p = np.concatenate([weights[k].ravel() for k in names])
    if p.size != free.size1_in(free.index_in("p")):
        sys.exit(f"FAILED: {p.size} parameters in the checkpoint, {free.size1_in(free.index_in('p'))} in p")
    check_predictions(f, table, predictions, weights)
    check_jacobian(free, read(stream), read(jacobian), p)
    check_graphs(f)
    check_generated(f, units_dir)
    print(f"{name}: " + ", ".join(f"{k} {v:.0e}" for k, v in worst.items()))


main()
