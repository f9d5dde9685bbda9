"""Writes schedules.safetensors: what torch.optim.lr_scheduler does, for tests/unit/test_schedule.c.

Run with PyTorch: python3 schedules.py. Rates are multiples of the optimizer's, one an update; plateau's are those after each
of the losses.
"""
import os

import numpy as np
import torch
from fixture import HERE, write
from torch.optim import lr_scheduler

CYCLES = {
    "cycle_20": (20, dict()),
    "cycle_7": (7, dict(pct_start=0.5, div_factor=4, final_div_factor=50)),
    "cycle_1000": (1000, dict(pct_start=0.45, div_factor=10)),
    "cycle_late": (12, dict(pct_start=0.9)),
}
PLATEAUS = {
    "plateau_patient": dict(factor=0.5, patience=2, threshold=0.0, min_lr=0.0),
    "plateau_strict": dict(factor=0.1, patience=0, threshold=0.05, min_lr=1e-3),
    "plateau_floor": dict(factor=0.3, patience=1, threshold=0.01, min_lr=0.2),
}


def optimizer(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=lr)


def cycle(total, options):
    o = optimizer(1.0)
    s = lr_scheduler.OneCycleLR(o, max_lr=1.0, total_steps=total, cycle_momentum=False, **options)
    rates = []
    for update in range(total):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        if update < total - 1:
            s.step()
    return np.array(rates)


def plateau(losses, options):
    o = optimizer(1.0)
    s = lr_scheduler.ReduceLROnPlateau(o, threshold_mode="abs", eps=0.0, **options)
    rates = []
    for loss in losses:
        s.step(float(loss))
        rates.append(o.param_groups[0]["lr"])
    return np.array(rates)


def main():
    losses = 1 / np.sqrt(np.arange(1, 41)) + 0.05 * np.random.RandomState(3).randn(40)
    tensors = {"losses": losses}
    for name, (total, options) in CYCLES.items():
        tensors[name] = cycle(total, options)
    for name, options in PLATEAUS.items():
        tensors[name] = plateau(losses, options)
    write(os.path.join(HERE, "schedules.safetensors"), tensors)


if __name__ == "__main__":
    main()
