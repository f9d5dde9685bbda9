-- Probes that PyTorch's retain_grad has its say about: an h that is returned beside the state, the h that enters
-- a step, a value used three times, one that nothing uses, a function of parameters alone; with a head, what that
-- sees of the first step and makes of them all.
local o = options { cell = "lstm", head = false, k2 = 8 }

return model {
  input  = real(5),
  target = real(3),
  params = {
    rnn = nn[o.cell](5, 8), A = { 4, 8 }, scale = param({ 1 }, 0.3), out = nn.linear(4, 3), top = nn.linear(8 + 4, 3),
  },
  step   = function(p, x, s)
    local entering = probe("entering", s.rnn.h)
    local h, rnn = p.rnn(x, s.rnn)
    probe("h", h)
    local a = probe("thrice", p.A(h))
    probe("unused", tanh(a) * slice(entering, 1, 4))
    local scale = probe("scale", exp(p.scale))
    local y = p.out(a * sin(a) + a * scale)
    return { y = y, h = h, a = a }, { rnn = rnn }
  end,
  window = o.head and function(p, ys, ss)
    local seen = {}
    for t = 1, #ys do seen[t] = concat { ss[t].rnn.h, ys[t].a * ys[t].a } end
    probe("seen_first", ys[1].h)
    return p.top(sum(probe("stack", tanh(stack(seen))), 1)) + 0.1 * ys[1].y
  end or nil,
  loss   = function(y, target) return mse(type(y) == "table" and y.y or y, target) end,
  tbptt  = { k1 = 1, k2 = o.k2, batch = 3 },
}
