-- TBPTT on part of a model: a CNN looks at the last nine (h, c) of an LSTM; after every step one
-- update, from the newest target.
local o = options { inputs = 3, hidden = 6, channels = 3, outputs = 2, batch = 3, optimizer = "sgd",
  clip_norm = 0 }

local optimizers = { sgd = sgd { lr = 0.01, momentum = 0.9 }, adam = adam { lr = 1e-2 } }

return model {
  input  = real(o.inputs),
  target = real(o.outputs),
  params = {
    rnn = nn.lstm(o.inputs, o.hidden), conv = nn.conv2d(2, o.channels, 3),
    head = nn.linear(o.channels * 7 * (o.hidden - 2), o.outputs),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return h, { rnn = rnn }
  end,
  window = function(p, ys, ss)
    local h, c = {}, {}
    for t = 1, #ss do h[t], c[t] = ss[t].rnn.h, ss[t].rnn.c end
    return p.head(flatten(relu(p.conv(stack { stack(h), stack(c) }))))
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 9, batch = o.batch },
  train  = { optimizer = optimizers[o.optimizer], clip_norm = o.clip_norm },
}
