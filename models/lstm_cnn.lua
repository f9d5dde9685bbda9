-- TBPTT on a part of a model. An LSTM (Hochreiter & Schmidhuber, 1997) reads frames; a convolution
-- (LeCun et al., 1989) looks at the picture that its last nine (h, c) make, two channels of nine rows,
-- and predicts. k1 = 1, k2 = 9: one update for every new frame, none before there are nine.
--
--     (h, c)[t] = LSTM(x[t], (h, c)[t-1]),    y[t] = V relu(K * [h, c][t-8 .. t]) + b
local o = options { input = 16, hidden = 16, channels = 8, output = 4 }

local frames, size = 9, 3 -- of the picture, and of the kernel
local features = o.channels * (frames - size + 1) * (o.hidden - size + 1)

return model {
  input  = real(o.input),
  target = real(o.output),
  params = {
    rnn  = nn.lstm(o.input, o.hidden),
    conv = nn.conv2d(2, o.channels, size),
    head = nn.linear(features, o.output),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return probe("h", h), { rnn = rnn }
  end,
  window = function(p, ys, ss)
    local h, c = {}, {}
    for t = 1, #ss do h[t], c[t] = ss[t].rnn.h, ss[t].rnn.c end
    return p.head(flatten(relu(p.conv(stack { stack(h), stack(c) }))))
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = frames },
  train  = { optimizer = adam { lr = 1e-3 } },
}
