-- expect: tests/bad/node_count.lua:9: the graph has more than 262144 operations
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x)
    for i = 1, 1e6 do h = tanh(h) end
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
