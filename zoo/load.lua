-- zoo/load.lua: a town's hourly load a day ahead, by load, weather, calendar and kind of day: a GRU beside seasonal persistence
--
-- As in T. Hong & S. Fan, "Probabilistic electric load forecasting: a tutorial review", Int. J. Forecasting 32 (2016): what moves a load is the
-- hour, the day of the week, the year, temperature with two slopes (heating, cooling) and holidays. In the row of an hour stand tomorrow's
-- temperature as forecast and tomorrow's kind of day, both known today. The net puts out the change from the same hour a week before the target.
local o = options { hidden = 24 }

return model {
  input  = { load = real(1), week_ago = real(1), temperature = real(1), clock = real(6), tomorrow = token(4) },
  target = { load = real(1) },
  params = { day = nn.embedding(4, 4), rnn = nn.gru(13, o.hidden), head = nn.linear(o.hidden + 13, 16), out = nn.linear(16, 1) },
  step   = function(p, x, s)
    local u = concat { x.load, x.week_ago, x.temperature, x.clock, p.day(x.tomorrow) }
    local h, rnn = p.rnn(u, s.rnn)
    return { load = x.week_ago + p.out(tanh(p.head(concat { h, u }))) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 24, k2 = 72, batch = 8 },
  train  = { optimizer = adam { lr = 4e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
