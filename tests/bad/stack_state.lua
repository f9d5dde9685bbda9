-- expect: tests/bad/stack_state.lua:10: f has a state: y, new = p.f(x, s.f), and the step returns it; the state given is nil
local params = {
  f = nn.stack { nn.gru(4, 3), relu },
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return p.f(x), {}
  end,
  window = function(p, ys) return ys[4] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
