"""Two pictures, by gnuplot: the roofline, and the peers' times as multiples of ours."""
import subprocess

from .contenders import TITLES
from .process import Failed

HEAD = """set encoding utf8
set terminal svg size {width},{height} font "sans,12" background "white" noenhanced
set output "{path}"
set border 3
set tics nomirror
"""


def gnuplot(script):
    try:
        done = subprocess.run(["gnuplot", "-d"], input=script, capture_output=True, text=True)
    except OSError as e:
        raise Failed(f"pictures need gnuplot, which cannot be run ({e.strerror}); Debian has it as "
                     "gnuplot-nox") from None
    if done.returncode:
        raise Failed("gnuplot: " + done.stderr.strip().splitlines()[-1])


def block(name, rows):
    return f"${name} << EOD\n" + "".join(" ".join(map(str, row)) + "\n" for row in rows) + "EOD\n"


def intensity(entry):
    """FLOP a byte: products over the bytes that a window must touch at least once: parameters, gradients, states and
    workspace."""
    t = entry["times"]["tapeless"]
    return entry["products"] / (2 * t["param_bytes"] + t["state_bytes"] + t["work_bytes"])


def roofline(entries, peak, path):
    entries = [e for e in entries if e["products"]]
    roofs = [(f"{rate:.0f} GB/s from {size}", f"x * {rate} < {peak['f32']} ? x * {rate} : 1/0")
             for size, rate in peak["read"].items()]
    script = HEAD.format(width=860, height=560, path=path)
    script += block("points", [(e["name"] + ("" if e["optimizer"] == "sgd" else "/" + e["optimizer"]), intensity(e),
                                e["gflops"]) for e in entries])
    script += f"""set logscale xy
set xrange [{min(map(intensity, entries)) / 40}:{max(map(intensity, entries)) * 4}]
set yrange [{min(e['gflops'] for e in entries) / 5}:{1.6 * peak['f32']}]
set xlabel "FLOP of products a byte of parameters, gradients, states and workspace"
set ylabel "GFLOP/s"
set key bottom right
set samples 1000
plot {peak['f32']} title "FMA peak {peak['f32']:.0f} GFLOP/s" lw 2 lc rgb "#444444", \\
"""
    shades = ("#1f77b4", "#5fa2ce", "#a9c9e2")
    script += "".join(f'  {f} title "{title}" lc rgb "{shade}", \\\n' for (title, f), shade in zip(roofs, shades))
    if any(e["real"] == "f64" for e in entries):
        script += f'  {peak["f64"]} title "FMA peak of f64 {peak["f64"]:.0f} GFLOP/s" lw 2 dt 2 lc rgb "#444444", \\\n'
    script += '  $points using 2:3 notitle with points pt 7 ps 0.8 lc rgb "#c03030", \\\n'
    script += '  $points using 2:3:1 notitle with labels offset 0,0.8 font "sans,10"\n'
    gnuplot(script)


def bars(entries, contenders, path):
    peers = [name for name in contenders if name != "tapeless"]
    if not peers:
        return
    rows = [[e["name"], *(e["ratios"].get(name) or "NaN" for name in peers)] for e in entries]
    colours = ("#ee9336", "#b8642b", "#5b9f5b", "#5078b4", "#9467bd", "#888888")
    script = HEAD.format(width=max(600, 70 * len(rows)), height=460, path=path) + block("ratios", rows)
    script += """set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set logscale y
set ylabel "time as a multiple of tapeless's"
set xtics rotate by -35
set grid ytics lc rgb "#dddddd"
set key outside top center horizontal
plot 1 notitle lc rgb "#444444", \\
"""
    script += ", \\\n".join(f'  $ratios using {i + 2}:xtic(1) title "{TITLES[name]}" lc rgb "{colours[i]}"'
                            for i, name in enumerate(peers)) + "\n"
    gnuplot(script)


def draw(entries, contenders, peak, directory):
    directory.mkdir(parents=True, exist_ok=True)
    roofline(entries, peak, directory / "roofline.svg")
    bars(entries, contenders, directory / "bars.svg")
