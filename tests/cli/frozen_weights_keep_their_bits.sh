# What is not trainable, and what no gradient reaches, is as it was bit for bit after any number of updates of
# any optimizer, in both engines; what is trained has moved. `train` and `show` name it.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
awk 'BEGIN { print "x,y"
    for (t = 1; t <= 60; t++) print ((t * 7) % 5 - 2) / 4 "," ((t * 3) % 7 - 2) / 2 }' >"$tmp/d.csv"

train() { # SPEC CHECKPOINT UPDATES options...
    spec=$1 checkpoint=$2 updates=$3
    shift 3
    "$TAPELESS" train "tests/faults/$spec.lua" --data "$tmp/d.csv" --input x --target y --valid 0 --epochs 99 \
        --steps "$updates" --checkpoint "$checkpoint" "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/err"; fail "$spec"; }
}

is_as_it_was() { # WHAT NAME...
    what=$1
    shift
    for name in "$@"; do
        "$tensors" print "$tmp/before" "$name" >"$tmp/a"
        "$tensors" print "$tmp/after" "$name" >"$tmp/b"
        { [ -s "$tmp/a" ] && cmp -s "$tmp/a" "$tmp/b"; } || fail "$what: $name has changed"
    done
}

has_moved() { # WHAT NAME...
    what=$1
    shift
    for name in "$@"; do
        "$tensors" print "$tmp/before" "$name" >"$tmp/a"
        "$tensors" print "$tmp/after" "$name" >"$tmp/b"
        cmp -s "$tmp/a" "$tmp/b" && fail "$what: $name is as it was"
    done
    return 0
}

says() { # LINE, once
    [ "$(grep -cxF "$1" "$tmp/err")" = 1 ] || { cat "$tmp/err"; fail "train does not say once: $1"; }
}

for opt in adamw adam sgd momentum rmsprop; do
    for engine in "generated --precision f32" "interpreter --precision f64"; do
        how="-D opt=$opt --engine $engine --seed 5 --overwrite"
        # shellcheck disable=SC2086 # options are words
        train frozen_decay "$tmp/before" 0 $how
        # shellcheck disable=SC2086
        train frozen_decay "$tmp/after" 60 $how
        is_as_it_was "$how" W Win
        has_moved "$how" V
    done
done
says "frozen_decay: no gradient reaches W, Win"
train frozen_decay "$tmp/after" 4 --quiet --overwrite
[ -s "$tmp/err" ] && fail "--quiet says $(cat "$tmp/err")"

# A run that is resumed.
train frozen_decay "$tmp/before" 0 --seed 5 --overwrite
train frozen_decay "$tmp/after" 7 --seed 5 --overwrite
train frozen_decay "$tmp/after" 40 --resume
is_as_it_was "resumed" W Win

train frozen_arg "$tmp/after" 20 --overwrite
[ "$("$tensors" print "$tmp/after" w)" = 1 ] || fail "w is $("$tensors" print "$tmp/after" w), not 1"
says "frozen_arg: frozen: w"

for engine in generated interpreter; do
    for k2 in 1 2; do
        train frozen_memory "$tmp/before" 0 --engine $engine -D k2=$k2 --overwrite
        train frozen_memory "$tmp/after" 30 --engine $engine -D k2=$k2 --overwrite
        is_as_it_was "k2=$k2 $engine" rest.a rest.enc.weight rest.enc.bias
        [ $k2 = 1 ] && is_as_it_was "k2=1 $engine" u
        [ $k2 = 1 ] || has_moved "k2=2 $engine" u
        has_moved "k2=$k2 $engine" V
        "$tensors" print "$tmp/after" gain | awk '$1 < 0 || $1 > 1 { exit 1 }' || fail "gain has left its bounds"
    done
done
says "frozen_memory: frozen: rest.a, rest.enc.bias, rest.enc.weight"
train frozen_memory "$tmp/after" 1 -D k2=1 --overwrite
says "frozen_memory: frozen: rest.a, rest.enc.bias, rest.enc.weight; no gradient reaches u"

# Weights that were trained elsewhere are loaded into what is frozen, and stay what they were.
"$tensors" write "$tmp/given" W 8x8 $(seq 0.01 0.01 0.64) -- Win 8x1 1 2 3 4 5 6 7 8 -- V 1x8 1 1 1 1 1 1 1 1
cp "$tmp/given" "$tmp/before"
train frozen_decay "$tmp/after" 20 --start "$tmp/given" --precision f64 --overwrite
is_as_it_was "--start" W Win
has_moved "--start" V
rm -f "$tmp/imported" "$tmp/exported"
"$TAPELESS" import tests/faults/frozen_decay.lua "$tmp/given" -c "$tmp/imported" --precision f64 || fail import
train frozen_decay "$tmp/after" 20 --start "$tmp/imported" --precision f64 --overwrite
"$TAPELESS" export tests/faults/frozen_decay.lua -c "$tmp/after" -o "$tmp/exported" --precision f64 || fail export
mv "$tmp/exported" "$tmp/after"
is_as_it_was "import, train --start, export" W Win

# The table and its JSON, of the compiler and of the trainer.
"$TAPELESS" show tests/faults/frozen_memory.lua -D k2=1 >"$tmp/out"
for line in ' V  *{1, 3} *$' ' gain  *{1}  *lr x 5, min 0, max 1$' \
    ' rest.a  *{3}  *frozen$' ' u  *{3, 1}  *no gradient$'; do
    grep -q -- "$line" "$tmp/out" || { cat "$tmp/out"; fail "show has no row $line"; }
done
rows() { # FILE: of the parameters
    tr -d ' \n' <"$1" | grep -o '"params":\[[^]]*\(\][^]]*\)*' | grep -o '{"name":"[^}]*}' | grep '"trained"'
}
rows_are() { # WHAT FILE
    rows "$2" >"$tmp/rows"
    for row in '"name":"u".*"trained":false,"fixed":"nogradient"' '"name":"rest.a".*"trained":false,"fixed":"frozen"' \
        '"name":"V".*"trained":true' '"name":"gain".*"trained":true,"lr":5.0,"weight_decay":1.0,"min":0.0,"max":1.0'; do
        grep -q "$row" "$tmp/rows" || { cat "$tmp/rows"; fail "$1 --json has no $row"; }
    done
}
"$TAPELESS" show tests/faults/frozen_memory.lua -D k2=1 --json >"$tmp/json"
rows_are show "$tmp/json"
"$TAPELESS" info tests/faults/frozen_memory.lua -D k2=1 --json >"$tmp/json"
rows_are info "$tmp/json"

# Neither is moved by finite differences, which the loss would follow; the interpreter has no gradient either.
"$TAPELESS" check tests/faults/frozen_memory.lua >"$tmp/out" || { cat "$tmp/out"; fail "check"; }
grep -q '^rest.a .*frozen$' "$tmp/out" || fail "check does not say what is frozen"
"$TAPELESS" check tests/faults/frozen_decay.lua >"$tmp/out" || { cat "$tmp/out"; fail "check"; }
grep -q '^W .*no gradient$' "$tmp/out" || fail "check does not say what no gradient reaches"
"$TAPELESS" check tests/faults/frozen_arg.lua >"$tmp/out" || { cat "$tmp/out"; fail "check of nothing that is trained"; }
for spec in frozen_memory frozen_decay frozen_arg; do
    "$TAPELESS" diff tests/faults/$spec.lua -p f64 >"$tmp/out" || { cat "$tmp/out"; fail "diff $spec"; }
done

# A gradient of what is not trained is 0.
"$tensors" write "$tmp/data" input 2x1x1 0.5 -1 -- target 2x1x1 1 2
train frozen_memory "$tmp/after" 3 --overwrite
for engine in generated interpreter; do
    rm -f "$tmp/grad"
    "$TAPELESS" grad tests/faults/frozen_memory.lua --params "$tmp/after" --data "$tmp/data" --out "$tmp/grad" \
        --engine $engine >/dev/null || fail "grad"
    [ "$("$tensors" print "$tmp/grad" grad.rest.enc.bias | sort -u)" = 0 ] ||
        fail "$engine: grad.rest.enc.bias is not 0"
    [ "$("$tensors" print "$tmp/grad" grad.u | sort -u)" = 0 ] && fail "$engine: grad.u is 0"
done
finish
