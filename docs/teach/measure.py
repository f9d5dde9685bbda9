"""measure.py OUT.js - writes the numbers of the teaching page, and the C beside them. Run from the root; TAPELESS names the
compiler, CC the C compiler.

Nothing is computed here that the tool computes: a window's C is written by `tapeless compile` and run with a print behind
every call (trace.c); the gradient of each is also asked of `tapeless grad`, whose interpreter shares no rule with the C, and
of `tapeless jacobian`. Beside each call stands a formula, below: it is evaluated on the numbers of the lines before, and must
give what the C wrote. A compiler that writes other calls for these two models makes this end with a sentence; then the
tables SCALAR, ELMAN and RTRL say anew what each call does."""
import itertools
import json
import math
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TAPELESS = os.path.abspath(os.environ.get("TAPELESS", "build/tapeless"))
CC = shlex.split(os.environ.get("CC", "cc"))
HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = {name: os.path.abspath(f"models/{name}.lua") for name in ("scalar", "elman")}

# A row a call, in the order in which they are made: the part of the window and its step, then for each block that the call
# writes the values there, one behind the other. `x_` is the adjoint of x, `lam` what the loss counts.
SCALAR = [
    ("forward", 1, [{"x1": "w * x0"}]),
    ("forward", 2, [{"x2": "w * x1"}]),
    ("forward", 3, [{"x3": "w * x2"}]),
    ("loss", 3, [{"L": "x3"}]),
    ("backward", 3, [{"x2_": "w * x3_"}]),
    ("backward", 2, [{"x1_": "w * x2_"}]),
    ("gradient", 3, [{"g3": "x2 * x3_"}]),
    ("gradient", 2, [{"g1": "x0 * x1_", "g2": "x1 * x2_"}]),
    ("gradient", 0, [{"w_": "g1 + g2 + g3"}]),
]
ELMAN = [
    ("together", 0, [{"q1": "W @ u1 + b", "q2": "W @ u2 + b", "q3": "W @ u3 + b"}]),
    ("forward", 1, [{"z1": "U @ h0 + q1"}]),
    ("forward", 1, [{"h1": "tanh(z1)"}]),
    ("forward", 2, [{"z2": "U @ h1 + q2"}]),
    ("forward", 2, [{"h2": "tanh(z2)"}]),
    ("forward", 3, [{"z3": "U @ h2 + q3"}]),
    ("forward", 3, [{"h3": "tanh(z3)"}]),
    ("loss", 3, [{"y3": "V @ h3 + c"}]),
    ("loss", 3, [{"e3": "y3 - d3"}, {"L": "e3 * e3"}]),
    ("loss back", 3, [{"y3_": "2 * e3 * lam"}]),
    ("loss back", 3, [{"c_": "y3_"}]),
    ("loss back", 3, [{"h3_": "V.T @ y3_"}]),
    ("loss back", 3, [{"V_": "outer(y3_, h3)"}]),
    ("backward", 3, [{"z3_": "(1 - h3 * h3) * h3_"}]),
    ("backward", 3, [{"h2_": "U.T @ z3_"}]),
    ("backward", 2, [{"z2_": "(1 - h2 * h2) * h2_"}]),
    ("backward", 2, [{"h1_": "U.T @ z2_"}]),
    ("backward", 1, [{"z1_": "(1 - h1 * h1) * h1_"}]),
    ("gradient", 0, [{"b_": "z1_ + z2_ + z3_"}]),
    ("gradient", 0, [{"U_": "outer(z1_, h0) + outer(z2_, h1) + outer(z3_, h2)"}]),
    ("gradient", 0, [{"W_": "outer(z1_, u1) + outer(z2_, u2) + outer(z3_, u3)"}]),
]
RTRL = [
    ("forward", 1, [{"x": "w * xp"}]),
    ("forward", 1, [{"S": "w * Sp + xp"}]),
    ("loss", 1, [{"L": "x"}]),
    ("gradient", 0, [{"g": "xp * lam"}, {"xp_": "w * lam"}]),
    ("gradient", 0, [{"w_": "g"}]),
    ("gradient", 0, [{"s": "Sp * xp_"}]),
    ("gradient", 0, [{"w_": "w_ + s"}]),
]

# What the two models are run on. The state that enters Elman's window is one that earlier steps may have left.
X0, W = 0.9, 0.2
CELL = {"W": [[0.8], [-0.5]], "U": [[0.6, -0.4], [0.5, 0.7]], "b": [0.1, 0.0], "V": [[1.0, -0.8]], "c": [0.05]}
STREAM = {"h0": [0.3, -0.2], "u": [0.5, -1.0, 0.8], "d3": [0.4]}


def fail(sentence):
    sys.exit(f"docs/teach/measure.py: {sentence}")


def run(command, given=None):
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    if done.returncode:
        fail(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


# ---- small matrices, for the formulas ----

class Matrix:
    """Rows of numbers; a vector is a column, a number is 1 by 1 and goes with any shape."""

    def __init__(self, rows):
        self.rows = [list(r) if isinstance(r, (list, tuple)) else [r] for r in rows]

    def flat(self):
        return [x for row in self.rows for x in row]

    @property
    def T(self):
        return Matrix(list(zip(*self.rows)))

    def with_(self, other, f):
        if not isinstance(other, Matrix):
            other = Matrix([[other]])
        if len(other.flat()) == 1:
            return Matrix([[f(x, other.rows[0][0]) for x in row] for row in self.rows])
        if len(self.flat()) == 1:
            return Matrix([[f(self.rows[0][0], x) for x in row] for row in other.rows])
        return Matrix([[f(a, b) for a, b in zip(p, q)] for p, q in zip(self.rows, other.rows)])

    def __add__(self, other):
        return self.with_(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self.with_(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self.with_(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self.with_(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in zip(*other.rows)] for row in self.rows])


def tanh(x):
    return Matrix([[math.tanh(a) for a in row] for row in x.rows])


def outer(a, b):
    return Matrix([[x * y for y in b.flat()] for x in a.flat()])


def near(a, b):
    return len(a) == len(b) and all(abs(x - y) <= 1e-12 * max(1, abs(y)) for x, y in zip(a, b))


# ---- files of tensors ----

def write_tensors(path, tensors):
    """tensors: by name (shape, numbers)."""
    header, data = {}, b""
    for name, (shape, numbers) in tensors.items():
        raw = struct.pack(f"<{len(numbers)}d", *numbers)
        header[name] = {"dtype": "F64", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def read_tensors(path):
    with open(path, "rb") as f:
        raw = f.read()
    size, = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + size])
    header.pop("__metadata__", None)
    return {name: list(struct.unpack(f"<{(t['data_offsets'][1] - t['data_offsets'][0]) // 8}d",
                                     raw[8 + size + t["data_offsets"][0]:8 + size + t["data_offsets"][1]]))
            for name, t in header.items()}


class Asked:
    """`tapeless grad` and `tapeless jacobian` on small files."""

    def __init__(self, folder):
        self.folder = folder

    def ask(self, command, spec, params, data, *options):
        folder = tempfile.mkdtemp(dir=self.folder)
        p, d, out = (os.path.join(folder, name) for name in ("params", "data", "out"))
        write_tensors(p, params)
        write_tensors(d, data)
        run([TAPELESS, command, spec, "--params", p, "--data", d, "--out", out, "--engine", "interpreter", "-p", "f64",
             *options])
        return read_tensors(out)

    def scalar(self, spec, x, steps, new, *options):
        """One window of x' = w x that x enters."""
        return self.ask("grad", spec, {"w": ([1], [W])}, {"mask": ([steps, 1], [1.0] * steps), "state.x": ([1, 1], [x])},
                        "--new", str(new), *options)


# ---- the C of a window, and what each call wrote ----

CALL = re.compile(r"^ +(\w+)\((.*)\);$")


class Window:
    """The C of a model and its calls."""

    def __init__(self, folder, spec, options):
        self.folder = folder
        run([TAPELESS, "compile", spec, "-p", "f64", "--machine", "plain", "-o", folder, *options])
        self.name = os.path.splitext(os.path.basename(spec))[0]
        with open(os.path.join(folder, f"{self.name}.c")) as f:
            self.lines = f.read().split("\n")
        self.kernels = {m.group(1): m for m in re.finditer(
            r"(?ms)^(?:/\*[^\n]*\*/\n)?^KERNEL void (\w+)\((.*?)\)\n\{.*?^\}", "\n".join(self.lines))}
        self.calls = {}
        self.find_calls()
        self.program = self.build()

    def find_calls(self):
        """By number of its line: kernel, arguments, line of the spec, and where the names of places stand."""
        places, at = {}, 0
        for number, line in enumerate(self.lines):
            if line.startswith("static void") and "tl_window" in line:
                places = {}
            alias = re.match(r" +(?:const )?real \*const (\w+) = \((?:const )?real \*\)win->(\w+)(?:\[0\])?(?: \+ (\d+))?;", line)
            if alias:
                places[alias.group(1)] = (alias.group(2), int(alias.group(3) or 0))
            where = re.match(r" +/\* \S+\.lua:(\d+) \*/", line)
            at = int(where.group(1)) if where else at
            call = CALL.match(line)
            if call and call.group(1) in self.kernels:
                self.calls[number] = (call.group(1), [a.strip() for a in call.group(2).split(",")], at, dict(places))

    def build(self):
        traced, inside = [], False
        for number, line in enumerate(self.lines):
            inside = "tl_window" in line and line.startswith("static") or inside and line != "}"
            traced.append(line + f" trace({number});" if inside and number in self.calls else line)
        source = os.path.join(self.folder, "traced.c")
        with open(source, "w") as f:
            f.write("\n".join(traced))
        program = os.path.join(self.folder, "traced")
        run([*CC, "-std=c11", "-ffp-contract=off", "-w", "-Iruntime", f"-I{self.folder}", f'-DTRACED="{source}"',
             f"-DWINDOW={self.name}_window", f"-DMODEL={self.name}_model", os.path.join(HERE, "trace.c"), "-o", program, "-lm"])
        return program

    def offset(self, name):
        """Where p_NAME or s_NAME begins in its block."""
        return next(places[name][1] for _, _, _, places in self.calls.values() if name in places)

    def block(self, parts):
        """Numbers at offsets, zeros between."""
        numbers = []
        for offset, values in parts:
            numbers += [0.0] * (offset + len(values) - len(numbers))
            numbers[offset:offset + len(values)] = values
        return numbers

    def run(self, first, params, states, data, target, weight):
        """The calls in the order in which they were made: the number of the line, and memory behind it."""
        blocks = [self.block(params), self.block(states), data, target, weight]
        given = "\n".join([str(first)] + [" ".join(map(repr, [len(b), *b])) for b in blocks])
        seen = []
        for line in run([self.program], given).split("\n"):
            word, *numbers = line.split()[:1] + line.split()[1:] if line else [""]
            if word == "line":
                seen.append((int(numbers[0]), {}))
            elif word:
                seen[-1][1][word] = [float(n) for n in numbers]
        return seen

    def written(self, number, first):
        """Where a call writes: a block and an offset for each."""
        kernel, arguments, _, places = self.calls[number]
        declared = [p.strip() for p in self.kernels[kernel].group(2).split(",")]
        for how, argument in zip(declared, arguments):
            if how.startswith("real *"):
                base, _, rest = argument.partition(" + ")
                block, offset = places[base]
                if re.fullmatch(r"[\d+* first-]*", rest) is None:
                    fail(f"{self.name}.c:{number + 1}: where is {argument}?")
                yield block, offset + (eval(rest, {"first": first}) if rest else 0)

    def walk(self, table, first, seen, env):
        """The rows of the table with the C and the numbers of the calls that were made; env gets what they wrote."""
        if len(seen) != len(table):
            fail(f"{self.name}.c makes {len(seen)} calls a window, the table here has {len(table)}")
        rows = []
        for (number, memory), (part, step, writes) in zip(seen, table):
            kernel, _, line, _ = self.calls[number]
            outs = []
            places = list(self.written(number, first))
            if len(places) != len(writes):
                fail(f"{self.name}.c:{number + 1} writes {len(places)} blocks, the table here says {len(writes)}")
            for (block, offset), values in zip(places, writes):
                for name, formula in values.items():
                    value = eval(formula, {"tanh": tanh, "outer": outer}, env)
                    flat = value.flat()
                    wrote = memory[block][offset:offset + len(flat)]
                    if not near(wrote, flat):
                        fail(f"{self.name}.c:{number + 1}: {self.lines[number].strip()} wrote {wrote}, "
                             f"but {name} = {formula} is {flat}")
                    offset += len(flat)
                    shape = [len(value.rows), len(value.rows[0])]
                    env[name] = Matrix([wrote[i:i + shape[1]] for i in range(0, len(wrote), shape[1])])
                    outs.append({"name": name, "formula": formula, "value": wrote, "shape": shape})
            rows.append({"c": self.lines[number].strip(), "kernel": kernel, "lua": line, "part": part, "step": step,
                         "outs": outs})
        return rows

    def code(self, rows):
        return {row["kernel"]: self.kernels[row["kernel"]].group(0).replace("KERNEL void", "static void") for row in rows}


def folder_in(parent, name):
    path = os.path.join(parent, name)
    os.mkdir(path)
    return path


def read(path):
    with open(path) as f:
        return f.read()


def given(env, *names):
    return [{"name": n, "value": env[n].flat(), "shape": [len(env[n].rows), len(env[n].rows[0])]} for n in names]


def same(what, a, b):
    if not near(a, b):
        fail(f"{what}: the C has {a}, tapeless {b}")


# ---- the scenes ----

def scalar_scene(asked, folder):
    window = Window(folder_in(folder, "scalar"), SPEC["scalar"], [])
    seen = window.run(0, [(0, [W])], [(0, [X0])], [], [], [0.0, 0.0, 1.0])
    env = {"w": Matrix([W]), "x0": Matrix([X0]), "x3_": Matrix([1.0])}
    before = given(env, "w", "x0", "x3_")
    rows = window.walk(SCALAR, 0, seen, env)
    grad = asked.scalar(SPEC["scalar"], X0, 3, 1, "--lags")
    same("the gradient of w", env["w_"].flat(), grad["grad.w"])
    same("adjoints", env["x1_"].flat() + env["x2_"].flat(), grad["state_grad.x"][1:3])
    jacobian = asked.ask("jacobian", SPEC["scalar"], {"w": ([1], [W])}, {"mask": ([3, 1], [1.0] * 3)})
    same("the Jacobian of the third step", env["w_"].flat(), jacobian["jacobian.w"][2:3])
    return {"spec": read(SPEC["scalar"]), "file": "models/scalar.lua", "given": before, "lines": rows,
            "kernels": window.code(rows), "state": "x", "steps": 3, "gradients": ["w_"]}


def elman_scene(asked, folder):
    options = ["-D", "hidden=2", "--k1", "1", "--k2", "3", "--batch", "1", "--set", "tbptt.loss=last"]
    window = Window(folder_in(folder, "elman"), SPEC["elman"], options)
    flat = {name: Matrix(rows).flat() for name, rows in CELL.items()}
    seen = window.run(0, [(window.offset(f"p_{name}"), numbers) for name, numbers in flat.items()], [(0, STREAM["h0"])],
                      STREAM["u"], [0.0, 0.0] + STREAM["d3"], [0.0, 0.0, 1.0])
    env = {name: Matrix(rows) for name, rows in CELL.items()}
    env.update(h0=Matrix(STREAM["h0"]), d3=Matrix(STREAM["d3"]), lam=Matrix([1.0]),
               **{f"u{t + 1}": Matrix([x]) for t, x in enumerate(STREAM["u"])})
    before = given(env, "W", "U", "b", "V", "c", "h0", "u1", "u2", "u3", "d3", "lam")
    rows = window.walk(ELMAN, 0, seen, env)
    shapes = {name: [len(m), len(m[0])] if isinstance(m[0], list) else [len(m)] for name, m in CELL.items()}
    grad = asked.ask("grad", SPEC["elman"], {name: (shapes[name], flat[name]) for name in CELL},
                     {"input": ([3, 1, 1], STREAM["u"]), "target": ([3, 1, 1], [0.0, 0.0] + STREAM["d3"]),
                      "state.h": ([1, 2], STREAM["h0"])}, "--new", "1", "--lags", *options)
    for name in CELL:
        same(f"the gradient of {name}", env[f"{name}_"].flat(), grad[f"grad.{name}"])
    same("adjoints of h", env["h1_"].flat() + env["h2_"].flat(), grad["state_grad.h"][2:6])
    return {"spec": read(SPEC["elman"]), "file": "models/elman.lua", "options": " ".join(options), "given": before,
            "lines": rows, "kernels": window.code(rows), "state": "h", "steps": 3,
            "gradients": ["W_", "U_", "b_", "V_", "c_"]}


def rtrl_scene(asked, folder, stream):
    """Five steps of RTRL beside five windows of TBPTT(1, 3)."""
    window = Window(folder_in(folder, "rtrl"), SPEC["scalar"], ["--learn", "rtrl"])
    at = window.offset("s_sensitivity_x_w")
    x, s, steps = [X0], [0.0], []
    whole = asked.ask("jacobian", SPEC["scalar"], {"w": ([1], [W])}, {"mask": ([5, 1], [1.0] * 5)}, "--k2", "5")["jacobian.w"]
    for t in range(1, 6):
        seen = window.run(0, [(0, [W])], [(0, x), (at, s)], [], [], [1.0])
        env = {"w": Matrix([W]), "xp": Matrix(x), "Sp": Matrix(s), "lam": Matrix([1.0])}
        rows = window.walk(RTRL, 0, seen, env)
        same(f"RTRL's gradient after step {t}", env["w_"].flat(), whole[t - 1:t])
        same(f"RTRL's S after step {t}", env["S"].flat(), whole[t - 1:t])
        x, s = env["x"].flat(), env["S"].flat()
        truncated = stream.window(1, 3, "last", t)
        steps.append({"lines": rows, "gradient": env["w_"].flat()[0], "tbptt": truncated})
    return {"steps": steps, "kernels": window.code(steps[0]["lines"])}


class Stream:
    """Windows of a stream of x' = w x in which the weights stand still, each as `tapeless grad` has it."""

    def __init__(self, asked, folder, length):
        self.asked, self.length, self.known = asked, length, {}
        text = read(SPEC["scalar"])
        marked = text.replace("p.w * s.x", 'probe("x", p.w * s.x)')
        if marked == text:
            fail("models/scalar.lua has no p.w * s.x, which a probe is put around")
        self.spec = os.path.join(folder_in(folder, "probed"), "scalar.lua")
        with open(self.spec, "w") as f:
            f.write(marked)
        self.x = [X0]
        for _ in range(length):
            self.x += asked.scalar(self.spec, self.x[-1], 1, 1)["state.x"]

    def window(self, k1, k2, loss, t):
        """What the update after step t sees."""
        first, new = max(1, t - k2 + 1), (t - 1) % k1 + 1
        steps = t - first + 1
        key = first, t, min(new, steps), loss
        if key not in self.known:
            out = self.asked.scalar(self.spec, self.x[first - 1], steps, key[2], "--k1", str(min(k1, k2)), "--k2", str(k2),
                                    "--set", f"tbptt.loss={loss}", "--set", "tbptt.reduce=sum")
            same("states", self.x[first:t + 1], out["probe.x"])
            self.known[key] = {"first": first, "last": t, "x": self.x[first - 1:t + 1],
                               "adjoints": out["probe_grad.x"], "loss": out["loss"][0], "gradient": out["grad.w"][0]}
        return dict(self.known[key], new=new)  # more steps may be new than the window has

    def updates(self, k1, k2, loss):
        after = sorted({*range(k1, self.length + 1, k1), self.length})
        return [self.window(k1, k2, loss, t) for t in after]


def windows_scene(stream):
    choices = list(itertools.product((1, 2, 3), (1, 2, 3, 4), ("new", "last", "all")))
    with ThreadPoolExecutor(8) as pool:  # each waits for its file to be on the disk
        updates = list(pool.map(lambda choice: stream.updates(*choice), choices))
    runs = {f"{k1}.{k2}.{loss}": u for (k1, k2, loss), u in zip(choices, updates)}
    return {"length": stream.length, "k1": [1, 2, 3], "k2": [1, 2, 3, 4], "loss": ["new", "last", "all"], "runs": runs}


def leak_scene(stream):
    """What the loop by hand adds up whose states keep .grad from window to window: the adjoints are the tool's, of the states
    as they enter steps 2 and 3 of each window; only the sum of two windows' is made here."""
    windows = [stream.window(1, 3, "last", t) for t in (1, 2, 3)]
    kept = {}
    for window in windows:  # adjoints[i] is of x_(first + i); the newest is the loss's own and enters no step yet
        adjoints, right = [1.0], [1.0]
        for i in reversed(range(window["first"], window["last"])):
            own = window["adjoints"][i - window["first"]]
            kept[i] = kept.get(i, 0.0) + adjoints[0] * own / right[0]
            adjoints.insert(0, kept[i])
            right.insert(0, own)
        window = dict(window, leaked=adjoints,
                      wrong=sum(a * x for a, x in zip(adjoints, window["x"])))
        windows[window["last"] - 1] = window
    return {"windows": windows}


def main(out):
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(folder)
        stream = Stream(asked, folder, 7)
        scenes = {"scalar": scalar_scene(asked, folder), "elman": elman_scene(asked, folder),
                  "rtrl": rtrl_scene(asked, folder, stream), "windows": windows_scene(stream), "leak": leak_scene(stream)}
    scenes["version"] = run([TAPELESS, "--version"]).split("\n")[0]
    with open(out, "w") as f:
        f.write("/* Written by docs/teach/measure.py, which asked tapeless. */\nvar TEACH = ")
        json.dump(scenes, f, separators=(",", ":"))
        f.write(";\n")


if len(sys.argv) != 2:
    sys.exit("usage: python3 docs/teach/measure.py OUT.js")
main(sys.argv[1])
