-- expect: tests/bad/optimizer_ekf_clip.lua:2: train: clip_value bounds a gradient before a learning rate multiplies it; ekf has none, and works out its steps from variances; leave it out (--set train.clip_value=0)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = ekf {}, clip_value = 1 },
}
