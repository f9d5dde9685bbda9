"""Writes gradient/kinks/: values and gradients of the operations of kinks.lua.

torch's softplus goes over to x itself above a threshold, which is 20 by default; 100 is where
nothing is lost in float64.

Run with PyTorch 1.13: python3 kinks.py."""
import numpy as np
import torch
import torch.nn.functional as F

from fixture import arrays, normal
from gradients import double, write_case

STEPS, BATCH, N = 2, 3, 6

# Parameter, and the operation on it and the input x.
CASES = {
    "max": ([0, -1, 2, 0, 1, -3], lambda a, x: torch.maximum(a + x, a[:1])),
    "max_with_number": ([0, 1, -1, 2, -2, 0.5], lambda a, x: torch.maximum(a + x, a.new_zeros(1))),
    "min": ([0, -1, 2, 0, 1, -3], lambda a, x: torch.minimum(a[:1], a - x)),
    "clamp": ([-1, 2, 0, 1, 3, -2.5], lambda a, x: (a + x).clamp(-1, 2)),
    "abs": ([0, 1, -1, 2, -2, 0.5], lambda a, x: (a + x).abs()),
    "relu": ([0, 1, -1, 2, -2, 0.5], lambda a, x: F.relu(a + x)),
    "softplus": ([0, 1, -1, 2, -2, 7], lambda a, x: F.softplus(a + x, threshold=100)),
    "softplus_far": ([15, 30, 85, 1000, -30, -1000], lambda a, x: F.softplus(a + x, threshold=100)),
    "sigmoid": ([0, 15, 85, 1000, -30, -1000], lambda a, x: torch.sigmoid(a + x)),
    "tanh": ([0, 7, 85, 1000, -7, -1000], lambda a, x: torch.tanh(a + x)),
    "exp": ([0, 1, -1, -80, -1000, 3], lambda a, x: torch.exp(a + x)),
    "log_softmax": ([1000, 999, 1000, 998, 997, 1000], lambda a, x: F.log_softmax(a + x, -1)),
    "log_softmax_far": ([1000, 999, 0, -1000, 1000, 990], lambda a, x: F.log_softmax(a + x, -1)),
    "softmax": ([1000, 999, 0, -1000, 1000, 997], lambda a, x: F.softmax(a + x, -1)),
    "layer_norm": ([3, 3, 3, 3, 3, 3],
                   lambda a, x: F.layer_norm(a + x.sum(-1, keepdim=True), (N,))),
    "sqrt": ([1, 2, 0.25, 4, -1, 16], lambda a, x: torch.sqrt(a * a + x ** 2)),
    "log": ([1, -2, 0.25, 4, 16, 0.5], lambda a, x: torch.log(a.abs() + x ** 2)),
    "power": ([1, 2, -1, 3, 0.5, -2],
              lambda a, x: (a + x) ** 3 + (a + x) ** 1 + a ** -2 + ((a + x) ** 2) ** 1.5),
    "where": ([0, 1, -1, 2, -2, 0.5], lambda a, x: torch.where(a + x > 0, a * a, 3 * a)
              + torch.where(x == 0, a, torch.zeros_like(a)) + (a >= x)),
    "div": ([1, 2, -1, 8, 0.5, -0.25], lambda a, x: (a + x) / (a * a)),
    "sin": ([0, 1, -1, 2, -2, 3], lambda a, x: torch.sin(a + x)),
    "cos": ([0, 1, -1, 2, -2, 3], lambda a, x: torch.cos(a + x)),
}


def main():
    torch.set_num_threads(1)
    rng = np.random.RandomState(31)
    x = rng.randint(-2, 3, (STEPS, BATCH, N)).astype(np.float32)
    x[0, 0] = 0 # the parameters' own values, each at its kink
    data = {"input": torch.tensor(x)}
    for name in CASES:
        data["target." + name] = normal(rng, STEPS, BATCH, N)
    params = {name: torch.tensor(a, dtype=torch.float32) for name, (a, _) in CASES.items()}
    exact = {name: p.double().requires_grad_() for name, p in params.items()}
    d, loss, more = double(data), 0, {}
    for name, (_, f) in CASES.items():
        y = f(exact[name], d["input"])
        loss = loss + (y * d["target." + name]).sum()
        more["probe." + name] = y
        more["probe_grad." + name] = d["target." + name]
    loss.backward()
    grads = {name: p.grad for name, p in exact.items()}
    write_case("kinks", "kinks", {}, "", params, arrays(data), loss, grads, {}, more)


main()
