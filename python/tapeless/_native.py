"""The runtime, loaded: its functions as python/native/native.h declares them, and memory of its as arrays."""
from __future__ import annotations

import ctypes as c
import os
import re
from pathlib import Path
from typing import Any, Optional, Sequence, Tuple

import numpy as np

HOME = Path(__file__).resolve().parent / "home"


class Error(Exception):
    """What the user can mend, in the tool's own sentence.

    ``file`` and ``line`` say where in a spec or a table it is, if it is there.
    """

    file: Optional[str] = None
    line: Optional[int] = None

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        place = re.match(r"(?:[^:/]+: )?(.+?):(\d+): ", sentence)
        if place:
            self.file, self.line = place.group(1), int(place.group(2))


class Sentence(c.Structure):
    _fields_ = [("text", c.c_char * 1024)]

    def error(self) -> Error:
        return Error(self.text.decode("utf-8", "replace"))


class Data(c.Structure):
    _fields_ = [("rows", c.c_size_t), ("lanes", c.c_size_t), ("input", c.POINTER(c.c_void_p)),
                ("target", c.POINTER(c.c_void_p)), ("mask", c.c_void_p), ("weight", c.c_void_p), ("reset", c.c_void_p),
                ("first", c.POINTER(c.c_size_t)), ("sequences", c.c_size_t)]


class Plan(c.Structure):
    _fields_ = [("valid", c.POINTER(Data)), ("apart", c.c_double), ("settings", c.c_char_p), ("threads", c.c_char_p),
                ("seed", c.c_uint64), ("epochs", c.c_int64), ("updates", c.c_int64)]


class Progress(c.Structure):
    _fields_ = [("update", c.c_uint64), ("epoch", c.c_uint64), ("planned", c.c_uint64), ("loss", c.c_double),
                ("last", c.c_double), ("norm", c.c_double), ("lr", c.c_double), ("epoch_ended", c.c_int32),
                ("over", c.c_int32), ("truncated", c.c_int32), ("stop", c.c_char * 32)]


class Told(c.Structure):
    _fields_ = [("steps", c.c_uint64), ("updates", c.c_uint64), ("loss", c.c_double), ("norm", c.c_double),
                ("lr", c.c_double), ("length", c.c_int32)]


#: In native.h's order.
BLOCKS = {name: i for i, name in enumerate(
    ["input", "target", "states", "grads", "weight", "losses", "mask", "counts", "reset", "probes", "probe_grads",
     "state_grads"])}

_POINTERS = c.POINTER(c.c_void_p)
_ERROR = c.POINTER(Sentence)
_FUNCTIONS: Sequence[Tuple[str, Any, Sequence[Any]]] = [
    ("library_open", c.c_void_p, [c.c_char_p, c.c_char_p, _ERROR]),
    ("library_close", None, [c.c_void_p]),
    ("describe", c.c_void_p, [c.c_void_p]),
    ("free", None, [c.c_void_p]),
    ("model_new", c.c_void_p, [c.c_void_p, _ERROR]),
    ("model_free", None, [c.c_void_p]),
    ("params", c.c_void_p, [c.c_void_p]),
    ("init", c.c_int, [c.c_void_p, c.c_uint64, _ERROR]),
    ("load", c.c_int, [c.c_void_p, c.c_char_p, _ERROR]),
    ("save", c.c_int, [c.c_void_p, c.c_char_p, _ERROR]),
    ("predict", c.c_int, [c.c_void_p, c.POINTER(Data), _POINTERS, _POINTERS, _POINTERS, _ERROR]),
    ("window_new", c.c_void_p, [c.c_void_p, _ERROR]),
    ("window_free", None, [c.c_void_p]),
    ("window_block", c.c_void_p, [c.c_void_p, c.c_int32, c.c_int32, c.c_int32]),
    ("window_start", None, [c.c_void_p, c.c_int32]),
    ("window_weigh", c.c_double, [c.c_void_p, c.c_int32, c.c_int32]),
    ("window_run", c.c_double, [c.c_void_p, c.c_int32, c.c_uint64, c.c_uint64, c.c_int32]),
    ("fit_new", c.c_void_p, [c.c_void_p, c.POINTER(Data), c.POINTER(Plan), _ERROR]),
    ("fit_free", None, [c.c_void_p]),
    ("fit_run", c.c_int, [c.c_void_p, c.c_double, c.POINTER(Progress), _ERROR]),
    ("fit_has_valid", c.c_int, [c.c_void_p]),
    ("fit_validate", c.c_int, [c.c_void_p, c.POINTER(c.c_double), c.POINTER(Progress), _ERROR]),
    ("fit_named", None, [c.c_void_p, c.POINTER(c.c_double), c.POINTER(c.c_double)]),
    ("score", c.c_int, [c.c_void_p, c.POINTER(Data), c.c_char_p, c.POINTER(c.c_double), c.POINTER(c.c_double), _ERROR]),
    ("online_new", c.c_void_p, [c.c_void_p, c.c_char_p, c.c_uint64, c.c_uint64, _ERROR]),
    ("online_free", None, [c.c_void_p]),
    ("online_step", c.c_int, [c.c_void_p, _POINTERS, _POINTERS, c.c_void_p, c.c_void_p, c.c_void_p, _POINTERS, c.c_int32,
                              _ERROR]),
    ("online_told", None, [c.c_void_p, c.POINTER(Told)]),
    ("online_restart", None, [c.c_void_p]),
    ("online_average", None, [c.c_void_p, c.c_void_p]),
    ("online_validated", c.c_int32, [c.c_void_p, c.c_double]),
    ("online_losses", c.c_void_p, [c.c_void_p]),
    ("online_named", c.c_void_p, [c.c_void_p]),
    ("online_probe", c.c_void_p, [c.c_void_p, c.c_char_p, c.c_int32, c.c_int32]),
]


class _Runtime:
    """Its functions without their prefix. Those that can fail raise Error."""

    def __init__(self) -> None:
        path = HOME / "lib" / "tapeless" / "libtapeless_python.so"
        library = c.CDLL(os.fspath(path))
        for name, result, arguments in _FUNCTIONS:
            function = getattr(library, "tlp_" + name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, _raising(function, result) if arguments and arguments[-1] is _ERROR else function)


def _raising(function: Any, result: Any) -> Any:
    failed = (lambda r: r is None) if result is c.c_void_p else (lambda r: r < 0)

    def call(*arguments: Any) -> Any:
        sentence = Sentence()
        value = function(*arguments, c.byref(sentence))
        if failed(value):
            raise sentence.error()
        return value

    return call


runtime: Any = _Runtime()


class Handle:
    """Something of the runtime's, freed with the last array or object that needs it.

    ``needs`` stays as long as this does.
    """

    def __init__(self, address: int, free: Any, needs: Any = None) -> None:
        self.address, self._free, self._needs = address, free, needs

    def __del__(self) -> None:
        self._free(self.address)


def pointers(arrays: Sequence[Optional[np.ndarray]]) -> Any:
    """An array of their addresses, NULL for None. It does not keep them alive."""
    return (c.c_void_p * (len(arrays) + 1))(*[None if a is None else a.ctypes.data for a in arrays])


def memory(address: int, count: int, dtype: np.dtype, owner: Any) -> np.ndarray:
    """`count` elements at an address, which keep their owner alive."""
    buffer: Any = (c.c_char * (count * dtype.itemsize)).from_address(address)
    buffer._owner = owner
    return np.frombuffer(buffer, dtype)
