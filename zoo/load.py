# An hourly load, made: python3 zoo/load.py DAYS SEED. A year has its seasons in temperature and light, a day two peaks, a weekend and a holiday
# curves of their own; weather has fronts of some days; the rest is noise that lasts for hours. when, load: the hour and its load in MW; week_ago: that
# of 144 hours before, a week before the hour a day ahead; temperature, tomorrow: of the hour a day ahead, the first as a forecast has it, which is off by a degree.
import datetime
import math
import random
import sys

days, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
begin = datetime.datetime(2021, 1, 1)
HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}
dates = [begin.date() + datetime.timedelta(n) for n in range(days + 2)]
holidays = {d for d in dates if (d.month, d.day) in HOLIDAYS or draw.random() < 0.015}


def kind(when):
    d = when.date()
    return "holiday" if d in holidays else ("weekday", "saturday", "sunday")[max(0, d.weekday() - 4)]


def bump(hour, at, width):
    return math.exp(-((((hour - at + 12) % 24) - 12) ** 2) / (2 * width**2))


front = noise = 0.0
rows = []
for n in range(24 * (days + 1)):
    when = begin + datetime.timedelta(hours=n)
    hour, year, work = when.hour, 2 * math.pi * n / 8766, kind(when)
    front = 0.985 * front + draw.gauss(0, 0.6)
    noise = 0.9 * noise + draw.gauss(0, 3.5)
    warm = 11 - 9 * math.cos(year - 0.35) + 4 * math.sin(2 * math.pi * (hour - 9) / 24) + front
    level, morning = {"weekday": (1, 1), "saturday": (0.86, 0.45), "sunday": (0.78, 0.3), "holiday": (0.75, 0.35)}[work]
    light = bump(hour, 18.5 - 1.2 * math.cos(year), 2.4) * (1 + 0.35 * math.cos(year))
    shape = 260 * level + 90 * morning * bump(hour, 9 + (work != "weekday"), 3) + 85 * light - 70 * bump(hour, 3.5, 2.8)
    weather = 5.5 * max(0, 15 - warm) + 8 * max(0, warm - 21) * (0.4 + bump(hour, 15, 4))
    rows.append((when, max(50, shape + weather + noise), warm, work))
print("when,load,week_ago,temperature,tomorrow")
for n in range(144, 24 * days):
    ahead = rows[n + 24]
    print(f"{rows[n][0]:%Y-%m-%dT%H:00},{rows[n][1]:.1f},{rows[n - 144][1]:.1f},{ahead[2] + draw.gauss(0, 1):.1f},{ahead[3]}")
