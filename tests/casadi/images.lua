-- Windows over images in a step that CasADi gets: first and second derivatives pass them.
return model {
  input  = { image = real { 1, 4, 4 }, signal = real { 2, 6 } },
  target = real(1),
  params = { f = { 2, 1, 2, 2 }, b = { 2 }, g = { 2, 2, 3 }, d = { 12 } },
  state  = { h = { 2, 3, 3 } },
  step   = function(p, x, s)
    local h = tanh(conv2d(x.image, p.f, p.b) * s.h)
    local pooled = max_pool(square(h), 2, { stride = 1 })
    local c = conv1d(square(x.signal), p.g, nil, { pad = 1, stride = 2 })
    local y = sum(square(flatten(pooled))) + sum(tanh(c)) * mean(avg_pool(h, 3))
    return reshape(y, { 1 }), { h = h * y }
  end,
  loss   = mse,
  tbptt  = { k1 = 2, k2 = 2, batch = 2 },
}
