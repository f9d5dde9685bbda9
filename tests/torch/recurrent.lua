-- A recurrent module with a linear head; in PyTorch nn.LSTM, nn.GRU or nn.RNN, then nn.Linear.
local o = options { cell = "lstm", layers = 1, bias = true, nonlinearity = "", k1 = 8, k2 = 8,
  loss = "new", reduce = "mean", carry = false, optimizer = "sgd" }

local how = { layers = o.layers, bias = o.bias }
if o.nonlinearity ~= "" then how.nonlinearity = o.nonlinearity end

local optimizers = {
  sgd      = sgd { lr = 0.05, momentum = 0.9 },
  nesterov = sgd { lr = 0.05, momentum = 0.9, nesterov = true, weight_decay = 1e-3 },
  adam     = adam { lr = 3e-3 },
  adamw    = adamw { lr = 1e-2, weight_decay = 0.1 },
  rmsprop  = rmsprop { lr = 3e-3, alpha = 0.95, momentum = 0.5 },
}

return model {
  input  = real(5),
  target = real(3),
  params = { rnn = nn[o.cell](5, 8, how), head = nn.linear(8, 3) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = 3, loss = o.loss, reduce = o.reduce, carry = o.carry },
  train  = { optimizer = optimizers[o.optimizer] },
}
