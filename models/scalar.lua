-- models/scalar.lua: x' = w x, x0 = 0.9, w = 0.2: a gradient that can be checked on paper.
-- d x_t / d w = t w^(t-1) x0: 0.9, 0.36, 0.108 after one, two and three steps. The window is three
-- steps long, so from the fourth step on the state that enters it is a constant.
return model {
  params = { w = param({ 1 }, 0.2) },
  state  = { x = init({ 1 }, 0.9) },
  step   = function(p, _, s)
    local x = p.w * s.x
    return x, { x = x }
  end,
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = 1, k2 = 3, loss = "last" },
}
