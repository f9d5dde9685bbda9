-- expect: tests/bad/index_node.lua:8: s.h[1]: s.h is one value; slice(x, from, to) takes elements of it
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = s.h[1] + p.W(x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
