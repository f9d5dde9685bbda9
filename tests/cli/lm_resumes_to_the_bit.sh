# A training with Levenberg-Marquardt that was stopped between any two iterations goes on to the same bits: the parameters,
# its damping, and the log. What has ended stays so, until settings are others.
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
  tbptt  = { k1 = 15, k2 = 15, batch = 2, learn = "rtrl" },
  train  = { optimizer = lm { lambda = 1e-2, l2 = 1e-4 } },
}
LUA

for how in "-p f64 --set train.optimizer.geodesic=true" "-p f32" "-p f64" "-p f64 --shards 2 --threads 2" "-p f64 --engine interpreter"; do
    same_in_parts "$how" 1 3 4 9 20
done

an_end_is_kept
patience_gives_the_best
finish
