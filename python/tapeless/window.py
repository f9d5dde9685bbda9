"""A window's blocks as arrays, for a loop of one's own."""
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Dict, List, Optional

import numpy as np

from . import _native
from ._native import Error, Handle, runtime
from ._tables import Tensor, check_values, one_or_named

if TYPE_CHECKING:
    from .model import Model


class Part:
    """The blocks of one shard, which are views of the runtime's memory: to be written and read in place.

    ``lanes`` lanes of the batch, from ``lane`` on; ``k2`` slots, the newest step in the last.

    ========================  ======================================================================
    ``input``, ``target``     ``[k2, lanes, shape...]``, or a dict of such where they have names
    ``states``                by name, ``[k2 + 1, lanes, shape...]``: index t enters slot t
    ``grads``                 by name, as the parameters
    ``weight``, ``losses``    ``[k2, lanes]``: the factor of each step's loss, and the loss
    ``mask``, ``counts``      ``[k2, lanes]``, what ``weigh`` makes ``weight`` of; 1 at first
    ``reset``                 ``[k2, lanes]``, None if the model was not compiled for it
    ``probes``                by name, ``[k2, lanes, shape...]``, and ``probe_grads``
    ========================  ======================================================================
    """

    def __init__(self, model: Model, handle: Handle, shard: int) -> None:
        self._handle, self._shard, self._real = handle, shard, model.dtype
        self.k2, self.lanes = model.k2, model.lanes
        self.lane = shard * model.lanes
        self._inputs = [self._field("input", i, f) for i, f in enumerate(model.inputs)]
        self._targets = [self._field("target", i, f) for i, f in enumerate(model.targets)]
        self._tokens = [(f"input {f.name}".strip(), f.vocab, a) for f, a in zip(model.inputs, self._inputs) if f.vocab]
        self._tokens += [(f"target {f.name}".strip(), f.vocab, a) for f, a in zip(model.targets, self._targets) if f.vocab]
        self.input: Any = one_or_named(model.inputs, self._inputs)
        self.target: Any = one_or_named(model.targets, self._targets)
        self.states = self._rows("states", model._all_states, model._sizes["state_size"], self.k2 + 1)
        grads = self._block("grads", model._sizes["param_size"])
        self.grads: Dict[str, np.ndarray] = {} if grads is None else {p.name: p.view(grads) for p in model._params}
        self.probes = self._rows("probes", model._probes, model._sizes["probe_size"], self.k2)
        self.probe_grads = self._rows("probe_grads", model._probes, model._sizes["probe_size"], self.k2)
        self.weight = self._flags("weight")
        self.losses = self._flags("losses")
        self.mask = self._flags("mask")
        self.counts = self._flags("counts")
        self.reset: Optional[np.ndarray] = self._flags("reset") if model.has_reset else None

    def _block(self, name: str, count: int, i: int = 0, dtype: Optional[np.dtype] = None) -> Optional[np.ndarray]:
        address = runtime.window_block(self._handle.address, self._shard, _native.BLOCKS[name], i)
        return None if address is None else _native.memory(address, count, dtype or self._real, self._handle)

    def _field(self, name: str, i: int, f: Tensor) -> np.ndarray:
        block = self._block(name, self.k2 * self.lanes * f.size, i, f.dtype(self._real))
        assert block is not None
        return block.reshape((self.k2, self.lanes) + f.shape)

    def _flags(self, name: str) -> np.ndarray:
        block = self._block(name, self.k2 * self.lanes)
        assert block is not None
        return block.reshape(self.k2, self.lanes)

    def _rows(self, name: str, rows: List[Tensor], size: int, slots: int) -> Dict[str, np.ndarray]:
        block = self._block(name, size) if rows else None
        if block is None:
            return {}
        return {t.name: block[t.offset:t.offset + slots * self.lanes * t.size].reshape((slots, self.lanes) + t.shape)
                for t in rows}


class Window(Part):
    """Forward and backward over one window, as an update of training runs it, on the model's own parameters.

    As a ``Part`` it is the first shard, which is the whole batch unless that is split; ``parts`` has all. ``grads`` are
    those of the batch. A window of n steps takes the last n slots; ``first`` is k2 - n.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._lock = threading.Lock()
        handle = Handle(runtime.window_new(model._handle.address), runtime.window_free, model._handle)
        super().__init__(model, handle, 0)
        self.parts: List[Part] = [self, *(Part(model, handle, i) for i in range(1, model.shards))]

    @property
    def params(self) -> Dict[str, np.ndarray]:
        """The model's parameters."""
        return self.model.params

    def _check_first(self, first: int) -> None:
        if not 0 <= first < self.k2:
            raise Error(f"window: first is {first}; the window has slots 0 to {self.k2 - 1}")

    def start(self, first: int = 0) -> None:
        """The state that enters slot `first` becomes the initial one, in all lanes."""
        self._check_first(first)
        runtime.window_start(self._handle.address, first)

    def weigh(self, first: int = 0, new: Optional[int] = None) -> float:
        """Sets ``weight`` as training does, of `new` new steps, by ``mask``, ``counts`` and ``reset``; returns what counts.

        Inputs and targets that do not count are overwritten with what stands before them.
        """
        self._check_first(first)
        new = self.model._new_steps(self.k2 - first) if new is None else new
        if not 1 <= new <= self.k2 - first:
            raise Error(f"window: new is {new}; the window has {self.k2 - first} steps")
        return float(runtime.window_weigh(self._handle.address, first, new))

    def run(self, first: int = 0, *, backward: bool = True, seed: int = 1, tick: Optional[int] = None) -> float:
        """Forward and, with `backward`, backward; returns the reduced loss. `seed` and `tick` are dropout's."""
        self._check_first(first)
        if backward and first and self.model.has_head:
            raise Error(f"window: a head looks at all k2 = {self.k2} steps; a shorter window runs with backward=False")
        for part in self.parts:
            for label, vocab, array in part._tokens:
                check_values(array[first:], label, vocab)
        with self._lock:
            return float(runtime.window_run(self._handle.address, first, seed, self.k2 - 1 if tick is None else tick, backward))

    def __repr__(self) -> str:
        lanes = f"{self.model.batch} lanes" + (f" in {self.model.shards} shards" if self.model.shards > 1 else "")
        return f"<tapeless.Window of {self.model.name}: {self.k2} slots, {lanes}>"
