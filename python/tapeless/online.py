"""Learning from a stream, one step at a time."""
from __future__ import annotations

import ctypes as c
import threading
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

import numpy as np

from . import _native
from ._data import check_flags, check_weights
from ._native import Error, Handle, runtime
from ._tables import Tensor, as_array, by_name, check_values, one_or_named

if TYPE_CHECKING:
    from .model import Model


class Online:
    """A stream that a model predicts and learns from; made by ``Model.online``.

    It learns the model's own parameters, with the model's optimizer, clipping and schedule; its updates are those of
    ``Model.fit`` on the same stream, to the bit (docs/online.md). Streams that learn apart are streams of copies
    (``Model.copy``).
    """

    def __init__(self, model: Model, settings: str, seed: int, updates: int) -> None:
        self.model = model
        #: True: pushes give outputs and move the state, and nothing is learned.
        self.frozen = False
        self._lock = threading.Lock()
        address = runtime.online_new(model._handle.address, settings.encode(), seed, updates)
        self._handle = Handle(address, runtime.online_free, model._handle)
        self._input = [self._room(f) for f in model.inputs]
        self._target = [self._room(f) for f in model.targets]
        self._output = [self._room(f) for f in model.outputs]
        self._pointers = [_native.pointers(a) for a in (self._input, self._target, self._output)]
        losses = runtime.online_losses(self._handle.address)
        #: ``[batch]``, each lane's loss at the last push that had targets.
        self.losses: np.ndarray = _native.memory(losses, model.batch, model.dtype, self._handle)
        #: By name ``[batch]``, likewise: what ``losses`` is the sum of, where the spec's loss is a table of losses; else empty.
        self.named: Dict[str, np.ndarray] = self._named_losses()

    def _named_losses(self) -> Dict[str, np.ndarray]:
        names, batch = self.model.losses, self.model.batch
        address = runtime.online_named(self._handle.address)
        if address is None:
            return {}
        rows = _native.memory(address, len(names) * batch, self.model.dtype, self._handle).reshape(len(names), batch)
        return dict(zip(names, rows))

    def _room(self, f: Tensor) -> np.ndarray:
        return np.zeros((self.model.batch,) + f.shape, f.dtype(self.model.dtype))

    def _take(self, side: str, fields: Sequence[Tensor], value: Any, to: List[np.ndarray], off: Optional[np.ndarray]) -> bool:
        """Copies a step's values; False: they came without the dimension of lanes."""
        lanes = True
        for f, v, room in zip(fields, by_name(fields, value, side), to):
            label = f"{side}[{f.name!r}]" if f.name else side
            array = as_array(v, room.dtype, label, f.vocab)
            if array.shape != room.shape:
                lanes = False
                if self.model.batch > 1 or array.shape != f.shape and not (array.shape == () and f.size == 1):
                    raise Error(f"{label}: its shape is {list(array.shape)}; a step of {self.model.batch} lanes takes "
                                f"{list(room.shape)}")
                array = array.reshape(room.shape)
            check_values(array, label, f.vocab, off)
            np.copyto(room, array, casting="unsafe")
        return lanes

    def _flags(self, label: str, value: Any) -> Optional[np.ndarray]:
        if value is None:
            return None
        array = np.atleast_1d(as_array(value, self.model.dtype, label))
        if array.shape != (self.model.batch,):
            raise Error(f"{label}: its shape is {list(array.shape)}; it takes one number a lane, [{self.model.batch}]")
        return array

    def push(self, x: Any = None, y: Any = None, *, reset: Any = None, mask: Any = None, weight: Any = None) -> Any:
        """One step of every lane. Returns the output, predicted before anything is learned from the step.

        `x` and `y` are ``[batch, shape...]`` (of a batch of one ``shape`` will do), or dicts of such. Without `y` the step
        moves the state and its loss does not count. `reset`: 1 in the lanes in which a sequence starts with this step;
        `mask`: 0 in those that have no sample now; `weight`: of each lane's loss.
        """
        flags = [self._flags(n, v) for n, v in (("reset", reset), ("mask", mask), ("weight", weight))]
        check_flags(flags[0], "reset")
        check_weights(flags[1], "mask")
        check_weights(flags[2], "weight")
        masked = None if flags[1] is None else flags[1] == 0
        off = masked if flags[2] is None else (flags[2] == 0) if masked is None else masked | (flags[2] == 0)
        with self._lock:
            lanes = self._take("x", self.model.inputs, x, self._input, masked)
            if y is not None:
                self._take("y", self.model.targets, y, self._target, off)
            elif not self.model.targets:
                lanes = True
            pointers = [None if f is None else f.ctypes.data for f in flags]
            self.updated: bool = runtime.online_step(
                self._handle.address, self._pointers[0], self._pointers[1] if y is not None else None, *pointers,
                self._pointers[2], self.frozen) == 1
            return one_or_named(self.model.outputs, [o.copy() if lanes else o[0].copy() for o in self._output])

    def start(self) -> None:
        """A new sequence begins in all lanes."""
        runtime.online_restart(self._handle.address)

    def averaged(self) -> Model:
        """A copy of the model with the average of its parameters, of a spec with ``train = { average = ... }``."""
        other = self.model.copy()
        runtime.online_average(self._handle.address, other._handle.address)
        return other

    def validated(self, loss: float) -> bool:
        """Tells a schedule ``reduce_on_plateau`` the loss on held-out data; True: it has made the learning rate smaller."""
        return bool(runtime.online_validated(self._handle.address, loss))

    @property
    def _told(self) -> _native.Told:
        told = _native.Told()
        runtime.online_told(self._handle.address, c.byref(told))
        return told

    @property
    def updates(self) -> int:
        return int(self._told.updates)

    @property
    def steps(self) -> int:
        """Steps learned from."""
        return int(self._told.steps)

    @property
    def loss(self) -> float:
        """Of the last update's window, reduced."""
        return float(self._told.loss)

    @property
    def norm(self) -> float:
        """Of the last update's gradient, before clipping."""
        return float(self._told.norm)

    @property
    def lr(self) -> float:
        return float(self._told.lr)

    def probe(self, name: str, back: int = 0, *, gradient: bool = False) -> np.ndarray:
        """A probe in the window of the last update, `back` steps before its newest: its value, or with `gradient` the
        gradient of the update's loss with respect to it."""
        t = next((t for t in self.model._probes if t.name == name), None)
        if t is None:
            raise Error(f"{name}: the model has no probe of that name; it has {', '.join(p.name for p in self.model._probes) or 'none'}")
        address = runtime.online_probe(self._handle.address, name.encode(), back, gradient)
        if address is None:
            raise Error(f"{name}: back is {back}; the last update's window has {self._told.length} steps")
        shape = (self.model.batch,) + t.shape
        return _native.memory(address, self.model.batch * t.size, self.model.dtype, self._handle).reshape(shape).copy()

    def __repr__(self) -> str:
        t = self._told
        learned = f"loss {t.loss:.4g}" if t.updates else "nothing learned yet"
        return f"<tapeless.Online of {self.model.name}: {t.steps} steps, {t.updates} updates, {learned}{', frozen' if self.frozen else ''}>"
