"""What a user of the package meets: sentences, arrays and what they keep alive, threads, what is shown."""
import contextlib
import doctest
import gc
import importlib
import io
import os
import pkgutil
import re
import shutil
import signal
import sys
import threading
import unittest
import warnings
import weakref

import numpy as np
import tapeless

from common import ROOT, SENSOR, Case, compiled, named, named_data, safetensors, tool


class Sentences(Case):
    def test_a_spec_is_wrong(self):
        path = self.spec(SENSOR.read_text().replace("p.U(s.h)", "p.U(x)"))
        with self.says("spec.lua:10: U.x.: U is .12, 12. but x is .4.; U takes a vector of 12") as raised:
            tapeless.compile(path)
        self.assertEqual((raised.exception.file, raised.exception.line), (str(path), 10))
        with self.says("no option hiden; its options are hidden"):
            tapeless.compile(SENSOR, hiden=3)
        with self.says("no-such.lua: No such file"):
            tapeless.compile("no-such.lua")

    def test_data_are_wrong(self):
        m = compiled(SENSOR)
        X, Y = np.zeros((40, 4)), np.zeros((40, 1))
        for words, call in [
            (r"X: its shape is \[40, 3\]; a step takes \{4\}, so it is to be \[steps, 4\] or \[steps, lanes, 4\]",
             lambda: m.fit(X[:, :3], Y)),
            (r"Y: it has 39 steps in 1 lanes, and X 40 in 1", lambda: m.fit(X, Y[1:])),
            (r"X: it takes numbers; its dtype is <U1", lambda: m.predict(np.full((2, 4), "a"))),
            (r"X\[3, 0, 2\] is nan; it takes finite numbers", lambda: m.predict(self.spoilt(X))),
            (r"X: it is empty", lambda: m.predict(X[:0])),
            (r"weight\[0, 0\] is -1.0; it takes 0, or a number from 1e-15 to 1e15", lambda: m.fit(X, Y, weight=np.full(40, -1))),
            (r"reset\[0, 0\] is 2.0; it takes 0 or 1", lambda: m.fit(X, Y, reset=np.full(40, 2))),
            (r"mask: its shape is \[3\]; X has 40 steps in 1 lanes", lambda: m.fit(X, Y, mask=np.ones(3))),
            (r"valid is 1; it is a fraction", lambda: m.fit(X, Y, valid=1)),
            (r"it was compiled for adam, which needs other code than lm: tapeless.compile",
             lambda: m.fit(X, Y, settings={"train.optimizer": "lm"})),
            (r"X has 1 lanes; the model's batch is 4: tapeless.compile\(..., batch=1\)", lambda: m.grad(X[:3], Y[:3])),
            (r"X has 40 steps; the window has k2 = 12", lambda: m.grad(np.zeros((40, 4, 4)), np.zeros((40, 4, 1)))),
            (r"new is 9; of 12 steps 4 may be new", lambda: m.grad(np.zeros((12, 4, 4)), np.zeros((12, 4, 1)), new=9)),
            (r"sequences start inside of the data's lanes.*resets=True", lambda: m.fit([X] * 9, [Y] * 9)),
            (r"Y: its sequences have \[3, 40\] steps, and X's \[40, 40\]", lambda: m.fit([X, X], [Y[:3], Y])),
            (r"state: there is no c; the model has h", lambda: m.predict(X, state={"c": np.zeros(12)})),
            (r"lr.* takes a number", lambda: m.fit(X, Y, settings={"train.optimizer.lr": "fast"})),
            (r"x: its shape is \[4\]; a step of 4 lanes takes \[4, 4\]", lambda: m.online().push(X[0])),
            (r"window: first is 12; the window has slots 0 to 11", lambda: m.window().run(12)),
        ]:
            with self.subTest(words), self.says(words):
                call()

    @staticmethod
    def spoilt(X):
        X = X.copy()
        X[3, 2] = np.nan
        return X

    def test_tokens_are_looked_at(self):
        """In every way in: a token that there is not would be read beyond the table's end."""
        m = named()
        X, Y = named_data(self.random, 8, 4)
        bad = {**X, "day": X["day"].copy()}
        bad["day"][2, 1] = 5
        words = r"X\['day'\]\[2, 1\] is 5; tokens are integers from 0 to 4"
        for call in (lambda: m.predict(bad), lambda: m.fit(bad, Y), lambda: m.grad(bad, Y)):
            with self.says(words):
                call()
        with self.says(r"x\['day'\]\[1\] is 5"):
            m.online().push({n: a[2] for n, a in bad.items()})
        w = m.window()
        w.input["day"][3, 0] = -1
        with self.says(r"input day\[3, 0\] is -1"):
            w.run()
        with self.says(r"X\['day'\]: tokens are integers from 0 to 4; its dtype is float64"):
            m.predict({**X, "day": X["day"] * 1.0})
        with self.says("X: day is missing; the model has day, load"):
            m.predict({"load": X["load"]})
        ignored = np.ones((8, 4))
        ignored[2, 1] = 0
        masked = named(masks=True)
        masked.grad(bad, Y, mask=ignored)
        self.assertEqual(bad["day"][2, 1], 5, "the caller's array was written")

    def test_what_overflows(self):
        m = compiled(SENSOR)
        m.params["V"][...] = 1e38
        before = m.state_dict()
        X = np.ones((40, 4))
        with self.says("update 1: the loss is inf"):
            m.fit(X, X[:, :1])
        self.assertTrue(all(np.array_equal(a, m.params[n]) for n, a in before.items()))

    def test_weights_are_wrong(self):
        m = compiled(SENSOR)
        good = m.state_dict()
        for words, state in [
            (r"the parameter V \{1, 12\} is missing", {n: a for n, a in good.items() if n != "V"}),
            (r"sensor has no parameter Z; it has U, V, W, b", {**good, "Z": np.zeros(1)}),
            (r"U is \{12, 12\}; what was given is \{12\}", {**good, "U": np.zeros(12)}),
            (r"b\[1\] is inf", {**good, "b": np.where(np.arange(12) == 1, np.inf, 0)}),
        ]:
            with self.says(words):
                m.load_state_dict({n: a + 1 for n, a in state.items()})
        self.assertTrue(all(np.array_equal(a, m.params[n]) for n, a in good.items()), "something was changed")
        (self.dir / "no.safetensors").write_bytes(b"no")
        with self.says("no.safetensors"):
            m.load(self.dir / "no.safetensors")

    def test_the_spec_has_changed(self):
        path = self.spec(SENSOR.read_text())
        m = tapeless.compile(path)
        path.write_text(path.read_text() + "\n")
        with self.says("not the spec any more that was compiled"):
            m.jacobian(np.zeros((3, 4)))


class Memory(Case):
    def test_views_keep_their_memory(self):
        """And nothing else does: what is looked at with a weak reference goes with its last array."""
        m = compiled(SENSOR)
        gc.collect()
        handle = weakref.ref(m._handle)
        W = m.params["W"]
        value = W.copy()
        window = m.window()
        states, grads = window.states["h"], window.grads["U"]
        owner = weakref.ref(window._handle)
        del m, window
        gc.collect()
        self.assertTrue(np.array_equal(W, value))
        states[...] = 1
        del states
        gc.collect()
        self.assertIsNotNone(owner())
        self.assertEqual(grads.shape, (12, 12))
        del grads
        gc.collect()
        self.assertIsNone(owner())
        self.assertIsNotNone(handle())
        del W
        gc.collect()
        self.assertIsNone(handle())

    def test_params_are_views_by_columns_too(self):
        m = compiled(SENSOR, batch=1, k1=1, hidden=16)
        self.assertTrue(any(p.column for p in m._params), "no parameter stands by columns: choose another spec")
        m.params["U"][2, 5] = 3
        self.assertEqual(m.state_dict()["U"][2, 5], 3)
        m.save(self.dir / "w.safetensors")
        read = safetensors.read(self.dir / "w.safetensors")
        self.assertTrue(all(np.array_equal(a, read[n]) for n, a in m.params.items()))
        other = compiled(SENSOR, seed=2, hidden=16)  # by rows
        other.load_state_dict(m.state_dict())
        X = self.random.uniform(-1, 1, (9, 4))
        self.close(other.predict(X), m.predict(X), 2e-6)
        other.init(2)
        other.load(self.dir / "w.safetensors")
        self.close(other.predict(X), m.predict(X), 2e-6)

    def test_nothing_is_copied_that_fits(self):
        from tapeless._data import read
        m = compiled(SENSOR)
        X, Y = np.zeros((40, 4), np.float32), np.zeros((40, 1), np.float32)
        d = read(m, X, Y)
        self.assertTrue(np.shares_memory(d.inputs[0], X) and np.shares_memory(d.targets[0], Y))
        self.assertTrue(np.shares_memory(m.params["W"], m.params["W"]))

    def test_a_loop_of_ones_own(self):
        m = compiled(SENSOR, shards=2)
        X = self.random.uniform(-1, 1, (12, 4, 4))
        Y = X[..., :1] * 0.5
        g = m.grad(X, Y)
        w = m.window()
        w.start()
        for part in w.parts:
            part.input[:] = X[:, part.lane:part.lane + part.lanes]
            part.target[:] = Y[:, part.lane:part.lane + part.lanes]
        w.weigh()
        first = w.run()
        self.assertEqual(first, g["loss"])
        self.assertTrue(all(np.array_equal(a, w.grads[n]) for n, a in g["grad"].items()))
        for _ in range(50):
            for name, p in m.params.items():
                p -= 0.1 * w.grads[name]
            last = w.run()
        self.assertLess(last, 0.2 * first)
        self.assertLess(((m.predict(X) - Y)[-4:] ** 2).mean(), 0.3 * first)

    def test_states_go_on(self):
        m = compiled(SENSOR)
        X = self.random.uniform(-1, 1, (20, 7, 4))  # 7 lanes: a shard's four, and three by themselves
        whole = m.predict(X)
        first, state = m.predict(X[:8], return_state=True)
        self.assertTrue(np.array_equal(np.concatenate([first, m.predict(X[8:], state=state)]), whole))
        self.close(m.predict(X[:, 2]), whole[:, 2], 1e-6)


class Use(Case):
    def test_threads(self):
        """Two models, each trained in a thread, and a third that both predict with: the same bits as one after the other."""
        X = self.random.uniform(-1, 1, (400, 4))
        models = [compiled(SENSOR, hidden=n) for n in (12, 8)]
        alone = [m.copy() for m in models]
        shared, told = compiled(SENSOR, seed=4), [[], []]

        def work(i):
            models[i].fit(X, X[:, :1], epochs=20)
            told[i] = [shared.predict(X) for _ in range(20)]

        threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        for m, a in zip(models, alone):
            a.fit(X, X[:, :1], epochs=20)
            self.assertTrue(all(np.array_equal(p, m.params[n]) for n, p in a.params.items()))
        self.assertTrue(all(np.array_equal(p, shared.predict(X)) for p in told[0] + told[1]))

    def test_copies_learn_apart(self):
        m = compiled(SENSOR, batch=1, k1=1)
        other = m.copy()
        o = m.online()
        o.push(np.ones(4), 1.0)
        self.assertTrue(o.updated and o.updates == 1 and o.loss > 0)
        self.assertTrue(np.array_equal(other.params["U"], compiled(SENSOR, batch=1, k1=1).params["U"]))
        self.assertFalse(np.array_equal(other.params["V"], m.params["V"]))

    def test_interrupted(self):
        m = compiled(SENSOR)
        begun = m.state_dict()
        X = self.random.uniform(-1, 1, (400, 4))
        handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with self.assertRaises(KeyboardInterrupt):
            m.fit(X, X[:, :1], epochs=10**9)
        self.assertFalse(np.array_equal(begun["U"], m.params["U"]))
        self.assertTrue(np.isfinite(m.predict(X)).all())

    def shown(self, progress, terminal):
        out = io.StringIO()
        out.isatty = lambda: terminal
        X = self.random.uniform(-1, 1, (400, 4))
        before, sys.stderr = sys.stderr, out
        try:
            compiled(SENSOR).fit(X, X[:, :1], valid=0.2, epochs=2, progress=progress)
        finally:
            sys.stderr = before
        return out.getvalue()

    def test_progress(self):
        self.assertEqual(self.shown(None, False), "")
        self.assertEqual(self.shown(False, True), "")
        self.assertRegex(self.shown(True, False), r"^epoch 1/2  \[=+\.+\] 20/40  loss .*  valid .*\nepoch 2/2  \[={20}\] 40/40 .*\n$")
        self.assertRegex(self.shown(None, True), r"^\repoch 1/2 [^\n]*\repoch 2/2 [^\n]*\n$")

    def test_best_and_stopping(self):
        m = compiled(SENSOR)
        X = self.random.uniform(-1, 1, (60, 4))
        Y = self.random.normal(size=(60, 1))  # nothing to be learned: held-out loss rises
        held = self.random.uniform(-1, 1, (13, 4, 4)), self.random.normal(size=(13, 4, 1))
        h = m.fit(X, Y, valid=held, epochs=60, lr=0.03, keep_best=True)
        self.assertLess(h.best_valid, h.valid[-1])
        self.assertEqual(min(h.valid), h.best_valid)
        self.assertEqual(m.evaluate(*held), h.best_valid)
        h = m.fit(X, Y, epochs=60, callback=lambda h: h.epochs == 3)
        self.assertEqual((h.epochs, len(h.loss)), (3, 3))

    def test_an_optimizer_that_ends(self):
        m = compiled(SENSOR, optimizer="lm", hidden=2, k1=15, k2=15)
        self.assertEqual(m.dtype, np.float64)
        X = self.random.uniform(-1, 1, (15, 4, 4))
        h = m.fit(X, X[..., :1] * 0.3, settings={"train.optimizer.tol_cost": 1e-3})
        self.assertIn(h.stopped, ("gradient", "step", "cost", "no_decrease"))
        with self.says("learns by rows of a Jacobian"):
            m.grad(X[:1], X[:1, :, :1])
        short = compiled(SENSOR, optimizer="lbfgs", k1=3, k2=5)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            short.fit(X, X[..., :1], updates=2)
        self.assertIn("truncated to k2 = 5", str(caught[0].message))

    def test_a_head_and_no_data(self):
        m = tapeless.compile(ROOT / "models/lstm_cnn.lua")
        shape = m.inputs[0].shape
        X = self.random.normal(size=(m.k2 + 2, *shape))
        out = m.predict(X)
        self.assertTrue(np.isnan(out[:m.k2 - 1]).all() and np.isfinite(out[m.k2 - 1:]).all())
        scalar = tapeless.compile(ROOT / "models/scalar.lua", precision="f64", k1=3, k2=3, batch=1)
        self.assertTrue(np.isfinite(scalar.fit(updates=5).loss[-1]))
        with self.says("has no input; say how many steps"):
            scalar.predict()
        self.assertEqual(len(scalar.predict(steps=4)), 4)

    def test_shown(self):
        m = named()
        text = repr(m)
        for words in ("day token(5), load {2} -> class {4}, y {3}", "k1 3, k2 8, batch 4", "rnn.weight_ih_l0 {24, 5}"):
            self.assertIn(words, text)
        self.assertIn("nothing learned yet", repr(m.online()))
        self.assertIn("8 slots, 4 lanes", repr(m.window()))

    def test_the_command(self):
        self.assertIn("usage: tapeless COMMAND SPEC", tool("help"))

    def test_doctests(self):
        """Docstrings, and docs/python.md."""
        at = os.getcwd()
        self.addCleanup(os.chdir, at)
        os.chdir(self.dir)
        shutil.copy(SENSOR, self.dir)
        names = [m.name for m in pkgutil.iter_modules(tapeless.__path__) if m.name != "__main__"]
        results = [doctest.testmod(importlib.import_module(n)) for n in ["tapeless", *("tapeless." + n for n in names)]]
        results.append(doctest.testfile(str(ROOT / "docs/python.md"), module_relative=False))
        self.assertEqual(sum(r.failed for r in results), 0)
        self.assertGreater(results[-1].attempted, 20)

    def test_readme(self):
        """Its program, from the root: a forecast that is a number of spots, and nearer than the mean."""
        program = re.search(r"^```python .*?\n(.*?)^```", (ROOT / "README.md").read_text(), re.S | re.M).group(1)
        at = os.getcwd()
        self.addCleanup(os.chdir, at)
        os.chdir(ROOT)
        told, names = io.StringIO(), {}
        with contextlib.redirect_stdout(told):
            exec(program, names)  # noqa: S102 - it is the README's
        self.assertTrue(0 < float(told.getvalue()) < 100)
        self.assertLess(np.mean((names["y"][:-1, ..., 0].ravel() - names["x"][1:]) ** 2), 0.3)


if __name__ == "__main__":
    unittest.main()
