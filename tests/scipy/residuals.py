"""Writes residuals.csv and residuals.json: autocorrelation, Ljung-Box statistic and its chance of residuals, by NumPy and SciPy.

Run with SciPy 1.x: python3 residuals.py. tests/cli/residuals_are_tested_as_scipy_does.sh reads the result; its model says 0, so
that a target is its residual."""
import json
import math
import os

import numpy as np
from scipy.stats import chi2

HERE = os.path.dirname(os.path.abspath(__file__))


def figures(parts):
    """parts: sequences of residuals, NaN where there is none."""
    known = np.concatenate([e[~np.isnan(e)] for e in parts])
    n, mean = len(known), known.mean()
    apart = [np.nan_to_num(e - mean) for e in parts]
    lags = min(n // 4, 40)
    r = [sum(float(a[:-k] @ a[k:]) for a in apart if len(a) > k) / sum(float(a @ a) for a in apart) for k in range(1, lags + 1)]
    h = min(10, n // 5 // 2 * 2)
    q = n * (n + 2) * sum(r[k - 1] ** 2 / (n - k) for k in range(1, h + 1))
    band = 1.96 / math.sqrt(n)
    return {"steps": n, "mean": mean, "standard_deviation": known.std(), "autocorrelation": r, "band": band,
            "outside": sum(abs(v) > band for v in r), "ljung_box": {"lags": h, "q": q, "p": float(chi2.sf(q, h))}}


def main():
    rng = np.random.default_rng(3)
    rows, out = [], {}
    for name, length in (("a", 50), ("b", 31), ("c", 7)):
        noise = rng.normal(size=length)
        red = np.zeros(length)
        for t in range(length):
            red[t] = (0.6 * red[t - 1] if t else 0) + noise[t] + 0.3
        for t in range(length):
            rows.append((name, "%.4f" % noise[t], "%.4f" % red[t], "" if t % 6 == 4 else "%.4f" % red[t]))
    with open(os.path.join(HERE, "residuals.csv"), "w") as f:
        f.write("id,white,red,gaps\n" + "".join(",".join(r) + "\n" for r in rows))
    for i, column in enumerate(("white", "red", "gaps"), 1):
        e = np.array([float(r[i]) if r[i] else np.nan for r in rows])
        out[column + " whole"] = figures([e])
        ends = [0, 50, 81, 88]
        out[column + " parts"] = figures([e[a:b] for a, b in zip(ends, ends[1:])])
        out[column + " last"] = figures([e[76:]])
    with open(os.path.join(HERE, "residuals.json"), "w") as f:
        json.dump(out, f, indent=1, sort_keys=True)
        f.write("\n")


main()
