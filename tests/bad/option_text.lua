-- expect: tests/bad/option_text.lua:3: options: the value of name may have letters, digits and _ . , : + - / in it, 200 at most
-- args: -D name=a*/b
local a = options { name = 'plain' }
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
}
