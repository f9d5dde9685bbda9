"""What the tests share. They run in an empty folder, with the package installed and the repository's root in ROOT."""
import functools
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
import tapeless
from tapeless import _safetensors as safetensors
from tapeless._tool import TOOL

ROOT = Path(os.environ["ROOT"])
SENSOR = ROOT / "python/tests/sensor.lua"
_scratch = Path(tempfile.mkdtemp(dir="."))


def tool(*words):
    """The command line tool that the package brings."""
    done = subprocess.run([str(TOOL), *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"tapeless {' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


@functools.lru_cache(maxsize=None)
def _compiled(spec, options):
    return tapeless.compile(spec, **dict(options))


def compiled(spec, **options):
    """A model of its own, of code that is compiled once in all tests."""
    m = _compiled(spec, tuple(sorted(options.items()))).copy()
    m.init(options.get("seed", 1))
    return m


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.dir)
        self.random = np.random.default_rng(7)

    def spec(self, text, name="spec"):
        path = self.dir / (name + ".lua")
        path.write_text(text)
        return path

    def says(self, *words):
        """The block raises an Error with these words in it."""
        return self.assertRaisesRegex(tapeless.Error, ".*".join(words))

    def close(self, a, b, tolerance):
        """In norm, relatively."""
        a, b = np.asarray(a, float), np.asarray(b, float)
        self.assertEqual(a.shape, b.shape)
        self.assertLessEqual(np.linalg.norm(a - b), tolerance * max(np.linalg.norm(b), 1e-30))


#: Tokens and numbers in, two named outputs, two states, dropout, a probe.
NAMED = """
local o = options { hidden = 6, k1 = 3 }
return model {
  input  = { load = real(2), day = token(5) },
  target = { y = real(3), class = token(4) },
  params = { day = nn.embedding(5, 3), rnn = nn.lstm(5, o.hidden), y = nn.linear(o.hidden, 3), class = nn.linear(o.hidden, 4) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(concat { x.load, p.day(x.day) }, s.rnn)
    h = probe("hidden", dropout(h, 0.1))
    return { y = p.y(h), class = p.class(h) }, { rnn = rnn }
  end,
  loss   = function(y, t) return mse(y.y, t.y) + cross_entropy(y.class, t.class) end,
  tbptt  = { k1 = o.k1, k2 = 8, batch = 4 },
  train  = { optimizer = adam { lr = 1e-2 }, clip_norm = 1 },
}
"""


def named(**options):
    path = _scratch / "named.lua"
    path.write_text(NAMED)
    return compiled(path, **options)


def named_data(random, steps, lanes):
    X = {"load": random.normal(size=(steps, lanes, 2)).astype(np.float32), "day": random.integers(0, 5, (steps, lanes))}
    Y = {"y": random.normal(size=(steps, lanes, 3)).astype(np.float32), "class": random.integers(0, 4, (steps, lanes))}
    return X, Y


def tensors(X, Y, **flags):
    """The same data as a file's tensors."""
    both = {"input": X, "target": Y}
    t = {f"{side}.{name}" if name else side: a for side, fields in both.items()
         for name, a in (fields.items() if isinstance(fields, dict) else [("", fields)])}
    return {**t, **{name: f for name, f in flags.items() if f is not None}}
