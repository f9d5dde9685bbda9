-- expect: tests/bad/step_three_results.lua:5: the step returned 3 results; it returns the output and the next state
return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } }, state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x) + s.h
    return h, { h = h }, sum(square(h))
  end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 },
}
