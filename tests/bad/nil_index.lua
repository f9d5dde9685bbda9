-- expect: tests/bad/nil_index.lua:9: attempt to index a nil value (local 'h')
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local y, h = p.W(x)
    return y, { h = h.h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
