-- expect: tests/bad/tensor_count.lua:4: a model has at most 1024 parameters
local many = {}
for i = 1, 2000 do many[i] = { 1 } end
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, many = many },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
