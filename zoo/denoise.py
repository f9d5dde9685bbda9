# A voice in noise as 12 bands of a spectrum hear it, made: python3 zoo/denoise.py data FRAMES SEED. A voice has syllables, of which each has a pitch of two formants,
# and pauses; noise has a spectrum that turns over seconds. heard is the logarithm of the energy of both, gain.N the ideal gain; voice.N and
# noise.N are their energies.
# python3 zoo/denoise.py snr TABLE PREDICTED PICTURE: by how many dB the net's gains raise the signal over noise and distortion; then a
# spectral subtraction, whose noise is the least energy of the last 1.5 seconds; then ideal gains.
import csv
import math
import random
import sys

BANDS = 12


def chi(draw):
    return -math.log(1 - draw.random())  # |complex normal|^2


def make(frames, seed):
    draw = random.Random(seed)
    names = [f"{kind}.{b + 1}" for kind in ("heard", "gain", "voice", "noise") for b in range(BANDS)]
    print(",".join(names))
    left, loud, one, two, wide = 0, 0.0, 0.0, 0.0, 1.0
    envelope, tilt, middle, level = 0.0, 0.0, 5.0, 1.0
    for n in range(frames):
        if left == 0:
            left = draw.randint(6, 25)
            loud = 0.0 if draw.random() < 0.35 else 10 ** (draw.uniform(-3, 9) / 10)
            one, two, wide = draw.uniform(0.5, 4), draw.uniform(4.5, 9.5), draw.uniform(0.7, 1.4)
        left -= 1
        envelope += 0.35 * (loud - envelope)
        tilt = 0.995 * tilt + draw.gauss(0, 0.03)
        middle = min(11, max(0, middle + draw.gauss(0, 0.06)))
        if draw.random() < 0.004:
            level = 10 ** (draw.uniform(-6, 6) / 10)
        voice, noise = [], []
        for b in range(BANDS):
            shape = math.exp(-((b - one) ** 2) / wide) + 0.5 * math.exp(-((b - two) ** 2) / wide) + 0.01
            voice.append(envelope * 4 * shape * (0.3 + 0.7 * chi(draw)))
            hum = 0.35 * math.exp(tilt * (b - 5.5) / 4) + 1.2 * math.exp(-((b - middle) ** 2) / 1.5)
            noise.append(level * hum * (chi(draw) + chi(draw) + chi(draw)) / 3)
        heard = [math.log(s + v + 1e-4) for s, v in zip(voice, noise)]
        gain = [math.sqrt(s / (s + v)) for s, v in zip(voice, noise)]
        print(",".join(f"{v:.5g}" for v in heard + gain + voice + noise))


def ratio(rows, gains):
    signal = sum(s for voice, _ in rows for s in voice)
    off = sum((1 - g) ** 2 * s + g * g * v for (voice, noise), gain in zip(rows, gains) for g, s, v in zip(gain, voice, noise))
    return 10 * math.log10(signal / off)


def measure(table, predicted, picture):
    cells = list(csv.DictReader(open(table)))
    of = lambda row, kind: [float(row[f"{kind}.{b + 1}"]) for b in range(BANDS)]
    rows = [(of(r, "voice"), of(r, "noise")) for r in cells]
    net = [of(r, "gain") for r in csv.DictReader(open(predicted))]
    ideal = [of(r, "gain") for r in cells]
    energy = [[s + v for s, v in zip(*row)] for row in rows]
    smooth, quiet = [energy[0]], []
    for e in energy[1:]:
        smooth.append([0.8 * a + 0.2 * b for a, b in zip(smooth[-1], e)])
    for t, e in enumerate(energy):
        least = [min(s[b] for s in smooth[max(0, t - 150) : t + 1]) for b in range(BANDS)]
        quiet.append([math.sqrt(max(0.01, 1 - 1.5 * m / x)) for m, x in zip(least, e)])
    before = ratio(rows, [[1] * BANDS] * len(rows))
    for gains in (net, quiet, ideal):
        print(f"{ratio(rows, gains) - before:.3f}")
    with open(picture, "w") as f:
        for what in (energy, [[x * g * g for x, g in zip(e, gain)] for e, gain in zip(energy, net)], [v for v, _ in rows]):
            for t in range(600, 900):
                for b in range(BANDS):
                    print(t - 600, b + 1, max(-25, 10 * math.log10(what[t][b] + 1e-9)), file=f)
                print(file=f)
            print("\n", file=f)


if sys.argv[1] == "data":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    measure(*sys.argv[2:5])
