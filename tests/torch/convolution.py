"""Writes gradient/convolution/: values and gradients of the operations of convolution.lua.

Run with PyTorch 1.13: python3 convolution.py."""
import numpy as np
import torch
import torch.nn.functional as F

from fixture import arrays, normal
from gradients import double, write_case

STEPS, BATCH = 2, 3
SIGNAL, IMAGE = (2, 9), (2, 5, 6)

# Shapes of the parameters, and the operation on them and the inputs (named as the spec does).
CASES = {
    "signal": ({"x": SIGNAL, "weight": (3, 2, 3), "bias": (3,)},
               lambda p, d: F.conv1d(p["x"] + d["signal"], p["weight"], p["bias"], stride=2)),
    "signal_padded": ({"x": SIGNAL, "weight": (4, 2, 2)},
                      lambda p, d: F.conv1d(p["x"] + d["signal"], p["weight"], padding=2)),
    "image": ({"x": IMAGE, "weight": (3, 2, 2, 2), "bias": (3,)},
              lambda p, d: F.conv2d(p["x"] + d["image"], p["weight"], p["bias"])),
    "image_padded": ({"x": IMAGE, "weight": (2, 2, 3, 2), "bias": (2,)},
                     lambda p, d: F.conv2d(p["x"] + d["image"], p["weight"], p["bias"],
                                           stride=(2, 3), padding=(1, 2))),
    "module1d": ({"x": SIGNAL, "conv.weight": (2, 2, 3)},
                 lambda p, d: F.conv1d(p["x"] + d["signal"], p["conv.weight"], padding=1)),
    "module2d": ({"x": IMAGE, "conv.weight": (3, 2, 3, 2), "conv.bias": (3,)},
                 lambda p, d: F.conv2d(p["x"] + d["image"], p["conv.weight"], p["conv.bias"],
                                       stride=2)),
    "max": ({"x": IMAGE}, lambda p, d: F.max_pool2d(p["x"] + d["whole"], 2)),
    "max_padded": ({"x": IMAGE}, lambda p, d: F.max_pool2d(p["x"] + d["whole"], (3, 4),
                                                           stride=(1, 2), padding=(1, 2))),
    "max_signal": ({"x": SIGNAL},
                   lambda p, d: F.max_pool1d(p["x"] + d["whole"].reshape(BATCH, 2, 30)[:, :, :9], 3,
                                             stride=2, padding=1)),
    "mean": ({"x": IMAGE}, lambda p, d: F.avg_pool2d(p["x"] + d["image"], 2)),
    "mean_padded": ({"x": IMAGE}, lambda p, d: F.avg_pool2d(p["x"] + d["image"], (2, 3),
                                                            stride=(1, 2), padding=1)),
    "mean_signal": ({"x": SIGNAL}, lambda p, d: F.avg_pool1d(p["x"] + d["signal"], 3)),
}


def whole(rng, *shape):
    return torch.tensor(rng.randint(-1, 2, shape).astype(np.float32))


def values_of(params, case):
    return {name[len(case) + 1:]: p for name, p in params.items() if name.startswith(case + ".")}


def main():
    torch.set_num_threads(1)
    rng = np.random.RandomState(47)
    params = {case + "." + name: (whole if case.startswith("max") else normal)(rng, *shape)
              for case, (shapes, _) in CASES.items() for name, shape in shapes.items()}
    data = {"input.signal": normal(rng, STEPS, BATCH, *SIGNAL),
            "input.image": normal(rng, STEPS, BATCH, *IMAGE),
            "input.whole": whole(rng, STEPS, BATCH, *IMAGE)}
    exact = {name: p.double().requires_grad_() for name, p in params.items()}
    loss, more = 0, {}
    for case, (_, f) in CASES.items():
        steps = [f(values_of(exact, case), {name: double(data)["input." + name][t]
                                            for name in ("signal", "image", "whole")})
                 for t in range(STEPS)]
        y = torch.stack(steps)
        data["target." + case] = normal(rng, *y.shape)
        loss = loss + (y * data["target." + case].double()).sum()
        more["probe." + case] = y
        more["probe_grad." + case] = data["target." + case].double()
    loss.backward()
    grads = {name: p.grad for name, p in exact.items()}
    write_case("convolution", "convolution", {}, "", params, arrays(data), loss, grads, {}, more)


main()
