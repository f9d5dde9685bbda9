# scikit-learn's digits as tables, a row of pixels a step: python3 zoo/digits.py train|test|logistic. The first half is to train on, as in scikit-learn's
# example of a support vector classifier; logistic prints the accuracy of a logistic regression over all 64 pixels on the same halves.
import sys

from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
half = len(images) // 2
if sys.argv[1] == "logistic":
    from sklearn.linear_model import LogisticRegression

    best = max(LogisticRegression(C=c, max_iter=2000).fit(images[:half] / 16, labels[:half]).score(images[half:] / 16, labels[half:]) for c in (0.1, 1, 10))
    print(f"{best:.4f}")
    sys.exit()
part = slice(half) if sys.argv[1] == "train" else slice(half, None)
print("id," + ",".join(f"pixel.{i + 1}" for i in range(8)) + ",digit")
for n, (image, label) in enumerate(zip(images[part], labels[part])):
    for r, row in enumerate(image.reshape(8, 8)):
        print(f"{n},{','.join(f'{v:.0f}' for v in row)},{label if r == 7 else ''}")
