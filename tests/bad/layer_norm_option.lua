-- expect: tests/bad/layer_norm_option.lua:8: layer_norm has no field epsilon; did you mean eps?
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = layer_norm(p.W(x), nil, nil, { epsilon = 1e-3 })
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
