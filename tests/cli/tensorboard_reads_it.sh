# --tensorboard DIR: the scalars are those of the log, of every update once, also where a training was killed behind its last checkpoint and
# goes on; every checksum holds, and TensorBoard's own reader, where PyPI has it for us, reads the same.
. tests/cli/common.sh
train() { # CHECKPOINT RUN OPTIONS...
    c=$1 run=$2
    shift 2
    "$TAPELESS" train models/sunspots.lua --data models/data/sunspots.csv --engine interpreter -q -c "$tmp/$c" --log "$tmp/$c.csv" --tensorboard "$tmp/$run" \
        "$@" >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
scalars() { # RUN [reader]: as events.py prints them
    "${python:-python3}" tests/tools/events.py "$tmp/$1" ${2:-} >"$tmp/scalars" 2>"$tmp/err" || fail "$1: $(cat "$tmp/err")"
}
agrees() { # LOG: with what scalars has written, to a float's digits
    awk -F, 'NR > 1 { print "loss/train", $1, $4; print "grad_norm", $1, $6; print "lr", $1, $5; if ($7 != "") print "loss/valid", $1, $7 }' "$1" |
        sort -k 1,1 -k 2,2n >"$tmp/want"
    sort -k 1,1 -k 2,2n "$tmp/scalars" >"$tmp/got"
    [ "$(wc -l <"$tmp/want")" = "$(wc -l <"$tmp/got")" ] || fail "$1: the events are $(wc -l <"$tmp/got"), not $(wc -l <"$tmp/want")"
    paste -d ' ' "$tmp/want" "$tmp/got" | awk '{ d = $3 - $6; m = $3 < 0 ? -$3 : $3; if ($1 != $4 || $2 != $5 || d > 1e-7 * m || -d > 1e-7 * m) { print; exit 1 } }' >"$tmp/out" ||
        fail "$1: the log and the events differ: $(cat "$tmp/out")"
}
train whole runs/whole --steps 60 --set train.schedule=cosine
scalars runs/whole
agrees "$tmp/whole.csv"
[ "$(grep -c '^loss/valid' "$tmp/scalars")" = 2 ] || fail "validations: $(grep loss/valid "$tmp/scalars")"

# Killed behind its last checkpoint: what it wrote since is taken out.
train parts runs/parts --steps 20 --set train.schedule=cosine --set train.schedule.total=60
cp "$tmp/parts" "$tmp/saved"
train parts runs/parts --resume --steps 45
cp "$tmp/saved" "$tmp/parts"
printf 'torn' >>"$tmp/runs/parts/events.out.tfevents.sunspots"
train parts runs/parts --resume --steps 60
cp "$tmp/scalars" "$tmp/before"
scalars runs/parts
cmp "$tmp/before" "$tmp/scalars" || fail "in parts the events are others"
train parts runs/parts --resume --steps 60 # it is over, and adds nothing
scalars runs/parts
cmp "$tmp/before" "$tmp/scalars" || fail "a training that is over adds events"

refused() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    if "$TAPELESS" train models/sunspots.lua --data models/data/sunspots.csv --engine interpreter -c "$tmp/no" "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
refused "events.out.tfevents.sunspots: it exists; --overwrite replaces it, --resume adds to it" --tensorboard "$tmp/runs/whole"
refused "$tmp/whole.csv: it is no directory" --tensorboard "$tmp/whole.csv/runs"
refused "leave --tensorboard out" --tensorboard "$tmp/x" --lr-find

# TensorBoard's reader and what it needs; where that cannot be had, the decoder above has said it all.
if python3 -m venv "$tmp/venv" >"$tmp/out" 2>&1 && "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --no-deps tensorboard numpy \
    protobuf absl-py packaging >"$tmp/out" 2>&1; then
    python=$tmp/venv/bin/python
    for run in whole parts; do
        scalars runs/$run reader
        cmp "$tmp/before" "$tmp/scalars" || fail "$run: TensorBoard reads something else"
    done
    echo "read by TensorBoard $("$python" -c 'import tensorboard; print(tensorboard.__version__)')"
else
    echo "not run: TensorBoard's reader, for pip has it not: $(tail -n 1 "$tmp/out")"
fi
finish
