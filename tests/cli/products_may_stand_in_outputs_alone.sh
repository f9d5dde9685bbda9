# An output that the loss does not read may be the model's only product: the window has none, the C needs BLAS all the same.
. tests/cli/common.sh
cat >"$tmp/aside.lua" <<'EOF'
return model {
  input = real(3),
  target = real(1),
  params = { u = param({ 1 }, 0.5), W = param({ 4, 3 }, 0.1) },
  state = { h = { 1 } },
  step = function(p, x, s)
    local h = tanh(p.u * s.h + 1)
    return { y = h, aside = matmul(p.W, x) }, { h = h }
  end,
  loss = function(y, target) return mse(y.y, target) end,
  tbptt = { k1 = 2, k2 = 2 },
}
EOF
"$TAPELESS" build "$tmp/aside.lua" -o "$tmp" >"$tmp/log" 2>&1 || fail "build: $(cat "$tmp/log")"
printf 'a,b,c,t\n1,2,3,0\n4,5,6,0\n7,8,9,0\n' >"$tmp/rows.csv"
cd "$tmp"
./aside train --data rows.csv --epochs 1 >log 2>&1 || fail "train: $(cat log)"
./aside predict --data rows.csv >said 2>log || fail "predict: $(cat log)"
grep -q '^row,aside.1,aside.2,aside.3,aside.4,y$' said || fail "predict: $(cat said)"
finish
