-- A reservoir and what reads it: two outputs, from h, the input and one, and one of them from a table as well, all of which
-- are trained. weigh leaves biases without l2.
local o = options { l2 = 1e-3, decay = "all", batch = 2, k2 = 16, learn = "tbptt" }

return model {
  input  = real(3),
  target = real(2),
  params = {
    rnn = nn.esn(3, 12, { leak = 0.5 }), head = nn.linear(12, 2), skip = param({ 2, 3 }, normal(1)),
    slow = param({ 1, 12 }, normal(1), { weight_decay = 3 }),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h) + p.skip(x) + concat { const { 0 }, 0.5 * p.slow(square(h)) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k2, k2 = o.k2, batch = o.batch, resets = true, learn = o.learn },
  train  = { optimizer = ridge { l2 = o.l2, decay = o.decay } },
}
