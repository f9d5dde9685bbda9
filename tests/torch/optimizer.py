"""Writes optimizer.safetensors: what torch.optim does, for tests/unit/test_optimizer.c.

Run with PyTorch 1.13: python3 optimizer.py. Each case starts from the same 6 parameters and takes
the same 6 x UPDATES gradients; the result holds the parameters after every update.
In float32 and float64.
"""
import json
import struct

import numpy as np
import torch

UPDATES = 12
CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "sgd_decay": (torch.optim.SGD, dict(lr=0.1, weight_decay=0.03)),
    "sgd_momentum": (torch.optim.SGD, dict(lr=0.1, momentum=0.9)),
    "sgd_dampening": (torch.optim.SGD, dict(lr=0.1, momentum=0.8, dampening=0.4,
                                            weight_decay=0.01)),
    "sgd_nesterov": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
    "adam": (torch.optim.Adam, dict(lr=0.01)),
    "adam_decay": (torch.optim.Adam, dict(lr=0.02, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=0.02, weight_decay=0.2)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.01)),
    "rmsprop_centered": (torch.optim.RMSprop, dict(lr=0.01, alpha=0.9, eps=1e-6, centered=True)),
    "rmsprop_all": (torch.optim.RMSprop, dict(lr=0.01, alpha=0.95, momentum=0.7, centered=True,
                                              weight_decay=0.05)),
}


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, a in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        dtype = {"float32": "F32", "float64": "F64"}[a.dtype.name]
        header[name] = {"dtype": dtype, "shape": list(a.shape),
                        "data_offsets": [len(data), len(data) + a.nbytes]}
        data += a.tobytes()
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def run(make, options, start, grads, dtype):
    p = torch.nn.Parameter(torch.tensor(start, dtype=dtype))
    optimizer, after = make([p], **options), []
    for g in grads:
        p.grad = torch.tensor(g, dtype=dtype)
        optimizer.step()
        after.append(p.detach().numpy().copy())
    return np.stack(after)


def main():
    rng = np.random.RandomState(7)
    start = rng.randn(6).astype(np.float32).astype(np.float64)
    grads = rng.randn(UPDATES, 6).astype(np.float32).astype(np.float64)
    tensors = {"start": start, "grads": grads}
    for name, (make, options) in CASES.items():
        tensors[name + ".f32"] = run(make, options, start, grads, torch.float32)
        tensors[name + ".f64"] = run(make, options, start, grads, torch.float64)
    p = torch.nn.Parameter(torch.tensor(start))
    p.grad = torch.tensor(grads[0])
    tensors["norm"] = torch.nn.utils.clip_grad_norm_([p], 0.5).numpy().reshape(1)
    tensors["clipped"] = p.grad.numpy().copy()
    p.grad = torch.tensor(grads[0])
    torch.nn.utils.clip_grad_value_([p], 0.4)
    tensors["clamped"] = p.grad.numpy().copy()
    adam = torch.optim.Adam([p], lr=1.0)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=10, eta_min=0.1)
    rates = []
    for _ in range(10):
        rates.append(cosine.get_last_lr()[0])
        adam.step()
        cosine.step()
    tensors["cosine"] = np.array(rates)
    made_by = "optimizer.py with torch " + torch.__version__
    write("optimizer.safetensors", tensors, {"made_by": made_by})


main()
