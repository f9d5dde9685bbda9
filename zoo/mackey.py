# dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x, a row a unit of time: python3 zoo/mackey.py ROWS SEQUENCES SEED. Runge-Kutta of order 4
# with a step of 0.1, between whose ends the delayed value is interpolated by a cubic. The first steps of a sequence, in which a model finds
# the state, have no weight.
import random
import sys

rows, sequences, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
PARTS, DELAY, WARM = 10, 170, 300


def slope(x, delayed):
    return 0.2 * delayed / (1 + delayed**10) - 0.1 * x


def run(rows):
    x = [1.2 + 0.2 * (draw.random() - 0.5)] * (DELAY + 2)
    h = 1 / PARTS
    for n in range((rows + 1000) * PARTS):
        now, a, b = x[-1], x[-1 - DELAY], x[-DELAY]
        half = (9 * (a + b) - x[-2 - DELAY] - x[1 - DELAY]) / 16
        k1 = slope(now, a)
        k2 = slope(now + h / 2 * k1, half)
        k3 = slope(now + h / 2 * k2, half)
        k4 = slope(now + h * k3, b)
        x.append(now + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return x[-rows * PARTS :: PARTS]


print("id,x,weight")
long = run(rows * sequences)
for i in range(sequences):
    for t, x in enumerate(long[i * rows : (i + 1) * rows]):
        print(f"{i},{x:.15g},{int(t >= WARM)}")
