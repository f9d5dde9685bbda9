"""Writes gradient/CASE/: what PyTorch's autograd says about one window, in float64.

    case                  the spec and its options, and further options of `tapeless grad`
    params.safetensors    in float32: both precisions begin with exactly these numbers
    data.safetensors      likewise: input, target, state.*, perhaps reset and mask
    expected.safetensors  loss, grad.*, state.* after the window

Run with PyTorch 1.13: python3 gradients.py. tests/cli/torch_*.sh read the results."""
import os

import numpy as np
import torch

from fixture import HERE, arrays, command, normal, write, write_text
from models import LOSSES, Char, Normalised, Recurrent, window

STEPS, BATCH = 8, 3


def gradient(model, loss, data, state, counted=0, reduce="mean"):
    value, states = window(model, loss, data, state, counted, reduce)
    value.backward()
    grads = {name: torch.zeros_like(p) if p.grad is None else p.grad
             for name, p in model.named_parameters()}
    return value, grads, states[-1]


def double(tensors):
    return {name: t.double() if t.is_floating_point() else t for name, t in tensors.items()}


def write_case(name, spec, options, more, params, given, value, grads, after,
               probes=None):
    folder = os.path.join(HERE, "gradient", name)
    write_text(os.path.join(folder, "case"), command(spec, options).rstrip() + more + "\n")
    write(os.path.join(folder, "params.safetensors"), arrays(params, dtype=np.float32))
    write(os.path.join(folder, "data.safetensors"), given)
    expected = {"loss": value.detach().numpy()}
    expected.update(arrays(grads, "grad."))
    expected.update(arrays(after, "state."))
    expected.update(arrays(probes or {}))
    write(os.path.join(folder, "expected.safetensors"), expected)


def case(name, seed, spec, make, data, loss="mse", options=None, more="", **how):
    """A case whose model is made by make() and whose entering state is random."""
    torch.manual_seed(seed)
    model, state = make(), {}
    params = {n: p.clone() for n, p in model.named_parameters()}
    rng = np.random.RandomState(seed + 1000)
    for part, s in model.start(BATCH).items():
        state[part] = 0.7 * normal(rng, *s.shape)
    given = arrays(data)
    given.update(arrays(state, "state."))
    results = gradient(model.double(), LOSSES[loss], double(data), double(state), **how)
    write_case(name, spec, options or {}, more, params, given, *results)


def series(seed, inputs, outputs, steps=STEPS):
    rng = np.random.RandomState(seed)
    x, y = normal(rng, steps, BATCH, inputs), normal(rng, steps, BATCH, outputs)
    return {"input": x, "target": y}


def tokens(seed, vocab=12):
    draw = np.random.RandomState(seed).randint(0, vocab, (STEPS + 1, BATCH)).astype(np.int32)
    return {"input": torch.tensor(draw[:-1]), "target": torch.tensor(draw[1:])}


def recurrent(name, seed, options, data=None, **how):
    layer = {k: v for k, v in options.items() if k in ("cell", "layers", "nonlinearity")}
    if "bias" in options:
        layer["bias"] = options["bias"] == "true"
    case(name, seed, "recurrent", lambda: Recurrent(**layer), data or series(seed, 5, 3),
         options=options, **how)


def layers():
    recurrent("lstm", 1, {"cell": "lstm"})
    recurrent("lstm_2_layers", 2, {"cell": "lstm", "layers": 2})
    recurrent("lstm_without_bias", 3, {"cell": "lstm", "bias": "false"})
    recurrent("gru", 4, {"cell": "gru"})
    recurrent("gru_2_layers", 5, {"cell": "gru", "layers": 2})
    recurrent("rnn_tanh", 6, {"cell": "rnn", "nonlinearity": "tanh"})
    recurrent("rnn_relu", 7, {"cell": "rnn", "nonlinearity": "relu"})
    recurrent("rnn_relu_3_layers", 8, {"cell": "rnn", "nonlinearity": "relu", "layers": 3})


def windows():
    """Which steps count, and how much; where sequences begin."""
    recurrent("short", 11, {"cell": "gru"}, series(11, 5, 3, steps=5))
    recurrent("one_step", 12, {"cell": "lstm"}, series(12, 5, 3, steps=1))
    recurrent("new_3", 13, {"cell": "lstm"}, more=" --new 3", counted=STEPS - 3)
    recurrent("last", 14, {"cell": "lstm", "loss": "last"}, counted=STEPS - 1)
    recurrent("all", 15, {"cell": "gru", "loss": "all"}, more=" --new 2")
    recurrent("sum", 16, {"cell": "rnn", "reduce": "sum"}, more=" --new 5", counted=STEPS - 5,
              reduce="sum")
    recurrent("mask", 17, {"cell": "lstm"}, with_mask(17, series(17, 5, 3)), more=" --new 6",
              counted=STEPS - 6)
    recurrent("reset", 18, {"cell": "lstm", "layers": 2}, with_reset(series(18, 5, 3)))


def with_mask(seed, data):
    weights = np.random.RandomState(seed).choice([0.25, 0.5, 1, 3], data["input"].shape[:2])
    return {**data, "mask": torch.tensor(weights.astype(np.float32))}


def with_reset(data):
    """Lane 0 begins anew twice, lane 1 at the window's first step, lane 2 never."""
    reset = torch.zeros(STEPS, BATCH)
    reset[3, 0] = reset[6, 0] = reset[0, 1] = 1
    return {**data, "reset": reset}


def others():
    case("char", 21, "char", Char, tokens(21), loss="cross_entropy")
    case("char_2_layers", 22, "char", lambda: Char(2), tokens(22), loss="cross_entropy",
         options={"layers": 2})
    case("layer_norm", 23, "layer_norm", Normalised, series(23, 4, 2))
    case("layer_norm_learned", 24, "layer_norm", Normalised, with_reset(series(24, 4, 2)))
    for seed, loss in enumerate(("mse", "huber", "bce"), 25):
        data = series(seed, 5, 4)
        data["target"] = torch.sigmoid(data["target"]) if loss == "bce" else 2 * data["target"]
        case(loss, seed, "losses", lambda: Recurrent("rnn", 5, 6, 4), data, loss=loss,
             options={"loss": loss})


if __name__ == "__main__":
    torch.set_num_threads(1)
    layers()
    windows()
    others()
