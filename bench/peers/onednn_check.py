"""Whether onednn.cpp computes PyTorch's layers: `onednn_check.py PROGRAM lstm|gru LAYERS IN HIDDEN BATCH STEPS`.

Weights and inputs are drawn as there, in the same order; norms of outputs and gradients are compared.
"""
import subprocess
import sys

import numpy as np
import torch

program, cell, *sizes = sys.argv[1:]
layers, inputs, hidden, batch, steps = map(int, sizes)
seed = 1


def draw(count, a):
    """The generator of onednn.cpp: count numbers between -a and a."""
    global seed
    x = np.empty(count, np.float32)
    for i in range(count):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        x[i] = np.float32(a) * (np.float32(seed >> 8) / np.float32(8388608) - np.float32(1))
    return torch.from_numpy(x).double()


def rows(drawn, of, gates, order):
    """[of, gates, hidden] to PyTorch's [gates * hidden, of]."""
    return drawn.reshape(of, gates, hidden)[:, order].permute(1, 2, 0).reshape(len(order) * hidden, of)


# oneDNN's GRU has z, r, n, and of the bias a fourth block for what is inside the product with r.
gates, order = (4, [0, 1, 2, 3]) if cell == "lstm" else (3, [1, 0, 2])
rnn = (torch.nn.LSTM if cell == "lstm" else torch.nn.GRU)(inputs, hidden, layers).double()
x = draw(steps * batch * inputs, 1).reshape(steps, batch, inputs).requires_grad_()
a = 1 / np.sqrt(np.float32(hidden))
for layer in range(layers):
    of = inputs if layer == 0 else hidden
    w, u = (rows(draw(n * gates * hidden, a), n, gates, order) for n in (of, hidden))
    b = draw((4 if cell == "gru" else gates) * hidden, a).reshape(-1, hidden)
    getattr(rnn, f"weight_ih_l{layer}").data, getattr(rnn, f"weight_hh_l{layer}").data = w, u
    getattr(rnn, f"bias_ih_l{layer}").data = b[order].reshape(-1)
    inside = torch.zeros(gates, hidden, dtype=torch.double)
    if cell == "gru":
        inside[2] = b[3]
    getattr(rnn, f"bias_hh_l{layer}").data = inside.reshape(-1)
h, _ = rnn(x)
h.backward(draw(h.numel(), 1e-3).reshape(h.shape))
db = rnn.bias_ih_l0.grad
if cell == "gru":
    db = torch.cat((db, rnn.bias_hh_l0.grad[2 * hidden:]))
expected = [float(t.detach().norm()) for t in (h, rnn.weight_ih_l0.grad, rnn.weight_hh_l0.grad, db, x.grad)]
out = subprocess.run([program, cell, *sizes], input="norms 1\n", capture_output=True, text=True, check=True).stdout
found = [float(word) for word in out.splitlines()[-1].split()[1:]]
worst = max(abs(f - e) / e for f, e in zip(found, expected, strict=True))
print(f"{worst:.2e}")
sys.exit(worst > 1e-4)
