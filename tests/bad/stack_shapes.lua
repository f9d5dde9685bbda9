-- expect: tests/bad/stack_shapes.lua:8: stack: part 1 is {8} but part 2 is {4}; stack takes equal shapes
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = stack { s.h, x }
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
