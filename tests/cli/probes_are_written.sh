# train --probe writes an update a row as .npy; what cannot be is said before anything is written.
. tests/cli/common.sh
cat >"$tmp/net.lua" <<'LUA'
return model {
  input = real(1), target = real(1),
  params = { W = { 6, 1 }, U = { 6, 6 }, V = { 1, 6 } },
  state = { h = { 6 } },
  step = function(p, x, s)
    local h = probe("hidden", tanh(p.W(x) + p.U(s.h)))
    return p.V(h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 2, k2 = 4, batch = 2 },
}
LUA
awk 'BEGIN { print "x"; for (t = 0; t < 42; t++) print sin(t / 3) }' >"$tmp/x.csv"
train() {
    "$TAPELESS" train "$tmp/net.lua" --data "$tmp/x.csv" --checkpoint "$tmp/net" --overwrite --quiet "$@" \
        >"$tmp/out" 2>"$tmp/err"
}
refuse() { # TEXT options...
    text=$1
    shift
    train "$@" && fail "train $* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "train $*: $(cat "$tmp/err")"
}

train --epochs 2 --probe hidden --probe-out "$tmp/h.npy" --probe-grad-out "$tmp/g.npy" || fail "$(cat "$tmp/err")"
updates=$(sed -n 's/^updates  *//p' "$tmp/out")
for file in h g; do
    head -c 256 "$tmp/$file.npy" | grep -aqF "'descr': '<f4', 'fortran_order': False, 'shape': ($updates, 4, 2, 6), }" ||
        fail "the header of $file.npy: $(head -c 256 "$tmp/$file.npy")"
    [ "$(wc -c <"$tmp/$file.npy")" = $((256 + updates * 4 * 2 * 6 * 4)) ] || fail "$file.npy has another size"
    # The first window has two steps: two of NaN before them, and none in the next.
    od -An -v -tf4 -j256 -N384 -w4 "$tmp/$file.npy" | awk '{ nan = $1 ~ /nan/; if (nan != (NR <= 24)) exit 1 }' ||
        fail "NaN in $file.npy"
done
# The values are what tanh gives, and the state that the last update left is the newest of them.
od -An -v -tf4 -j256 -w4 "$tmp/h.npy" | awk '$1 ~ /nan/ { next } $1 < -1 || $1 > 1 { exit 1 } { n += $1 != 0 } END { exit !n }' ||
    fail "values that tanh does not give"

refuse "--probe hiden: the spec has no probe of that name; it has hidden" --probe hiden --probe-out "$tmp/n.npy"
refuse "--probe hidden: say where to write it" --probe hidden
refuse "--probe-grad-out: say which probe" --probe-grad-out "$tmp/n.npy"
refuse "--anomaly has probes of its own" --probe hidden --probe-out "$tmp/n.npy" --anomaly
[ ! -e "$tmp/n.npy" ] || fail "a file was begun"
"$TAPELESS" train "$tmp/net.lua" --data "$tmp/x.csv" --checkpoint "$tmp/net" --resume --epochs 3 --probe hidden \
    --probe-out "$tmp/h.npy" >/dev/null 2>"$tmp/err" && fail "a file that exists is written over"
grep -q 'h.npy: it exists' "$tmp/err" || fail "$(cat "$tmp/err")"
finish
