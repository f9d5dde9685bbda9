"""Prints what stands on a terminal at the end, of what was written to it (the typescript of script(1)), line by line, and then the number of
times that the cursor went up and of colours that were set: for tests/cli/watching_redraws_in_place.sh.

    python3 terminal.py TYPESCRIPT
"""
import re
import sys

with open(sys.argv[1], "rb") as f:
    data = f.read().decode()
data = re.sub(r"\n?Script done.*", "", re.sub(r"^Script started.*\n", "", data))
rows, x, y, ups, colours, at = [[]], 0, 0, 0, 0, 0
while at < len(data):
    code = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z])").match(data, at)
    if code:
        at = code.end()
        if code[3] == "A":
            y -= int(code[2])
            ups += 1
            if y < 0:
                sys.exit("the cursor went above the first line")
        elif code[3] == "K":
            rows[y] = rows[y][:x]
        elif code[3] == "J":
            rows = rows[:y] + [rows[y][:x]]
        elif code[3] == "m":
            colours += 1
        elif code[3] not in "lh":
            sys.exit(f"what is {code[0]!r}?")
        continue
    c = data[at]
    at += 1
    if c == "\r":
        x = 0
    elif c == "\n":
        y += 1
        if y == len(rows):
            rows.append([])
    else:
        rows[y] += " " * (x + 1 - len(rows[y]))
        rows[y][x] = c
        x += 1
print("\n".join("".join(row) for row in rows))
print("up", ups, "colours", colours)
