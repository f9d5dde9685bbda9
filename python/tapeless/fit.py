"""Training on arrays, and what is shown of it."""
from __future__ import annotations

import ctypes as c
import sys
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, TextIO

import numpy as np

from . import _native
from ._data import Data
from ._native import Error, Handle, runtime

if TYPE_CHECKING:
    from .model import Model

SLICE = 0.1  # seconds that the runtime has for itself: then Ctrl-C is looked for, and the bar moves


@dataclass
class History:
    """What a training was: of each epoch the mean loss of its updates, and the loss of held-out data behind it."""

    loss: List[float] = field(default_factory=list)
    valid: List[float] = field(default_factory=list)
    updates: int = 0
    epochs: int = 0
    seconds: float = 0.0
    #: Of a loss that is a table of losses: each of these, by name, as `loss` and `valid` are.
    losses: Dict[str, List[float]] = field(default_factory=dict)
    valid_losses: Dict[str, List[float]] = field(default_factory=dict)
    best_valid: Optional[float] = None
    best_epoch: Optional[int] = None
    #: Why it ended, where the optimizer knows (lm, lbfgs, ridge): "gradient", "step", "cost", "no_decrease", "patience", "solved".
    stopped: Optional[str] = None

    def __repr__(self) -> str:
        parts = [f"{self.epochs} epoch{'s' * (self.epochs != 1)}", f"{self.updates} updates"]
        if self.loss:
            parts.append(f"loss {self.loss[-1]:.4g}")
        if self.best_valid is not None:
            parts.append(f"valid {self.valid[-1]:.4g}, best {self.best_valid:.4g} after epoch {self.best_epoch}")
        if self.stopped:
            parts.append(f"stopped: {self.stopped}")
        return f"<tapeless.History: {', '.join(parts)}, {self.seconds:.1f} s>"


class Bar:
    """A line on a terminal that is drawn again; elsewhere a line an epoch."""

    def __init__(self, out: Optional[TextIO], epochs: int) -> None:
        self.out, self.epochs = out, epochs
        self.terminal = out is not None and out.isatty()
        self.width = 0
        self.drawn = 0.0

    def draw(self, p: Any, h: History, now: bool) -> None:
        if self.out is None or not (self.terminal or now):
            return
        if not now and time.monotonic() - self.drawn < SLICE:
            return
        self.drawn = time.monotonic()
        line = self._line(p, h)
        self.out.write("\r" + line.ljust(self.width) if self.terminal else line + "\n")
        self.out.flush()
        self.width = len(line)

    def _line(self, p: Any, h: History) -> str:
        parts = [f"epoch {p.epoch}" + (f"/{self.epochs}" if self.epochs > 0 else "")]
        if p.planned:
            full = min(20, 20 * p.update // p.planned)
            parts.append(f"[{'=' * full}{'.' * (20 - full)}] {p.update}/{p.planned}")
        else:
            parts.append(f"{p.update} updates")
        parts.append(f"loss {p.loss:.4g}")
        if h.valid:
            parts.append(f"valid {h.valid[-1]:.4g}")
        return "  ".join([*parts, f"{h.seconds:.1f} s"])

    def end(self) -> None:
        if self.terminal and self.width and self.out is not None:
            self.out.write("\n")
            self.out.flush()


def bar_for(progress: Optional[bool], epochs: int) -> Bar:
    """`progress` None: on a terminal alone."""
    wanted = sys.stderr is not None and (sys.stderr.isatty() if progress is None else progress)
    return Bar(sys.stderr if wanted else None, epochs)


class Fit:
    """One training. The data stay as long as it does."""

    def __init__(self, model: Model, data: Data, valid: Optional[Data], apart: float, settings: str, threads: Any,
                 seed: int, epochs: int, updates: int) -> None:
        self.model = model
        train, held = data.struct, None if valid is None else valid.struct
        plan = _native.Plan(apart=apart, settings=settings.encode(), threads=str(threads).encode(), seed=seed,
                            epochs=epochs, updates=updates)
        if held is not None:
            plan.valid = c.pointer(held)
        address = runtime.fit_new(model._handle.address, c.byref(train), c.byref(plan))
        self._handle = Handle(address, runtime.fit_free, (model._handle, data, valid, train, held))
        self.progress = _native.Progress()
        self.has_valid = bool(runtime.fit_has_valid(address))
        self.unscored = False
        self.history = History()
        self._best: Optional[np.ndarray] = None

    def _advance(self) -> None:
        runtime.fit_run(self._handle.address, SLICE, c.byref(self.progress))

    def _validate(self) -> Optional[float]:
        loss = c.c_double()
        if not self.has_valid or self.unscored:
            return None
        try:
            runtime.fit_validate(self._handle.address, c.byref(loss), c.byref(self.progress))
        except Error as e:
            warnings.warn(f"no validation: {e}", stacklevel=4)
            self.unscored = True
            return None
        return loss.value

    def _end_epoch(self, keep_best: bool) -> None:
        h, p = self.history, self.progress
        h.loss.append(p.loss)
        valid = self._validate()
        self._note_losses(valid is not None)
        if valid is None:
            return
        h.valid.append(valid)
        if h.best_valid is None or valid < h.best_valid:
            h.best_valid, h.best_epoch = valid, int(p.epoch)
            if keep_best:
                self._best = self.model._block.copy()

    def _note_losses(self, validated: bool) -> None:
        names = self.model.losses
        parts = [(c.c_double * (len(names) + 1))() for _ in range(2)]
        runtime.fit_named(self._handle.address, *parts)
        for to, values in zip((self.history.losses, self.history.valid_losses)[:1 + validated], parts):
            for name, value in zip(names, values):
                to.setdefault(name, []).append(value)

    def run(self, bar: Bar, keep_best: bool, callback: Optional[Callable[[History], Any]]) -> History:
        h, p = self.history, self.progress
        begun = time.monotonic()
        said = False
        try:
            while not p.over:
                self._advance()
                h.updates, h.epochs, h.seconds = int(p.update), int(p.epoch), time.monotonic() - begun
                if p.truncated and not said:
                    warnings.warn(f"the gradient is truncated to k2 = {self.model.k2} steps, so it is not that of the cost; "
                                  "with k2 as long as the longest sequence, or learn='rtrl', it is exact", stacklevel=4)
                    said = True
                ended = bool(p.epoch_ended or p.over)
                if ended:
                    self._end_epoch(keep_best)
                bar.draw(p, h, ended)
                if ended and callback is not None and callback(h):
                    break
        finally:
            bar.end()
        h.stopped = p.stop.decode() or None
        if self._best is not None:
            self.model._block[:] = self._best
        return h
