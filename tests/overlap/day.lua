-- What is the same expression on two days: values of parameters alone, which older steps of a window keep
-- as they were and others compute anew. -D head= says what a head over the window looks at.
local o = options { overlap = "retain", head = "", k1 = 1 }

local heads = {
  cosine = function(p, ys, ss) return ys[1].h * cos(p.a) end,   -- its derivative is the step's -sin(a)
  output = function(p, ys, ss) return ys[1].a * ys[2].h end,    -- an output that is a parameter
  -- a stack may stand where its parts are computed, but not in this window's memory
  stack  = function(p, ys, ss) return sum(p.U(stack { ys[1].c, ys[2].c, ys[3].c }), 1) end,
  state  = function(p, ys, ss) return ss[1].a * ys[3].h + ss[2].view end,
}
local head = heads[o.head]

return model {
  input  = real(2),
  target = real(2),
  params = { U = { 2, 2 }, a = param({ 2 }, 0.5) },
  state  = { h = { 2 }, a = { 2 }, view = { 2 } },
  step   = function(p, x, s)
    local h = tanh(p.U(s.h) + sin(p.a) * x)
    local next_state = { h = h, a = p.a, view = slice(p.U, 1, 1, 1) }
    next_state.view = reshape(next_state.view, { 2 })
    if head then return { h = h, a = p.a, c = sin(h * x) }, next_state end
    return h * cos(p.a) + 0.1 * s.a * s.view, next_state
  end,
  window = head,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = 3, loss = head and "last" or "all", overlap = o.overlap },
  train  = { optimizer = sgd { lr = 0.1 } },
}
