# A training with L-BFGS that was stopped between any two iterations goes on to the same bits: the parameters, what the
# optimizer remembers, and the log. What has ended stays so, until settings are others.
. tests/cli/common.sh
. tests/cli/common_resume.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 120; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.251) }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 4, 1 }, U = { 4, 4 }, b = param({ 4 }, uniform(0.5), { constrain = { min = -0.4, max = 0.4 } }),
             V = { 1, 4 }, fixed = param({ 1 }, 0.25, { trainable = false }) },
  state  = { h = learned { 4 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return p.V(h) + p.fixed, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 15, k2 = 60, batch = 2 },
  train  = { optimizer = lbfgs { history = 5, l2 = 1e-4 } },
}
LUA

for how in "-p f32" "-p f64" "-p f64 --shards 2 --threads 2" "-p f64 --engine interpreter"; do
    same_in_parts "$how" 1 3 4 9 20
    grep -q 'optim.10.W' "$tmp/compared" || fail "$how: the five pairs are not in the checkpoint: $(cat "$tmp/compared")"
done

# With another history it begins to remember anew.
train parts -p f64 --engine interpreter --resume --steps 23 --set train.optimizer.history=9
grep -q '"updates": 23' "$tmp/out" || fail "it does not go on with another history"

an_end_is_kept
patience_gives_the_best
finish
