"""What the peers written in Python share: the file of parameters and data, and the talk with bench/run.

A peer is started as `PEER SPEC FILE`: a workload as JSON, and the file that bench_worker wrote, so that all begin
with the same parameters and see the same data. It answers `ready {...}`, or `failed` and a sentence, and then
questions, as bench/worker.c does.
"""
import json
import os
import sys
import time

import numpy as np

TYPES = {"F32": np.float32, "F64": np.float64, "I32": np.int32}


def read_tensors(path):
    with open(path, "rb") as f:
        bytes_ = f.read()
    size = int.from_bytes(bytes_[:8], "little")
    header = json.loads(bytes_[8:8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        begin, end = (8 + size + at for at in t["data_offsets"])
        tensors[name] = np.frombuffer(bytes_[begin:end], TYPES[t["dtype"]]).reshape(t["shape"]).copy()
    return tensors


class Workload:
    """Sizes by name, parameters, and the stream of inputs and targets [T, B, ...] in windows."""

    def __init__(self, spec, path):
        self.__dict__.update(spec)
        tensors = read_tensors(path)
        self.input, self.target = tensors.pop("input"), tensors.pop("target")
        self.params = tensors
        self.tokens = self.vocab > 0
        self.full = (len(self.input) - self.k2) // self.k1

    def window(self, i):
        """The i-th window of full length, and the targets that count."""
        return self.steps(i * self.k1, i * self.k1 + self.k2)

    def steps(self, first, end):
        return self.input[first:end], self.target[max(first, end - self.k1):end]

    def stacked(self, names, layer):
        """Parameters of a layer that stand one below the other in one matrix of a library's."""
        return np.concatenate([self.params[f"rnn.{layer + 1}.{name}"] for name in names])

    def gates(self, layer):
        """Weights of a layer of 'lstm_hand' as those of nn.LSTM."""
        return tuple(self.stacked([kind + gate for gate in "ifgo"], layer) for kind in "WUb")


def stream_windows(w, n):
    """First and end of the windows of the first n updates of the stream, the short ones at its start too."""
    ends = range(w.k1 if w.model != "lstm_cnn" else w.k2, len(w.input) + 1, w.k1)
    return [(max(0, end - w.k2), end) for end in list(ends)[:n]]


# Of all threads of the process, without what others did meanwhile, or the clock on the wall.
clock = time.process_time if os.environ.get("TAPELESS_BENCH_CLOCK") == "cpu" else time.perf_counter


def serve(peer, **info):
    """peer.losses(n): of the first n updates. peer.run(first, n): n updates on full windows, done when it returns."""
    print("ready", json.dumps(info), flush=True)
    at, repeats = 0, 1
    for line in sys.stdin:
        question, value = line.split()
        if question == "losses":
            print("losses", *("%.17g" % loss for loss in peer.losses(int(value))), flush=True)
            continue
        times, begun = [], time.perf_counter()
        while not times or time.perf_counter() - begun < float(value):
            start = clock()
            peer.run(at, repeats)
            spent = clock() - start
            at += repeats
            if spent < 150e-6:
                repeats *= 2
            else:
                times.append(1e6 * spent / repeats)
        print("times", *("%.6g" % t for t in times), flush=True)


def begin():
    return Workload(json.loads(sys.argv[1]), sys.argv[2])


def fail(sentence):
    print("failed", " ".join(str(sentence).split())[:500], flush=True)
    sys.exit(1)
