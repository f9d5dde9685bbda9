# Gestures as accelerations in g, three axes at 25 Hz: python3 zoo/gesture.py GESTURES SEED. circle, circle the other way, shake, lift, tap tap, rest; each
# with its tempo, strength and phase, gravity in a frame that is turned by up to 25 degrees, and noise of 0.12 g.
import math
import random
import sys

count, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
NAMES = ("circle", "counter", "shake", "lift", "taps", "rest")


def move(name, t, tempo, phase):
    w = 2 * math.pi * tempo * t + phase
    if name in ("circle", "counter"):
        return math.cos(w), math.sin(w) if name == "circle" else -math.sin(w), 0
    if name == "shake":
        return 1.2 * math.sin(2 * w), 0.3 * math.sin(2 * w), 0
    if name == "lift":
        return 0, 0, math.sin(2 * math.pi * tempo * t) * math.exp(-1.2 * t)
    if name == "taps":
        return 0, 0, -sum(math.exp(-(((t - at) * 25) ** 2) / 3) for at in (0.3 / tempo, 0.7 / tempo)) * 1.6
    return 0, 0, 0


print("id,acceleration.1,acceleration.2,acceleration.3,gesture")
for i in range(count):
    name = draw.choice(NAMES)
    tempo, phase, strength = draw.uniform(0.7, 1.4), draw.uniform(0, 2 * math.pi), draw.uniform(0.35, 0.9)
    roll, pitch = (math.radians(draw.uniform(-25, 25)) for _ in range(2))
    rows = draw.randint(34, 50)
    for n in range(rows):
        x, y, z = (strength * v for v in move(name, n / 25, tempo, phase))
        z += 1
        x, z = x * math.cos(pitch) + z * math.sin(pitch), z * math.cos(pitch) - x * math.sin(pitch)
        y, z = y * math.cos(roll) - z * math.sin(roll), z * math.cos(roll) + y * math.sin(roll)
        cells = ",".join(f"{v + draw.gauss(0, 0.12):.3f}" for v in (x, y, z))
        print(f"{i},{cells},{name if n == rows - 1 else ''}")
