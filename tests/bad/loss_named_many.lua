-- expect: tests/bad/loss_named_many.lua:11: the loss returned more than 256 losses; a model has at most 256
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = function(y, target) local t = {} for i = 1, 257 do t["l" .. i] = i * mse(y, target) end return t end,
  tbptt = { k1 = 1, k2 = 4 },
}
