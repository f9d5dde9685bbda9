"""A compiled model."""
from __future__ import annotations

import ctypes as c
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Callable, Container, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import _data, _native, _safetensors, _tables, _tool
from ._data import Data
from ._native import Error, Handle, runtime
from ._tables import Tensor, one_or_named, shape_text
from .fit import Fit, History, bar_for
from .online import Online
from .window import Window

PathLike = Union[str, "os.PathLike[str]"]


def _described(library: Handle) -> Dict[str, Any]:
    address = runtime.describe(library.address)
    if address is None:
        raise MemoryError
    text = c.string_at(address)
    runtime.free(address)
    return dict(json.loads(text))


def _settings(settings: Optional[Mapping[str, Any]], **short: Any) -> str:
    """What --set says of `train`, as one line."""
    given = dict(settings or {})
    for name, value in short.items():
        if value is not None:
            given["train." + name.replace("__", ".")] = value
    return " ".join(f"{name}={_tool.text(value)}" for name, value in given.items())


class Model:
    """A model that ``tapeless.compile`` made: its generated code, loaded, and its parameters.

    Several threads may predict with one model at a time; who changes its parameters (``fit``, a stream, ``load``,
    a write into ``params``) is alone with it then. Different models, and copies, share nothing that is written.
    """

    def __init__(self, library: Handle, source: _Source) -> None:
        self._library, self._source = library, source
        self._handle = Handle(runtime.model_new(library.address), runtime.model_free, library)
        d = self._sizes = _described(library)
        tbptt = d["tbptt"]
        #: The spec's name, its options as they were set, and the optimizer's and the loss's names.
        self.name: str = d["name"]
        self.options: str = d["options"]
        self.optimizer: str = d["optimizer"]
        self.loss: str = d["loss"]
        #: Names of the losses that the loss is the sum of, where the spec gives them names.
        self.losses: List[str] = [t["name"] for t in d["named"]]
        self.k1: int = tbptt["k1"]
        self.k2: int = tbptt["k2"]
        self.batch: int = tbptt["batch"]
        self.shards: int = tbptt["shards"]
        #: Of a shard: all of the batch, unless it is split.
        self.lanes: int = tbptt["lanes"]
        self.learn: str = tbptt["learn"]
        self.has_reset: bool = d["has_reset"]
        self.has_mask: bool = d["has_mask"]
        self.has_head: bool = d["has_head"]
        self.dtype: np.dtype = np.dtype(np.float64 if d["real"] == 8 else np.float32)
        self.inputs: List[Tensor] = _tables.tensors(d["inputs"])
        self.targets: List[Tensor] = _tables.tensors(d["targets"])
        self.outputs: List[Tensor] = _tables.tensors(d["outputs"])
        self._all_states = _tables.tensors(d["states"])
        self.states: List[Tensor] = self._all_states[:d["own_states"]]
        self._params = _tables.tensors(d["params"])
        self._probes = _tables.tensors(d["probes"])
        self._block = _native.memory(runtime.params(self._handle.address), d["param_size"], self.dtype, self._handle)

    # ---- parameters ----

    @property
    def params(self) -> Dict[str, np.ndarray]:
        """The parameters by name, as views of the model's memory: what is written there is what it predicts with."""
        return {p.name: p.view(self._block) for p in self._params}

    @property
    def trained(self) -> Dict[str, bool]:
        """Which parameters learn: not those that the spec freezes, nor what no gradient reaches."""
        return {p.name: p.trained for p in self._params}

    def state_dict(self) -> Dict[str, np.ndarray]:
        """Copies of the parameters, under PyTorch's names (``rnn.weight_ih_l0``)."""
        return {name: np.array(a, order="C") for name, a in self.params.items()}

    def load_state_dict(self, state: Mapping[str, Any], *, prefix: str = "") -> None:
        """Takes all parameters from a dict of arrays or of PyTorch's tensors; `prefix` goes before each name in it.

        ``m.load_state_dict(torch_model.state_dict())``, or of a ``torch.nn.LSTM`` by itself that is ``p.rnn`` in the spec,
        ``prefix="rnn."`` and the rest in a second dict: names that are missing, unknown or of other shapes are an error, and
        then nothing is changed.
        """
        given = {prefix + name: value for name, value in state.items()}
        known = {p.name: p for p in self._params}
        for name in given:
            if name not in known:
                raise Error(f"load_state_dict: {self.name} has no parameter {name}; it has {', '.join(known)}")
        arrays = {}
        for name, p in known.items():
            if name not in given:
                raise Error(f"load_state_dict: the parameter {name} {shape_text(p.shape)} is missing")
            arrays[name] = self._as_parameter(p, given[name])
        params = self.params
        for name, a in arrays.items():
            params[name][...] = a

    def _as_parameter(self, p: Tensor, value: Any) -> np.ndarray:
        if hasattr(value, "detach"):  # PyTorch's
            value = value.detach().cpu().numpy()
        array = _tables.as_array(value, self.dtype, p.name)
        if array.shape != p.shape:
            raise Error(f"load_state_dict: {p.name} is {shape_text(p.shape)}; what was given is {shape_text(array.shape)}")
        _tables.check_values(array, p.name, 0)
        return array

    def init(self, seed: int = 1) -> None:
        """Draws the parameters anew, as the spec says they begin."""
        runtime.init(self._handle.address, seed)

    def load(self, path: PathLike) -> None:
        """Takes the parameters from a safetensors file: a checkpoint of ``tapeless train``, or what ``save`` wrote."""
        runtime.load(self._handle.address, os.fsencode(path))

    def save(self, path: PathLike) -> None:
        """Writes the parameters to a safetensors file, which all of tapeless's commands and PyTorch read."""
        runtime.save(self._handle.address, os.fsencode(path))

    def copy(self) -> Model:
        """The same code with parameters of its own, equal to these now."""
        other = Model(self._library, self._source)
        other._block[:] = self._block
        return other

    # ---- learning ----

    def fit(self, X: Any = None, Y: Any = None, *, valid: Any = None, epochs: Optional[int] = None,
            updates: Optional[int] = None, mask: Any = None, weight: Any = None, reset: Any = None,
            lr: Optional[float] = None, clip_norm: Optional[float] = None, settings: Optional[Mapping[str, Any]] = None,
            seed: int = 1, threads: Union[int, str] = 1, keep_best: bool = False, progress: Optional[bool] = None,
            callback: Optional[Callable[[History], Any]] = None) -> History:
        """Trains on arrays, from the parameters that there are: the updates of ``tapeless train``, to the bit.

        `X` and `Y` are ``[steps, shape...]``, one long sequence, which is cut into the batch's lanes; ``[steps, batch,
        shape...]``, a sequence a lane; or lists of arrays, a sequence each (``compile(..., resets=True)``). Named inputs and
        targets are dicts of such. Numbers are taken as they stand: nothing is standardised.

        :param valid: held-out data, ``(X, Y)``, or how much of the data to hold out, from the end: 0.1
        :param epochs: how often to go over the data; 1 unless `updates` says how long. Optimizers of the whole record (lm,
            lbfgs, ridge) end by themselves if neither is given
        :param mask: ``[steps, lanes]``, 0 where a step is padding; `weight`: what each step's loss counts; `reset`: 1 where
            a sequence starts
        :param settings: fields of the spec's ``train``: ``{"train.schedule": "cosine"}``; `lr` and `clip_norm` are short for
            two of them
        :param threads: a number, or "auto"; they run shards, and the result is the same to the bit
        :param keep_best: end with the parameters of the epoch after which the held-out loss was lowest
        :param progress: a bar on stderr; None: if that is a terminal
        :param callback: called with the History after each epoch; what is true ends the training
        """
        if epochs is None and updates is None:
            epochs = -1 if self._sizes["whole_record"] else 1
        for name, n in (("epochs", epochs), ("updates", updates)):
            if n is not None and n < (0 if name == "updates" else -1):
                raise Error(f"{name} is {n}; it takes a number from 0 on")
        data = _data.read(self, X, Y, mask=mask, weight=weight, reset=reset)
        apart, held = (0.0, None) if valid is None else self._held_out(valid)
        if keep_best and valid is None:
            raise Error("keep_best: there are no held-out data to know the best by; give valid")
        line = _settings(settings, optimizer__lr=lr, clip_norm=clip_norm)
        fit = Fit(self, data, held, apart, line, threads, seed, -1 if epochs is None else epochs,
                  -1 if updates is None else updates)
        return fit.run(bar_for(progress, epochs or 0), keep_best, callback)

    def _held_out(self, valid: Any) -> Tuple[float, Optional[Data]]:
        if isinstance(valid, (int, float)):
            if not 0 < valid < 1:
                raise Error(f"valid is {valid}; it is a fraction of the data, between 0 and 1, or (X, Y)")
            return float(valid), None
        if not isinstance(valid, tuple) or len(valid) != 2:
            raise Error("valid is a fraction of the data, between 0 and 1, or a pair (X, Y)")
        return 0.0, _data.read(self, *valid)

    def evaluate(self, X: Any = None, Y: Any = None, *, mask: Any = None, weight: Any = None, reset: Any = None,
                 threads: Union[int, str] = 1) -> float:
        """The mean loss of data, step by step: every lane, or sequence, from the initial state."""
        return self._score(_data.read(self, X, Y, mask=mask, weight=weight, reset=reset), threads)[0]

    def evaluate_named(self, X: Any = None, Y: Any = None, *, mask: Any = None, weight: Any = None, reset: Any = None,
                       threads: Union[int, str] = 1) -> Dict[str, float]:
        """By name the means of the losses that ``evaluate``'s is the sum of, of a spec whose loss is a table of losses."""
        return self._score(_data.read(self, X, Y, mask=mask, weight=weight, reset=reset), threads)[1]

    def _score(self, data: Data, threads: Union[int, str]) -> Tuple[float, Dict[str, float]]:
        struct, loss, parts = data.struct, c.c_double(), (c.c_double * (len(self.losses) + 1))()
        runtime.score(self._handle.address, c.byref(struct), str(threads).encode(), c.byref(loss), parts)
        return loss.value, dict(zip(self.losses, parts))

    def online(self, *, settings: Optional[Mapping[str, Any]] = None, lr: Optional[float] = None, seed: int = 1,
               updates: int = 0) -> Online:
        """A stream that this model predicts and learns from (see ``Online``).

        `updates` is how many there will be, for a schedule over the whole run.
        """
        return Online(self, _settings(settings, optimizer__lr=lr), seed, updates)

    def window(self) -> Window:
        """Blocks of a window for a loop of one's own (see ``Window``)."""
        return Window(self)

    # ---- prediction ----

    def predict(self, X: Any = None, *, state: Optional[Mapping[str, Any]] = None, return_state: bool = False,
                steps: Optional[int] = None) -> Any:
        """The outputs of every step, from the initial state or a given one.

        `X` is ``[steps, shape...]``, ``[steps, lanes, shape...]`` with any number of lanes, or a list of arrays, a sequence
        each; the result has the same form, a dict if outputs have names. They are the model's own numbers: logits of ``bce``
        and ``cross_entropy``, and what a head says before it has seen k2 steps is NaN. `state` is by name ``[lanes,
        shape...]``; with `return_state` a pair of outputs and state is returned, the latter to go on with. `steps` is how
        many, of a model without inputs.
        """
        if _data.is_sequences(X):
            if state is not None or return_state:
                raise Error("state: of several sequences each begins with the initial state; predict one at a time")
            return self._predict_sequences(X)
        if not self.inputs and steps is None:
            raise Error(f"predict: {self.name} has no input; say how many steps")
        data = _data.read(self, X, targets=False, steps=steps)
        entering = _data.states(self, state, data.lanes, data.flat)
        if state is not None and self.has_head:
            raise Error("state: a head looks at the last k2 steps, of which a state knows nothing; leave it out")
        outputs = [np.empty((data.rows, data.lanes) + t.shape, self.dtype) for t in self.outputs]
        leaving = [np.empty((data.lanes,) + t.shape, self.dtype) for t in self.states]
        struct = data.struct
        runtime.predict(self._handle.address, c.byref(struct), _native.pointers(entering), _native.pointers(outputs),
                        _native.pointers(leaving))
        result = one_or_named(self.outputs, [o[:, 0] if data.flat else o for o in outputs])
        after = {t.name: a[0] if data.flat else a for t, a in zip(self.states, leaving)}
        return (result, after) if return_state else result

    def _predict_sequences(self, X: Any) -> Any:
        if isinstance(X, Mapping):
            n = {len(v) for v in X.values()}
            if len(n) > 1:
                raise Error("X: its fields have different numbers of sequences")
            return [self.predict({name: v[i] for name, v in X.items()}) for i in range(n.pop())]
        return [self.predict(x) for x in X]

    # ---- derivatives ----

    def _new_steps(self, steps: int) -> int:
        """How many steps of a window are new where nobody says: all that its code has a loss of."""
        return min(steps, self.k1) if self._sizes["tbptt"]["counted"] == "new" else steps

    def grad(self, X: Any = None, Y: Any = None, *, state: Optional[Mapping[str, Any]] = None, mask: Any = None,
             weight: Any = None, reset: Any = None, new: Optional[int] = None, seed: int = 0, tick: int = 0,
             steps: Optional[int] = None) -> Dict[str, Any]:
        """Loss, gradients and final state of one window of the whole batch, as an update of training sees it.

        `X` and `Y` are ``[steps, batch, shape...]`` (of a batch of one ``[steps, shape...]``), at most k2 steps. Returns a
        dict of ``loss``, a number; ``grad``, by parameter; ``state``, by name, ``[batch, shape...]``; ``probe`` and
        ``probe_grad``, by name, ``[steps, batch, shape...]``. Of the steps the last `new` are new: with ``loss = "new"`` those
        count, at most k1, which is also what is taken if nobody says. `seed` and `tick` are dropout's.
        """
        self._check_gradients()
        data = _data.read(self, X, Y, mask=mask, weight=weight, reset=reset, steps=steps)
        self._check_window(data)
        most = self._new_steps(data.rows)
        new = most if new is None else new
        if not 1 <= new <= most:
            raise Error(f"grad: new is {new}; of {data.rows} steps {most} may be new: the code has a loss of the newest k1 alone, "
                        "and tapeless.compile(..., k1=N) makes it of more")
        entering = _data.states(self, state, data.lanes, data.flat)
        w = self.window()
        first = self.k2 - data.rows
        self._fill(w, data, entering, first)
        if w.weigh(first, new) == 0 and self.has_head:
            raise Error(f"grad: no lane has k2 = {self.k2} steps of one sequence of which the newest counts")
        loss = w.run(first, seed=seed, tick=tick)
        return self._results(w, loss, first, data.flat)

    def _check_gradients(self) -> None:
        if self._sizes["rows"]:
            raise Error(f"grad: {self.name} was compiled for {self.optimizer}, which learns by rows of a Jacobian and not by "
                        "gradients; tapeless.compile(..., optimizer='adam') makes one that has them")

    def _check_window(self, d: Data) -> None:
        if d.first is not None:
            raise Error("grad: a window has one sequence a lane; give arrays, and reset where another one starts")
        if d.lanes != self.batch:
            raise Error(f"grad: X has {d.lanes} lanes; the model's batch is {self.batch}: tapeless.compile(..., batch={d.lanes})")
        if d.rows > self.k2 or (self.has_head and d.rows < self.k2):
            raise Error(f"grad: X has {d.rows} steps; the window has k2 = {self.k2}, " +
                        ("and a head looks at all of them" if self.has_head else "give at most that many"))
        if d.mask is not None and (d.mask == 0).any() and not self.has_mask:
            raise Error(f"mask: {self.name} was not compiled for padding: tapeless.compile(..., masks=True)")
        if d.reset is not None and d.reset.any() and not self.has_reset:
            raise Error(f"reset: {self.name} was not compiled for sequences that start inside of a window: "
                        "tapeless.compile(..., resets=True)")

    def _fill(self, w: Window, d: Data, entering: Sequence[Optional[np.ndarray]], first: int) -> None:
        w.start(first)
        for part in w.parts:
            lanes = slice(part.lane, part.lane + part.lanes)
            for to, a in zip(part._inputs + part._targets, d.inputs + (d.targets or [])):
                to[first:] = a[:, lanes]
            for name, flags in (("mask", d.mask), ("counts", d.weight), ("reset", d.reset)):
                block = getattr(part, name)
                if block is not None and flags is not None:
                    block[first:] = flags[:, lanes]
            for t, value in zip(self.states, entering):
                if value is not None:
                    part.states[t.name][first] = value[lanes]

    def _results(self, w: Window, loss: float, first: int, flat: bool) -> Dict[str, Any]:
        def joined(blocks: str, name: str, slots: Any) -> np.ndarray:
            a = np.concatenate([getattr(p, blocks)[name][slots] for p in w.parts], axis=-1 - dims[name])
            return a.reshape(a.shape[:-1 - dims[name]] + a.shape[a.ndim - dims[name]:]) if flat else a

        dims = {t.name: len(t.shape) for t in self.states + self._probes}
        return {
            "loss": loss,
            "grad": {name: np.array(g, order="C") for name, g in w.grads.items()},
            "state": {t.name: joined("states", t.name, self.k2) for t in self.states},
            "probe": {t.name: joined("probes", t.name, slice(first, None)) for t in self._probes},
            "probe_grad": {t.name: joined("probe_grads", t.name, slice(first, None)) for t in self._probes},
        }

    def jacobian(self, X: Any = None, *, state: Optional[Mapping[str, Any]] = None, mask: Any = None, reset: Any = None,
                 mode: str = "auto", block: Optional[int] = None, seed: int = 0, steps: Optional[int] = None) -> Dict[str, Any]:
        """d output / d parameters of every step of streams of any length (docs/jacobians.md).

        Returns a dict of ``jacobian``, by parameter ``[steps, lanes, outputs, shape...]``; ``output``, ``[steps, lanes,
        outputs]``; and ``state``. `mode` is auto, reverse, forward or blocks. The tool is run on the spec, whose text must be
        that which was compiled; what it builds is kept in its cache.
        """
        self._source.check()
        data = _data.read(self, X, mask=mask, reset=reset, targets=False, steps=steps)
        entering = _data.states(self, state, data.lanes, data.flat)
        tensors = {"input" + ("." + t.name if t.name else ""): a for t, a in zip(self.inputs, data.inputs)}
        tensors.update({"state." + t.name: a for t, a in zip(self.states, entering) if a is not None})
        flags = {"mask": data.mask, "reset": data.reset}
        if not self.inputs and data.mask is None:
            flags["mask"] = np.ones((data.rows, data.lanes), self.dtype)
        tensors.update({name: a for name, a in flags.items() if a is not None})
        read = self._run_jacobian(tensors, ["--mode", mode, "--seed", str(seed), *(["--block", str(block)] if block else [])])
        return {"jacobian": _named(read, "jacobian."), "output": read["output"], "state": _named(read, "state.")}

    def _run_jacobian(self, tensors: Mapping[str, np.ndarray], options: Sequence[str]) -> Dict[str, np.ndarray]:
        with tempfile.TemporaryDirectory(prefix="tapeless-") as d:
            data, params, out = (Path(d, name + ".safetensors") for name in ("data", "params", "out"))
            _safetensors.write(data, tensors)
            self.save(params)
            _tool.run("jacobian", [*self._source.arguments, *options, "--params", str(params), "--data", str(data),
                                   "--out", str(out), "-p", "f64" if self.dtype.itemsize == 8 else "f32"])
            return _safetensors.read(out)

    # ---- shown ----

    def __repr__(self) -> str:
        def listed(fields: Sequence[Tensor]) -> str:
            return ", ".join(str(f) for f in fields) or "nothing"

        count = sum(p.size for p in self._params)
        learn = f"; learns by {self.learn}" if self.learn != "tbptt" else ""
        lines = [
            f"<tapeless.Model {self.name}{': ' if self.options else ''}{self.options}",
            f"  {listed(self.inputs)} -> {listed(self.outputs)}; state {listed(self.states)}",
            f"  {self.loss}, {self.optimizer}; k1 {self.k1}, k2 {self.k2}, batch {self.batch}; {self.dtype}{learn}",
            f"  {count} parameters: {listed(self._params)}>",
        ]
        return "\n".join(lines)


def _named(tensors: Mapping[str, np.ndarray], prefix: str) -> Dict[str, np.ndarray]:
    return {name[len(prefix):]: a for name, a in tensors.items() if name.startswith(prefix)}


class _Source:
    """What a model was compiled from: for the tool, which is run on it again."""

    def __init__(self, spec: PathLike, arguments: Sequence[str]) -> None:
        self.spec = os.path.abspath(spec)
        self.arguments = [self.spec, *arguments]
        self.digest = self._digest()

    def _digest(self) -> str:
        try:
            return hashlib.sha256(Path(self.spec).read_bytes()).hexdigest()
        except OSError as e:
            raise Error(f"{self.spec}: {e.strerror}") from None

    def check(self) -> None:
        if self._digest() != self.digest:
            raise Error(f"{self.spec}: it is not the spec any more that was compiled; compile it again")


def _arguments(options: Mapping[str, Any], settings: Mapping[str, Any], flags: Mapping[str, Any]) -> List[str]:
    words = [f"-D{name}={_tool.text(value)}" for name, value in options.items()]
    words += [f"--set={name}={_tool.text(value)}" for name, value in settings.items()]
    return words + [f"--{name}={_tool.text(value)}" for name, value in flags.items() if value is not None]


#: The fields that compile's own keywords stand for.
_FIELDS = {**{name: "tbptt." + name for name in ("k1", "k2", "batch", "shards", "learn")},
           "lr": "train.optimizer.lr", "optimizer": "train.optimizer", "group": "train.group", "freeze": "train.freeze"}


def _told_words(text: str, given: Container[str]) -> List[str]:
    """The options that a file says its model was compiled with, but for those whose names are `given`.

    >>> _told_words("hidden=32 size=3 tbptt.k2=60 train.optimizer.lr=0.1 train.freeze=a,b", {"size", "train.optimizer.lr"})
    ['-Dhidden=32', '--set=tbptt.k2=60', '--freeze=a', '--freeze=b']
    """
    words = []
    for name, value in (word.split("=", 1) for word in text.split()):
        if name in given:
            continue
        if name in ("train.group", "train.freeze"):
            words += [f"--{name[6:]}={pattern}" for pattern in value.split(";" if name == "train.group" else ",")]
        else:
            words.append(f"--set={name}={value}" if "." in name else f"-D{name}={value}")
    return words


def _load(directory: str, source: _Source) -> Model:
    built = [p for p in Path(directory).glob("lib*.so") if p.name.endswith(".so")]
    if len(built) != 1:
        raise Error(f"{directory}: it holds {len(built)} libraries, and was to hold the one that was built; give an empty directory")
    name = built[0].name[3:-3]
    library = Handle(runtime.library_open(os.fsencode(built[0]), name.encode()), runtime.library_close)
    return Model(library, source)


def compile(spec: PathLike, *, precision: Optional[str] = None, k1: Optional[int] = None, k2: Optional[int] = None,
            batch: Optional[int] = None, shards: Optional[int] = None, lr: Optional[float] = None,
            optimizer: Optional[str] = None, learn: Optional[str] = None, resets: Optional[bool] = None,
            masks: Optional[bool] = None, group: Union[str, Sequence[str]] = (), freeze: Union[str, Sequence[str]] = (),
            machine: Optional[str] = None, seed: int = 1, checkpoint: Optional[PathLike] = None,
            settings: Optional[Mapping[str, Any]] = None, define: Optional[Mapping[str, Any]] = None, **options: Any) -> Model:
    """Compiles a spec, a Lua file, and loads what it becomes, with parameters as the spec says they begin.

    Keywords that are not listed are the spec's ``options``: ``tapeless.compile("elman.lua", hidden=64)``; `define` has those
    whose names are taken here. The C compiler ($CC, or gcc) is run, for a second or so.

    :param precision: "f32" or "f64"; if left out f32, or what the optimizer wants
    :param k1: and `k2`, `batch`, `shards`, `learn`, `resets`, `masks`: fields of the spec's ``tbptt``, in place of the spec's
    :param optimizer: and `lr`, of its ``train``
    :param settings: any other field: ``{"tbptt.loss": "last", "train.schedule": "cosine"}``
    :param group: factors of parameters by their names, "rnn.*:lr=0.1,weight_decay=0", or several of these
    :param freeze: parameters that are not trained, "embed*", or several patterns
    :param machine: what the C is made for: native, avx512, avx2, sse2, neon, plain
    :param seed: of the parameters' first values
    :param checkpoint: a file of ``tapeless.train``, ``save`` or the command line, whose parameters are taken, and whose options
        and precision wherever none are given here

    Mistakes in a spec are a ``tapeless.Error`` with the file and the line.
    """
    fields = dict(settings or {})
    fields.update({"tbptt." + name: value for name, value in (("resets", resets), ("masks", masks)) if value is not None})
    flags = {"machine": machine, "k1": k1, "k2": k2, "batch": batch, "shards": shards, "lr": lr,
             "optimizer": optimizer, "learn": learn}
    words = _arguments({**options, **(define or {})}, fields, flags)
    for name, patterns in (("group", group), ("freeze", freeze)):
        words += [f"--{name}={p}" for p in ([patterns] if isinstance(patterns, str) else patterns)]
    if checkpoint is not None:
        told = _safetensors.metadata(checkpoint)
        short = {**flags, "group": group or None, "freeze": freeze or None}
        given = {*options, *(define or {}), *fields, *(_FIELDS.get(name, name) for name, v in short.items() if v is not None)}
        words += _told_words(told.get("options", ""), given)
        precision = precision or told.get("real")
    source = _Source(spec, words)
    shown = [os.fspath(spec), *source.arguments[1:]]  # messages name the file as the caller does
    with tempfile.TemporaryDirectory(prefix="tapeless-") as directory:
        _tool.run("build", [*shown, *(["-p", precision] if precision is not None else []), "-o", directory])
        source.check()
        model = _load(directory, source)
    if checkpoint is None:
        model.init(seed)
    else:
        model.load(checkpoint)
    return model
