"""Trains for 50 updates in float32 and in float64, and writes trajectory/CASE/:

    case                  the spec and its options, and further options of `tapeless train`
    start.safetensors     the parameters in float32: both precisions begin with these numbers
    data.safetensors      likewise: input, target [T, B, ...], perhaps reset, mask and weight
    losses.csv            update, loss, norm of the gradient, in float64
    expected.safetensors  parameters, optim.* (moments) and state.* (entering the next window) after
                          the last update, in float64

It prints how far the run in float32 drifts from the one in float64: the tolerance for f32 in
tests/cli/common_torch.sh rests on that."""
import copy
import os

import numpy as np
import torch

from fixture import HERE, arrays, command, write, write_text
from gradients import double

UPDATES = 50
MOMENTS = {"momentum_buffer": "momentum", "exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v"}


def norm(params):
    return sum((p.grad.double() ** 2).sum() for p in params if p.grad is not None).sqrt().item()


def result(model, optimizer, state):
    """What a checkpoint holds: parameters, moments, and the state that enters the next window."""
    params = dict(model.named_parameters())
    found = arrays(params)
    found.update(arrays(state, "state."))
    for name, p in params.items():
        for moment, value in optimizer.state[p].items():
            if moment in MOMENTS:
                found["optim.%s.%s" % (MOMENTS[moment], name)] = value.detach().numpy()
    return found


def drift(curve, exact):
    return max(abs(a / b - 1) for a, b in zip(curve, exact))


def distance(a, b):
    """The largest relative distance of two tensors; those that are 0 must be so in both."""
    ratios = [0]
    for name in b:
        d = np.linalg.norm(a[name] - b[name])
        if d > 0:
            ratios.append(d / np.linalg.norm(b[name]))
    return max(ratios)


def record(name, spec, options, model, data, trainer, more=""):
    """trainer(model, data) has update(), which returns loss and gradient norm, and result(). `more`
    are options of `tapeless train`. Returns the float64 trainer, after its 50 updates."""
    start, curves, results = arrays(dict(model.named_parameters())), {}, {}
    for dtype in torch.float32, torch.float64:
        given = data if dtype == torch.float32 else double(data)
        t = trainer(copy.deepcopy(model).to(dtype), given)
        curves[dtype] = [t.update() for _ in range(UPDATES)]
        results[dtype] = t.result()
    folder, exact = os.path.join(HERE, "trajectory", name), curves[torch.float64]
    rows = ["%d,%.17g,%.17g\n" % (i, *row) for i, row in enumerate(exact, 1)]
    write_text(os.path.join(folder, "case"), command(spec, options).rstrip() + more + "\n")
    write_text(os.path.join(folder, "losses.csv"), "update,loss,grad_norm\n" + "".join(rows))
    write(os.path.join(folder, "start.safetensors"), start)
    write(os.path.join(folder, "data.safetensors"), arrays(data))
    write(os.path.join(folder, "expected.safetensors"), results[torch.float64])
    drifts = [drift(column, column64) for column, column64 in
              zip(zip(*curves[torch.float32]), zip(*exact))]
    print("%-18s loss %.3f to %.3f, |g| %.3f to %.3f; f32 drifts by %.1e in loss, %.1e in |g|, "
          "%.1e in a tensor" % (name, exact[0][0], exact[-1][0], min(r[1] for r in exact),
                                max(r[1] for r in exact), *drifts,
                                distance(results[torch.float32], results[torch.float64])))
    return t
