# D of Levenberg-Marquardt is in the checkpoint, and a training that was stopped goes on with it to the same bits; and D, which only
# grows, leads a model with saturated units out of where diag(H) would leave it.
. tests/cli/common.sh

luajit models/data/tanks.lua "$tmp" || fail "no data"
train() { # CHECKPOINT, options...
    c=$1
    shift
    "$TAPELESS" train models/state_space.lua --optimizer lm --learn rtrl --set train.clip_norm=0 --set train.schedule=constant \
        --valid 0 -q --json -c "$tmp/$c" "$@" >"$tmp/out" 2>"$tmp/err" ||
        fail "train $*: $(cat "$tmp/err")"
}

for how in "-p f64" "-p f32 -D hidden=6"; do
    how="$how --data $tmp/tanks-train.csv"
    train whole $how --overwrite --steps 20 --log "$tmp/log-whole"
    train parts $how --overwrite --steps 1 --log "$tmp/log-parts"
    for n in 2 9 20; do
        train parts $how --resume --steps $n --log "$tmp/log-parts"
    done
    "$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "$how: $(cat "$tmp/out")"
    grep -q 'optim.1.A' "$tmp/out" || fail "$how: D is not in the checkpoint: $(cat "$tmp/out")"
    cmp "$tmp/log-whole" "$tmp/log-parts" || fail "$how: the log is another"
    rm -f "$tmp/log-whole" "$tmp/log-parts"
done

# Both columns between -1 and 1. With D = diag(H) these end at 1.7e-3 and 2.3e-3.
awk -F, 'NR == FNR { for (i = 2; i <= 3; i++) { x = $i < 0 ? -$i : $i; if (FNR > 1 && x > most[i]) most[i] = x }; next }
    FNR == 1 { print "u,y" } FNR > 1 { printf "%.17g,%.17g\n", $2 / most[2], $3 / most[3] }' \
    "$tmp/tanks-train.csv" "$tmp/tanks-train.csv" >"$tmp/scaled.csv"
for seed in 2 3; do
    train "seed$seed" -p f64 --seed $seed --overwrite --epochs 60 --data "$tmp/scaled.csv" --no-standardise
    python3 -c 'import json, sys; sys.exit(not json.load(open(sys.argv[1]))["cost"] < 5e-4)' "$tmp/out" ||
        fail "seed $seed: $(grep '"cost"' "$tmp/out")"
done
finish
