-- expect: tests/bad/helper_line.lua:3: W(s.h): W is {8, 4} but s.h is {8}; W takes a vector of 4
local function cell(p, x, h)
  return tanh(p.W(h))
end
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = cell(p, x, s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
