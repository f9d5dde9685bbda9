# Words of five languages, a letter a row: python3 zoo/language.py train|test|bayes WORDS SEED. WORDS of each list of /usr/share/dict, drawn by SEED, 4 to 16
# letters long, in small letters, none of which is in two lists; the last fifth is for the test. bayes prints how often naive Bayes over pairs of
# letters is right about it.
import collections
import math
import random
import re
import sys

part, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
LISTS = {"en": "american-english", "fr": "french", "de": "ngerman", "it": "italian", "es": "spanish"}
lists = {}
for language, name in LISTS.items():
    with open(f"/usr/share/dict/{name}", encoding="utf-8") as f:
        words = (line.strip().lower() for line in f)
        lists[language] = {w for w in words if re.fullmatch(r"[^\W\d_]{4,16}", w)}
often = collections.Counter(w for words in lists.values() for w in words)
draw = random.Random(seed)
train, test = [], []
for language, words in lists.items():
    words = draw.sample(sorted(w for w in words if often[w] == 1), count)
    train += [(w, language) for w in words[count // 5 :]]
    test += [(w, language) for w in words[: count // 5]]
draw.shuffle(train)

if part == "bayes":
    pairs = {language: collections.Counter() for language in LISTS}
    for w, language in train:
        pairs[language].update(zip("^" + w, w + "$"))
    different = len(set().union(*pairs.values()))

    def chance(w, language):
        c = pairs[language]
        return sum(math.log((c[p] + 0.5) / (c.total() + 0.5 * different)) for p in zip("^" + w, w + "$"))

    print(f"{sum(language == max(LISTS, key=lambda m: chance(w, m)) for w, language in test) / len(test):.4f}")
    sys.exit()
print("id,letter,language")
for n, (w, language) in enumerate(train if part == "train" else test):
    for i, letter in enumerate(w):
        print(f"{n},{letter},{language if i == len(w) - 1 else ''}")
