# Long windows are built in seconds: 256 steps of a two-layer LSTM, 1024 of a small net.
. tests/cli/common.sh
timed() { # LIMIT SPEC OPTIONS...
    limit=$1
    shift
    start=$(date +%s)
    "$TAPELESS" build "$@" -o "$tmp/o" >"$tmp/log" 2>&1 || fail "build $*: $(tail -n 5 "$tmp/log")"
    seconds=$(($(date +%s) - start))
    echo "build $*: $seconds s"
    [ $seconds -le "$limit" ] || fail "build $* took $seconds s, $limit are allowed"
}

# k2 is the spec's own: a copy of it with another.
sed 's/k1 = 50, k2 = 50/k1 = 256, k2 = 256/' models/charlstm.lua >"$tmp/charlstm.lua"
grep -q 'k2 = 256' "$tmp/charlstm.lua" || fail "models/charlstm.lua has changed: no k2 = 50 in it"
timed 60 "$tmp/charlstm.lua"
sed 's/k2 = 32/k2 = 1024/' models/elman.lua >"$tmp/elman.lua"
grep -q 'k2 = 1024' "$tmp/elman.lua" || fail "models/elman.lua has changed: no k2 = 32 in it"
timed 30 "$tmp/elman.lua"
"$TAPELESS" diff "$tmp/elman.lua" -D hidden=4 -p f64 >"$tmp/log" 2>&1 || fail "diff: $(tail -n 5 "$tmp/log")"
finish
