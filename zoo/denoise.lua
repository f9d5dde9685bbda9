-- zoo/denoise.lua: how much of each of 12 bands of a noisy voice is voice: gains as RNNoise has them, by a GRU
--
-- J.-M. Valin, "A hybrid DSP/deep learning approach to real-time full-band speech enhancement", MMSP 2018: a net reads bands of the spectrum and says, frame by
-- frame, by what each is to be multiplied; the ideal is the root of voice over voice and noise.
local o = options { hidden = 32, bands = 12 }

return model {
  input  = { heard = real(o.bands) },
  target = { gain = real(o.bands) },
  params = { see = nn.linear(o.bands, 24), rnn = nn.gru(24, o.hidden), head = nn.linear(o.hidden + 24, o.bands) },
  step   = function(p, x, s)
    local u = tanh(p.see(x.heard))
    local h, rnn = p.rnn(u, s.rnn)
    return { gain = p.head(concat { h, u }) }, { rnn = rnn }
  end,
  loss   = bce,
  tbptt  = { k1 = 25, k2 = 75, batch = 8, unroll = false },
  train  = { optimizer = adam { lr = 4e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
