-- Everything that a stream may bring, small: two states, one learned and one that is passed on, dropout, a
-- probe, a token beside numbers, resets and padding, parameters of each kind of rule; with -D head=true a head
-- over the window.
local o = options { head = false, k2 = 1 }

local function head(p, ys, ss)
  local sum = p.V(ss[1].h * ss[#ss].h)
  for t = 1, #ys do sum = sum + ys[t] / #ys end
  return sum
end

return model {
  input  = { x = real(2), event = token(3) },
  target = real(2),
  params = {
    table = param({ 3, 3 }, uniform(0.7)), W = { 3, 2 }, U = { 3, 3 }, V = param({ 2, 3 }, glorot, { lr = 2 }),
    gate = param({ 3 }, uniform(1), { constrain = { max_norm = 0.8 } }), fixed = param({ 3 }, uniform(1), { trainable = false }),
  },
  state  = { h = learned({ 3 }, normal(1)), trace = init({ 3 }, 0.5) },
  step   = function(p, x, s)
    local h = tanh(p.W(x.x) + p.U(s.h) + embedding(p.table, x.event) + p.gate * s.trace + p.fixed)
    local seen = probe("seen", dropout(h, 0.2))
    return p.V(seen), { h = h, trace = 0.5 * s.trace + seen }
  end,
  window = o.head and head or nil,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = o.k2, batch = 3, resets = true, masks = true },
  train  = { optimizer = adam { lr = 2e-2, weight_decay = 0.01, decay = "matrices" }, clip_norm = 0.5 },
}
