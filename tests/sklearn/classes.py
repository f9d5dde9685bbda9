"""Writes classes.csv and classes.json: what scikit-learn says of scores for classes, many of which are tied.

Run with scikit-learn 1.x: python3 classes.py. tests/cli/classes_are_scored_as_scikit_learn_does.sh reads the result."""
import json
import math
import os
import warnings

import numpy as np
from sklearn import metrics

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, CLASSES = 240, (2, 3, 12)


def data():
    """Scores a1 .. a12 in quarters, the classes c2, c3 and c12 that the first of them lean to, weights w."""
    rng = np.random.default_rng(7)
    a = np.round(4 * rng.normal(size=(ROWS, 12))) / 4
    label = {n: np.argmax(a[:, :n] + rng.normal(size=(ROWS, n)), axis=1) for n in CLASSES}
    label[12][label[12] == 11] = 0  # one that never occurs
    w = rng.integers(0, 4, size=ROWS) / 2
    names = ["a%d" % (i + 1) for i in range(12)] + ["c%d" % n for n in CLASSES] + ["w"]
    table = np.column_stack([a] + [label[n] for n in CLASSES] + [w])
    with open(os.path.join(HERE, "classes.csv"), "w") as f:
        f.write(",".join(names) + "\n" + "".join(",".join("%g" % v for v in row) + "\n" for row in table))
    return a, label, w


def softmax(y):
    """What is equal but for the order in which it was added up is equal: 13 digits."""
    y = np.exp(y - y.max(axis=1, keepdims=True))
    p = y / y.sum(axis=1, keepdims=True)
    return np.array([[float("%.12e" % v) for v in row] for row in p])


def each(truth, said, labels, w):
    return [list(v) for v in metrics.precision_recall_fscore_support(truth, said, labels=labels, sample_weight=w, zero_division=0)]


def tokens(a, truth, n, w):
    p = softmax(a[:, :n])
    said = np.argmax(p, axis=1)
    there = [k for k in range(n) if (w[truth == k] > 0).any()]
    precision, recall, f1, support = each(truth, said, list(range(n)), w)
    auc = [metrics.roc_auc_score(truth == k, p[:, k], sample_weight=w) for k in there]
    loss = metrics.log_loss(truth, p, labels=list(range(n)), sample_weight=w)
    out = {
        "accuracy": metrics.accuracy_score(truth, said, sample_weight=w),
        "macro_f1": metrics.f1_score(truth[w > 0], said[w > 0], average="macro", sample_weight=w[w > 0], zero_division=0),
        "auc": auc[1] if n == 2 else float(np.mean(auc)),
        "log_loss": loss, "perplexity": math.exp(loss), "bits": loss / math.log(2),
        "precision": precision, "recall": recall, "f1": f1, "weight": support,
        "confusion": metrics.confusion_matrix(truth, said, labels=list(range(n)), sample_weight=w).tolist(),
    }
    if n > 10:
        out["top_5"] = metrics.top_k_accuracy_score(truth, a[:, :n] - 1e-9 * np.arange(n), k=5, labels=list(range(n)), sample_weight=w)
    return out


def probability(y, truth, w):
    p = 1 / (1 + np.exp(-y))
    said = (p >= 0.5).astype(int)
    precision, recall, f1, support = each(truth, said, [0, 1], w)
    return {
        "accuracy": metrics.accuracy_score(truth, said, sample_weight=w),
        "f1": f1[1], "auc": metrics.roc_auc_score(truth, p, sample_weight=w),
        "brier": metrics.brier_score_loss(truth, p, sample_weight=w),
        "log_loss": metrics.log_loss(truth, p, sample_weight=w),
        "precision": precision, "recall": recall, "weight": support,
        "confusion": metrics.confusion_matrix(truth, said, labels=[0, 1], sample_weight=w).tolist(),
    }


def main():
    warnings.simplefilter("ignore")
    a, label, w = data()
    out = {}
    for weighed, weight in (("alike", np.ones(ROWS)), ("weighed", w)):
        for n in CLASSES:
            out["%d %s" % (n, weighed)] = tokens(a, label[n], n, weight)
        out["1 %s" % weighed] = probability(a[:, 0], label[2], weight)
    with open(os.path.join(HERE, "classes.json"), "w") as f:
        json.dump(out, f, indent=1, sort_keys=True)
        f.write("\n")


main()
