-- Losses with names: of an output, of data and parameters, of parameters alone, a number, two that are the same value,
-- one that is a part of another; with `head` those of a head over the window.
local o = options { batch = 1, head = false, overlap = "recompute", counted = "new" }

return model {
  input  = real(3),
  target = { y = real(2), word = token(4) },
  params = { U = { 5, 5 }, W = { 5, 3 }, V = { 2, 5 }, Q = { 4, 5 }, scale = param({}, 0.7) },
  state  = { h = { 5 } },
  step   = function(p, x, s)
    local h = tanh(p.U(s.h) + p.W(x))
    return { y = p.scale * p.V(h), word = p.Q(h), scale = p.scale }, { h = h }
  end,
  window = o.head and function(p, ys)
    return { y = ys[1].y + ys[#ys].y, word = ys[#ys].word, scale = p.scale }
  end or nil,
  loss   = function(y, target)
    local fit = mse(y.y, target.y)
    return { word = cross_entropy(y.word, target.word), fit = fit, half = 0.5 * fit, again = mse(y.y, target.y),
      small = 0.1 * square(y.scale), alone = y.scale, fixed = 0 * sum(y.y) + 0.25 }
  end,
  tbptt  = { k1 = o.head and 1 or 2, k2 = 4, batch = o.batch, overlap = o.overlap,
             loss = o.head and "last" or o.counted },
}
