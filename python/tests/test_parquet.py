"""Parquet by pyarrow or pandas, and the sentences where there is none of them, or the file has something else."""
import sys
import unittest
from unittest import mock

import numpy as np
import tapeless

from common import SENSOR, Case, compiled, tool

try:
    import pyarrow
    from pyarrow import parquet
except ImportError:
    pyarrow = None


class Missing(Case):
    def test_neither_is_installed(self):
        with mock.patch.dict(sys.modules, {"pyarrow": None, "pyarrow.parquet": None, "pandas": None}):
            with self.says(r"t\.parquet: Parquet is read by pyarrow or pandas, and neither is installed: pip install pyarrow"):
                tapeless.read_parquet("t.parquet")


@unittest.skipUnless(pyarrow, "there is no pyarrow")
class Parquet(Case):
    def setUp(self):
        super().setUp()
        self.path = self.dir / "t.parquet"
        self.shop = ["b", "a", "b", "b", "c", "a"]
        self.x = self.random.uniform(-1, 1, (6, 2))
        self.write(shop=self.shop, x=self.x[:, 0], y=self.x[:, 1], n=[3, 1, 4, 1, 5, 9], hole=[1.0, None, 2.0, 3.0, None, 5.0],
                   when=np.arange(6).astype("datetime64[D]"))

    def write(self, **columns):
        parquet.write_table(pyarrow.table(columns), self.path, row_group_size=2)

    def test_columns(self):
        self.assertTrue(np.array_equal(tapeless.read_parquet(self.path, ["x", "y"]), self.x))
        self.assertTrue(np.array_equal(tapeless.read_parquet(self.path, ["y", "x"]), self.x[:, ::-1]))
        n = tapeless.read_parquet(str(self.path), "n")
        self.assertTrue(n.shape == (6,) and n.dtype.kind == "i" and n.tolist() == [3, 1, 4, 1, 5, 9])
        self.assertEqual(np.isnan(tapeless.read_parquet(self.path, "hole")).tolist(), [False, True, False, False, True, False])
        self.write(x=self.x[:, 0], y=self.x[:, 1])
        self.assertTrue(np.array_equal(tapeless.read_parquet(self.path), self.x))

    def test_sequences(self):
        found = tapeless.read_parquet(self.path, ["x", "y"], sequence="shop")
        for have, rows in zip(found, ([0, 2, 3], [1, 5], [4])):
            self.assertTrue(np.array_equal(have, self.x[rows]))
        self.assertEqual(len(found), 3)
        self.write(x=self.x[:, 0], y=self.x[:, 1], run=[7, 3, 7, 3, 7, 7])
        self.assertEqual([len(a) for a in tapeless.read_parquet(self.path, sequence="run")], [4, 2])
        self.write(x=self.x[:, 0], run=["a", None, "a", "b", "b", "b"])
        with self.says("column 'run' has an empty cell: which sequence is the row of?"):
            tapeless.read_parquet(self.path, sequence="run")

    def test_what_is_wrong(self):
        with self.says(r"t\.parquet: there is no column 'z'; there are shop, x, y, n, hole, when"):
            tapeless.read_parquet(self.path, ["x", "z"])
        with self.says("column 'when' is times; columns=.* chooses those that are numbers"):
            tapeless.read_parquet(self.path, ["x", "when"])
        with self.says("column 'shop' is no numbers"):
            tapeless.read_parquet(self.path)
        self.path.write_text("x,y\n1,2\n")
        with self.says(r"t\.parquet: it cannot be read as Parquet"):
            tapeless.read_parquet(self.path)
        with self.assertRaises(FileNotFoundError):
            tapeless.read_parquet(self.dir / "none.parquet")

    def test_pandas_gives_the_same(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("there is no pandas")
        by_pyarrow = tapeless.read_parquet(self.path, ["x", "hole", "n"], sequence="shop")
        with mock.patch("tapeless._parquet._by_pyarrow", side_effect=ImportError):
            by_pandas = tapeless.read_parquet(self.path, ["x", "hole", "n"], sequence="shop")
        for a, b in zip(by_pyarrow, by_pandas):
            self.assertTrue(np.array_equal(a, b, equal_nan=True))

    def test_it_trains(self):
        x = self.random.uniform(-1, 1, (200, 5))
        self.write(run=[i // 50 for i in range(200)], **{f"c{i}": x[:, i] for i in range(5)})
        X = tapeless.read_parquet(self.path, [f"c{i}" for i in range(4)], sequence="run")
        Y = tapeless.read_parquet(self.path, "c4", sequence="run")
        one, other = compiled(SENSOR), compiled(SENSOR)
        one.fit(X, Y, epochs=1)
        other.fit([x[i:i + 50, :4] for i in range(0, 200, 50)], [x[i:i + 50, 4] for i in range(0, 200, 50)], epochs=1)
        self.assertTrue(np.array_equal(one.params["W"], other.params["W"]))
        with self.assertRaisesRegex(AssertionError, r"t\.parquet: it is Parquet"):
            tool("train", SENSOR, "--data", self.path, "-c", self.dir / "c")


if __name__ == "__main__":
    unittest.main()
