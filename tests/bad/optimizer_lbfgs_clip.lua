-- expect: tests/bad/optimizer_lbfgs_clip.lua:2: train: clip_norm bounds a gradient before a learning rate multiplies it; lbfgs has none, and looks for the length of its steps itself; leave it out (--set train.clip_norm=0)
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
  train = { optimizer = lbfgs {}, clip_norm = 1 },
}
