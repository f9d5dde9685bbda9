"""CasADi: the window's loss and gradient as scalar expressions, and the C that it generates of them, in f64, compiled
with gcc -O1 (at -O3 gcc takes minutes over a file of this kind). SGD is a loop in casadi_main.c. The entering state
is given, as for PyTorch."""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from common import begin, fail, stream_windows

try:
    import casadi as ca
except ImportError as e:
    fail(f"CasADi cannot be loaded ({e}); bench/setup installs it")

NAMES = ("rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "head.weight", "head.bias")


def sigmoid(x):
    return 0.5 + 0.5 * ca.tanh(0.5 * x)


def make(w, steps, counted):
    """f(p, inputs, targets, h, c): loss, gradient, and the h and c that enter the next window."""
    p = ca.SX.sym("p", sum(w.params[name].size for name in NAMES))
    parts, at = [], 0
    for name in NAMES:
        shape = w.params[name].shape
        part = p[at:at + w.params[name].size]
        parts.append(ca.reshape(part, shape[1], shape[0]).T if len(shape) == 2 else part)
        at += w.params[name].size
    W, U, b, b2, V, d = parts
    x, target = ca.SX.sym("x", w.input_size, steps), ca.SX.sym("t", w.out, counted)
    h0, c0 = ca.SX.sym("h", w.hidden), ca.SX.sym("c", w.hidden)
    h, c, loss, after = h0, c0, 0, None
    for t in range(steps):
        i, f, g, o = ca.vertsplit(W @ x[:, t] + U @ h + b + b2, w.hidden)
        c = sigmoid(f) * c + sigmoid(i) * ca.tanh(g)
        h = sigmoid(o) * ca.tanh(c)
        if t >= steps - counted:
            loss += ca.sumsqr(V @ h + d - target[:, t - steps + counted]) / (w.out * counted)
        if t == w.k1 - 1:
            after = (h, c)
    return ca.Function("casadi_window", [p, x, target, h0, c0], [loss, ca.gradient(loss, p), *after])


def losses(w, p, n):
    """Of the first n updates, by CasADi's own evaluation."""
    found, made, h, c = [], {}, np.zeros(w.hidden), np.zeros(w.hidden)
    for first, end in stream_windows(w, n):
        x, target = (np.asarray(a, float)[:, 0].T for a in w.steps(first, end))
        if (key := (end - first, target.shape[1])) not in made:
            made[key] = make(w, *key)
        loss, g, h1, c1 = (np.asarray(a).reshape(-1) for a in made[key](p, x, target, h, c))
        p = p - w.lr * g
        found.append(loss[0])
        if end - first == w.k2:
            h, c = h1, c1
    return found


def build(w, p, directory):
    """The program, with its file."""
    f = make(w, w.k2, w.k1)
    f.generate("window.c", {"with_header": False})
    os.replace("window.c", directory / "window.c")
    windows = [w.window(i) for i in range(w.full)]
    data = [np.concatenate([np.asarray(pair[k], float).reshape(-1) for pair in windows]) for k in (0, 1)]
    np.concatenate([p, *data]).tofile(directory / "data")
    sizes = {"HIDDEN": w.hidden, "PARAMS": p.size, "INPUTS": w.k2 * w.input_size, "TARGETS": w.k1 * w.out,
             "WINDOWS": w.full, "WORK": f.sz_w(), "IWORK": f.sz_iw(), "ARG": f.sz_arg(), "RES": f.sz_res(), "LR": w.lr}
    main = Path(__file__).resolve().parent / "casadi_main.c"
    subprocess.run(["gcc", "-std=c99", "-O1", "-march=native", "-w", *(f"-DPEER_{k}={v}" for k, v in sizes.items()),
                    directory / "window.c", main, "-o", directory / "window", "-lm"], check=True)
    return directory / "window", directory / "data"


def main():
    w = begin()
    p = np.concatenate([np.asarray(w.params[name], float).reshape(-1) for name in NAMES])
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        begun = time.perf_counter()
        program, data = build(w, p, Path(scratch))
        child = subprocess.Popen([program, data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(f'ready {{"version": "{ca.__version__}", "seconds": {time.perf_counter() - begun:.3f}}}', flush=True)
        for line in sys.stdin:
            if line.startswith("losses"):
                print("losses", *("%.17g" % loss for loss in losses(w, p, int(line.split()[1]))), flush=True)
                continue
            child.stdin.write(line)
            child.stdin.flush()
            print(child.stdout.readline().strip(), flush=True)
        child.stdin.close()
        child.wait()


main()
