-- What may become of a state: learned, of any rank, passed on as it is, changed for another, set to
-- a parameter, a number or the input, read by nobody, read by the next step alone (its parameter has
-- no gradient in the newest step), and the part of a larger value. Sequences start inside the
-- window, because a state is learned.
local o = options { batch = 1, k2 = 3 }

local function vector() return param({ 6 }, uniform(1)) end

return model {
  input  = real(6),
  target = real(6),
  params = {
    kept = vector(), first = vector(), second = vector(), constant = vector(), early = vector(),
    joined = vector(), start = vector(), gone = vector(), twice = vector(), later = vector(),
    deep = param({ 2, 3, 1, 1 }, uniform(1)), count = param({}, uniform(1)),
    matrix = param({ 6, 6 }, uniform(0.4)),
  },
  state  = {
    kept = { 6 }, first = init({ 6 }, 0.5), second = { 6 }, later = { 6 }, unread = { 6 },
    to_param = { 6 }, to_number = init({ 6 }, -1), to_input = { 6 },
    deep = learned({ 2, 3, 1, 1 }, uniform(1)), count = learned({}, 1), moved = learned { 6 },
    learned_kept = learned({ 6 }, normal(1)),
    joined = { 2, 6 }, twice_a = { 6 }, twice_b = { 6 },
  },
  step   = function(p, x, s)
    local first = tanh(p.first * s.second + x)
    local second = tanh(p.second * s.first)
    local deep = tanh(s.deep * p.deep + reshape(x, { 2, 3, 1, 1 }))
    local top, bottom = split(s.joined, 2, 1)
    top, bottom = reshape(top, { 6 }), reshape(bottom, { 6 })
    local moved = tanh(p.matrix(s.moved) + p.start)
    local twice = tanh(s.twice_a + p.twice * s.twice_b)
    local y = p.kept * s.kept + first * second + s.first + moved + twice + s.later +
      (s.to_param + s.to_number) * p.constant + (s.to_input + s.learned_kept) * p.early +
      reshape(deep, { 6 }) * s.count + top * bottom * p.joined + p.gone * s.twice_a
    return tanh(y), {
      kept = s.kept, first = second, second = first, later = tanh(p.later * x), unread = p.gone * x,
      to_param = p.constant, to_number = 0 * p.constant + 2, to_input = x,
      deep = deep, count = 0.5 * s.count + p.count, moved = moved, learned_kept = s.learned_kept,
      joined = stack { p.joined * bottom, tanh(top + x) }, twice_a = twice, twice_b = twice,
    }
  end,
  loss   = mse,
  tbptt  = { k1 = 2, k2 = o.k2, batch = o.batch, loss = "all" },
}
