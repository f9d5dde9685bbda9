# Sourced by the tests of this folder, which run from the root of the repository with
# TAPELESS, BUILD and TAPELESS_CACHE in the environment. Gives $tmp, a directory that is removed.
set -eu
exec 3>&2
tmp=$(mktemp -d)
trap 'ended $?' EXIT
failures=0

# A command that fails where its output goes to a file ends the script: then this is all that is heard of it.
ended() { # STATUS
    if [ "$1" != 0 ] && [ "$failures" = 0 ]; then
        echo "FAILED: ended by itself with status $1; the last output of its commands is:"
        for file in "$tmp/out" "$tmp/err"; do
            [ ! -f "$file" ] || tail -n 20 "$file"
        done
    fi >&3
    rm -rf "$tmp"
}

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

finish() {
    [ "$failures" = 0 ] || exit 1
    echo "all hold"
}

# A character model that trains in a fraction of a second, and a text for it.
small="models/charlstm.lua -D vocab=40 -D embed=8 -D hidden=16 -D layers=2"
make_text() { # FILE: about 60 kB of sentences, the same every time
    awk 'BEGIN {
        split("the a one this every some no", art); split("river stone lamp road child star letter bell", noun);
        split("sees holds finds keeps hears follows", verb); s = 7;
        for (i = 0; i < 1500; i++) {
            s = (s * 1103515245 + 12345) % 2147483648; a = int(s / 65536);
            print art[a % 7 + 1], noun[a % 8 + 1], verb[a % 6 + 1], art[(a + 3) % 7 + 1], noun[int(a / 8) % 8 + 1] "."
        }
    }' >"$1"
}

make_net() { # FILE INPUTS TBPTT: a recurrent net of six units, for tables with so many inputs and one target
    cat >"$1" <<LUA
return model {
  input = real($2), target = real(1),
  params = { W = { 6, $2 }, U = { 6, 6 }, b = { 6 }, V = { 1, 6 } },
  state = { h = { 6 } },
  step = function(p, x, s) local h = tanh(p.W(x) + p.U(s.h) + p.b); return p.V(h), { h = h } end,
  loss = mse,
  tbptt = { $3 },
  train = { optimizer = adam { lr = 1e-2 } },
}
LUA
}
