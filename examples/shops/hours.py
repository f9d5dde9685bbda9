#!/usr/bin/env python3
"""hours.py SHOP: its hours of shops.csv as lines for tomorrow.c, in order of time, what is missing as it was last: what `tapeless` makes of the table
for the model, but for the scale, which shop_encode() knows."""
import csv
import datetime
import math
import sys

rows = sorted((r for r in csv.DictReader(open("shops.csv")) if r["shop"] == sys.argv[1]), key=lambda r: r["when"])
visitors = 0.0
for r in rows:
    when = datetime.datetime.fromisoformat(r["when"])
    day = 2 * math.pi * when.hour / 24
    week = 2 * math.pi * (when.weekday() + when.hour / 24) / 7
    visitors = float(r["visitors"] or visitors)
    print(*(f"{f(x):.9g}" for x in (day, week) for f in (math.sin, math.cos)), r["sky"], f"{visitors:g}")
