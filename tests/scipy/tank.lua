-- A tank that leaks: bounds hold at the minimum, and the losses of all steps are added, not averaged.
return model {
  input  = real(1),
  target = real(1),
  params = {
    gain = param({ 1 }, 0.5, { constrain = { min = 0 } }),
    leak = param({ 1 }, 0.1, { constrain = { min = 0, max = 0.2 } }),
    seep = param({ 1 }, 0.05, { constrain = { min = 0 } }),
    offset = param({ 1 }, 0),
  },
  state  = { h = init({ 1 }, 1) },
  step   = function(p, u, s)
    local h = s.h + p.gain * u - p.leak * s.h - p.seep * square(s.h)
    return h + p.offset, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 40, k2 = 40, reduce = "sum" },
  train  = { optimizer = lbfgs {} },
}
