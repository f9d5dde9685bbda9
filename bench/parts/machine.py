"""What the figures were measured on, and with."""
import datetime
import os
import platform
import re
import subprocess
from pathlib import Path


def processor():
    for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
        if line.startswith(("model name", "Model")):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def family():
    """AMD EPYC is the name of many; family and model tell Zen 3 from Zen 4."""
    found = {}
    for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
        if m := re.match(r"(cpu family|model|stepping)\s*:\s*(\d+)", line):
            found.setdefault(m[1], int(m[2]))
    return found


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def commit(directory):
    said = first_line("git", "-C", str(directory), "describe", "--always", "--dirty", "--abbrev=12")
    return said


def describe(bench, directory):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(directory),
        "tapeless": first_line(str(bench.tapeless), "--version"),
        "processor": processor(), **family(), "processors": os.cpu_count(), "cores_used": sorted(bench.cores),
        "kernel": platform.release(), "load_average": os.getloadavg()[0],
        "cc": first_line(os.environ.get("CC", "cc").split()[0], "--version"), "g++": first_line("g++", "--version"),
        "openblas": {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")},
        "python": platform.python_version(),
    }
