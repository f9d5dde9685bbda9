"""An FMU as FMPy sees it: valid, its simulation that of predict, its derivatives those of differences.

    agree.py FMU TABLE PREDICTIONS STEP_SIZE

The FMU's variables name the columns of TABLE that they are; PREDICTIONS is `predict` of TABLE, a row a step.
"""
import csv
import os
import shutil
import subprocess
import sys

import numpy as np
from fmpy import extract, read_model_description, simulate_fmu
from fmpy.fmi2 import FMU2Slave
from fmpy.validation import validate_fmu

fmu, table, predictions, h = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
worst = {}


def near(what, a, b, tolerance):
    a, b = np.asarray(a, float), np.asarray(b, float)
    off = np.linalg.norm(a - b) / max(1, np.linalg.norm(b))
    worst[what] = max(off, worst.get(what, 0))
    if a.shape != b.shape or not off <= tolerance:
        sys.exit(f"FAILED: {what}: {a.shape} and {b.shape} numbers, off by {off:.2e}, allowed {tolerance:.0e}")


def check(fine, what):
    if not fine:
        sys.exit(f"FAILED: {what}")


def refused(what, call):
    try:
        result = call()
    except Exception:
        return
    sys.exit(f"FAILED: {what} was taken: {result}")


check(validate_fmu(fmu) == [], validate_fmu(fmu))
md = read_model_description(fmu)
check(md.coSimulation.providesDirectionalDerivative and md.coSimulation.canGetAndSetFMUstate, "what it can do")
check(float(md.defaultExperiment.stepSize) == h, f"a step of {md.defaultExperiment.stepSize}")
for unknown in md.outputs + md.initialUnknowns:
    kinds = {v.causality for v in unknown.dependencies}
    check(kinds <= ({"input"} if unknown in md.outputs else {"input", "local"}), f"dependencies of {unknown.variable.name}: {kinds}")
check(any(x.dependencies for x in md.outputs + md.initialUnknowns), "outputs of nothing")
of = {c: [v for v in md.modelVariables if v.causality == c] for c in ("input", "output", "local")}
column = lambda v: v.description.removeprefix("column ")
inputs, outputs, states = ([v.valueReference for v in of[c]] for c in ("input", "output", "local"))
rows = list(csv.DictReader(open(table)))[:200]
u = np.array([[float(r[column(v)]) for v in of["input"]] for r in rows])
want = np.array([[float(r[column(v)]) for v in of["output"]] for r in csv.DictReader(open(predictions))][:len(rows)])
u, steps = u[:len(want)], len(want)
check(steps > 50 and np.std(want) > 1e-3, "predictions that could be anything")


def simulate(directory):
    """Steps from 0 by FMPy: row k of the result is what step k - 1 gave."""
    signal = np.array([(k * h, *u[min(k, steps - 1)]) for k in range(steps + 1)],
                      dtype=[("time", float)] + [(v.name, float) for v in of["input"]])
    result = simulate_fmu(directory, start_time=0, stop_time=steps * h, output_interval=h, input=signal,
                          output=[v.name for v in of["output"]], validate=False)
    return np.array([[row[v.name] for v in of["output"]] for row in result])


got = simulate(fmu)
near("predict", got[1:], want, 1e-8)  # it prints nine digits

# ---- by the interface's functions ----

directory = extract(fmu)


def slave(guid=md.guid):
    s = FMU2Slave(guid=guid, unzipDirectory=directory, modelIdentifier=md.coSimulation.modelIdentifier, instanceName="it")
    s.instantiate()
    return s


def begin(s, x=None):
    s.setupExperiment(startTime=0)
    s.enterInitializationMode()
    if x is not None and states:
        s.setReal(states, list(x))


def step(s, k, values, n=1):
    s.setReal(inputs, list(values))
    s.doStep(k * h, n * h)
    return np.array(s.getReal(outputs + states))


def run(s, n, x=None):
    begin(s, x)
    s.exitInitializationMode()
    return np.array([step(s, k, u[k]) for k in range(n)])


s = slave()
first = run(s, steps)
near("step by step", first[:, :len(outputs)], got[1:], 0)
s.reset()
near("after a reset", run(s, steps), first, 0)
s.reset()
run(s, 20)
kept = s.getFMUstate()
bytes_of = s.serializeFMUstate(kept)
on = [step(s, k, u[k]) for k in range(20, 40)]
s.setFMUstate(kept)
near("after a state was set", [step(s, k, u[k]) for k in range(20, 40)], on, 0)
other = slave()
begin(other)
other.exitInitializationMode()
other.setFMUstate(other.deSerializeFMUstate(bytes_of))
near("in another instance", [step(other, k, u[k]) for k in range(20, 40)], on, 0)
begin(other := slave())
other.exitInitializationMode()
twice = [step(other, k, u[0]) for k in range(2)][1]
s.reset()
begin(s)
s.exitInitializationMode()
near("two steps at once", step(s, 0, u[0], 2), twice, 0)

# Before the first step: outputs of where it stands.
s.reset()
begin(s)
s.setReal(inputs, list(u[0]))
near("before the first step", s.getReal(outputs), first[0, :len(outputs)], 0)


def derivatives(s, unknown, known):
    return np.array([s.getDirectionalDerivative(unknown, [k], [1.0]) for k in known]).T


def differences(f, x, e=1e-5):
    return np.array([(f(x + e * d) - f(x - e * d)) / (2 * e) for d in np.eye(len(x))]).T


def after(values, x, n=1):
    """Outputs and states of a step from state x."""
    s.reset()
    begin(s, x)
    s.exitInitializationMode()
    return step(s, 0, values, n)


unknown = outputs + states
x0 = np.array([float(v.start) for v in of["local"]])
at = first[30, len(outputs):] if states else x0
values = u[31]
s.reset()
begin(s, at)
s.setReal(inputs, list(values))
near("before, by inputs", derivatives(s, outputs, inputs), differences(lambda v: after(v, at)[:len(outputs)], values), 1e-7)
s.reset()
begin(s, at)
s.exitInitializationMode()
step(s, 0, values)
s.setReal(inputs, list(values + 1))  # of the step, not of what comes
by_inputs, by_states = derivatives(s, unknown, inputs), derivatives(s, unknown, states)
near("by inputs", by_inputs, differences(lambda v: after(v, at), values), 1e-7)
near("by states", by_states, differences(lambda x: after(values, x), at), 1e-7)
check(np.linalg.norm(by_inputs) > 1e-4 and np.linalg.norm(by_states) > 1e-4, "derivatives are nothing")
after(values, at)
d = np.random.default_rng(1).normal(size=len(inputs) + len(states))
near("in a direction", s.getDirectionalDerivative(unknown, inputs + states, list(d)),
     np.concatenate([by_inputs, by_states], axis=1) @ d, 1e-12)

# ---- what is refused ----

refused("another GUID", lambda: slave("{0}"))
refused("half a step", lambda: s.doStep(h, 0.5 * h))
refused("a step back", lambda: s.doStep(h, -h))
refused("an output that is set", lambda: s.setReal(outputs[:1], [1.0]))
refused("a variable that is not there", lambda: s.getReal([len(inputs + outputs + states)]))
refused("a state that is set in the simulation", lambda: s.setReal(states[:1], [1.0]))
refused("a derivative by an output", lambda: s.getDirectionalDerivative(outputs[:1], outputs[:1], [1.0]))
refused("a derivative of an input", lambda: s.getDirectionalDerivative(inputs[:1], inputs[:1], [1.0]))
s.terminate()
refused("a step after the end", lambda: s.doStep(h, h))
s.freeInstance()

# ---- the sources ----

name = md.coSimulation.modelIdentifier
library = os.path.join(directory, "binaries", "linux64", name + ".so")
sources = os.path.join(directory, "sources")
os.remove(library)
subprocess.run(["cc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fPIC", "-shared", "-I", sources,
                os.path.join(sources, name + ".c"), "-lm", "-o", library], check=True)
near("from its sources", simulate(directory)[1:], want, 1e-8)
shutil.rmtree(directory)
print(f"{name}: " + ", ".join(f"{k} {v:.0e}" for k, v in worst.items()))
