# Long windows are built: 256 steps of a two-layer LSTM, 1024 of a small net. What a compiler needs for them
# grows with k2, and not faster: no function is longer for more steps, and there are so many more of them.
. tests/cli/common.sh
# With k2 = $1 in place of the spec's own: "longest total", the lines of the longest function and of all.
lines() { # K2 SPEC PATTERN
    sed "s/$3/k2 = $1/" "$2" >"$tmp/$(basename "$2")"
    grep -q "k2 = $1" "$tmp/$(basename "$2")" || fail "$2 has changed: no $3 in it"
    "$TAPELESS" compile "$tmp/$(basename "$2")" -o "$tmp/c$1" >"$tmp/log" 2>&1 || fail "compile: $(tail -n 5 "$tmp/log")"
    awk '/^{/ { from = NR } /^}/ { n = NR - from; if (n > most) most = n } END { print most, NR }' \
        "$tmp/c$1/$(basename "$2" .lua).c"
}
linear() { # SMALL LARGE SPEC PATTERN
    small=$(lines "$1" "$3" "$4")
    large=$(lines "$2" "$3" "$4")
    echo "$3: k2 = $1 and $2: longest function and all, in lines: $small, $large"
    echo "$small $large $1 $2" | awk '{ exit !($3 <= $1 + 50 && $4 <= $2 * $6 / $5) }' || fail "$3 grows faster than k2"
}
linear 256 768 models/charlstm.lua 'k2 = 50' # a quarter as many do not fill a function
linear 256 1024 models/elman.lua 'k2 = 32'
lines 256 models/charlstm.lua 'k2 = 50' >/dev/null
"$TAPELESS" build "$tmp/charlstm.lua" -o "$tmp/o" >"$tmp/log" 2>&1 || fail "build: $(tail -n 5 "$tmp/log")"
"$TAPELESS" diff "$tmp/elman.lua" -D hidden=4 -p f64 >"$tmp/log" 2>&1 || fail "diff: $(tail -n 5 "$tmp/log")"
finish
