-- zoo/drift.lua: a gas sensor that ages: a net that goes on learning on the stream beside the same net frozen
--
-- Drift as A. Vergara et al., "Chemical gas sensor drift compensation using classifier ensembles", Sensors and Actuators B 166 (2012) have it: slowly
-- another sensitivity, another baseline. Trained on the first weeks, then `tapeless online`, the error being that of predictions made before learning.
local o = options { hidden = 16 }

return model {
  input  = { sensor = real(2), temperature = real(1) },
  target = { gas = real(1) },
  params = { rnn = nn.gru(3, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(concat { x.sensor, x.temperature }, s.rnn)
    return { gas = p.head(h) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 8, k2 = 16 },
  train  = { optimizer = adam { lr = 3e-3 }, clip_norm = 1 },
}
