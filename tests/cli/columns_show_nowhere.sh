# Parameters that stand by columns in a generated program's memory have the names, shapes, first values and files of
# parameters that stand by rows, as the interpreter's do: trainings, their moments, checkpoints that the other goes on
# from, exported weights, gradients, what is said of a weight that overflows.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors compare=$BUILD/tests/compare
spec=tests/ops/columns.lua
awk 'BEGIN { print "a,b,c,d,e,f,g,y,z"
    for (t = 1; t <= 60; t++) {
        for (j = 1; j <= 9; j++) printf("%s%g", j > 1 ? "," : "", ((t * (j + 4) + j * j) % 13 - 6) / 6)
        print ""
    } }' >"$tmp/data.csv"

"$TAPELESS" compile $spec --machine avx2 -o "$tmp/c" >"$tmp/out"
[ "$(grep -c 'AT(column) [1-9]' "$tmp/c/columns.c")" = 15 ] || fail "15 parameters stand by columns"
grep -q 'AT(column) 288, AT(first_row) 216' "$tmp/c/columns.c" || fail "the rows of four gates alternate"
grep -q 'tl_product_streamed(288, 72, .*back)' "$tmp/c/columns.c" || fail "a product that turns"

train() { # ENGINE STEPS CHECKPOINT options...
    engine=$1 steps=$2 checkpoint=$3
    shift 3
    "$TAPELESS" train $spec --engine "$engine" --precision f64 --data "$tmp/data.csv" --input a,b,c,d,e,f,g --target y,z \
        --valid 0 --epochs 9 --steps "$steps" --quiet --checkpoint "$checkpoint" "$@" >"$tmp/out" 2>"$tmp/err" ||
        { cat "$tmp/err"; fail "$engine $*"; }
}

same() { # WHAT TOLERANCE EXPECTED GOT PREFIX...
    what=$1 tolerance=$2 expected=$3 got=$4
    shift 4
    "$compare" "$expected" "$got" "$tolerance" "$@" >"$tmp/said" || { grep FAILED "$tmp/said" | head -n 5; fail "$what"; }
}

train generated 0 "$tmp/g0"
train interpreter 0 "$tmp/i0"
same "first values" 0 "$tmp/i0" "$tmp/g0"
for how in "--set train.optimizer=sgd --set train.optimizer.momentum=0.9 --lr 0.1" "--optimizer adam --lr 0.01" "--optimizer rmsprop --lr 0.01"; do
    # shellcheck disable=SC2086 # options are words
    train generated 12 "$tmp/g" --overwrite $how
    # shellcheck disable=SC2086
    train interpreter 12 "$tmp/i" --overwrite $how
    same "12 updates, $how" 1e-9 "$tmp/i" "$tmp/g"
    cp "$tmp/g" "$tmp/crossed"
    cp "$tmp/i" "$tmp/i_crossed"
    train interpreter 20 "$tmp/crossed" --resume
    train generated 20 "$tmp/i_crossed" --resume
    same "8 more of the other engine, $how" 1e-8 "$tmp/crossed" "$tmp/i_crossed"
done

# The parameters of other days, too; what else is kept of steps is each engine's own.
train generated 12 "$tmp/g" --overwrite -D overlap=versions --lr 0.01
train interpreter 12 "$tmp/i" --overwrite -D overlap=versions --lr 0.01
same "12 updates with versions" 1e-9 "$tmp/i" "$tmp/g" gates lstm ruled out init optim state kept.history
cp "$tmp/g" "$tmp/g_on"
train generated 20 "$tmp/g_on" --resume
train generated 20 "$tmp/g" --overwrite -D overlap=versions --lr 0.01
same "8 more of them" 0 "$tmp/g" "$tmp/g_on"

# Exported weights, and gradients on them.
for engine in generated interpreter; do
    "$TAPELESS" export $spec --precision f64 --engine $engine --checkpoint "$tmp/g0" --output "$tmp/w.$engine" >"$tmp/out"
done
cmp -s "$tmp/w.generated" "$tmp/w.interpreter" || fail "exported weights"
values() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%g ", sin(i * i + 1) }'; }
# shellcheck disable=SC2046
"$tensors" write "$tmp/window" input 5x1x7 $(values 35) -- target 5x1x2 $(values 10)
for engine in generated interpreter; do
    "$TAPELESS" grad $spec --precision f64 --engine $engine --params "$tmp/w.generated" --data "$tmp/window" \
        --out "$tmp/grads.$engine" >"$tmp/out"
done
same "gradients" 1e-11 "$tmp/grads.interpreter" "$tmp/grads.generated"

# One element of a matrix overflows: W[5, 3], wherever it stands.
cat >"$tmp/over.lua" <<'EOF'
local rows = {}
for i = 1, 16 do
  rows[i] = { 0, 0, 0, 0, 0 }
end
rows[6][4] = 0.5
return model {
  input = real(5), target = real(16), params = { W = param({ 16, 5 }, rows) },
  step  = function(p, x) return tanh(p.W(x)) end,
  loss  = mse, tbptt = { k1 = 1, k2 = 2, batch = 1 }, train = { optimizer = sgd { lr = 1e9, weight_decay = 1 } },
}
EOF
awk 'BEGIN {
    for (j = 1; j <= 21; j++) printf("%sc%d", j > 1 ? "," : "", j)
    print ""
    for (t = 1; t <= 90; t++) {
        for (j = 1; j <= 21; j++) printf("%s%d", j > 1 ? "," : "", j == 4)
        print ""
    } }' >"$tmp/over.csv"
"$TAPELESS" compile "$tmp/over.lua" -o "$tmp/c" --machine avx2 >"$tmp/out"
grep -q 'AT(column) 16' "$tmp/c/over.c" || fail "W stands by columns"
for engine in generated interpreter; do
    for precision in f32 f64; do
        "$TAPELESS" train "$tmp/over.lua" --engine $engine --precision $precision --data "$tmp/over.csv" --input c1,c2,c3,c4,c5 \
            --target c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18,c19,c20,c21 --no-standardise --valid 0 --epochs 9 --quiet \
            --checkpoint "$tmp/o" --overwrite >"$tmp/out" 2>"$tmp/err" && fail "W overflows"
        grep -qF "the parameter W[5, 3] would become" "$tmp/err" || { cat "$tmp/err"; fail "$engine, $precision: which element"; }
    done
done
finish
