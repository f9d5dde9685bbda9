-- What a head over the window may look at: outputs by name and states, of all steps or of some only
-- (then the other steps' are needed in later windows alone, where steps are kept), twice, through
-- views, in products; with dropout, probe and stop_gradient of its own.
local o = options { batch = 1, k2 = 4, overlap = "recompute" }

local function vector() return param({ 6 }, uniform(1)) end

return model {
  input  = real(6),
  target = { y = real(6), z = real { 2, 3 } },
  params = {
    U = { 6, 6 }, a = vector(), b = vector(), all = vector(), oldest = vector(), newest = vector(),
    some = vector(), fixed = vector(), twice = param({ 3, 2 }, uniform(1)), V = { 6, 6 },
    drop = vector(), start = vector(),
  },
  state  = { h = learned({ 6 }, normal(0.5)), deep = { m = { 3, 2 }, n = init({}, 0.5) }, unseen = { 6 } },
  step   = function(p, x, s)
    local h = tanh(p.U(s.h) + p.a * x)
    local m = tanh(s.deep.m + reshape(p.b * h, { 3, 2 }))
    local outputs = { y = tanh(p.b * s.h + x), shared = tanh(p.fixed), x = x, product = h * s.unseen,
      noisy = dropout(tanh(p.a + h), 0.3) }
    return outputs, { h = h, deep = { m = m, n = 0.5 * s.deep.n + sum(h) }, unseen = p.start * x }
  end,
  window = function(p, ys, ss)
    local last, h = #ss, {}
    for t, s in ipairs(ss) do h[t] = s.h end
    local all = tanh(sum(p.all * stack(h), 1))
    local oldest = p.oldest * ys[1].product * ys[1].noisy + ys[1].y * ss[2].deep.n
    local newest = p.newest * ss[last].h * ys[last].y + p.some * ys[last - 1].x
    local views = flatten(transpose(matmul(transpose(ss[2].deep.m), p.twice * ss[2].deep.m)))
    local square_of = concat { views, slice(ys[3].y, 1, 2) }
    local probed = probe("seen", p.V(h[last]) * p.drop)
    local y = all + oldest + newest + square_of + probed + p.fixed * ys[2].shared +
      stop_gradient(ys[1].x) * dropout(p.drop, 0.5)
    return { y = y, z = reshape(y * p.a, { 2, 3 }) }
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = o.k2, batch = o.batch, overlap = o.overlap },
}
