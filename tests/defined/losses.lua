-- A loss with options over four steps whose outputs are w times the inputs, w = 1.
local o = options { case = "mse", reduce = "sum", tokens = false }

local cases = {
  mse           = function(y, t) return mse(y, t) end,
  mse_sum       = function(y, t) return mse(y, t, { reduce = "sum" }) end,
  mae           = function(y, t) return mae(y, t) end,
  mae_sum       = function(y, t) return mae(y, t, { reduce = "sum" }) end,
  huber         = function(y, t) return huber(y, t) end,
  huber_delta   = function(y, t) return huber(y, t, { delta = 0.4 }) end,
  huber_wide    = function(y, t) return huber(y, t, { delta = 2.5, reduce = "sum" }) end,
  bce           = function(y, t) return bce(y, t) end,
  bce_weight    = function(y, t) return bce(y, t, { weight = 0.7 }) end,
  bce_weights   = function(y, t) return bce(y, t, { weight = stack { 2, 0, 0.5 }, reduce = "sum" }) end,
  bce_positive  = function(y, t) return bce(y, t, { pos_weight = 3, weight = stack { 2, 0, 0.5 } }) end,
  quantile      = function(y, t) return quantile(y, t, { 0.3 }) end,
  quantile_sum  = function(y, t) return quantile(y, t, { 0.85 }, { reduce = "sum" }) end,
  quantile_all  = function(y, t) return quantile(y, slice(t, 1, 1), { 0.1, 0.5, 0.95 }) end,
  class         = function(y, t) return cross_entropy(y, t) end,
  class_weight  = function(y, t) return cross_entropy(y, t, { weight = { 0.5, 2, 3 } }) end,
  class_smooth  = function(y, t) return cross_entropy(y, t, { smoothing = 0.2 }) end,
  class_both    = function(y, t) return cross_entropy(y, t, { weight = { 0.5, 2, 3 }, smoothing = 0.2 }) end,
  class_ignore  = function(y, t) return cross_entropy(y, t, { ignore = 1 }) end,
  class_all     = function(y, t)
    return cross_entropy(y, t, { weight = { 0.5, 2, 3 }, smoothing = 0.2, ignore = 2 })
  end,
}

return model {
  input  = real(3),
  target = o.tokens and token(3) or real(3),
  params = { w = param({ 3 }, 1) },
  step   = function(p, x) return p.w * x end,
  loss   = cases[o.case],
  tbptt  = { k1 = 4, k2 = 4, loss = "all", reduce = o.reduce },
}
