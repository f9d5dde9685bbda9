"""Writes pair.csv and least_squares.txt: what SciPy's least_squares finds from the specs' own starts, on the same residuals.

MINPACK's Levenberg-Marquardt (method "lm", x_scale "jac"), of tank with its bounds the reflective trust region
("trf"). The models are written here once more, in NumPy; Jacobians are complex steps, exact to rounding. Run with SciPy 1.x:
python3 least_squares.py. tests/cli/lm_finds_the_minima_of_scipy.sh reads the result. A line: name, cost, nfev, njev, and the
number of steps after which the cost was first within 1e-8 of it."""
import os

import numpy as np
from scipy.optimize import least_squares

HERE = os.path.dirname(os.path.abspath(__file__))
U, Y, D = np.loadtxt(os.path.join(HERE, "data.csv"), delimiter=",", skiprows=1, unpack=True)


def pair_data():
    """Two sequences, of 24 and 16 steps; every fifth step counts twice, every seventh not at all."""
    with open(os.path.join(HERE, "pair.csv"), "w") as f:
        f.write("s,u,y,d,w\n")
        for t in range(len(U)):
            w = 0 if t % 7 == 3 else 2 if t % 5 == 1 else 1
            f.write("%s,%.6f,%.6f,%.6f,%d\n" % ("ab"[t >= 24], U[t], Y[t], D[t], w))


def weight(t):
    return 0 if t % 7 == 3 else 2 if t % 5 == 1 else 1


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def arx(theta):
    a, b, c, h = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8:10]
    r = []
    for t in range(len(U)):
        h = a @ h + b * U[t]
        r.append((c @ h - D[t]) / np.sqrt(len(U)))
    return np.array(r + list(np.sqrt(1e-3 / 2) * theta))


def elman(theta):
    """The first half of the steps is the first lane, and the second the other."""
    W, M, b, V, v = theta[:3], theta[3:12].reshape(3, 3), theta[12:15], theta[15:18], theta[18]
    r, half = [], len(U) // 2
    for first in 0, half:
        h = np.zeros(3)
        for t in range(first, first + half):
            h = np.tanh(W * U[t] + M @ h + b)
            r.append((V @ h + v - D[t]) / np.sqrt(len(U)))
    return np.array(r + list(np.sqrt(2e-2 / 2) * np.concatenate([W, M.ravel(), V])))


def tank(theta):
    gain, leak, seep, offset = theta
    r, h = [], 1.0
    for t in range(len(U)):
        h = h + gain * U[t] - leak * h - seep * h * h
        r.append(h + offset - Y[t])
    return np.array(r)


def gru(theta):
    """Gates r, z and the candidate n, each of W {2, 1}, M {2, 2}, b {2}; then V {1, 2}, v {1}."""
    gates = [(theta[i:i + 2], theta[i + 2:i + 6].reshape(2, 2), theta[i + 6:i + 8]) for i in (0, 8, 16)]
    (Wr, Mr, br), (Wz, Mz, bz), (Wn, Mn, bn) = gates
    h, out = np.zeros(2), []
    for t in range(len(U)):
        r = sigmoid(Wr * U[t] + Mr @ h + br)
        z = sigmoid(Wz * U[t] + Mz @ h + bz)
        n = np.tanh(Wn * U[t] + Mn @ (r * h) + bn)
        h = (1 - z) * n + z * h
        out.append((theta[24:26] @ h + theta[26] - D[t]) / np.sqrt(len(U)))
    return np.array(out + list(np.sqrt(1e-2 / 2) * theta))


def pair(theta):
    """A state of two, which both outputs read; d counts twice as much as y."""
    A, b, C, c, start = theta[:4].reshape(2, 2), theta[4:6], theta[6:10].reshape(2, 2), theta[10:12], theta[12:14]
    r, total = [], sum(weight(t) for t in range(len(U)))
    for first, end in (0, 24), (24, len(U)):
        h = start
        for t in range(first, end):
            h = np.tanh(A @ h + b * U[t])
            y = C @ h + c
            r += [np.sqrt(weight(t) / total) * (y[0] - Y[t]), np.sqrt(2 * weight(t) / total) * (y[1] - D[t])]
    return np.array(r + list(np.sqrt(1e-3 / 2) * theta))


GATE = [0.5, -0.3, 0.2, 0.1, -0.1, 0.3, 0.1, -0.1]
STARTS = {
    "arx": [0.5, 0.1, -0.2, 0.3, 0.3, 0.1, 0.5, -0.5, 0, 0],
    "elman": [0.5, -0.4, 0.3, 0.2, 0.1, 0, -0.1, 0.3, 0.2, 0.1, -0.2, 0.1, 0.1, 0, -0.1, 0.4, -0.3, 0.2, 0],
    "tank": [0.5, 0.1, 0.05, 0],
    "tank_free": [0.5, 0.1, 0.05, 0],
    "gru": GATE + [-g for g in GATE] + GATE + [0.4, -0.3, 0],
    "pair": [0.5, 0.1, -0.2, 0.3, 0.3, 0.1, 0.5, -0.5, 0.3, 0.4, 0, 0, 0, 0],
}
BOUNDS = ([0, 0, 0, -np.inf], [np.inf, 0.2, np.inf, np.inf])


def jacobian(f, theta):
    step = 1e-30
    return np.array([f(theta + 1j * step * e).imag / step for e in np.eye(len(theta))]).T


def find(name):
    f, seen = globals()[name.replace("_free", "")], []

    def jac(x):
        seen.append(float(f(x) @ f(x)))
        return jacobian(f, x.astype(complex))

    how = dict(method="trf", bounds=BOUNDS) if name == "tank" else dict(method="lm")
    found = least_squares(f, np.array(STARTS[name], dtype=float), jac=jac, x_scale="jac", ftol=1e-15, xtol=1e-15,
                          gtol=1e-15, max_nfev=100000, **how)
    cost = 2 * found.cost
    steps = next((i for i, c in enumerate(seen) if c <= cost * (1 + 1e-8)), len(seen))
    return "%s %.17g %d %d %d" % (name, cost, found.nfev, len(seen), steps)


def main():
    pair_data()
    with open(os.path.join(HERE, "least_squares.txt"), "w") as f:
        for name in STARTS:
            line = find(name)
            f.write(line + "\n")
            print(line)


main()
