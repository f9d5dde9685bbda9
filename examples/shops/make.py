#!/usr/bin/env python3
"""Makes shops.csv, six weeks of three shops' visitors an hour, as somebody might have them: interleaved, out of order, with empty cells, six hours of
one shop missing and the weather as a word; and future.csv, the weather that is expected for two days more. The same every time."""
import datetime
import math
import random

random.seed(7)
BEGIN = datetime.datetime(2024, 3, 1)
SHOPS = {"north": 40, "south": 55, "west": 30}
DRAG = {"sun": 0, "cloud": -3, "rain": -11}


def visitors(shop, when, sky):
    day = math.sin(2 * math.pi * (when.hour - 8) / 24)
    return SHOPS[shop] * (1 + 0.6 * day) + (15 if when.weekday() > 4 else 0) + DRAG[sky] + random.gauss(0, 2.5)


def history(shop):
    sky = "sun"
    for i in range(24 * 42):
        when = BEGIN + datetime.timedelta(hours=i)
        if random.random() < 0.05:
            sky = random.choice(list(DRAG))
        count = visitors(shop, when, sky)
        if shop == "south" and 300 <= i < 306:
            continue
        yield [when.isoformat(timespec="minutes"), shop, sky, "" if random.random() < 0.01 else f"{count:.0f}"]


rows = [row for shop in SHOPS for row in history(shop)]
random.shuffle(rows)
with open("shops.csv", "w") as f:
    f.writelines(",".join(row) + "\n" for row in [["when", "shop", "sky", "visitors"], *rows])
with open("future.csv", "w") as f:
    f.write("when,shop,sky\n")
    for shop in SHOPS:
        for i in range(48):
            when = BEGIN + datetime.timedelta(days=42, hours=i)
            f.write(f"{when.isoformat(timespec='minutes')},{shop},{'rain' if 10 <= i < 20 else 'sun'}\n")
