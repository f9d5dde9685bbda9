-- models/sunspots.lua: this year's sunspot number in, next year's out: a forecast with a GRU.
--
-- models/data/sunspots.csv has the yearly mean sunspot numbers of 1700-2008, in which the cycle of
-- about eleven years is plain. G. U. Yule fitted the first autoregression to them ("On a method of
-- investigating periodicities in disturbed series", 1927). The fields bear the name of their column;
-- since it is input and target, the target is the row after. The net puts out the change from one
-- year to the next. 309 numbers are few: dropout and weight decay keep it from learning them by heart.
local o = options { hidden = 32 }

return model {
  input  = { sunspots = real(1) },
  target = { sunspots = real(1) },
  params = { rnn = nn.gru(1, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.sunspots, s.rnn)
    return { sunspots = x.sunspots + p.head(dropout(h, 0.2)) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 11, k2 = 33 },
  train  = { optimizer = adamw { lr = 3e-3 }, clip_norm = 1 },
}
