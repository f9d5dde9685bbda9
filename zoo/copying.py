# The copy problem: python3 zoo/copying.py SEQUENCES BLANKS SEED. 8 is the blank, 9 says that the symbols are due.
import random
import sys

count, blanks, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
print("id,said,due")
for i in range(count):
    symbols = [draw.randrange(8) for _ in range(10)]
    said = symbols + [8] * (blanks - 1) + [9] + [8] * 10
    due = [8] * (blanks + 10) + symbols
    for a, b in zip(said, due):
        print(f"{i},{a},{b}")
