# The adding problem: python3 zoo/adding.py SEQUENCES LENGTH SEED. u.1 is even from 0 to 1; u.2 marks one step of each half; their sum is due
# at the last step.
import random
import sys

count, length, seed = map(int, sys.argv[1:])
draw = random.Random(seed)
print("id,u.1,u.2,sum")
for i in range(count):
    u = [draw.random() for _ in range(length)]
    marked = draw.randrange(length // 2), length // 2 + draw.randrange(length - length // 2)
    for t in range(length):
        due = f"{u[marked[0]] + u[marked[1]]:.5f}" if t == length - 1 else ""
        print(f"{i},{u[t]:.5f},{int(t in marked)},{due}")
