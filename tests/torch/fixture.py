"""Safetensors files, and numbers that are the same in float32 and float64."""
import json
import os
import struct

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
DTYPES = {"float32": "F32", "float64": "F64", "int32": "I32"}


def write(path, tensors):
    """The format by hand: the header's length, the header in JSON, the data (little-endian)."""
    header, data = {"__metadata__": {"made_by": "torch " + torch.__version__}}, b""
    for name, a in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        header[name] = {"dtype": DTYPES[a.dtype.name], "shape": list(a.shape),
                        "data_offsets": [len(data), len(data) + a.nbytes]}
        data += np.ascontiguousarray(a).tobytes()
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def write_text(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def arrays(tensors, prefix="", dtype=None):
    """Name -> tensor to prefix + name -> array of its own type, or of `dtype`."""
    return {prefix + name: np.array(t.detach().numpy(), dtype=dtype) for name, t in tensors.items()}


def normal(rng, *shape):
    """Normal numbers that float32 holds exactly."""
    return torch.tensor(rng.standard_normal(shape).astype(np.float32))


def command(spec, options):
    """What stands on the command line: the spec beside this file, and its options."""
    words = ["%s.lua" % spec] + ["-D %s=%s" % item for item in options.items()]
    return " ".join(words) + "\n"
