-- expect: tests/bad/const_node.lua:8: const: the numbers have x of shape {4} at [1]; stack and concat join values of the model
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h) + const({ x, 1 })
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
