# What `build --casadi` makes is loaded by CasADi: values are those of predict, Jacobians those of `tapeless jacobian`
# and of finite differences, Hessians those of differences of gradients; and the controller of docs/casadi.md controls.
# Without CasADi it is skipped: bench/setup installs it.
. tests/cli/common.sh
python=
for p in python3 "${TAPELESS_BENCH:-$HOME/.cache/tapeless-bench}/venv/bin/python"; do
    [ -n "$python" ] || ! "$p" -c "import casadi, numpy" 2>/dev/null || python=$p
done
if [ -z "$python" ]; then
    echo "skipped: there is no CasADi; bench/setup installs it"
    exit 77
fi
"$python" -c "import casadi; print('CasADi', casadi.__version__)"
lua=luajit
command -v luajit >/dev/null || lua=lua5.4
"$lua" models/data/tanks.lua "$tmp"

agree() { # NAME COLUMNS EPOCHS OPTION...
    name=$1 columns=$2 epochs=$3
    shift 3
    at=$tmp/$name
    mkdir "$at"
    # shellcheck disable=SC2086 # several words
    "$TAPELESS" train models/$name.lua "$@" --precision f64 --data "$tmp/tanks-train.csv" --epochs "$epochs" --quiet \
        $columns --checkpoint "$at/w.safetensors" >"$tmp/out" 2>"$tmp/err"
    "$TAPELESS" predict models/$name.lua -c "$at/w.safetensors" --data "$tmp/tanks-test.csv" -o "$at/predicted.csv" \
        >"$tmp/out" 2>"$tmp/err"
    "$TAPELESS" build models/$name.lua --casadi --params "$at/w.safetensors" -o "$at/units"
    "$TAPELESS" build models/$name.lua --casadi --params "$at/w.safetensors" --model-units --free-params -o "$at/free"
    check "$name" --make
    "$TAPELESS" jacobian models/$name.lua "$@" --precision f64 --params "$at/w.safetensors" \
        --data "$at/stream.safetensors" -o "$at/jacobian.safetensors" >"$tmp/out" 2>"$tmp/err"
    check "$name" || fail "$name"
}
check() { # NAME [--make]
    "$python" tests/casadi/agree.py "$1" "$at/units" "$at/free" "$tmp/tanks-test.csv" "$at/predicted.csv" \
        "$at/w.safetensors" "$at/stream.safetensors" "$at/jacobian.safetensors" ${2:+"$2"}
}
sizes="-D input=1 -D hidden=6 --batch 1 --k1 16 --k2 48"
for name in elman lstm gru; do
    # shellcheck disable=SC2086 # several words
    agree $name "--input u --target y" 2 $sizes
done
agree state_space "" 2 -D hidden=6
agree tanks "" 100

"$TAPELESS" build models/tanks.lua --casadi --params "$tmp/tanks/w.safetensors" -o "$tmp/mpc"
"$python" examples/mpc_tanks.py "$tmp/mpc" --steps 140 >"$tmp/out" 2>"$tmp/err" || fail "the controller"
cat "$tmp/out"
awk '/off by/ { seen = 1; for (i = 1; i <= NF; i++) if ($i == "by") off = $(i + 1) }
    END { exit !(seen && off < 0.1) }' "$tmp/out" || fail "the controller stays off the set-point"
finish
