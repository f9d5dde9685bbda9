"""Who is timed: tapeless, and the peers that were asked for and that are installed."""
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

from .process import Failed, Lacks, Process
from .workloads import ALONE, BENCH

LR = 1e-3
PEERS = ("torch", "torch-compile", "jax", "onednn", "casadi")
TITLES = {"tapeless": "tapeless", "torch": "PyTorch", "torch-compile": "torch.compile", "jax": "JAX",
          "onednn": "oneDNN", "casadi": "CasADi", "prototype": "prototype"}
LIBRARY_CELLS = {"lstm": "lstm", "lstm_hand": "lstm", "gru": "gru"}  # what oneDNN has


class Bench:
    """Where things are, and how they are run."""

    def __init__(self, tapeless, worker, python, scratch, cores, clock, prototype):
        self.tapeless, self.worker, self.python = tapeless, worker, python
        self.scratch, self.cores, self.clock, self.prototype = Path(scratch), cores, clock, prototype

    def run(self, command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode:
            raise Failed("\n".join((done.stderr.strip() or f"{command[0]} failed").splitlines()[-5:]))
        return done.stdout

    def log(self, name):
        return self.scratch / f"{name}.log"


# ---- tapeless ----

def timed(bench, command):
    start = time.perf_counter()
    bench.run(command)
    return time.perf_counter() - start


def build(bench, w, optimizer, quick):
    """Directory with the library, and what making it took."""
    directory, plain = (bench.scratch / f"{w.name}-{optimizer}{suffix}" for suffix in ("", "-c"))
    arguments = w.arguments(optimizer, LR)
    compile_ = min(timed(bench, [bench.tapeless, "compile", *arguments, "-o", plain]) for _ in range(1 if quick else 3))
    whole = timed(bench, [bench.tapeless, "build", *arguments, "-o", directory])
    source = (plain / f"{w.model}.c").read_bytes()
    text = bench.run(["size", directory / f"lib{w.model}.so"]).splitlines()[1].split()[0]
    return directory, {"compile_seconds": compile_, "cc_seconds": max(whole - compile_, 0), "c_bytes": len(source),
                       "c_lines": source.count(b"\n"), "object_text_bytes": int(text)}


def start_tapeless(bench, w, optimizer, directory):
    """The parameters and data that it begins with are in the second that is returned."""
    file = bench.scratch / f"{w.name}-{optimizer}.safetensors"
    command = [bench.worker, directory / f"lib{w.model}.so", w.model, file]
    return Process(command, bench, bench.cores, bench.log(f"{w.name}-{optimizer}")), file


# ---- peers ----

def start_python(bench, w, optimizer, file, script, *more):
    if not bench.python.exists():
        raise Failed(f"not installed: there is no {bench.python}; bench/setup makes it")
    spec = json.dumps(w.__dict__ | {"optimizer": optimizer, "lr": LR, "threads": len(bench.cores)})
    log = bench.log("-".join((w.name, optimizer, script, *more)))
    return Process([bench.python, BENCH / "peers" / script, spec, file, *more], bench, bench.cores, log)


def onednn_program(bench):
    program = bench.scratch / "onednn"
    if program.exists():
        return program
    if not shutil.which("g++"):
        raise Failed("g++ is not installed; bench/setup installs it")
    source = BENCH / "peers" / "onednn.cpp"
    done = subprocess.run(["g++", "-std=c++14", "-O2", source, "-o", program, "-ldnnl"], capture_output=True, text=True)
    if done.returncode:
        missing = "dnnl.hpp: No such file" in done.stderr
        raise Failed("not installed: there is no oneapi/dnnl/dnnl.hpp; bench/setup installs libdnnl-dev" if missing
                     else "peers/onednn.cpp does not compile: " + done.stderr.strip().splitlines()[0])
    return program


def onednn_arguments(w):
    if w.model not in LIBRARY_CELLS:
        raise Lacks(f"has no {w.model}")
    if w.real != "f32":
        raise Lacks("has no recurrent layers in f64")
    return [LIBRARY_CELLS[w.model], w.layers, w.input_size, w.hidden, w.batch, w.k2]


def start_peer(bench, name, w, optimizer, file):
    if w.model in ALONE:
        raise Lacks(f"was not written for {w.model}")
    if name == "onednn":
        return Process([onednn_program(bench), *onednn_arguments(w)], bench, bench.cores, bench.log(f"{w.name}-onednn"))
    if name == "casadi":
        if (w.model, optimizer, w.hidden <= 16) != ("lstm", "sgd", True):
            raise Lacks("is compared at online_tiny with SGD alone: gcc does not get through more")
        return start_python(bench, w, optimizer, file, "casadi_peer.py")
    if name == "jax":
        return start_python(bench, w, optimizer, file, "jax_peer.py")
    return start_python(bench, w, optimizer, file, "torch_peer.py", *(["compile"] if name == "torch-compile" else []))


# ---- the hand-written programs ----

class Prototype:
    """A program NAME.c with a Makefile: `NAME N` runs N windows and prints `best X ns|ms median Y ns|ms`. It starts
    anew in every round."""

    SAID = re.compile(r"best ([\d.]+) (ns|ms) median ([\d.]+) (ns|ms)")
    SCALE = {"ns": 1e-3, "ms": 1e3}

    def __init__(self, bench, w, optimizer):
        source = Path(bench.prototype)
        if not (source / f"{w.name}.c").exists():
            raise Lacks("has no such program")
        if optimizer != "sgd" or len(bench.cores) > 1:
            raise Lacks("has SGD alone, on one core")
        copy = bench.scratch / "prototype"
        if not copy.exists():
            copy.mkdir()
            for file in source.iterdir():
                if file.is_file():
                    shutil.copyfile(file, copy / file.name)
        bench.run(["make", "-s", "-C", copy, w.name])
        self.command = ["taskset", "-c", str(bench.cores[0]), copy / w.name]
        self.bench, self.rounds, self.info, self.windows = bench, [], {}, 0

    def one(self, windows):
        said = self.SAID.search(self.bench.run([*self.command, windows]))
        if not said:
            raise Failed("prints no times")
        return (float(said[1]) * self.SCALE[said[2]], float(said[3]) * self.SCALE[said[4]], windows)

    def warm_up(self):
        self.median_at_first = self.one(100)[1]

    def time(self, seconds):
        self.rounds.append(self.one(100 * max(1, round(1e4 * seconds / self.median_at_first))))

    best, median = Process.best, Process.median

    def peak_memory(self):
        return None

    def end(self):
        pass
