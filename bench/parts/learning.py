"""bench/run --learning: Jacobians, filters, Levenberg-Marquardt, beside others and in the same rounds."""
import csv
import json
import math
import shutil
import statistics
import subprocess

from .process import Failed, Process, environment
from .report import columns, micros
from .workloads import BENCH

MODELS = BENCH.parent / "models"
STEPS = 500
MODES = ("forward", "reverse", "blocks")
JACOBIANS = (("elman", 10), ("lstm", 16))
JACOBIAN_PEERS = (("torch", "torch.func"), ("jax-rev", "JAX jacrev"), ("jax-fwd", "JAX jacfwd"))
HIDDEN = 12
FLAGS = ("-std=c99", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")  # as `tapeless build`
WHOLE = ("--set", "train.clip_norm=0", "--set", "train.schedule=constant", "-p", "f64")


class Bench:
    """What all of it needs; worker is bench_learning."""

    def __init__(self, bench, env, peers, quick, seconds):
        self.bench, self.env, self.peers = bench, env, peers
        self.worker = bench.tapeless.parent / "bench_learning"
        self.rounds, self.slice = (2, 0.05) if quick else (max(5, math.ceil(seconds / 0.2)), 0.2)
        self.starts = (1,) if quick else (1, 2, 3)
        self.notes, self.versions = [], {}

    def python(self, of):
        """jax-sysid stands apart: it wants a JAX and a SciPy that are older than those of the other peers."""
        found = self.env / of / "bin/python"
        if not found.exists():
            raise Failed(f"not installed: there is no {found}; bench/setup makes it")
        return found

    def process(self, command, name):
        return Process(command, self.bench, self.bench.cores, self.bench.log(name), 1800)

    def note(self, who, why):
        self.notes.append(f"{who}: {why}")


def take_turns(b, running, meter):
    """running: name to Process. The core's peak is measured in between."""
    for process in running.values():
        process.warm_up()
    for _ in range(b.rounds):
        meter.fma(0.03)
        for process in running.values():
            process.time(b.slice)


# ---- Jacobians ----

def jacobian_library(b, name, hidden, mode):
    run, directory = b.bench.run, b.bench.scratch / f"jacobian-{name}-{mode}"
    run([b.bench.tapeless, "compile", MODELS / f"{name}.lua", "-D", f"hidden={hidden}", "--k2", STEPS, "-p", "f64",
         "--jacobian", mode, "-o", directory])
    library = directory / "lib.so"
    includes = run(["pkg-config", "--cflags", "openblas"]).split()
    run(["cc", *FLAGS, "-fPIC", "-shared", f"-I{BENCH.parent / 'runtime'}", *includes, directory / f"{name}_jacobian.c",
         "-o", library])
    return library


def start_jacobians(b, name, hidden):
    running, file = {}, b.bench.scratch / f"jacobian-{name}.safetensors"
    for mode in MODES:
        command = [b.worker, "jacobian", jacobian_library(b, name, hidden, mode), name, STEPS, file]
        running[mode] = b.process(command, f"jacobian-{name}-{mode}")
    for peer, title in JACOBIAN_PEERS if b.peers else ():
        try:
            command = [b.python("venv"), "-B", BENCH / "peers/jacobian_peer.py", peer, name, file]
            running[peer] = b.process(command, f"jacobian-{name}-{peer}")
            b.versions["PyTorch" if peer == "torch" else "JAX"] = running[peer].info["version"]
        except Failed as e:
            b.note(title, e)
    return running


def one_jacobian(b, name, hidden, meter):
    running = start_jacobians(b, name, hidden)
    take_turns(b, running, meter)
    times = {who: {"best_us": p.best(), "median_us": p.median()} for who, p in running.items()}
    parameters = running["forward"].info["columns"]
    for process in running.values():
        process.end()
    return {"model": name, "hidden": hidden, "steps": STEPS, "parameters": parameters, "times": times}


def jacobian_table(entries):
    rows = [["Jacobian", "parameters", *(f"{mode} us" for mode in MODES), *(title for _, title in JACOBIAN_PEERS)]]
    for e in entries:
        best = {who: t["best_us"] for who, t in e["times"].items()}
        ours = min(best[mode] for mode in MODES)
        rows.append([f"{e['model']} {e['hidden']}, {e['steps']} steps", str(e["parameters"]), *(micros(best[mode]) for mode in MODES),
                     *(f"{best[peer] / ours:.1f}x" if peer in best else "-" for peer, _ in JACOBIAN_PEERS)])
    return columns(rows, 1)


# ---- streams ----

STREAMS = (("RTRL, SGD", ("--optimizer", "sgd", "--lr", "0.01")), ("EKF", ("--optimizer", "ekf")),
           ("EKF, decoupled", ("--optimizer", "ekf", "--set", "train.optimizer.decoupled=true")))


def stream_flops(title):
    """Of the update of P alone, n and its blocks as ekf.h has them; of RTRL the sensitivities' product."""
    h = HIDDEN
    n = h + h * h + h + h + 1
    product = 2 * h * h * (n - h - 1)
    if title == "EKF":
        return product + 8 * n * (n + 1) // 2
    if title == "EKF, decoupled":
        nodes, of_output = h + 2, h + 1
        return product + 8 * (h * nodes * (nodes + 1) // 2 + of_output * (of_output + 1) // 2)
    return product


def build_stream(b, title, arguments, real):
    directory = b.bench.scratch / f"stream-{title}-{real}".replace(", ", "-").replace(" ", "")
    b.bench.run([b.bench.tapeless, "build", MODELS / "elman.lua", "-D", f"hidden={HIDDEN}", "--k1", 1, "--k2", 1, "--batch", 1,
                 "--learn", "rtrl", "--set", "train.clip_norm=0", "-p", real, *arguments, "-o", directory])
    return directory / "libelman.so"


def time_streams(b, meter):
    running = {}
    for title, arguments in STREAMS:
        for real in ("f32", "f64"):
            library = build_stream(b, title, arguments, real)
            running[title, real] = b.process([b.worker, "stream", library, "elman"], f"stream-{title}-{real}")
    take_turns(b, running, meter)
    entries = []
    for (title, real), process in running.items():
        entries.append({"update": title, "real": real, "best_us": process.best(), "median_us": process.median(),
                        "flops": stream_flops(title)})
        process.end()
    return entries


def stream_table(entries, peak):
    rows = [["an update of elman 12", "", "best us", "median us", "GFLOP/s", "of f64 peak"]]
    for e in entries:
        rate = 1e-3 * e["flops"] / e["best_us"]
        rows.append([e["update"], e["real"], micros(e["best_us"]), micros(e["median_us"]), f"{rate:.1f}",
                     f"{rate / peak['f64']:.2f}"])
    return columns(rows, 2)


# ---- fits ----

FITS = (("pyrenn", "pyrenn train_LM", "lm"), ("jax-sysid", "jax-sysid Adam, L-BFGS", "lm"),
        ("scipy-lm", "SciPy lm, JAX jacfwd", "lm"), ("scipy-lbfgs", "SciPy L-BFGS-B, JAX grad", "lbfgs"))
UPDATES = {"lm": 400, "lbfgs": 3000}


def write_record(b):
    """The tanks, both columns between -1 and 1."""
    shell = shutil.which("luajit") or shutil.which("lua5.4")
    if not shell:
        raise Failed("neither luajit nor lua5.4 is installed")
    b.bench.run([shell, MODELS / "data/tanks.lua", b.bench.scratch])
    with open(b.bench.scratch / "tanks-train.csv", encoding="ascii") as f:
        rows = [(float(r["u"]), float(r["y"])) for r in csv.DictReader(f)]
    most = [max(abs(x) for x in column) for column in zip(*rows)]
    path = b.bench.scratch / "record.csv"
    with open(path, "w", encoding="ascii") as f:
        f.write("u,y\n" + "".join(f"{u / most[0]!r},{y / most[1]!r}\n" for u, y in rows))
    return path, len(rows)


def build_fit(b, peer, optimizer, steps):
    spec = BENCH / "models/pyrenn.lua" if peer == "pyrenn" else MODELS / "state_space.lua"
    directory = b.bench.scratch / f"fit-{peer}"
    how = ("--learn", "rtrl", "--k1", 16, "--k2", 16, "--set", "train.optimizer.keep_scale=true") if optimizer == "lm" else (
        "--k1", steps, "--k2", steps, "--set", "tbptt.unroll=false")
    b.bench.run([b.bench.tapeless, "build", spec, *WHOLE, "--optimizer", optimizer, *how, "-o", directory])
    return directory, spec.stem


def train(b, directory, name, record, seed, updates):
    """Seconds, and the cost after each update."""
    log = directory / "log.csv"
    command = [directory / name, "train", "--data", record, "--no-standardise", "--valid", "0", "--seed", seed, "--epochs",
               updates, "--quiet", "--json", "--overwrite", "-c", directory / "checkpoint.safetensors", "--log", log]
    said = run_alone(b, command)
    with open(log, encoding="ascii") as f:
        return json.loads(said)["seconds"], [float(row["loss"]) for row in csv.DictReader(f)]


def run_alone(b, command):
    """On the core that is measured, with one thread."""
    threads = environment(1, "wall") | {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
    done = subprocess.run(["taskset", "-c", str(b.bench.cores[0]), *map(str, command)], capture_output=True, text=True,
                          env=threads)
    if done.returncode:
        raise Failed("\n".join(done.stderr.strip().splitlines()[-3:]))
    return done.stdout


def time_to(b, directory, name, record, seed, optimizer, cost):
    """Seconds until the cost is no higher, and updates; None where it is not reached; and the lowest."""
    costs = train(b, directory, name, record, seed, UPDATES[optimizer])[1]
    enough = next((i + 1 for i, c in enumerate(costs) if c <= cost), None)
    best = enough and min(train(b, directory, name, record, seed, enough)[0] for _ in range(3))
    return best, enough, min(costs)


def one_fit(b, peer, optimizer, record, steps, seed):
    directory, name = build_fit(b, peer, optimizer, steps)
    start = directory / f"start-{seed}.safetensors"
    b.bench.run([b.worker, "start", directory / f"lib{name}.so", name, start, seed])
    python = b.python("jax-sysid" if peer == "jax-sysid" else "venv")
    theirs = [json.loads(run_alone(b, [python, "-B", BENCH / "peers/fit_peer.py", peer, start, record]).splitlines()[-1])
              for _ in range(1 if peer == "pyrenn" else 2)]
    best = min(theirs, key=lambda t: t["seconds"])
    b.versions[{"pyrenn": "pyrenn", "jax-sysid": "jax-sysid"}.get(peer, "SciPy")] = best["version"]
    seconds, updates, lowest = time_to(b, directory, name, record, seed, optimizer, best["cost"])
    return {"peer": peer, "optimizer": optimizer, "seed": seed, "theirs": best, "seconds": seconds, "updates": updates,
            "lowest": lowest}


def time_fits(b):
    entries = []
    record, steps = write_record(b)
    for peer, title, optimizer in FITS:
        try:
            entries += [one_fit(b, peer, optimizer, record, steps, seed) for seed in b.starts]
        except Failed as e:
            b.note(title, e)
    return entries


def fit_table(entries):
    rows = [["fit of 1024 steps", "start", "cost reached", "theirs s", "ours s", "updates", "ratio", "our lowest"]]
    titles = {peer: title for peer, title, _ in FITS}
    for e in entries:
        theirs, ours = e["theirs"]["seconds"], e["seconds"]
        rows.append([titles[e["peer"]], str(e["seed"]), f"{e['theirs']['cost']:.3e}", f"{theirs:.2f}",
                     f"{ours:.3f}" if ours else "not reached", str(e["updates"] or "-"),
                     f"{theirs / ours:.1f}x" if ours else "-", f"{e['lowest']:.3e}"])
    return columns(rows, 1)


def medians_line(entries):
    said = []
    for peer, title, _ in FITS:
        ratios = [e["theirs"]["seconds"] / e["seconds"] if e["seconds"] else 0 for e in entries if e["peer"] == peer]
        if ratios:
            said.append(f"{title} {statistics.median(ratios):.1f}x")
    return "median ratio, where not reached as 0: " + ", ".join(said)


# ----

def run(bench, a, meter, say):
    b = Bench(bench, a.env, bool(a.peers), a.quick, a.seconds)
    if not b.worker.exists():
        raise Failed(f"there is no {b.worker}: cmake --preset default && cmake --build build")
    result = {"jacobians": []}
    for name, hidden in JACOBIANS:
        say(f"Jacobian of {name} ...")
        result["jacobians"].append(one_jacobian(b, name, hidden, meter))
    say("streams ...")
    result["streams"] = time_streams(b, meter)
    say("fits ..." if b.peers else "no fits, which are compared with peers alone")
    result["fits"] = time_fits(b) if b.peers else []
    return result | {"notes": b.notes, "versions": b.versions}


def tables(result, peak):
    parts = [jacobian_table(result["jacobians"]), stream_table(result["streams"], peak)]
    if result["fits"]:
        parts.append(fit_table(result["fits"]) + [medians_line(result["fits"])])
    if result["notes"]:
        parts.append(result["notes"])
    return "\n\n".join("\n".join(part) for part in parts)
