"""The commands from Python say what the command line says, of tables in memory as of files."""
import csv
import importlib.util
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import tapeless
from tapeless import _frames

from common import ROOT, Case, safetensors, tool

SHOP = ROOT / "examples/shops/shop.lua"
READING = {"sequence": "shop", "time": "when", "gaps": "fill", "missing": "hold", "calendar": ["day", "week"],
           "input": {"clock": ["day.sin", "day.cos", "week.sin", "week.cos"]}}
WORDS = ["--sequence", "shop", "--time", "when", "--gaps", "fill", "--missing", "hold", "--calendar", "day,week", "--input",
         "clock=day.sin,day.cos,week.sin,week.cos"]
#: What differs from run to run.
TIMES = {"seconds", "updates_per_second", "peak_memory_kib", "checkpoint", "file", "directory", "best"}

#: A column and what it will be, which says itself whether its numbers are the table's or the model's.
NEXT = """
return model {
  input  = { x = real(1) },
  target = { x = real(1) },
  params = { rnn = nn.gru(1, 4), head = nn.linear(4, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.x, s.rnn)
    return { x = p.head(h) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 8 },
}
"""


def has(*packages):
    return all(importlib.util.find_spec(p) for p in packages)


def columns(path):
    """A file's table as who has it in memory has it: times, words, and numbers of which some are missing."""
    with open(path) as f:
        rows = list(csv.DictReader(f))
    table = {name: [row[name] for row in rows] for name in rows[0]}
    table["when"] = np.array(table["when"], "datetime64[ns]")
    if "visitors" in table:
        table["visitors"] = np.array([float(v) if v else np.nan for v in table["visitors"]], np.float32)
    return table


def lasting(said):
    return {name: value for name, value in said.items() if name not in TIMES}


class Tables(Case):
    def setUp(self):
        super().setUp()
        self.scratch = self.dir / "scratch"  # where temporary files go
        self.scratch.mkdir()
        before = tempfile.tempdir
        tempfile.tempdir = str(self.scratch)
        self.addCleanup(setattr, tempfile, "tempdir", before)

    def tearDown(self):
        self.assertEqual(os.listdir(self.scratch), [], "temporary files were left")

    def trained(self, table, **options):
        """A spec and a checkpoint of it that has seen little."""
        spec, checkpoint = self.spec(NEXT), self.dir / "next.safetensors"
        tapeless.train(spec, table, checkpoint=checkpoint, steps=1, valid=0, overwrite=True, **options)
        return {"spec": spec, "checkpoint": checkpoint}

    def is_said(self, said, *words):
        self.assertEqual(lasting(said), lasting(json.loads(tool(*words, "--json"))))


class Walk(Tables):
    """docs/tutorial.md's, from tables in memory; beside each step the command on files."""

    def setUp(self):
        super().setUp()
        subprocess.run([sys.executable, ROOT / "examples/shops/make.py"], cwd=self.dir, check=True)
        self.shops, self.future = self.dir / "shops.csv", self.dir / "future.csv"
        self.table = columns(self.shops)

    def test_walk(self):
        self.looked_at()
        best = self.swept()
        self.trained_until_it_gets_no_better(best)
        self.scored()
        self.forecast()

    def looked_at(self):
        said = tapeless.data(self.table, no_header=False, time=None)
        self.is_said(said, "data", self.shops)
        self.assertEqual(said["file"], "<data>")

    def swept(self):
        varied = {"define": {"hidden": [8, 16]}, "set": {"lr": "log:1e-3..3e-2"}, "trials": 4, "epochs": 2}
        ranking = tapeless.sweep(SHOP, self.table, output=self.dir / "ours", **READING, **varied)
        tool("sweep", SHOP, "--data", self.shops, *WORDS, "-D", "hidden=8,16", "--set", "lr=log:1e-3..3e-2", "--trials", 4,
             "--epochs", 2, "--output", self.dir / "theirs", "--quiet")
        with open(self.dir / "theirs/sweep.csv") as f:
            told = [(int(r["trial"]), int(r["hidden"]), float(r["lr"]), float(r["best_valid_loss"])) for r in csv.DictReader(f)]
        self.assertEqual([(r["trial"], r["hidden"], r["lr"], r["best_valid_loss"]) for r in ranking], told)
        self.assertEqual([(r["rank"], r["failed"]) for r in ranking], [(i + 1, None) for i in range(4)])
        self.assertTrue(os.path.exists(ranking.best))
        again = tapeless.sweep(SHOP, self.table, output=self.dir / "ours", resume=True, **READING, **varied)
        self.assertEqual(again, ranking)
        return ranking[0]

    def trained_until_it_gets_no_better(self, best):
        said = tapeless.train(SHOP, self.table, **READING, define={"hidden": best["hidden"]}, lr=best["lr"], epochs=60, patience=3,
                              best=self.dir / "best.safetensors", checkpoint=self.dir / "c.safetensors")
        self.is_said(said, "train", SHOP, "--data", self.shops, *WORDS, "-D", f"hidden={best['hidden']}", "--lr", best["lr"],
                     "--epochs", 60, "--patience", 3, "--best", self.dir / "b.safetensors", "--checkpoint", self.dir / "t.safetensors")
        self.assertEqual(said["stopped"], "patience")
        self.assertRegex(said.messages[0], "46 missing cells of inputs held; 40 of 3021 steps without a target")
        ours, theirs = (safetensors.read(self.dir / f"{n}.safetensors") for n in ("best", "b"))
        self.assertTrue(all(np.array_equal(a, theirs[n]) for n, a in ours.items()))

    def scored(self):
        best = self.dir / "best.safetensors"
        said = tapeless.evaluate(SHOP, self.table, checkpoint=best, held_out=True, baselines=True, season=24)
        words = ["eval", SHOP, "-c", best, "--data", self.shops, "--season", 24]
        self.is_said(said, *words, "--held-out", "--baselines")
        self.assertLess(said["baselines"][0]["mean_absolute_error_by_persistence"], 1)
        said = tapeless.evaluate(SHOP, self.table, checkpoint=best, backtest=6, season=24)
        self.is_said(said, *words, "--backtest", 6)
        self.assertEqual(len(said["backtest"]["targets"][0]["by_ahead"]), 6)

    def forecast(self):
        best = self.dir / "best.safetensors"
        said = tapeless.predict(SHOP, self.table, checkpoint=best, horizon=24, future=columns(self.future), keep=["sky", "actual"])
        tool("predict", SHOP, "-c", best, "--data", self.shops, "--horizon", 24, "--future", self.future, "--keep", "sky,actual", "-o",
             self.dir / "f.csv")
        with open(self.dir / "f.csv") as f:
            told = list(csv.DictReader(f))
        self.assertEqual(list(said), list(told[0]))
        for name in ("shop", "sky"):
            self.assertEqual(said[name].tolist(), [r[name] for r in told])
        self.assertTrue(np.array_equal(said["when"], np.array([r["when"] for r in told], "datetime64[m]")))
        as_words = {**self.table, "when": self.table["when"].astype("datetime64[m]").astype(str).tolist()}
        twin = shutil.copy(best, self.dir / "twin.safetensors")
        pattern = str(best)[:-len(".safetensors")] + "*"
        for checkpoint in (best, [best], [best, twin], (str(best), str(twin)), pattern):  # of several members the first says which column is of times
            self.assertEqual(tapeless.predict(SHOP, as_words, checkpoint=checkpoint)["when"].dtype.kind, "M")
        for name in ("row", "visitors", "visitors.actual"):
            self.assertEqual(said[name].dtype, float)
            self.assertTrue(np.array_equal(said[name], [float(r[name]) if r[name] else np.nan for r in told], equal_nan=True), name)
        ahead = said["when"] > self.table["when"].max()
        self.assertEqual((ahead.sum(), np.isfinite(said["visitors"][ahead]).sum()), (3 * 24, 3 * 24))

    @unittest.skipUnless(has("pandas", "pyarrow"), "pandas and pyarrow are not installed")
    def test_frames(self):
        import pandas
        import pyarrow
        import pyarrow.parquet
        frame = pandas.read_csv(self.shops, parse_dates=["when"])
        typed = frame.assign(visitors=frame.visitors.astype("Int64"), sky=frame.sky.astype("category"),
                             shop=frame.shop.astype("string"))
        arrow = pyarrow.Table.from_pandas(typed)
        pyarrow.parquet.write_table(arrow, self.dir / "shops.parquet")
        of_others = type("DataFrame", (), {"to_arrow": lambda self: arrow})()
        tables = {"others": of_others, "frame": frame, "index": frame.set_index("when"), "typed": typed, "arrow": arrow,
                  "objects": frame.astype(object),
                  "zone": frame.assign(when=frame.when.dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin")),
                  "parquet": self.dir / "shops.parquet"}
        want = json.loads(tool("train", SHOP, "--data", self.shops, *WORDS, "--epochs", 2, "-c", self.dir / "t.safetensors", "--json"))
        for name, table in tables.items():
            with self.subTest(name):
                said = tapeless.train(SHOP, table, **READING, epochs=2, overwrite=True, checkpoint=self.dir / "c.safetensors")
                self.assertEqual(lasting(said), lasting(want))
        some = pandas.DataFrame({"w": pandas.array(["a", None], "string"), "n": pandas.array([1, None], "Int64")})
        none = _frames.columns_of(some, "data")
        self.assertEqual([_frames.cells_of(*column, "data") for column in none], [['"a"', _frames.MISSING], ["1", _frames.MISSING]])
        whole = _frames.columns_of(pyarrow.table({"x": [2**53 + 1, None]}), "data")
        self.assertEqual(_frames.cells_of(*whole[0], "data"), [str(2**53 + 1), _frames.MISSING])
        predicted = tapeless.predict(SHOP, typed, checkpoint=self.dir / "c.safetensors", horizon=3, future=pandas.read_csv(self.future))
        self.assertIsInstance(predicted, pandas.DataFrame)
        merged = predicted.merge(frame, on=["shop", "when"], suffixes=("", ".table"))
        self.assertEqual((len(predicted), len(merged)), (3 * 1010, 3018 - 3))
        with self.says("shops.parquet: there is no column 'price'"):
            tapeless.train(SHOP, self.dir / "shops.parquet", **READING, target={"visitors": "price"}, checkpoint=self.dir / "n.safetensors")


class Files(Tables):
    def test_nothing_is_lost(self):
        """What is kept of a table comes back as it was given."""
        exact = [0.1 + 0.2, 5e-324, -1.7976931348623157e308, 1 / 3, 2.0**60, 1e-7, -0.5, 3.0]
        table = {
            "x": self.random.normal(size=8),
            "double": exact,
            "single": np.array([1 / 3] * 8, np.float32),
            "whole": [2**53 + 1, -1, 0, 5, 6, 7, 8, 9],
            "flag": np.arange(8) % 2 == 0,
            "maybe": [True, None] * 4,
            "digits": list("12345678"),
            "word": ['a "b", c', "two\nlines", "ünï", "007", "1e3", " ", "x;y|z", "1,5"],
            "some": [1.5, None, np.nan, 2, 3, 4, 5, 6],
            "day": np.arange("2024-02-26", "2024-03-05", dtype="datetime64[D]"),
            "minute": np.array("2024-01-01T10:00", "datetime64[ns]") + np.arange(8) * np.timedelta64(90, "m"),
            "fraction": np.array("2024-01-01T10:00:00.123457", "datetime64[us]") + np.arange(8),
        }
        kept = [name for name in table if name != "x"]
        said = tapeless.predict(**self.trained({"x": table["x"]}), data=table, keep=kept)
        self.assertEqual([said[n].dtype.kind for n in ("x", "row", "day", "word")], ["f", "i", "M", "U"])
        self.assertEqual((said["flag"].dtype, said["word"][-1]), (float, ""))  # the row behind the table's end has nothing
        said = {name: cells[:-1] for name, cells in said.items()}
        self.assertEqual(said["double"].tolist(), exact[1:])
        self.assertTrue(np.array_equal(said["single"].astype(np.float32), table["single"][1:]))
        self.assertEqual(said["whole"].tolist(), table["whole"][1:])
        self.assertEqual(said["flag"].tolist(), [0, 1] * 3 + [0])
        self.assertTrue(np.array_equal(said["maybe"], [np.nan, 1] * 3 + [np.nan], equal_nan=True))
        self.assertEqual(said["word"].tolist(), table["word"][1:])
        self.assertEqual(said["digits"].tolist(), table["digits"][1:])
        self.assertTrue(np.array_equal(said["some"], [np.nan, np.nan, 2, 3, 4, 5, 6], equal_nan=True))
        for name in ("day", "minute", "fraction"):
            self.assertTrue(np.array_equal(said[name], table[name][1:]), name)

    def test_times_are_no_finer_than_they_are(self):
        for unit, text in (("D", "2024-03-01"), ("m", "2024-03-01T00:01"), ("s", "2024-03-01T00:00:01"), ("M", "2024-04")):
            cells = (np.array("2024-03-01", "datetime64[D]" if unit != "M" else "datetime64[M]") + np.array([0, 1], f"timedelta64[{unit}]"))
            cells = cells if unit == "M" else cells.astype("datetime64[ns]")
            told = _frames.cells_of("t", np.append(cells[:1] if unit == "D" else cells[1:], np.datetime64("NaT")), "data")
            self.assertEqual(told, [text, _frames.MISSING])

    def test_one_column_of_which_cells_are_missing(self):
        """A row that has nothing is a row, also where it is the last."""
        said = tapeless.data({"x": [np.nan, 1.0, 2.0, None, np.nan]})
        self.assertEqual((said["rows"], said["columns"][0]["missing"]), (5, 3))
        self.assertEqual(tapeless.data({0: [1.0, 2.0], 1: [3.0, 4.0]})["columns"][1]["name"], "1")

    def test_several_tables_are_sequences(self):
        table = {"x": self.random.normal(size=20)}
        said = tapeless.predict(**self.trained([table, table]), data=[table, {"x": table["x"][:9]}])
        self.assertEqual(sorted(set(said["file"])), ["<data[0]>", "<data[1]>"])
        self.assertTrue(np.array_equal(said["x"][:8], said["x"][20:28]))

    def test_sentences(self):
        x = self.random.normal(size=20)
        spec, to = self.spec(NEXT), {"checkpoint": self.dir / "c.safetensors"}
        spoilt = np.where(np.arange(20) == 10, np.inf, x)
        with self.says(r"^spec: <data>:12: column 'x' has 'inf' where a number is needed: it must be finite$") as raised:
            tapeless.train(spec, {"x": spoilt}, **to)
        self.assertEqual((raised.exception.file, raised.exception.line), ("<data>", 12))
        for words, call in [
            ("^spec: <valid_data>:12: column 'x' has 'inf'", lambda: tapeless.train(spec, {"x": x}, valid_data={"x": spoilt}, **to)),
            (r"<data\[1\]>:12: column 'x' has 'inf'", lambda: tapeless.train(spec, [{"x": x}, {"x": spoilt}], **to)),
            ("^spec: update [0-9]*: [^\n]*$", lambda: tapeless.train(spec, {"x": x}, clip_norm=0, lr=1e9, set={"train.optimizer": "sgd"},
                                                                 steps=99, checkpoint=self.dir / "overflown.safetensors")),
            ("there is no option --epochz; did you mean --epochs", lambda: tapeless.train(spec, {"x": x}, epochz=3)),
            ("--valid 2: it takes a number from 0 to", lambda: tapeless.train(spec, {"x": x}, valid=2)),
            ("^<data>: there is no column 'y'; there are x\n<data>: spec cannot read it so$",
             lambda: tapeless.data({"x": x}, spec, target={"x": "y"})),
            ("spec.lua:2: ", lambda: tapeless.train(self.spec("return model {\n input = reel(1) }"), {"x": x})),
            ("usage: tapeless eval SPEC", lambda: tapeless.evaluate(spec, help=True)),
            ("<data>: it is of type int; it takes a path, a dict of columns", lambda: tapeless.train(spec, 3)),
            ("checkpoint: it takes no table", lambda: tapeless.train(spec, {"x": x}, checkpoint={"x": x})),
            ("<data>: it has no column", lambda: tapeless.data({})),
            ("<data>: column 'y' has 1 rows, and 'x' 20", lambda: tapeless.data({"x": x, "y": [1]})),
            (r"<data>: column 'x' has the shape \[2, 1\]", lambda: tapeless.data({"x": [[1], [2]]})),
            ("<data>: column 'x' holds a dict; cells are numbers, words and times", lambda: tapeless.data({"x": [{}, 1]})),
            ("<data>: column 'x' holds timedelta64", lambda: tapeless.data({"x": np.array([1], "timedelta64[s]")})),
            ("all trainings failed", lambda: tapeless.sweep(self.spec(NEXT), {"x": spoilt}, define={}, seeds=2, output=self.dir / "s")),
            ("nothing is varied", lambda: tapeless.sweep(self.spec(NEXT), {"x": x}, output=self.dir / "s")),
        ]:
            with self.subTest(words), self.says(words):
                call()
        self.assertFalse(to["checkpoint"].exists())
        self.assertEqual([f for f in os.listdir(self.dir / "s") if f.endswith(".csv") and f != "sweep.csv"], [])

    def test_a_trial_that_fails_says_why(self):
        spec = self.spec("local o = options { n = 1 }\n" + NEXT.replace("x = real(1)", "x = real(o.n)").replace("(1, 4)", "(o.n, 4)")
                         .replace("(4, 1)", "(4, o.n)"))
        ranking = tapeless.sweep(spec, {"x": self.random.normal(size=40)}, define={"n": [2, 1]}, output=self.dir / "s")
        self.assertEqual([(row["rank"], row["n"]) for row in ranking], [(1, 1), (None, 2)])
        self.assertIsNone(ranking[1]["best_valid_loss"])
        self.assertRegex(ranking[1]["failed"], "^spec: <data>: ")

    @unittest.skipIf(has("pyarrow") or has("pandas"), "pyarrow or pandas is installed")
    def test_nothing_that_reads_parquet(self):
        with self.says("^load.parquet: pyarrow reads Parquet files, and is not installed: pip install pyarrow$"):
            tapeless.data("load.parquet")


class Running(Tables):
    def test_ctrl_c_ends_the_training_with_its_checkpoint(self):
        table, spec, checkpoint = {"x": self.random.normal(size=400)}, self.spec(NEXT), self.dir / "c.safetensors"
        tapeless.train(spec, table, checkpoint=checkpoint, steps=0)  # what follows is compiled
        handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 1)
        with self.assertRaises(KeyboardInterrupt):
            tapeless.train(spec, table, checkpoint=checkpoint, epochs=10**9, overwrite=True)
        done = int(safetensors.metadata(checkpoint)["update"])
        self.assertGreater(done, 0)
        said = tapeless.train(spec, table, checkpoint=checkpoint, steps=done + 5, resume=True)
        self.assertEqual(said["updates"], done + 5)

    def test_ctrl_c_ends_all_trainings_of_a_sweep(self):
        table, spec, output = {"x": self.random.normal(size=400)}, self.spec(NEXT), self.dir / "sweep"
        varied = {"define": {}, "seeds": 2, "jobs": 2, "output": output}
        tapeless.sweep(spec, table, steps=1, **varied)
        handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 1.5)
        with self.assertRaises(KeyboardInterrupt):
            tapeless.sweep(spec, table, epochs=10**9, overwrite=True, **varied)
        for seed in ("seed-1", "seed-2"):
            self.assertGreater(int(safetensors.metadata(output / "trials/0001" / seed / "checkpoint.safetensors")["update"]), 0)

    def test_nothing_goes_on_behind_an_exception(self):
        """Whatever it is: another training has the checkpoint at once."""
        table, spec, checkpoint = {"x": self.random.normal(size=400)}, self.spec(NEXT), self.dir / "c.safetensors"
        full = io.StringIO()
        full.write = lambda text: 1 / 0
        before, sys.stderr = sys.stderr, full
        try:
            with self.assertRaises(ZeroDivisionError):
                tapeless.train(spec, table, checkpoint=checkpoint, epochs=10**9, progress=True)
        finally:
            sys.stderr = before
        tapeless.train(spec, table, checkpoint=checkpoint, steps=5, overwrite=True)

    def shown(self, progress, terminal, **options):
        out = io.StringIO()
        out.isatty = lambda: terminal
        table = {"x": self.random.normal(size=400)}
        before, sys.stderr = sys.stderr, out
        try:
            tapeless.train(self.spec(NEXT), table, checkpoint=self.dir / "c.safetensors", epochs=3, overwrite=True, progress=progress,
                           **options)
        except tapeless.Error as e:
            return out.getvalue(), str(e)
        finally:
            sys.stderr = before
        return out.getvalue()

    def test_progress(self):
        self.assertEqual(self.shown(None, False), "")
        self.assertEqual(self.shown(False, True), "")
        self.assertRegex(self.shown(True, False), r"^spec: inputs x; targets x[^\n]*\n(update [^\n]*\n)+(spec: [^\n]*\n)*$")
        self.assertRegex(self.shown(None, True), r"^spec: inputs x; targets x[^\n]*\n(\rupdate [^\r\n]*)+\n(spec: [^\n]*\n)*$")
        shown, error = self.shown(True, False, target={"x": "y"})
        self.assertEqual((shown, error), ("", "spec: <data>: there is no column 'y'; there are x"))


class Models(Tables):
    def test_a_checkpoint_is_a_model_and_its_units_are_known(self):
        x = 40 + 10 * np.sin(np.arange(60) / 3)
        of = self.trained({"x": x}, k2=6, precision="f64")
        m = tapeless.compile(of["spec"], checkpoint=of["checkpoint"])
        self.assertEqual((m.k2, m.dtype), (6, np.float64))
        said = tapeless.predict(**of, data={"x": x})["x"]
        scale = {c["side"]: c for c in tapeless.evaluate(**of, data={"x": x})["columns"]}
        seen = (x - scale["input"]["mean"]) / scale["input"]["sd"]
        units = m.predict({"x": seen})["x"][:, 0] * scale["target"]["sd"] + scale["target"]["mean"]
        self.close(said, units, 1e-8)
        self.assertEqual(tapeless.compile(of["spec"], checkpoint=of["checkpoint"], k2=9).k2, 9)
        with self.says("none.safetensors: No such file"):
            tapeless.compile(of["spec"], checkpoint=self.dir / "none.safetensors")


if __name__ == "__main__":
    unittest.main()
