# predict writes every output: in the units and under the name of the target that it predicts, which is the one of
# its name; others as the model gives them, under their own names.
. tests/cli/common.sh
data=tests/faults/load.csv

header() { # SPEC CHECKPOINT DATA EXPECTED
    "$TAPELESS" predict "$1" -c "$2" --data "$3" -o "$tmp/rows" 2>"$tmp/said" || fail "$1: $(cat "$tmp/said")"
    [ "$(head -1 "$tmp/rows")" = "$4" ] || fail "$1: the header is $(head -1 "$tmp/rows")"
}

# Mean and logarithm of a standard deviation (of the standardised load).
"$TAPELESS" train tests/faults/nll_predict.lua --data $data --input v=load --target v=load --epochs 5 -c "$tmp/nll" -q >/dev/null || fail "training"
header tests/faults/nll_predict.lua "$tmp/nll" $data row,load,ls
awk -F, 'FNR > 1 && ($2 < 2500 || $2 > 6500 || $3 > 1 || $3 < -8) { print; exit 1 }' "$tmp/rows" || fail "units"
"$TAPELESS" predict tests/faults/nll_predict.lua --data $data -c "$tmp/nll" --horizon 3 >"$tmp/rows" || fail "--horizon"
[ "$(tail -1 "$tmp/rows" | cut -d, -f1)" = 403 ] || fail "--horizon ends at $(tail -1 "$tmp/rows")"

# Tokens: the likeliest and its probability; a logit; several elements; a name that is taken.
cat >"$tmp/many.lua" <<'LUA'
return model {
  input = { t = token(5), x = real(2) }, target = { t = token(5), up = real(1), x = real(2) },
  params = { E = { 5, 4 }, U = { 4, 4 }, V = { 5, 4 }, W = { 1, 4 }, X = { 2, 4 } }, state = { h = { 4 } },
  step = function(p, x, s)
    local h = tanh(embedding(p.E, x.t) + p.U(s.h))
    return { t = p.V(h), up = p.W(h), x = p.X(h), h = h, row = sum(h) }, { h = h }
  end,
  loss = function(y, t) return cross_entropy(y.t, t.t) + bce(y.up, t.up) + mse(y.x, t.x) end,
  tbptt = { k1 = 4, k2 = 4 },
}
LUA
awk 'BEGIN { print "t,up,u,v"; for (i = 0; i < 100; i++) print (i * i % 5) "," (i % 2) "," (1000 + i) "," (-i) }' >"$tmp/many.csv"
"$TAPELESS" train "$tmp/many.lua" --data "$tmp/many.csv" --input x=u,v --target x=u,v --epochs 5 -c "$tmp/many" -q >/dev/null || fail "training of many"
header "$tmp/many.lua" "$tmp/many" "$tmp/many.csv" row,t,t.probability,up,u,v,h.1,h.2,h.3,h.4,output.row
awk -F, 'FNR > 1 && !($2 ~ /^[0-4]$/ && $3 >= 0.2 && $3 <= 1 && $4 > 0 && $4 < 1 && $5 > 900 && $5 < 1200 && $6 < 50 && $6 > -150 &&
    $7 > -1 && $7 < 1) { print; exit 1 }' "$tmp/rows" || fail "the numbers of many"

# Without targets; and where no output is what a target is.
cat >"$tmp/none.lua" <<'LUA'
return model {
  input = real(1), params = { W = { 3, 1 } }, step = function(p, x) return p.W(x) end,
  loss = function(y) return mean(square(y)) end, tbptt = { k1 = 4, k2 = 4 },
}
LUA
"$TAPELESS" train "$tmp/none.lua" --data $data -c "$tmp/none" -q >/dev/null || fail "training without targets"
header "$tmp/none.lua" "$tmp/none" $data row,output.1,output.2,output.3
"$TAPELESS" predict "$tmp/none.lua" -c "$tmp/none" --data $data --plot "$tmp/p.svg" >/dev/null 2>"$tmp/said" && fail "a picture of nothing"
grep -q -e '--plot: a picture shows targets, and none has none' "$tmp/said" || fail "$(cat "$tmp/said")"
cat >"$tmp/two.lua" <<'LUA'
return model {
  input = real(1), target = real(1), params = { W = { 2, 1 } }, step = function(p, x) return p.W(x) end,
  loss = function(y, t) local m, s = split(y, 2) return mean(s + 0.5 * square((t - m) / exp(s))) end, tbptt = { k1 = 4, k2 = 4 },
}
LUA
"$TAPELESS" train "$tmp/two.lua" --data $data -c "$tmp/two" -q >/dev/null || fail "training of two"
header "$tmp/two.lua" "$tmp/two" $data row,output.1,output.2
grep -q 'no output has the name and shape of the target load' "$tmp/said" || fail "nothing says why: $(cat "$tmp/said")"
"$TAPELESS" predict "$tmp/two.lua" -c "$tmp/two" --data $data --horizon 2 >/dev/null 2>"$tmp/said" && fail "what is not predicted is fed back"
grep -q "so it is not predicted" "$tmp/said" || fail "$(cat "$tmp/said")"
finish
