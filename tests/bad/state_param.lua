-- expect: tests/bad/state_param.lua:2: state.h: param(...) is not a state; init(shape, value) or learned(shape) says how it starts
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = param({ 8 }, 1) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
