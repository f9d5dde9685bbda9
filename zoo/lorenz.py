# The Lorenz equations, sigma = 10, rho = 28, beta = 8/3, a row 0.02 units of time: python3 zoo/lorenz.py ROWS SEQUENCES SEED. Runge-Kutta of
# order 4 with steps of 0.002. The first steps of a sequence, in which a model finds the state, have no weight.
import random
import sys

rows, sequences, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
H, PARTS, WARM = 0.002, 10, 100


def slope(x, y, z):
    return 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z


def step(s):
    a = slope(*s)
    b = slope(*(v + H / 2 * d for v, d in zip(s, a)))
    c = slope(*(v + H / 2 * d for v, d in zip(s, b)))
    d = slope(*(v + H * d for v, d in zip(s, c)))
    return tuple(v + H / 6 * (p + 2 * q + 2 * r + t) for v, p, q, r, t in zip(s, a, b, c, d))


s = (draw.random(), draw.random(), 20 + draw.random())
for _ in range(500 * PARTS):
    s = step(s)
print("id,x,y,z,weight")
for i in range(sequences):
    for t in range(rows):
        print(f"{i},{s[0]:.15g},{s[1]:.15g},{s[2]:.15g},{int(t >= WARM)}")
        for _ in range(PARTS):
            s = step(s)
