-- expect: tests/bad/const_count.lua:4: a model has at most 4096 tables of numbers, with 1048576 numbers in all; what is larger can be a parameter that is not trainable, read from a file
local t = {}
for i = 1, 2 ^ 20 + 1 do t[i] = i end
local A = const(t)
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
