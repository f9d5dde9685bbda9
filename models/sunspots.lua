-- models/sunspots.lua: this year's sunspot number in, next year's out: a forecast with a GRU.
--
-- models/data/sunspots.csv has the yearly mean sunspot numbers of 1700-2008, in which the cycle of
-- about eleven years is plain. G. U. Yule fitted the first autoregression to them ("On a method of
-- investigating periodicities in disturbed series", 1927). The numbers go up to about 190: they are
-- divided by 100 on the way in and the forecast is multiplied by 100, so that data, forecast and
-- target stay in sunspots and the loss is their squared error / 100^2.
local o = options { hidden = 16 }
local scale = 100

return model {
  input  = real(1),
  target = real(1),
  params = { rnn = nn.gru(1, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local now = x / scale
    local h, rnn = p.rnn(now, s.rnn)
    return (now + p.head(h)) * scale, { rnn = rnn }
  end,
  loss   = function(y, target) return mean(square((y - target) / scale)) end,
  tbptt  = { k1 = 11, k2 = 33 },
  train  = { optimizer = adam { lr = 5e-3 }, clip_norm = 1 },
}
