"""What the package computes is what the command line tool computes."""
import csv
import unittest

import numpy as np
import tapeless

from common import NAMED, ROOT, SENSOR, Case, compiled, named, named_data, safetensors, tensors, tool


class Agreement(Case):
    def train(self, spec, data, *words):
        safetensors.write(self.dir / "data.safetensors", data)
        tool("train", spec, "--data", self.dir / "data.safetensors", "--checkpoint", self.dir / "c.safetensors", "--quiet",
             "--overwrite", "--log", self.dir / "log.csv", *words)
        return safetensors.read(self.dir / "c.safetensors")

    def same_params(self, m, trained):
        for name, a in m.params.items():
            self.assertTrue(np.array_equal(a, trained[name]), f"{name} differs")

    def test_fit_is_train_to_the_bit(self):
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 60, 4)
        flags = {
            "plain": {},
            "weights": {"weight": self.random.uniform(0, 1, (60, 4)).astype(np.float32)},
            "resets": {"reset": (self.random.uniform(size=(60, 4)) < 0.1).astype(np.float32)},
            "masks": {"mask": (self.random.uniform(size=(60, 4)) < 0.8).astype(np.float32)},
        }
        for name, f in flags.items():
            with self.subTest(name):
                words = ["--set", "tbptt.resets=true"] * (name == "resets") + ["--set", "tbptt.masks=true"] * (name == "masks")
                trained = self.train(spec, tensors(X, Y, **f), "--epochs", "2", "--valid", "0", "--seed", "5", *words)
                m = named(**({name: True} if name in ("resets", "masks") else {}))
                m.init(5)
                m.fit(X, Y, epochs=2, seed=5, **f)
                self.same_params(m, trained)

    def test_fit_by_other_optimizers(self):
        spec = SENSOR
        X = self.random.uniform(-1, 1, (40, 4, 4))
        Y = np.cumsum(X, axis=0)[..., :1] / 5
        for optimizer, settings in (("lm", {}), ("lbfgs", {}), ("ekf", {}), ("sgd", {"train.optimizer.momentum": 0.9})):
            with self.subTest(optimizer):
                sizes = ["--k1", "1"] if optimizer == "ekf" else ["--k1", "40", "--k2", "40"]
                sets = [f"--set={n}={v}" for n, v in settings.items()]
                trained = self.train(spec, tensors(X, Y), "-p", "f64", "--optimizer", optimizer, "--steps", "6", "--valid", "0",
                                     "--lr" if optimizer == "sgd" else "--seed", "1", *sizes, *sets)
                k = {"k1": 1} if optimizer == "ekf" else {"k1": 40, "k2": 40}
                m = tapeless.compile(spec, precision="f64", optimizer=optimizer, settings=settings, **k,
                                     **({"lr": 1} if optimizer == "sgd" else {}))
                m.fit(X, Y, updates=6)
                self.same_params(m, trained)

    def test_held_out_losses(self):
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 200, 4)
        trained = self.train(spec, tensors(X, Y), "--epochs", "3", "--valid", "0.25")
        m = named()
        h = m.fit(X, Y, valid=0.25, epochs=3, threads="auto")
        self.same_params(m, trained)
        with open(self.dir / "log.csv") as f:
            logged = [float(row["valid_loss"]) for row in csv.DictReader(f) if row["valid_loss"]]
        self.assertEqual([f"{v:.6g}" for v in h.valid], [f"{v:.6g}" for v in logged])
        held = {n: a[150:] for n, a in X.items()}, {n: a[150:] for n, a in Y.items()}
        self.assertEqual(m.evaluate(*held), h.valid[-1])
        again = named()
        again.fit({n: a[:150] for n, a in X.items()}, {n: a[:150] for n, a in Y.items()}, valid=held, epochs=3)
        self.same_params(again, trained)

    def test_losses_with_names(self):
        """Each is what the log and `eval` say of it, and a stream has those of its lanes."""
        spec = self.spec(NAMED.replace("return mse(y.y, t.y) + cross_entropy(y.class, t.class)",
                                       "return { size = mse(y.y, t.y), kind = 0.5 * cross_entropy(y.class, t.class) }"))
        X, Y = named_data(self.random, 200, 4)
        self.train(spec, tensors(X, Y), "--epochs", "3", "--valid", "0.25")
        m = tapeless.compile(spec)
        self.assertEqual(m.losses, ["kind", "size"])
        h = m.fit(X, Y, valid=0.25, epochs=3)
        with open(self.dir / "log.csv") as f:
            rows = list(csv.DictReader(f))
        for name in m.losses:
            for epoch in range(3):
                logged = [float(r["loss." + name]) for r in rows[50 * epoch:50 * (epoch + 1)]]
                self.close(h.losses[name][epoch], np.mean(logged), 1e-5)
            logged = [float(r["valid_loss." + name]) for r in rows if r["valid_loss." + name]]
            self.close(h.valid_losses[name], logged, 1e-5)
        held = {n: a[150:] for n, a in X.items()}, {n: a[150:] for n, a in Y.items()}
        self.assertEqual(m.evaluate_named(*held), {name: h.valid_losses[name][-1] for name in m.losses})
        self.close(sum(m.evaluate_named(*held).values()), m.evaluate(*held), 1e-6)
        self.stream_with_names(m, *held)
        self.assertEqual((named().losses, named().online().named), ([], {}))

    def stream_with_names(self, m, X, Y):
        stream = m.online()
        views = stream.named
        for t in range(3):
            out = stream.push({n: a[t] for n, a in X.items()}, {n: a[t] for n, a in Y.items()})
        self.close(stream.named["size"], ((out["y"] - Y["y"][2]) ** 2).mean(axis=1), 1e-6)
        logits = out["class"].astype(float)
        likely = np.take_along_axis(logits, Y["class"][2][:, None], 1)[:, 0] - np.log(np.exp(logits).sum(axis=1))
        self.close(stream.named["kind"], -0.5 * likely, 1e-6)
        self.close(stream.named["kind"] + stream.named["size"], stream.losses, 1e-6)
        self.assertTrue(all(np.shares_memory(views[n], stream.named[n]) for n in m.losses))

    def test_updates_follow_validation(self):
        """What the held-out loss decides is what it decides for `tapeless train`."""
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 200, 4)
        safetensors.write(self.dir / "data.safetensors", tensors(X, Y))
        settings = {"train.schedule": "reduce_on_plateau", "train.schedule.factor": 0.5, "train.schedule.patience": 0,
                    "train.schedule.min_delta": 0.05, "train.average": 0.9, "train.accumulate": 2}
        tool("train", spec, "--data", self.dir / "data.safetensors", "--checkpoint", self.dir / "c.safetensors", "--valid",
             "0.25", "--epochs", "5", "--quiet", "--log", self.dir / "log.csv", *[f"--set={n}={v}" for n, v in settings.items()])
        with open(self.dir / "log.csv") as f:
            self.assertLess(float(list(csv.DictReader(f))[-1]["lr"]), 0.006)
        m = named()
        m.fit(X, Y, valid=0.25, epochs=5, settings=settings)
        self.same_params(m, safetensors.read(self.dir / "c.safetensors"))
        with self.says("reduce_on_plateau follows the loss of held-out data, and there are none: give valid"):
            m.fit(X, Y, settings=settings)
        with self.says("a stream accumulates as many windows as the model was compiled for"):
            m.online(settings={"train.accumulate": 2})
        stream = m.online(settings={n: v for n, v in settings.items() if "schedule" in n})
        self.assertEqual([stream.validated(v) for v in (1.0, 0.9, 0.86)], [False, False, True])
        for t in range(3):
            stream.push({n: a[t] for n, a in X.items()}, {n: a[t] for n, a in Y.items()})
        self.assertEqual(stream.lr, 0.005)

    def test_parameters_by_name(self):
        X, Y = self.random.uniform(-1, 1, (200, 4)), self.random.uniform(-1, 1, (200, 1))
        m = tapeless.compile(SENSOR, freeze=["W", "b"], group="U:lr=0", settings={"train.average": 0.9})
        before = m.state_dict()
        m.fit(X, Y)
        for name, same in (("W", True), ("b", True), ("U", True), ("V", False)):
            self.assertEqual(np.array_equal(before[name], m.params[name]), same, name)
        with self.says("--freeze Q: no parameter's name matches Q; there are U, V, W, b"):
            tapeless.compile(SENSOR, freeze="Q")
        m.init()
        stream, weights = m.online(), []
        self.assertTrue(np.array_equal(stream.averaged().params["V"], m.params["V"]))
        mean = m.params["V"].astype(float)
        for t in range(40):
            stream.push(X[t:t + 4] if m.batch > 1 else X[t], Y[t:t + 4] if m.batch > 1 else Y[t])
            if stream.updated:
                n = stream.updates
                mean += (1 - min(0.9, (1 + n) / (10 + n))) * (m.params["V"] - mean)
                weights.append(m.params["V"].copy())
        self.assertGreater(len(weights), 3)
        self.close(stream.averaged().params["V"], mean, 1e-6)
        self.assertFalse(np.array_equal(mean, m.params["V"]))

    def test_sequences_are_those_of_a_table(self):
        """A list of arrays trains as a table with a column of sequences does, and predict is predict."""
        spec = self.spec(SENSOR.read_text().replace("real(4)", "real(4, { raw = true })")
                         .replace("real(1)", "real(1, { raw = true })"))
        sequences = [self.random.uniform(-1, 1, (n, 4)) for n in (30, 17, 9, 25, 31, 12)]
        with open(self.dir / "table.csv", "w") as f:
            f.write("who,a,b,c,d,y\n")
            for i, s in enumerate(sequences):
                f.writelines(f"{i},{','.join(repr(float(v)) for v in row)},{float(row[0] * row[1])!r}\n" for row in s)
        sizes = ["--data", self.dir / "table.csv", "--sequence", "who", "--target", "y", "--ahead", "0", "--input", "a,b,c,d"]
        tool("train", spec, *sizes, "--checkpoint", self.dir / "c.safetensors", "--valid", "0", "--epochs", "4", "--quiet")
        m = tapeless.compile(spec, resets=True)
        m.fit(sequences, [s[:, 0] * s[:, 1] for s in sequences], epochs=4)
        self.same_params(m, safetensors.read(self.dir / "c.safetensors"))
        tool("predict", spec, "-c", self.dir / "c.safetensors", "--data", self.dir / "table.csv", "-o", self.dir / "p.csv")
        with open(self.dir / "p.csv") as f:
            told = [float(row["y"]) for row in csv.DictReader(f)]
        self.close(np.concatenate(m.predict(sequences))[:, 0], told, 1e-7)

    def test_arrays_are_data_files(self):
        """What numpy.save and savez write, of each dtype and any layout, is read as it is: .npz as safetensors, .npy as the CSV of it."""
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 60, 4)
        data = {name: np.asarray(a) for name, a in tensors(X, Y, mask=self.random.uniform(size=(60, 4)) < 0.8).items()}
        trained = self.train(spec, {n: a.astype(np.float32) if a.dtype == bool else a for n, a in data.items()}, "--epochs", "2", "--valid", "0")
        for save in (np.savez, np.savez_compressed):
            save(self.dir / "data.npz", **data)
            tool("train", spec, "--data", self.dir / "data.npz", "-c", self.dir / "z", "--quiet", "--overwrite", "--epochs", "2", "--valid", "0")
            again = safetensors.read(self.dir / "z")
            for name, a in trained.items():
                self.assertTrue(np.array_equal(a, again[name]), f"{save.__name__}: {name} differs")
        table = self.random.uniform(-1, 1, (50, 5))
        np.savetxt(self.dir / "t.csv", table, "%.17g", ",", header="1,2,3,4,5", comments="")
        losses = []
        for name, a in (("t.csv", None), ("f8.npy", table), ("f4.npy", table.astype(np.float32)), ("part.npy", np.hstack([table, table])[:, :5])):
            if a is not None:
                np.save(self.dir / name, a)
            tool("train", SENSOR, "--data", self.dir / name, "-c", self.dir / "t", "--quiet", "--overwrite", "--epochs", "2", *["--header"] * (a is None))
            losses.append(safetensors.read(self.dir / "t")["W"])
        self.assertTrue(np.array_equal(losses[0], losses[1]) and np.array_equal(losses[0], losses[3]))
        self.close(losses[2], losses[0], 1e-5)
        np.save(self.dir / "f.npy", np.asfortranarray(table))
        with self.assertRaisesRegex(AssertionError, "f.npy: it stands in Fortran's order"):
            tool("train", SENSOR, "--data", self.dir / "f.npy", "-c", self.dir / "t", "--overwrite")

    def test_grad_is_grad(self):
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 8, 4)
        full = {"mask": (self.random.uniform(size=(8, 4)) < 0.8).astype(np.float32),
                "weight": self.random.uniform(0, 1, (8, 4)).astype(np.float32),
                "reset": (self.random.uniform(size=(8, 4)) < 0.2).astype(np.float32)}
        state = {"rnn.h": self.random.normal(size=(4, 6)), "rnn.c": self.random.normal(size=(4, 6))}
        for steps, flags, entering, shards in ((8, {}, None, 1), (5, full, state, 1), (8, full, state, 2)):
            with self.subTest(steps=steps, flags=bool(flags), shards=shards):
                m = named(precision="f64", resets=bool(flags), masks=bool(flags), shards=shards)
                m.init(3)
                m.save(self.dir / "params.safetensors")
                part = [{n: a[:steps] for n, a in side.items()} for side in (X, Y)]
                cut = {n: f[:steps] for n, f in flags.items()}
                states = {"state." + n: s for n, s in (entering or {}).items()}
                safetensors.write(self.dir / "data.safetensors", {**tensors(*part, **cut), **states})
                tool("grad", spec, "-p", "f64", "--params", self.dir / "params.safetensors", "--data",
                     self.dir / "data.safetensors", "--out", self.dir / "out.safetensors", "--new", "3", "--seed", "2",
                     "--tick", "9")
                told = safetensors.read(self.dir / "out.safetensors")
                got = m.grad(*part, **cut, state=entering, seed=2, tick=9)
                self.close(got["loss"], told["loss"], 1e-12)
                for name, g in got["grad"].items():
                    self.close(g, told["grad." + name], 1e-12)
                for name, s in got["state"].items():
                    self.close(s, told["state." + name], 1e-12)
                on = cut.get("mask", np.ones((steps, 4))) != 0  # elsewhere it may be anything
                self.close(got["probe"]["hidden"][on], told["probe.hidden"][on], 1e-12)
                self.close(got["probe_grad"]["hidden"], told["probe_grad.hidden"], 1e-12)

    def test_pytorchs_gradients(self):
        """The same numbers as PyTorch's, of the files that the tests against it have."""
        at = ROOT / "tests/torch/gradient/lstm_2_layers"
        words = (at / "case").read_text().split()
        options = dict(w.split("=") for w in words[1:] if "=" in w)
        data, expected = (safetensors.read(at / f"{n}.safetensors") for n in ("data", "expected"))
        steps, lanes = data["input"].shape[:2]
        m = tapeless.compile(ROOT / "tests/torch" / words[0], precision="f64", define=options, batch=lanes, k1=steps, k2=steps)
        m.load_state_dict(safetensors.read(at / "params.safetensors"))
        state = {n[6:]: a for n, a in data.items() if n.startswith("state.")}
        got = m.grad(data["input"], data["target"], state=state or None)
        self.close(got["loss"], expected["loss"], 1e-12)
        for name, g in got["grad"].items():
            self.close(g, expected["grad." + name], 1e-12)

    def test_jacobian_is_that_of_predict(self):
        m = tapeless.compile(SENSOR, precision="f64", hidden=3, k2=9)
        X = self.random.uniform(-1, 1, (7, 2, 4))
        entering = {"h": self.random.normal(size=(2, 3))}
        j = m.jacobian(X, state=entering, mode="forward")
        self.close(j["output"], m.predict(X, state=entering), 1e-12)
        self.close(j["state"]["h"], m.predict(X, state=entering, return_state=True)[1]["h"], 1e-12)
        W = m.params["W"]
        for i, k in ((0, 0), (2, 3)):
            at = W[i, k]
            W[i, k] = at + 1e-6
            above = m.predict(X, state=entering)
            W[i, k] = at - 1e-6
            below = m.predict(X, state=entering)
            W[i, k] = at
            self.close(j["jacobian"]["W"][..., i, k], (above - below) / 2e-6, 1e-7)

    def test_online_is_fit_to_the_bit(self):
        spec = self.spec(NAMED)
        X, Y = named_data(self.random, 30, 4)
        for settings in ({}, {"tbptt.overlap": "versions"}):
            with self.subTest(**settings):
                m = tapeless.compile(spec, settings=settings) if settings else named()
                fitted, stream = m.copy(), m.online()
                fitted.fit(X, Y)
                for t in range(30):
                    out = stream.push({n: a[t] for n, a in X.items()}, {n: a[t] for n, a in Y.items()})
                self.assertEqual(stream.updates, 10)
                self.assertEqual(out["y"].shape, (4, 3))
                for name, a in fitted.params.items():
                    self.assertTrue(np.array_equal(a, m.params[name]), f"{name} differs")
                self.assertEqual(stream.probe("hidden", gradient=True).shape, (4, 6))
                frozen = m.state_dict()
                stream.frozen = True
                stream.push({n: a[0] for n, a in X.items()})
                self.assertTrue(all(np.array_equal(a, m.params[n]) for n, a in frozen.items()))


if __name__ == "__main__":
    unittest.main()
