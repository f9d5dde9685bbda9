-- Parameter groups: a frozen encoder, a recurrent layer that learns slowly and decays more, weight decay for
-- matrices alone, a head whose rows are bounded and a scale between bounds; in PyTorch the same by groups of
-- torch.optim and a projection after each step (groups.py).
local o = options { optimizer = "adamw", k1 = 4, k2 = 8 }

local optimizers = {
  adamw = adamw { lr = 2e-2, weight_decay = 0.2, decay = "matrices" },
  sgd   = sgd { lr = 0.1, momentum = 0.9, weight_decay = 0.02, decay = "matrices" },
}

return model {
  input  = real(4),
  target = real(3),
  params = {
    encode = param(nn.linear(4, 6), { trainable = false }),
    rnn    = param(nn.gru(6, 8), { lr = 0.25, weight_decay = 2 }),
    head   = param(nn.linear(8, 3), { lr = 2, constrain = { max_norm = 0.6 } }),
    scale  = param({ 3 }, ones, { lr = 0.5, constrain = { min = 0.6, max = 1.2 } }),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(tanh(p.encode(x)), s.rnn)
    return p.scale * p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = 3 },
  train  = { optimizer = optimizers[o.optimizer], clip_norm = 0.5 },
}
