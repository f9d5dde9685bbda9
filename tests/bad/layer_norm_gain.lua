-- expect: tests/bad/layer_norm_gain.lua:8: layer_norm: W(x) is {8} but the gain is {4}; it must be {8}
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, g = { 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = layer_norm(p.W(x), p.g)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
