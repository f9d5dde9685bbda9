"""Arrays of the caller's as the runtime reads them: without a copy where type and layout fit."""
from __future__ import annotations

import ctypes as c
from typing import Any, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from . import _native
from ._native import Error
from ._tables import Tensor, as_array, by_name, check_values, shape_text

#: What a mask or a weight may be, but for 0 (runtime/tapeless/window.h).
LEAST, MOST = 1e-15, 1e15


class Data:
    """Streams side by side, ``[rows][lanes][shape...]``, or sequences one after the other in one lane.

    ``struct`` points into ``arrays``, which stay as long as this does.
    """

    def __init__(self, rows: int, lanes: int, flat: bool) -> None:
        self.rows, self.lanes = rows, lanes
        self.flat = flat  # given without the dimension of lanes
        self.inputs: List[np.ndarray] = []
        self.targets: Optional[List[np.ndarray]] = None
        self.mask: Optional[np.ndarray] = None
        self.weight: Optional[np.ndarray] = None
        self.reset: Optional[np.ndarray] = None
        self.first: Optional[List[int]] = None

    @property
    def struct(self) -> _native.Data:
        s = _native.Data(rows=self.rows, lanes=self.lanes)
        s.input = _native.pointers(self.inputs)
        if self.targets is not None:
            s.target = _native.pointers(self.targets)
        for name in ("mask", "weight", "reset"):
            flags = getattr(self, name)
            setattr(s, name, None if flags is None else flags.ctypes.data)
        if self.first is not None:
            s.first = (c.c_size_t * len(self.first))(*self.first)
            s.sequences = len(self.first) - 1
        s.owner = self
        return s


def is_sequences(value: Any) -> bool:
    """A list of arrays, an array a sequence."""
    if isinstance(value, Mapping):
        return any(is_sequences(v) for v in value.values())
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(isinstance(a, np.ndarray) and a.ndim for a in value)


def _label(side: str, field: Tensor) -> str:
    return f"{side}[{field.name!r}]" if field.name else side


def _want(field: Tensor, dims: str) -> str:
    return "[" + ", ".join([dims, *(str(d) for d in field.shape)]) + "]"


def _extent(array: np.ndarray, field: Tensor, label: str) -> Tuple[np.ndarray, int, int, bool]:
    """The array as [rows, lanes, shape...], its rows and lanes, and whether it came without lanes."""
    extra = array.ndim - len(field.shape)
    if field.shape == (1,) and array.ndim == 1:
        return array.reshape(-1, 1, 1), array.shape[0], 1, True
    if extra not in (1, 2) or array.shape[extra:] != field.shape:
        raise Error(f"{label}: its shape is {list(array.shape)}; a step takes {shape_text(field.shape)}, so it is to be "
                    f"{_want(field, 'steps')} or {_want(field, 'steps, lanes')}")
    if not array.size and 0 not in field.shape:
        raise Error(f"{label}: it is empty, {list(array.shape)}; it takes one step at least")
    lanes = array.shape[1] if extra == 2 else 1
    return array.reshape((array.shape[0], lanes) + field.shape), array.shape[0], lanes, extra == 1


class _Reader:
    def __init__(self, real: np.dtype) -> None:
        self.real = real
        self.data: Optional[Data] = None
        self.by = ""  # what said how many steps there are

    def take(self, side: str, fields: Sequence[Tensor], value: Any) -> List[np.ndarray]:
        return [self._take(_label(side, f), f, v) for f, v in zip(fields, by_name(fields, value, side))]

    def _take(self, label: str, field: Tensor, value: Any) -> np.ndarray:
        array, rows, lanes, flat = _extent(as_array(value, field.dtype(self.real), label, field.vocab), field, label)
        if self.data is None:
            self.data, self.by = Data(rows, lanes, flat), label
        if (rows, lanes) != (self.data.rows, self.data.lanes):
            raise Error(f"{label}: it has {rows} steps in {lanes} lanes, and {self.by} {self.data.rows} in {self.data.lanes}")
        return array

    def flags(self, label: str, value: Any) -> Optional[np.ndarray]:
        if value is None:
            return None
        assert self.data is not None
        array = as_array(value, self.real, label)
        want = (self.data.rows, self.data.lanes)
        if array.shape != want and not (self.data.lanes == 1 and array.shape == want[:1]):
            raise Error(f"{label}: its shape is {list(array.shape)}; {self.by} has {want[0]} steps in {want[1]} lanes, so it is to "
                        f"be {list(want)}")
        return array.reshape(want)


def check_weights(array: Optional[np.ndarray], label: str) -> None:
    if array is None:
        return
    bad = ~((array == 0) | ((array >= LEAST) & (array <= MOST)))
    if bad.any():
        at = [int(i) for i in np.argwhere(bad)[0]]
        raise Error(f"{label}{at} is {array[tuple(at)]}; it takes 0, or a number from 1e-15 to 1e15")


def check_flags(array: Optional[np.ndarray], label: str) -> None:
    if array is not None and not ((array == 0) | (array == 1)).all():
        at = [int(i) for i in np.argwhere((array != 0) & (array != 1))[0]]
        raise Error(f"{label}{at} is {array[tuple(at)]}; it takes 0 or 1")


def _zero(*flags: Optional[np.ndarray]) -> Optional[np.ndarray]:
    """Where one of them is 0; None: nowhere."""
    zero = None
    for f in flags:
        if f is not None and (f == 0).any():
            zero = (f == 0) if zero is None else zero | (f == 0)
    return zero


def _checked(side: str, fields: Sequence[Tensor], arrays: Sequence[np.ndarray], real: np.dtype,
             ignored: Optional[np.ndarray]) -> List[np.ndarray]:
    """What is ignored is overwritten by the runtime (padding.h), so the caller's array is copied then."""
    result = []
    for f, a in zip(fields, arrays):
        check_values(a, _label(side, f), f.vocab, ignored)
        if ignored is not None:
            a = np.where(ignored.reshape(ignored.shape + (1,) * (a.ndim - 2)), 0, a)
        result.append(np.ascontiguousarray(a, f.dtype(real)))
    return result


def _joined(side: str, fields: Sequence[Tensor], value: Any) -> Tuple[Any, List[int]]:
    """Lists of sequences as arrays, one behind the other, and their lengths."""
    values, lengths = [], None
    for f, v in zip(fields, by_name(fields, value, side)):
        label = _label(side, f)
        if not is_sequences(v):
            raise Error(f"{label}: it is to be a list of arrays, a sequence each, as the others are")
        if len({a.shape[1:] for a in v}) > 1 or v[0].shape[1:] not in (f.shape, () if f.shape == (1,) else f.shape):
            wrong = next((a for a in v if a.shape[1:] != f.shape), v[0])
            raise Error(f"{label}: a sequence's shape is {list(wrong.shape)}; it is to be {_want(f, 'steps')}")
        these = [len(a) for a in v]
        if lengths is not None and these != lengths or 0 in these:
            raise Error(f"{label}: its sequences have {these} steps" + (f", and the others {lengths}" if lengths else
                                                                       "; each takes one step at least"))
        lengths = these
        values.append(np.concatenate([a.reshape((len(a),) + f.shape) for a in v]))
    return {f.name: v for f, v in zip(fields, values)}, lengths or []


def read(model: Any, X: Any, Y: Any = None, *, mask: Any = None, weight: Any = None, reset: Any = None,
         targets: bool = True, steps: Optional[int] = None) -> Data:
    """Arrays as data for a model; `targets`: those are read, too. `steps`: of a model that reads nothing."""
    first = None
    if is_sequences(X) or (targets and is_sequences(Y)):
        if mask is not None or reset is not None:
            raise Error("mask, reset: a list of sequences says itself where they start and end; leave them out")
        X, lengths = _joined("X", model.inputs, X)
        if targets:
            Y, others = _joined("Y", model.targets, Y)
            if model.inputs and model.targets and lengths != others:
                raise Error(f"Y: its sequences have {others} steps, and X's {lengths}")
            lengths = lengths or others
        X = X or None
        weight = np.concatenate([np.asarray(w) for w in weight]) if is_sequences(weight) else weight
        first = [0, *(int(n) for n in np.cumsum(lengths))]
    return _read(model, X, Y, mask, weight, reset, targets, steps, first)


def _read(model: Any, X: Any, Y: Any, mask: Any, weight: Any, reset: Any, targets: bool, steps: Optional[int],
          first: Optional[List[int]]) -> Data:
    r = _Reader(model.dtype)
    inputs = r.take("X", model.inputs, X)
    wanted = r.take("Y", model.targets, Y) if targets else []
    if r.data is None:
        r.data, r.by = Data(steps or model.k2, model.batch, False), "the model"
    d = r.data
    d.mask, d.weight, d.reset = r.flags("mask", mask), r.flags("weight", weight), r.flags("reset", reset)
    check_weights(d.mask, "mask")
    check_weights(d.weight, "weight")
    check_flags(d.reset, "reset")
    d.inputs = _checked("X", model.inputs, inputs, model.dtype, _zero(d.mask))
    d.targets = _checked("Y", model.targets, wanted, model.dtype, _zero(d.mask, d.weight)) if targets else None
    d.first = first
    return d


def states(model: Any, state: Optional[Mapping[str, Any]], lanes: int, flat: bool) -> List[Optional[np.ndarray]]:
    """The own states' values, [lanes, shape...], None where none is given."""
    known = {t.name: t for t in model.states}
    for name in state or {}:
        if name not in known:
            raise Error(f"state: there is no {name}; the model has {', '.join(known) or 'none'}")
    result: List[Optional[np.ndarray]] = []
    for name, t in known.items():
        value = None if state is None else state.get(name)
        if value is None:
            result.append(None)
            continue
        label = f"state[{name!r}]"
        array = as_array(value, model.dtype, label)
        if array.shape != (lanes,) + t.shape and not (flat and array.shape == t.shape):
            raise Error(f"{label}: its shape is {list(array.shape)}; it is to be {list((lanes,) + t.shape)}")
        check_values(array, label, 0)
        result.append(array.reshape((lanes,) + t.shape))
    return result
