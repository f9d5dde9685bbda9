# What `export --fmu` makes, FMPy finds valid; its simulation gives what predict gives, in the data's units; directional
# derivatives are those of differences; its sources alone make the same library. Without FMPy, which is installed here for
# the time of the test, it is skipped.
. tests/cli/common.sh
python=python3
if ! python3 -c "import fmpy" 2>/dev/null; then
    if ! python3 -m venv "$tmp/venv" >"$tmp/out" 2>&1 || ! "$tmp/venv/bin/pip" install -q fmpy >"$tmp/out" 2>&1; then
        echo "skipped: FMPy cannot be installed: $(tail -n 1 "$tmp/out")"
        exit 77
    fi
    python=$tmp/venv/bin/python
fi
"$python" -c "import fmpy; print('FMPy', fmpy.__version__)"

agree() { # NAME OPTION...: of training
    name=$1 at=$tmp/$1
    shift
    "$TAPELESS" init "$at" --model "$name" >"$tmp/out" 2>&1
    "$TAPELESS" train "$at/$name.lua" --data "$at/data.csv" --precision f64 --epochs 10 -q -c "$at/w" "$@" >"$tmp/out" 2>"$tmp/err"
    "$TAPELESS" predict "$at/$name.lua" --data "$at/data.csv" -c "$at/w" -o "$at/predicted.csv" >"$tmp/out" 2>"$tmp/err"
    "$TAPELESS" export "$at/$name.lua" -c "$at/w" --fmu "$at/$name.fmu" --step-size 0.25
    "$python" tests/fmi/agree.py "$at/$name.fmu" "$at/data.csv" "$at/predicted.csv" 0.25 >"$tmp/out" 2>"$tmp/err" ||
        fail "$name: $(tail -n 3 "$tmp/out" "$tmp/err")"
    tail -n 1 "$tmp/out"
}
agree tanks
agree lstm -D hidden=6
agree state_space --no-standardise
agree sunspots
agree lru
finish
