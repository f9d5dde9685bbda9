-- expect: tests/bad/layer_norm_eps.lua:8: layer_norm: argument 4 is 0.001; it is a table of options: layer_norm(x [, gain] [, bias] [, { eps = 1e-5 }])
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = layer_norm(p.W(x), nil, nil, 1e-3)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
