-- u meets the loss through the state alone, one step later: with k2 = 1 no window sees that. `rest` is
-- frozen, `gain` bounded.
local o = options { k2 = 2 }
return model {
  input = real(1), target = real(1),
  params = {
    u = param({ 3, 1 }, 0.5), V = { 1, 3 }, gain = param({ 1 }, 0.9, { lr = 5, constrain = { min = 0, max = 1 } }),
    rest = param({ enc = nn.linear(3, 3), a = { 3 } }, { trainable = false }),
  },
  state = { h = { 3 } },
  step = function(p, x, s)
    return p.gain * p.V(p.rest.enc(s.h) + p.rest.a), { h = p.u(x) }
  end,
  loss = mse, tbptt = { k1 = 1, k2 = o.k2 }, train = { optimizer = adamw { lr = 0.1, weight_decay = 0.5 } },
}
