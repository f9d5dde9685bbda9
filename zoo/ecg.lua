-- zoo/ecg.lua: an electrocardiogram (scipy's) forecast one sample on; where the forecast fails, something is wrong: anomalies
--
-- P. Malhotra, L. Vig, G. Shroff & P. Agarwal, "Long short term memory networks for anomaly detection in time series", ESANN 2015: a net that learned what is
-- normal alone, and the size of its residual as the score. The record is one of the MIT-BIH database (208), five minutes, here at 120 Hz.
local o = options { hidden = 32 }

return model {
  input  = { mv = real(1) },
  target = { mv = real(1) },
  params = { rnn = nn.gru(1, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.mv, s.rnn)
    return { mv = x.mv + p.head(h) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 30, k2 = 120, batch = 8, unroll = false },
  train  = { optimizer = adam { lr = 5e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
