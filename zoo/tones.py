# Words of three tones as a filter bank of 8 bands hears them: python3 zoo/tones.py WORDS SEED. A band is the logarithm of |tone + noise|^2, the noise
# complex and normal, as it is at the output of a filter. Tones are off their pitch by up to a third of a band, and last 4 to 8 frames with
# gaps of up to 2; the word begins within the first 6 frames; its level is 0 to 9 dB over the noise of a band.
import itertools
import math
import random
import sys

count, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
BANDS, PITCH = 8, (1.5, 3.5, 5.5)
WORDS = list(itertools.permutations(range(3))) + [()]
print("id," + ",".join(f"band.{b + 1}" for b in range(BANDS)) + ",word")
for i in range(count):
    word = draw.randrange(len(WORDS))
    frames = [None] * draw.randint(0, 6)
    for tone in WORDS[word]:
        frames += [PITCH[tone] + draw.uniform(-1, 1) / 3] * draw.randint(4, 8) + [None] * draw.randint(0, 2)
    frames += [None] * (24 - len(frames) if len(frames) < 24 else 0)
    level = 10 ** (draw.uniform(0, 9) / 20)
    for t, pitch in enumerate(frames):
        phase = draw.uniform(0, 2 * math.pi)
        cells = []
        for b in range(BANDS):
            a = 0 if pitch is None else 1.4 * level * math.exp(-((b - pitch) ** 2) / 0.8)
            re, im = a * math.cos(phase) + draw.gauss(0, 0.7), a * math.sin(phase) + draw.gauss(0, 0.7)
            cells.append(f"{math.log(re * re + im * im + 1e-3):.3f}")
        print(f"{i},{','.join(cells)},{word if t == len(frames) - 1 else ''}")
