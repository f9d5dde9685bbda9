# nn.stack is its elements called one after the other, with their parameters and states under l1, l2 ... or names of their own: the same
# model written with each call trains to the same bits from the same seed.
. tests/cli/common.sh
cat >"$tmp/stack.lua" <<'LUA'
local o = options { stack = true }
local step, params
if o.stack then
  params = { net = nn.stack { nn.lstm(2, 6), nn.dropout(0.3), tanh, { low = nn.stack { nn.gru(6, 4), relu } }, { head = nn.linear(4, 1) } } }
  step = function(p, x, s)
    local y, net = p.net(x, s.net)
    return y, { net = net }
  end
else
  params = { net = { l1 = nn.lstm(2, 6), low = { l1 = nn.gru(6, 4) }, head = nn.linear(4, 1) } }
  step = function(p, x, s)
    local h, l1 = p.net.l1(x, s.net.l1)
    local g, low = p.net.low.l1(tanh(dropout(h, 0.3)), s.net.low.l1)
    return p.net.head(relu(g)), { net = { l1 = l1, low = { l1 = low } } }
  end
end
return model { input = real(2), target = real(1), params = params, step = step, loss = mse, tbptt = { k1 = 4, k2 = 8, batch = 2 } }
LUA
awk 'BEGIN { print "a,b,y"; for (t = 0; t < 120; t++) printf "%.4f,%.4f,%.4f\n", sin(t / 3), cos(t / 5), sin(t / 3 - 1) * cos(t / 5) }' >"$tmp/data.csv"
for stack in true false; do
    "$TAPELESS" train "$tmp/stack.lua" -D stack=$stack --data "$tmp/data.csv" --epochs 3 --quiet -c "$tmp/$stack" >"$tmp/out" 2>&1 ||
        fail "train: $(cat "$tmp/out")"
done
"$BUILD/tests/compare" "$tmp/true" "$tmp/false" 0 net optim state >"$tmp/out" 2>&1 || fail "a stack trains otherwise: $(cat "$tmp/out")"
for name in net.l1.weight_ih_l0 net.low.l1.weight_hh_l0 net.head.bias state.net.l1.c state.net.low.l1.h; do
    "$BUILD/tests/tensors" print "$tmp/true" $name >"$tmp/out" 2>&1 || fail "there is no $name"
done
finish
