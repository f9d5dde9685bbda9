"""Model predictive control of two tanks by a model that was learned of them: docs/casadi.md walks through it.

    python3 examples/mpc_tanks.py DIR [--plot FILE.svg] [--steps N]

DIR has libtanks_casadi.so, as `tapeless build models/tanks.lua --casadi --params tanks.safetensors -o DIR` makes it.
The pump's voltage u is chosen every 4 s so that the level of the lower tank follows a set-point; only that level is
measured, with noise. What the controller knows of the tanks is the model; what it controls are the equations of
models/data/tanks.lua.
"""
import argparse
import os
import subprocess
import time

import casadi as ca
import numpy as np

N = 20                 # steps that are looked ahead
U = (0.0, 8.0)         # the pump's range
X1_MOST = 9.0          # the upper tank is not to overflow, at 10
WEIGHT_DU = 0.05       # of changes of the voltage, against squared errors of the level
NOISE = 0.018          # of the measured level, standard deviation


# ---- the tanks ----

def flow(x, u):
    """The equations of models/data/tanks.lua."""
    k1, k2, k3, k4, height, caught = 0.060, 0.050, 0.050, 0.050, 10.0, 0.4
    root = np.sqrt(np.maximum(x, 0))
    upper = k4 * u - k1 * root[0]
    spilled = max(upper, 0) if x[0] >= height else 0.0
    lower = k2 * root[0] - k3 * root[1] + caught * spilled
    return np.array([upper - spilled, min(lower, 0) if x[1] >= height else lower])


def run_tanks(x, u):
    """4 seconds, by steps of 0.05."""
    for _ in range(80):
        x = x + 0.05 * flow(x, u)
    return x


# ---- the controller ----

def multiple_shooting(f):
    """The nonlinear program over u_0 .. u_N-1 and the states x_1 .. x_N, each a variable of its own; a solver for it,
    and bounds. Parameters: the state, the voltage before, the set-points r_1 .. r_N."""
    x0, u_before, r = ca.MX.sym("x0", 2), ca.MX.sym("u_before"), ca.MX.sym("r", N)
    u, x = ca.MX.sym("u", N), ca.MX.sym("x", 2, N)
    cost, gaps = 0, []
    for k in range(N):
        entering = x0 if k == 0 else x[:, k - 1]
        _, next_x1, next_x2 = f(u[k], entering[0], entering[1])
        gaps.append(ca.vertcat(next_x1, next_x2) - x[:, k])
        cost += (x[1, k] - r[k]) ** 2 + WEIGHT_DU * (u[k] - (u_before if k == 0 else u[k - 1])) ** 2
    nlp = {"x": ca.vertcat(u, ca.vec(x)), "p": ca.vertcat(x0, u_before, r), "f": cost, "g": ca.vertcat(*gaps)}
    options = {"print_time": False, "ipopt": {"print_level": 0, "sb": "yes", "tol": 1e-8, "max_iter": 100}}
    low = np.concatenate([np.full(N, U[0]), np.tile([0.0, 0.0], N)])
    high = np.concatenate([np.full(N, U[1]), np.tile([X1_MOST, 10.0], N)])
    return ca.nlpsol("mpc", "ipopt", nlp, options), low, high


class Observer:
    """An extended Kalman filter: the state that fits what was measured. Its Jacobians are the library's."""

    def __init__(self, f):
        self.f, self.jacobian = f, f.jacobian()
        self.x, self.P = np.array([3.0, 3.0]), np.eye(2)
        self.Q, self.R = np.diag([1e-3, 1e-3]), NOISE ** 2

    def measure(self, y):
        C = np.array([[0.0, 1.0]])  # y is x2: jac_y_s_x1, jac_y_s_x2
        K = self.P @ C.T / (C @ self.P @ C.T + self.R)
        self.x = self.x + (K * (y - self.x[1])).ravel()
        self.P = self.P - K @ C @ self.P

    def predict(self, u):
        J = self.jacobian(u=u, s_x1=self.x[0], s_x2=self.x[1])
        A = np.array([[float(J[f"jac_next_{a}_s_{b}"]) for b in ("x1", "x2")] for a in ("x1", "x2")])
        _, x1, x2 = self.f(u, self.x[0], self.x[1])
        self.x = np.array([float(x1), float(x2)])
        self.P = A @ self.P @ A.T + self.Q


def set_point(t):
    return 3.0 if t < 20 else 6.5 if t < 80 else 4.0


def control(f, steps):
    """Closed loop. Rows of t, set-point, level, voltage, upper level, milliseconds of the solver."""
    solver, low, high = multiple_shooting(f)
    observer, random = Observer(f), np.random.default_rng(1)
    true, u, guess, multipliers, rows = np.array([3.0, 3.0]), 3.0, None, {}, []
    for t in range(steps):
        observer.measure(true[1] + NOISE * random.standard_normal())
        r = [set_point(t + 1 + k) for k in range(N)]
        if guess is None:
            guess = np.concatenate([np.full(N, u), np.tile(observer.x, N)])
        begin = time.perf_counter()
        s = solver(x0=guess, p=ca.vertcat(observer.x, u, *r), lbx=low, ubx=high, lbg=0, ubg=0, **multipliers)
        spent = time.perf_counter() - begin
        if not solver.stats()["success"]:
            raise SystemExit(f"step {t}: IPOPT: {solver.stats()['return_status']}")
        guess = s["x"].full().ravel()
        multipliers = {"lam_x0": s["lam_x"], "lam_g0": s["lam_g"]}
        u = float(guess[0])
        rows.append((t, set_point(t), true[1], u, true[0], 1e3 * spent))
        observer.predict(u)
        true = run_tanks(true, u)
    return np.array(rows)


# ---- what is seen of it ----

PICTURE = """
set terminal svg size 760,420 font "sans,12" background "white"
set output "{file}"
set multiplot layout 2,1
set lmargin 8
set grid lc rgb "#dddddd"
set key outside top center horizontal
set xrange [0:{end}]
set ylabel "level"
set yrange [0:10]
plot "{data}" using ($1*4):2 with steps lc rgb "#888888" dt 2 title "set-point", \\
     "" using ($1*4):3 with lines lw 2 lc rgb "#1f77b4" title "lower tank", \\
     "" using ($1*4):5 with lines lc rgb "#2ca02c" title "upper tank", \\
     {most} with lines lc rgb "#d62728" dt 3 title "bound"
set ylabel "voltage"
set xlabel "seconds"
set yrange [{low}-0.5:{high}+0.5]
plot "{data}" using ($1*4):4 with steps lw 2 lc rgb "#ff7f0e" title "pump", \\
     {low} with lines lc rgb "#d62728" dt 3 notitle, {high} with lines lc rgb "#d62728" dt 3 title "bounds"
"""


def draw(rows, file):
    data = file + ".txt"
    np.savetxt(data, rows)
    script = PICTURE.format(file=file, data=data, end=4 * len(rows), most=X1_MOST, low=U[0], high=U[1])
    subprocess.run(["gnuplot"], input=script.encode(), check=True)
    os.remove(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory")
    parser.add_argument("--plot", metavar="FILE.svg")
    parser.add_argument("--steps", type=int, default=140)
    a = parser.parse_args()
    f = ca.external("tanks", os.path.join(os.path.abspath(a.directory), "libtanks_casadi.so"))
    rows = control(f, a.steps)
    settled = [t for t in range(25, len(rows)) if len({set_point(s) for s in range(t - 25, t + N + 1)}) == 1]
    error = np.sqrt(np.mean((rows[settled, 2] - rows[settled, 1]) ** 2))
    print(f"{len(rows)} steps; far from changes of the set-point the level is off by {error:.3f} (RMS)")
    print(f"voltage from {rows[:, 3].min():.3f} to {rows[:, 3].max():.3f}, upper level up to {rows[:, 4].max():.3f}")
    print(f"IPOPT: median {np.median(rows[:, 5]):.1f} ms a step, at most {rows[:, 5].max():.1f}")
    if a.plot:
        draw(rows, a.plot)


if __name__ == "__main__":
    main()
