"""The file format of weights and tensors of data: a header of JSON, then the data, row-major, little-endian."""
from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Dict, Mapping, Union

import numpy as np

PathLike = Union[str, "os.PathLike[str]"]
_TYPES = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8", "U8": "u1"}
_NAMES = {np.dtype(t): name for name, t in _TYPES.items()}


def write(path: Path, tensors: Mapping[str, np.ndarray]) -> None:
    header, data, at = {}, [], 0
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


def metadata(path: PathLike) -> Dict[str, str]:
    """What a file says of itself; nothing of one that is none, which the runtime's reader names."""
    try:
        with open(path, "rb") as f:
            (length,) = struct.unpack("<Q", f.read(8))
            return dict(json.loads(f.read(length)).get("__metadata__", {}))
    except (OSError, ValueError, struct.error, MemoryError, OverflowError, AttributeError):
        return {}


def read(path: Path) -> Dict[str, np.ndarray]:
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        begin, end = (8 + length + at for at in t["data_offsets"])
        tensors[name] = np.frombuffer(raw[begin:end], _TYPES[t["dtype"]]).reshape(t["shape"]).copy()
    return tensors
