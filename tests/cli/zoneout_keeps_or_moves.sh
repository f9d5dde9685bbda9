# nn.lstm's zoneout: in training an element of the state is what it was, or what the step without zoneout makes of it; in
# evaluation it is the expectation, as in PyTorch (tests/torch/cells.py).
. tests/cli/common.sh

# One step of 40 lanes from a state that is given.
values() { awk -v n="$1" -v seed="$2" 'BEGIN { srand(seed); for (i = 0; i < n; i++) printf " %.17g", rand() - 0.5 }'; }
lanes=40
# shellcheck disable=SC2046 # words
"$BUILD/tests/tensors" write "$tmp/data" input 1x${lanes}x5 $(values 200 1) -- target 1x${lanes}x3 $(values 120 2) \
    -- state.rnn.h ${lanes}x8 $(values 320 3) -- state.rnn.c ${lanes}x8 $(values 320 4) || fail "no data"
params=tests/torch/gradient/lstm/params.safetensors # nn.lstm(5, 8) and the same head

step() { # ZONE ENGINE OUT
    "$TAPELESS" grad tests/torch/cells.lua -D cell=zoneout -D zone="$1" -D batch=$lanes -p f64 --engine "$2" --params $params \
        --data "$tmp/data" --out "$tmp/$3" >"$tmp/said" 2>&1 || fail "grad, zone $1: $(cat "$tmp/said")"
}
column() { "$BUILD/tests/tensors" print "$tmp/$1" "state.rnn.$2" >"$tmp/$1.$2" || fail "no state.rnn.$2 in $1"; }

step 0 generated moved
for engine in generated interpreter; do
    step 0.25 $engine zoned
    for part in h c; do # of 320, a quarter and a half
        case $part in h) least=50 most=110 ;; c) least=120 most=200 ;; esac
        for file in data moved zoned; do column $file $part; done
        paste "$tmp/data.$part" "$tmp/moved.$part" "$tmp/zoned.$part" | awk -v least=$least -v most=$most '
            function near(a, b) { return a - b < 1e-12 && b - a < 1e-12 }
            near($1, $3) { kept++; next }
            near($2, $3) { moved++; next }
            { other++ }
            END { if (other || kept < least || kept > most || kept + moved != 320) { print kept, moved, other + 0; exit 1 } }' \
            >"$tmp/counts" || fail "$engine: of 320 elements of $part are kept, moved, neither: $(cat "$tmp/counts")"
    done
    # Elements of h and of c stay apart from each other.
    paste "$tmp/data.h" "$tmp/zoned.h" "$tmp/data.c" "$tmp/zoned.c" | awk '
        { both += $1 == $2 && $3 == $4; n += $1 == $2 } END { exit !(both > 5 && both < n - 20) }' ||
        fail "$engine: h and c have one mask"
done

from=tests/torch/evaluation/zoneout
for engine in generated interpreter; do
    "$TAPELESS" eval tests/torch/cells.lua -D cell=zoneout -D zone=0.25 -D layers=2 -p f64 --engine $engine --json \
        --data $from/data.safetensors --checkpoint $from/params.safetensors >"$tmp/eval" || fail "eval"
    awk -v want="$(cat $from/loss)" -F'[ ,]+' '
        $2 == "\"loss\":" { d = $3 / want - 1; seen = 1; exit !(d < 1e-12 && d > -1e-12) } END { if (!seen) exit 1 }' \
        "$tmp/eval" || fail "$engine: eval says $(cat "$tmp/eval"), not $(cat $from/loss)"
done
finish
