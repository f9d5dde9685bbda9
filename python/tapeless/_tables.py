"""What a model's tables say of its tensors."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Sequence, Tuple

import numpy as np

from ._native import Error

Shape = Tuple[int, ...]
TOKEN = np.dtype(np.int32)


def shape_text(shape: Sequence[int]) -> str:
    """As specs write it.

    >>> shape_text((32, 8)), shape_text(())
    ('{32, 8}', '{}')
    """
    return "{" + ", ".join(str(d) for d in shape) + "}"


@dataclass(frozen=True)
class Tensor:
    """A row of a table. ``column``: 0, or how far the columns of a parameter stand apart, where it is not row-major."""

    name: str
    shape: Shape
    offset: int
    column: int
    vocab: int
    trained: bool = True

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def dtype(self, real: np.dtype) -> np.dtype:
        return TOKEN if self.vocab else real

    def view(self, block: np.ndarray) -> np.ndarray:
        """This parameter in a block of parameters or gradients: no copy."""
        item = block.itemsize
        strides = (item, self.column * item) if self.column else None
        return np.ndarray(self.shape, block.dtype, block, self.offset * item, strides)

    def __str__(self) -> str:
        kind = f"token({self.vocab})" if self.vocab else shape_text(self.shape)
        return f"{self.name} {kind}".strip()


def tensors(rows: Sequence[Mapping[str, Any]]) -> List[Tensor]:
    return [Tensor(r["name"], tuple(r["shape"]), r["offset"], r["column"], r["vocab"], r.get("trained", True)) for r in rows]


def by_name(fields: Sequence[Tensor], value: Any, label: str) -> List[Any]:
    """The fields' values, in their order: of a mapping by name, or of what is not named the value itself."""
    names = [f.name for f in fields]
    if len(fields) == 1 and not isinstance(value, Mapping):
        return [value]
    if not fields:
        if value is not None:
            raise Error(f"{label}: the model has none; leave it out")
        return []
    if not isinstance(value, Mapping):
        raise Error(f"{label}: it is to be a dict with {', '.join(names)}; it is {type(value).__name__}")
    unknown = [str(n) for n in value if n not in names]
    missing = [n for n in names if n not in value]
    if unknown or missing:
        what = f"there is no {unknown[0]}" if unknown else f"{missing[0]} is missing"
        raise Error(f"{label}: {what}; the model has {', '.join(n or 'one without a name' for n in names)}")
    return [value[n] for n in names]


def one_or_named(fields: Sequence[Tensor], values: Sequence[Any]) -> Any:
    """What is not named stands for itself, the rest in a dict."""
    if len(fields) == 1 and not fields[0].name:
        return values[0]
    return {f.name: v for f, v in zip(fields, values)}


def as_array(value: Any, dtype: np.dtype, label: str, vocab: int = 0) -> np.ndarray:
    """The value as the type that the model reads: itself if it is."""
    array = np.asarray(value)
    if vocab and array.dtype.kind not in "iu":
        raise Error(f"{label}: tokens are integers from 0 to {vocab - 1}; its dtype is {array.dtype}")
    if vocab and array.size and (int(array.min()) < 0 or int(array.max()) >= vocab):
        return array.astype(np.int64)  # check_values names the element
    if array.dtype.kind not in "fiub":
        raise Error(f"{label}: it takes numbers; its dtype is {array.dtype}")
    return np.ascontiguousarray(array, dtype) if array.ndim else array.astype(dtype)


def check_values(array: np.ndarray, label: str, vocab: int, ignored: Any = None) -> None:
    """Numbers are finite and tokens are there, but where `ignored`, of the leading dimensions, is true."""
    good = (array >= 0) & (array < vocab) if vocab else np.isfinite(array)
    if ignored is not None:
        good |= ignored.reshape(ignored.shape + (1,) * (array.ndim - ignored.ndim))
    if good.all():
        return
    at = tuple(int(i) for i in np.argwhere(~good)[0])
    why = f"tokens are integers from 0 to {vocab - 1}" if vocab else "it takes finite numbers"
    raise Error(f"{label}{list(at)} is {array[at]}; {why}")
