# Where files may not grow (ulimit -f) each command says so and what was there stays; nothing ends by a signal.
. tests/cli/common.sh
"$TAPELESS" build models/charlstm.lua -D vocab=40 -D embed=8 -D hidden=32 -o "$tmp/bin" || fail "build"
"$TAPELESS" build tests/faults/uv.lua -o "$tmp/bin" || fail "build"
make_text "$tmp/text"
awk 'BEGIN { print "u,v"; for (i = 0; i < 60; i++) print sin(i) "," cos(i) }' >"$tmp/d.csv"
"$tmp/bin/charlstm" train --data "$tmp/text" --steps 1 -c "$tmp/c.st" --quiet >/dev/null || fail "train"
cp "$tmp/c.st" "$tmp/kept.st"

limited() { # BLOCKS-OF-512 STATUS WHAT COMMAND...
    blocks=$1 wanted=$2 what=$3
    shift 3
    status=0
    (ulimit -f "$blocks" && exec "$@") >"$tmp/out" 2>"$tmp/said" || status=$?
    [ $status = "$wanted" ] || fail "$what: exit $status: $(cat "$tmp/said")"
    grep -q "File too large" "$tmp/said" || fail "$what: $(cat "$tmp/said")"
}
trainer=$tmp/bin/charlstm
limited 16 1 resume "$trainer" train --data "$tmp/text" --steps 2 -c "$tmp/c.st" --resume
limited 16 1 anew "$trainer" train --data "$tmp/text" --steps 2 -c "$tmp/new.st"
limited 16 2 export "$trainer" export -c "$tmp/c.st" -o "$tmp/w.st"
limited 16 2 "compile" "$TAPELESS" compile models/lstm.lua -o "$tmp/c"
limited 64 2 "build" env TMPDIR="$tmp" "$TAPELESS" build models/lstm.lua -o "$tmp/b"
TAPELESS_CACHE=$tmp/cache limited 64 2 "the cache" env TMPDIR="$tmp" TAPELESS_CACHE="$tmp/cache" "$TAPELESS" info models/lstm.lua
cmp "$tmp/c.st" "$tmp/kept.st" || fail "the checkpoint is not what it was"
[ ! -e "$tmp/new.st" ] && [ ! -e "$tmp/w.st" ] || fail "half a file"
[ -z "$(find "$tmp" -name '*.tapeless-??????')" ] || fail "left behind: $(find "$tmp" -name '*.tapeless-??????')"
finish
