-- An LSTM that learns after every step from its newest loss, nine steps back: in PyTorch the pairs
-- of (given state, made state) of pairs.py.
local o = options { overlap = "recompute", optimizer = "sgd" }

local optimizers = {
  sgd = sgd { lr = 0.04, momentum = 0.9 },
  -- Its first moment is the newest gradient itself: m = 0 m + (1 - 0) g. Runs with --lr 0.
  standing = adam { lr = 1, betas = { 0, 0 } },
}

return model {
  input  = real(3),
  target = real(2),
  params = { rnn = nn.lstm(3, 4), head = nn.linear(4, 2) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 9, batch = 3, loss = "last", overlap = o.overlap },
  train  = { optimizer = optimizers[o.optimizer] },
}
