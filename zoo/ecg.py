# scipy's electrocardiogram: python3 zoo/ecg.py train|test SEED prints 180 seconds of it, or the next 115 with anomalies, 120 samples a second;
# python3 zoo/ecg.py auc TEST PREDICTED PICTURE how well residuals tell the half seconds with an anomaly from those without (the area under the ROC
# curve), for the net and for a linear forecast of eight samples that is fitted on the test itself.
import csv
import sys
import warnings

import numpy as np

RATE, HALF = 120, 60


def record():
    warnings.simplefilter("ignore")
    from scipy.misc import electrocardiogram

    return electrocardiogram().reshape(-1, 3).mean(1)


def spoil(x, seed):
    """Half of a second of every five: a slow bump, a fast tremor, a beat that is turned over, one that is stretched."""
    draw, label = np.random.default_rng(seed), np.zeros(len(x), int)
    for n, second in enumerate(range(2, len(x) // RATE - 2, 4)):
        at = second * RATE + int(draw.integers(0, RATE))
        part, t = slice(at, at + HALF), np.linspace(0, 1, HALF)
        shape = np.sin(np.pi * t) ** 2
        if n % 4 == 0:
            x[part] += 0.35 * np.sin(2 * np.pi * 3 * t) * shape
        elif n % 4 == 1:
            x[part] += draw.normal(0, 0.08, HALF) * shape
        elif n % 4 == 2:
            x[part] = x[part].mean() - 0.8 * (x[part] - x[part].mean()) * shape + (x[part] - x[part].mean()) * (1 - shape)
        else:
            x[part] = np.interp(at + HALF * t**1.8, np.arange(len(x)), x)
        label[part] = 1
    return label


def auc(score, label):
    order = np.argsort(np.argsort(score, kind="stable"), kind="stable") + 1
    good = label.sum()
    return (order[label == 1].sum() - good * (good + 1) / 2) / (good * (len(label) - good))


if sys.argv[1] in ("train", "test"):
    x = record()
    x = x[: 180 * RATE] if sys.argv[1] == "train" else x[180 * RATE : 295 * RATE].copy()
    label = spoil(x, int(sys.argv[2])) if sys.argv[1] == "test" else np.zeros(len(x), int)
    print("mv,anomaly")
    for v, a in zip(x, label):
        print(f"{v:.4f},{a}")
    sys.exit()

rows = list(csv.DictReader(open(sys.argv[2])))
x, label = (np.array([float(r[c]) for r in rows]) for c in ("mv", "anomaly"))
said = np.full(len(x), np.nan)
for r in csv.DictReader(open(sys.argv[3])):
    if int(r["row"]) <= len(x):
        said[int(r["row"]) - 1] = float(r["mv"])
past = np.stack([x[8 - k : len(x) - k] for k in range(1, 9)] + [np.ones(len(x) - 8)], 1)
line = np.full(len(x), np.nan)
line[8:] = past @ np.linalg.lstsq(past, x[8:], rcond=None)[0]
pieces = slice(HALF, len(x) // HALF * HALF)
piece = lambda v: v[pieces].reshape(-1, HALF)
inside = piece(label).mean(1)
sure = (inside == 0) | (inside >= 0.5)
known = (inside[sure] >= 0.5).astype(int)
for residual in (said - x, line - x):
    print(f"{auc(np.sqrt((piece(residual) ** 2).mean(1))[sure], known):.4f}")
with open(sys.argv[4], "w") as f:
    shown = range(20 * RATE, 28 * RATE)
    for t in shown:
        print(f"{t / RATE:.3f} {x[t]:.3f} {abs(said[t] - x[t]):.3f}", file=f)
    print("\n", file=f)
    for t in shown:
        if label[t] and not label[t - 1]:
            print(f"{t / RATE:.3f} {(t + HALF) / RATE:.3f}", file=f)
