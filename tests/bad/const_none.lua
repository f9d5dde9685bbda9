-- expect: tests/bad/const_none.lua:2: const takes 1 argument, const(numbers); it was given 0; a vector is const { 1, 2 }
local A = const()
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
