-- zoo/mackey.lua: the Mackey-Glass equation, tau = 17, left to itself for 84 steps (Jaeger, 2001; Jaeger & Haas, 2004): a reservoir
--
-- H. Jaeger, "The echo state approach to analysing and training recurrent neural networks", GMD report 148 (2001), section 6; H. Jaeger &
-- H. Haas, "Harnessing nonlinearity", Science 304 (2004). The reservoir is drawn; its readout, which sees the last sample as well, is solved for.
local o = options { hidden = 1000, radius = 0.95, leak = 0.6, scale = 0.2, l2 = 1e-14 }

return model {
  input  = { x = real(1) },
  target = { x = real(1) },
  params = { rnn = nn.esn(1, o.hidden, { radius = o.radius, leak = o.leak, input_scale = o.scale }), head = nn.linear(o.hidden + 1, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.x, s.rnn)
    return { x = p.head(concat { h, x.x }) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 50, k2 = 50 },
  train  = { optimizer = ridge { l2 = o.l2 } },
}
