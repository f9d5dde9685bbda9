"""The tables that people read, and the object that programs read."""
from .contenders import TITLES

FRAMEWORKS = ("torch", "torch-compile", "jax")


def columns(rows, left):
    """Lines of text; the first `left` columns stand left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(n) if i < left else cell.rjust(n) for i, (cell, n) in enumerate(zip(row, widths)))
            .rstrip() for row in rows]


def micros(x):
    return f"{x:.2f}" if x < 100 else f"{x:,.0f}"


def ratio(entry, peer):
    theirs, ours = entry["times"].get(peer), entry["times"]["tapeless"]
    return theirs["best_us"] / ours["best_us"] if theirs else None


def times(contender):
    return {"best_us": contender.best(), "median_us": contender.median(), "rounds": contender.rounds,
            "peak_memory_bytes": contender.peak_memory(), **contender.info}


def complete(entry, peak):
    """Rates, once the run knows its peak."""
    ours = entry["times"]["tapeless"]
    entry["gflops"] = 1e-3 * entry["products"] / ours["best_us"]
    entry["fraction_of_peak"] = entry["gflops"] / peak
    entry["fraction_of_peak_median"] = 1e-3 * entry["products"] / ours["median_us"] / peak
    entry["ratios"] = {name: ratio(entry, name) for name in entry["times"] if name != "tapeless"}
    known = [r for name, r in entry["ratios"].items() if name in FRAMEWORKS]
    entry["ratio_to_best_framework"] = min(known) if known else None


def main_table(entries, contenders):
    peers = [name for name in contenders if name != "tapeless"]
    rows = [["workload", "", "best us", "median us", "GFLOP/s", "of peak", *(TITLES[name] for name in peers)]]
    for e in entries:
        ours = e["times"]["tapeless"]
        ratios = (e["ratios"].get(name) for name in peers)
        rows.append([e["name"], e["optimizer"], micros(ours["best_us"]), micros(ours["median_us"]),
                     f"{e['gflops']:.1f}", f"{e['fraction_of_peak']:.2f}", *("-" if r is None else f"{r:.2f}x" for r in ratios)])
    return columns(rows, 2)


def build_table(entries):
    rows = [["workload", "", "compile s", "cc s", "lines of C", "text bytes", "peak MiB"]]
    for e in entries:
        b = e["build"]
        memory = e["times"]["tapeless"]["peak_memory_bytes"]
        rows.append([e["name"], e["optimizer"], f"{b['compile_seconds']:.2f}", f"{b['cc_seconds']:.2f}",
                     f"{b['c_lines']:,}", f"{b['object_text_bytes']:,}", f"{memory / 2**20:.1f}"])
    return columns(rows, 2)


def versions_line(result):
    said = [f"{TITLES[name]} {version}" for name, version in result["versions"].items()
            if name not in ("tapeless", "torch-compile")]
    return ", ".join([result["machine"]["tapeless"] or "tapeless", result["machine"]["cc"] or "no cc", *said])


def peak_line(machine, peak):
    return (f"{machine['processor']} (family {machine.get('cpu family', '?')}, model {machine.get('model', '?')}), "
            f"{len(machine['cores_used'])} of {machine['processors']} processors; {peak['instructions']}: "
            f"{peak['f32']:.1f} GFLOP/s f32, {peak['f64']:.1f} f64; read "
            + ", ".join(f"{rate:.0f} GB/s from {size}" for size, rate in peak["read"].items()))
