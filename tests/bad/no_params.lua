-- expect: tests/bad/no_params.lua:2: the model has no parameters, so there is nothing to train
return model {
  input = real(4),
  target = real(8),
  params = {  },
  state = { h = { 8 } },
  step = function(p, x, s)
    return s.h, { h = s.h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
