-- expect: tests/bad/backward_learned.lua:12: nn.backward: the layer has a learned state, and what runs backward begins at numbers: init(shape, value)
local params = {
  f = nn.backward(module { state = { h = learned { 4 } }, step = function(p, x, s) return x, { h = x } end }), V = { 3, 4 },
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return x, {}
  end,
  window = function(p, ys) return p.V(p.f(ys)[1]) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
