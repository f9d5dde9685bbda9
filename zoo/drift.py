# Two gas sensors that age: python3 zoo/drift.py ROWS SEED BEGIN. What they say follows the gas slowly, by a power of it, and temperature. From row BEGIN
# on the first loses two thirds of its sensitivity and the second's baseline rises, over the rows that are left. A reference is taken every tenth row.
import math
import random
import sys

rows, seed, begin = map(int, sys.argv[1:])
draw = random.Random(seed)
gas, one, two, level = 1.0, 1.0, 1.0, 1.0
print("sensor.1,sensor.2,temperature,gas")
for n in range(rows):
    age = max(0, n - begin) / max(1, rows - begin)
    if draw.random() < 0.1:
        level = draw.uniform(0.1, 4)
    gas = max(0.02, gas + 0.2 * (level - gas) + draw.gauss(0, 0.02))
    warm = 20 + 6 * math.sin(2 * math.pi * n / 700) + draw.gauss(0, 0.2)
    one += 0.4 * (gas**0.7 - one)
    two += 0.6 * (gas**0.5 - two)
    a = (1 - 0.67 * age) * one * (1 + 0.02 * (warm - 20)) + 0.2 + draw.gauss(0, 0.02)
    b = two * (1 - 0.015 * (warm - 20)) + 0.6 * age + draw.gauss(0, 0.02)
    print(f"{a:.4f},{b:.4f},{warm:.2f},{f'{gas:.4f}' if n % 10 == 9 else ''}")
