-- The losses of a regression and of a classification into yes and no.
local o = options { loss = "mse" }

return model {
  input  = real(5),
  target = real(4),
  params = { rnn = nn.rnn(5, 6), head = nn.linear(6, 4) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = ({ mse = mse, huber = huber, bce = bce })[o.loss],
  tbptt  = { k1 = 8, k2 = 8, batch = 3 },
}
