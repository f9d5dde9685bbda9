# A baseline for labels of whole sequences: python3 zoo/nearest.py TRAIN TEST. How often the class is the one whose mean sequence is nearest, all
# sequences being stretched to 24 rows. The label stands in the last column, on the last row of a sequence.
import csv
import sys

ROWS = 24


def read(path):
    found = {}
    with open(path) as f:
        rows = csv.reader(f)
        next(rows)
        for row in rows:
            found.setdefault(row[0], []).append(row[1:])
    for rows in found.values():
        x = [[float(v) for v in row[:-1]] for row in rows]
        yield [v for k in range(ROWS) for v in x[k * len(x) // ROWS]], rows[-1][-1]


sums, count = {}, {}
for x, label in read(sys.argv[1]):
    sums[label] = [a + b for a, b in zip(sums.get(label, [0] * len(x)), x)]
    count[label] = count.get(label, 0) + 1
means = {label: [v / count[label] for v in s] for label, s in sums.items()}
right = total = 0
for x, label in read(sys.argv[2]):
    said = min(means, key=lambda m: sum((a - b) ** 2 for a, b in zip(x, means[m])))
    right, total = right + (said == label), total + 1
print(f"{right / total:.4f}")
