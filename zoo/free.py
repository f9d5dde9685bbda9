# How good free runs are: python3 zoo/free.py nrmse|valid TRUTH PREDICTED WARM STEPS PICTURE [LYAPUNOV]. TRUTH is a table of sequences, PREDICTED
# what `predict --horizon STEPS` made of the first WARM rows of each. nrmse: the error STEPS steps on, of the first column, by the standard
# deviation of the whole table. valid: for how many Lyapunov times the error is below 0.4, the median over the sequences; errors are norms over
# all columns, in units of the root of the summed variances (Pathak et al., 2018). PICTURE gets a sequence, a row a step.
import csv
import statistics
import sys

measure, truth, predicted, warm, steps, picture = sys.argv[1:7]
warm, steps = int(warm), int(steps)


def read(path):
    rows = {}
    with open(path) as f:
        names = [n for n in csv.DictReader(f).fieldnames if n not in ("id", "sequence", "weight", "row")]
    with open(path) as f:
        for row in csv.DictReader(f):
            rows.setdefault(row.get("id") or row["sequence"], []).append([float(row[n]) for n in names])
    return rows


real, said = read(truth), read(predicted)
columns = range(len(next(iter(real.values()))[0]))
scale = sum(statistics.pvariance([r[c] for rows in real.values() for r in rows]) for c in columns) ** 0.5
free = {i: (real[i][warm : warm + steps], said[i][-steps:]) for i in real}
errors = {i: [sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5 / scale for a, b in zip(*pair)] for i, pair in free.items()}
assert all(len(e) == steps for e in errors.values())
if measure == "nrmse":
    print(f"{statistics.fmean(e[-1] ** 2 for e in errors.values()) ** 0.5:.4g}")
else:
    valid = [next((t for t, x in enumerate(e) if not x < 0.4), steps) for e in errors.values()]
    print(f"{statistics.median(valid) * float(sys.argv[7]):.4g}")
chosen = sorted(errors, key=lambda i: next((t for t, x in enumerate(errors[i]) if not x < 0.4), steps))[len(errors) // 2]
with open(picture, "w") as f:
    for t, (a, b) in enumerate(zip(*free[chosen])):
        print(t + 1, a[0], b[0], errors[chosen][t], file=f)
