# The King James Bible (Debian's bible-kjv) in small letters, a verse a line: python3 zoo/words.py train|test|trigram CHAPTERS EVERY RARE. Every EVERY-th of
# the first CHAPTERS chapters is for the test. trigram prints the perplexity of a trigram model (interpolated Kneser-Ney, discount 3/4: R. Kneser &
# H. Ney, "Improved backing-off for m-gram language modeling", ICASSP 1995) of the tokens of --unit word, of which those that the training has less than
# RARE times are one.
import collections
import itertools
import math
import re
import subprocess
import sys

part, most, every, rare = sys.argv[1], *map(int, sys.argv[2:])
chapters = collections.defaultdict(str)
for line in subprocess.run(["bible", "-f", "gen1:1-rev22:21"], stdout=subprocess.PIPE, check=True, text=True).stdout.lower().splitlines():
    place, verse = line.split(" ", 1)
    chapters[place.split(":")[0]] += verse.strip() + "\n"
texts = {"train": "", "test": ""}
for n, chapter in enumerate(itertools.islice(chapters.values(), most), 1):
    texts["train" if n % every else "test"] += chapter


class KneserNey:
    """P(the last token of a triple | the two before)."""

    def __init__(self, tokens, order=3):
        self.different, self.levels = len(set(tokens)), []
        grams = collections.Counter(zip(*(tokens[i:] for i in range(order))))
        for _ in range(order):
            all, kinds = collections.Counter(), collections.Counter()
            for gram, count in grams.items():
                all[gram[:-1]] += count
                kinds[gram[:-1]] += 1
            self.levels.insert(0, (grams, all, kinds))
            grams = collections.Counter(gram[1:] for gram in grams)  # in how many contexts it stands

    def __call__(self, triple):
        p = 1 / self.different
        for n, (grams, all, kinds) in enumerate(self.levels, 1):
            gram = triple[-n:]
            if all[gram[:-1]]:
                p = (max(grams[gram] - 0.75, 0) + 0.75 * kinds[gram[:-1]] * p) / all[gram[:-1]]
        return p


if part == "trigram":
    train, test = (re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*| ?[^a-z0-9 ] ?", texts[side]) for side in ("train", "test"))
    often = collections.Counter(train)
    train, test = ([w if often[w] >= rare else "<other>" for w in tokens] for tokens in (train, test))
    p = KneserNey(train)
    print(f"{math.exp(-sum(math.log(p(t)) for t in zip(test, test[1:], test[2:])) / (len(test) - 2)):.2f}")
else:
    print(texts[part], end="")
