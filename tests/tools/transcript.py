#!/usr/bin/env python3
"""transcript.py PAGE.md DIR [--write]: runs the commands of a page's ```console blocks in DIR, one after the other, and compares what they print with what
stands below them. Lines that begin with "$ " are commands, going on behind a backslash; what stands up to the next is what they print, both streams
together. "..." stands for any lines. Numbers may differ between machines, whose compilers round otherwise: by as much as a third, or as counts do
where they tell time; words may not. With --write the page gets what was printed, where it has no "...".
"""
import os
import re
import subprocess
import sys

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*[\w])")
FREE = re.compile(r"steps/s|seconds|updates_per_second|peak_memory|^ +\d+ +\d+  |^best: trial|ended by patience|^(updates|epochs|steps|best_update) |^residuals of")


def commands(lines):
    """Of a block: [command, lines expected], commands in one line."""
    found = []
    i = 0
    while i < len(lines):
        if not lines[i].startswith("$ "):
            found[-1][1].append(lines[i])
            i += 1
            continue
        text = lines[i][2:]
        while text.endswith("\\"):
            i += 1
            text = text[:-1] + lines[i].strip()
        found.append([text, []])
        i += 1
    return found


def same_number(a, b):
    x, y = float(a), float(b)
    return abs(x - y) <= 0.34 * max(abs(x), abs(y)) + 0.05


def same_line(expected, got):
    free = bool(FREE.search(expected))
    shape = [re.sub(r"(: what is left .*)?$", "", NUMBER.sub("#", re.sub(r" +", " ", line))) if free else NUMBER.sub("#", re.sub(r" +", " ", line))
             for line in (expected, got)]
    if shape[0] != shape[1]:
        return False
    return free or all(map(same_number, NUMBER.findall(expected), NUMBER.findall(got)))


def same(expected, got):
    """Lines, where "..." is any number of them."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(same(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and same_line(expected[0], got[0]) and same(expected[1:], got[1:])


def run(command, directory):
    p = subprocess.run(["bash", "-c", command], cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    lines = [line.split("\r")[-1].rstrip() for line in p.stdout.splitlines()]
    if p.returncode:
        sys.exit(f"{command}: status {p.returncode}: " + "\n".join(lines[-20:]))
    return [line for line in lines if line]


def main():
    page, directory, write = sys.argv[1], sys.argv[2], "--write" in sys.argv
    text = open(page, encoding="utf-8").read()
    bad, count = 0, 0

    def block(match):
        nonlocal bad, count
        out = []
        for command, expected in commands(match.group(1).splitlines()):
            got = run(command, directory)
            count += 1
            expected = [line for line in expected if line.strip()]
            if not write and not same(expected, got):
                print(f"{page}: $ {command}\nprints\n  " + "\n  ".join(got) + "\nand not\n  " + "\n  ".join(expected))
                bad += 1
            out.append((command, got if write and "..." not in expected else expected))
        lines = []
        for command, got in out:
            lines += ["$ " + command, *got]
        return "```console\n" + "\n".join(lines) + "\n```"

    new = re.sub(r"```console\n(.*?)\n```", block, text, flags=re.S)
    if write:
        with open(page + ".new", "w", encoding="utf-8") as f:
            f.write(new)
        os.replace(page + ".new", page)
    if count < 5:
        sys.exit(f"{page}: only {count} commands")
    sys.exit(1 if bad else 0)


main()
