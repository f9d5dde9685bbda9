-- W and Win are held by stop_gradient alone (an echo state network): no decay may shrink them.
local o = options { opt = "adamw", k2 = 4 }
local opts = {
  adamw = adamw { lr = 1e-2 }, adam = adam { lr = 1e-2, weight_decay = 0.1 }, sgd = sgd { lr = 0.1, weight_decay = 0.1 },
  momentum = sgd { lr = 0.1, weight_decay = 0.1, momentum = 0.9 }, rmsprop = rmsprop { lr = 1e-2, weight_decay = 0.1 },
}
return model {
  input = real(1), target = real(1),
  params = { W = param({8,8}, orthogonal), Win = {8,1}, V = {1,8} },
  state = { h = {8} },
  step = function(p, x, s)
    local h = tanh(stop_gradient(p.W)(s.h) + stop_gradient(p.Win)(x))
    return p.V(h), { h = h }
  end,
  loss = mse, tbptt = { k1 = 4, k2 = o.k2, batch = 2 }, train = { optimizer = opts[o.opt] },
}
