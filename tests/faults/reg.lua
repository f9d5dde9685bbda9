-- reg.lua: what the loops of faults compile and train: products, an orthogonal start, a probe, two columns in.
return model {
  input  = real(2),
  target = real(1),
  params = { rnn = nn.rnn(2, 4), U = param({ 4, 4 }, orthogonal), head = nn.linear(4, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(p.U(probe("h", h))), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 8, batch = 2 },
  train  = { optimizer = adam { lr = 1e-2 }, clip_norm = 1 },
}
