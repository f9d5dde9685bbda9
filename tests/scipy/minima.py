"""Writes data.csv and minima.txt: the costs that SciPy's L-BFGS-B finds from the specs' own starts, on the same data.

The models are written here once more, in NumPy; gradients are complex steps, exact to rounding. Run with SciPy 1.x:
python3 minima.py. tests/cli/lbfgs_finds_the_minima_of_scipy.sh reads the result.
After the name and the cost stands how many parameters are at a bound."""
import math
import os

import numpy as np
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 40


def data():
    """u, y and d, of which y is made of u by a tank, and d by a system of the second order; with 6 digits, as read."""
    rows, h, z = [], 1.0, [0.0, 0.0]
    for t in range(STEPS):
        u = math.sin(0.7 * t) * math.cos(0.13 * t * t) + 0.2
        h += 0.4 * u - 0.35 * h
        z = [0.8 * z[0] - 0.4 * z[1] + u, z[0]]
        noise = 0.05 * math.sin(12.9898 * (t + 1) ** 2)
        rows.append(tuple("%.6f" % v for v in (u, h + noise, 0.5 * z[0] - 0.3 * z[1] + noise)))
    with open(os.path.join(HERE, "data.csv"), "w") as f:
        f.write("u,y,d\n" + "".join("%s,%s,%s\n" % row for row in rows))
    return np.array(rows, dtype=float).T


def arx(theta, u, d):
    a, b, c, h = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8:10]
    loss = 0
    for t in range(len(u)):
        h = a @ h + b * u[t]
        loss += (c @ h - d[t]) ** 2
    return loss / len(u) + 1e-3 / 2 * (theta @ theta)


def elman(theta, u, d):
    """The first half of the steps is the first lane, and the second the other."""
    W, U, b, V, v = theta[:3], theta[3:12].reshape(3, 3), theta[12:15], theta[15:18], theta[18]
    loss, half = 0, len(u) // 2
    for first in 0, half:
        h = np.zeros(3)
        for t in range(first, first + half):
            h = np.tanh(W * u[t] + U @ h + b)
            loss += (V @ h + v - d[t]) ** 2
    return loss / len(u) + 2e-2 / 2 * (W @ W + (U * U).sum() + V @ V)


def tank(theta, u, y):
    gain, leak, seep, offset = theta
    loss, h = 0, 1.0
    for t in range(len(u)):
        h = h + gain * u[t] - leak * h - seep * h * h
        loss += (h + offset - y[t]) ** 2
    return loss


def finite(x):
    """SciPy's line search goes on from a cost that is too high, and not from NaN."""
    return np.nan_to_num(x, nan=1e9, posinf=1e9, neginf=-1e9).clip(-1e9, 1e9)


def gradient(f, theta):
    step = 1e-30
    return np.array([f(theta + 1j * step * e).imag / step for e in np.eye(len(theta))])


STARTS = {
    arx: [0.5, 0.1, -0.2, 0.3, 0.3, 0.1, 0.5, -0.5, 0, 0],
    elman: [0.5, -0.4, 0.3, 0.2, 0.1, 0, -0.1, 0.3, 0.2, 0.1, -0.2, 0.1, 0.1, 0, -0.1, 0.4, -0.3, 0.2, 0],
    tank: [0.5, 0.1, 0.05, 0],
}
BOUNDS = {tank: [(0, None), (0, 0.2), (0, None), (None, None)]}


@np.errstate(all="ignore")
def main():
    u, y, d = data()
    with open(os.path.join(HERE, "minima.txt"), "w") as f:
        for model, start in STARTS.items():
            target = y if model is tank else d
            found = minimize(lambda x: float(finite(model(x, u, target))), np.array(start), method="L-BFGS-B",
                             bounds=BOUNDS.get(model),
                             jac=lambda x: finite(gradient(lambda z: model(z, u, target), x.astype(complex))),
                             options={"maxiter": 20000, "maxfun": 100000, "ftol": 0, "gtol": 1e-11})
            at = sum(x in b for x, b in zip(found.x, BOUNDS.get(model, [])))
            f.write("%s %.17g %d\n" % (model.__name__, found.fun, at))
            print(model.__name__, found.fun, found.nit, np.abs(found.jac).max(), found.x, found.message)


main()
