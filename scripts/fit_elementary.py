#!/usr/bin/env python3
"""The numbers in runtime/tapeless/elementary_f32.h and elementary_f64.h: where they come from.

    pip install numpy mpmath
    python3 scripts/fit_elementary.py           prints them
    python3 scripts/fit_elementary.py FILE...   and says which are missing in these files

Polynomials: the largest error on an interval, relative to the function that is computed with the
polynomial (of tanh, the error itself), is least (Lawson's algorithm). The lowest coefficient is then
rounded to the type and the others are fitted again with it fixed, and so on: that loses less than rounding
all of them at once. With other versions of NumPy last digits may come out otherwise; the errors that are
printed do not.

Constants that multiples are subtracted of, in parts: each has so few bits that its product with a multiple
is exact, and the last has as many as the type.
"""
import re
import sys

import numpy
from mpmath import atanh, cos, exp, floor, inf, log, log1p, mp, mpf, nstr, pi, polyval, sin, sqrt, tanh

mp.prec = 240
F32, F64 = 24, 53


def nearest(x, bits):
    """x rounded to so many bits, to nearest."""
    if x == 0:
        return mpf(0)
    scale = mpf(2) ** (bits - 1 - int(floor(log(abs(x), 2))))
    return mp.nint(x * scale) / scale


def chebyshev(low, high, count):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * i / (count - 1)) for i in range(count)]


def lawson(columns, residual, rounds):
    """x with max |residual - columns x| about as small as it can be: least squares, again and again, the
    weight of each point multiplied by how wrong it was (Lawson)."""
    weight = numpy.full(len(residual), 1 / len(residual))
    best = (numpy.inf, None)
    for _ in range(rounds):
        root = numpy.sqrt(weight)
        x = numpy.linalg.lstsq(columns * root[:, None], residual * root, rcond=None)[0]
        error = abs(residual - columns @ x)
        best = min(best, (error.max(), x), key=lambda found: found[0])
        weight *= error
        weight = weight / weight.sum() + 1e-9 / len(residual)
    return best[1]


def minimax(target, weight, p, fixed, points):
    """The polynomial with the first `fixed` coefficients of p, and of its degree, for which max |weight
    (target - p)| is least, and that maximum. What is still wrong is found in all digits, but mended in double
    precision, in some rounds."""
    scale = max(abs(x) for x in points)
    free = range(fixed, len(p))
    columns = numpy.array([[float(weight(x) * (x / scale) ** k) for k in free] for x in points])
    best = (inf, p)
    for _ in range(5):
        wrong = [weight(x) * (target(x) - polyval(p[::-1], x)) for x in points]
        largest = max(abs(e) for e in wrong)
        best = min(best, (largest, p), key=lambda found: found[0])
        more = lawson(columns, numpy.array([float(e / largest) for e in wrong]), 200)
        p = p[:fixed] + [p[k] + mpf(float(d)) * largest / scale ** k for k, d in zip(free, more)]
    return best


def fit(name, target, weight, degree, low, high, bits):
    """c, rounded to so many bits; prints what its largest weighted error is before and after that."""
    points = chebyshev(low, high, 250)
    target, weight = [dict(zip(points, map(f, points))).get for f in (target, weight)]
    ideal, p = minimax(target, weight, [mpf(0)] * (degree + 1), 0, points)
    for k in range(degree + 1):
        p[k] = nearest(p[k], bits)
        p = minimax(target, weight, p, k + 1, points)[1] if k < degree else p
    error = max(abs(weight(x) * (target(x) - polyval(p[::-1], x))) for x in points)
    found, before = nstr(log(error, 2), 5), nstr(log(ideal, 2), 5)
    print("%s: largest error 2^%s, before rounding 2^%s" % (name, found, before))
    return [literal(c, bits) for c in p]


def literal(x, bits):
    """As C writes it, exactly."""
    text = float(x).hex()
    assert mpf(float(x)) == x
    mantissa, exponent = text.split("p")
    return mantissa.rstrip("0").rstrip(".") + "p" + exponent + ("f" if bits == F32 else "")


def parts(name, x, widths, bits):
    """x as a sum of numbers with so many bits each; the last is rounded to nearest."""
    if name:
        print(name)
    rest, found = x, []
    for i, width in enumerate(widths):
        last = i == len(widths) - 1
        scale = mpf(2) ** (width - 1 - int(floor(log(abs(rest), 2))))
        part = mp.nint(rest * scale) / scale if last else floor(rest * scale) / scale
        found.append(literal(part, bits))
        rest -= part
    return found


def near_0(f, at_0):
    """f, which is 0 / 0 at 0."""
    return lambda x: at_0(x) if abs(x) < mpf(10) ** -30 else f(x)


# log(1 + f) = f + f f q(f), e^r = 1 + r + r r q(r); and, with z = x x, sin x = x (1 + z c(z)), atanh and tanh too.
log_q = near_0(lambda f: (log1p(f) - f) / f ** 2, lambda f: -mpf(1) / 2 + f / 3)
exp_q = near_0(lambda r: (exp(r) - 1 - r) / r ** 2, lambda r: mpf(1) / 2 + r / 6)
sin_c = near_0(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: -mpf(1) / 6)
atanh_c = near_0(lambda z: (atanh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: mpf(1) / 3)
tanh_c = near_0(lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: -mpf(1) / 3)


# How much the function changes with q or c, relative to it.
def log_weight(f):
    return near_0(lambda t: abs(t ** 2 / log1p(t)), abs)(f)


def exp_weight(r):
    return r ** 2 / exp(r)


def odd_weight(c):
    return lambda z: z / (1 + z * c(z))


# How much it changes at all: tanh r is added to numbers that are larger.
def odd_change(z):
    return z * sqrt(z)


def groups():
    """The constants in groups, each of which stands in one of the headers."""
    slack = mpf("1.0001")  # the whole number of periods that is nearest is found with roundoff
    half, square = log(2) / 2 * slack, (pi / 2 * slack) ** 2
    ninth, small = slack / 9, ((sqrt(2) - 1) / (sqrt(2) + 1) * slack) ** 2
    third, quarter_square = mpf(1) / 3, (half / 2) ** 2
    yield fit("exp f32: q", exp_q, exp_weight, 4, -half, half, F32)
    yield fit("tanh f32: c", tanh_c, odd_change, 1, mpf(0), quarter_square, F32)
    yield fit("softplus f32: q of log(1 + f), 0 <= f <= 1", log_q, log_weight, 8, mpf(0), mpf(1), F32)
    yield fit("log f32: q of log(1 + f), -1/3 <= f <= 1/3", log_q, log_weight, 7, -third, third, F32)
    yield fit("sin f32: c", sin_c, odd_weight(sin_c), 3, mpf(0), square, F64)
    yield parts("ln 2, f32: times 8 bits, and times 2", log(2), [15, F32], F32) + parts("", log(2), [F32], F32)
    yield parts("pi, f32: times 32 bits, and with FMA", pi, [21, 21, F64], F64) + parts("", pi, [F64, F64], F64)
    yield fit("exp f64: q", exp_q, exp_weight, 9, -half, half, F64)
    yield fit("tanh f64: c", tanh_c, odd_change, 5, mpf(0), quarter_square, F64)
    yield fit("softplus f64: c of atanh, 0 <= z <= 1/9", atanh_c, odd_weight(atanh_c), 9, mpf(0), ninth, F64)
    yield fit("log f64: c of atanh", atanh_c, odd_weight(atanh_c), 6, mpf(0), small, F64)
    yield fit("sin f64: c", sin_c, odd_weight(sin_c), 7, mpf(0), square, F64)
    yield parts("ln 2, f64: times 12 bits", log(2), [41, F64], F64)
    yield parts("pi, f64: times 32 bits", pi, [21, 21, 21, 21, F64], F64)
    yield parts("pi, f64: with FMA", pi, [F64, F64, F64], F64)
    yield parts("1 / ln 2", 1 / log(2), [F32], F32) + parts("", 1 / log(2), [F64], F64)
    yield parts("1 / pi", 1 / pi, [F64], F64)


def main():
    text = "".join(open(path).read() for path in sys.argv[1:])
    missing = []
    for group in groups():
        print("    " + "\n    ".join(group))
        missing += [c for c in group if not re.search(re.escape(c.lstrip("-")) + r"(?![0-9a-f.])", text)]
    if text:
        print("missing: " + " ".join(missing) if missing else "all are there")
    return 1 if text and missing else 0


if __name__ == "__main__":
    sys.exit(main())
