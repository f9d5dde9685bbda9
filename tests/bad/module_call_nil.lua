-- expect: tests/bad/module_call_nil.lua:8: head.weight(...): argument 1 is nil; it must be a value of the model or a number
return model {
  input = real(4),
  target = real(8),
  params = { head = nn.linear(4, 8) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local y = p.head()
    return y, { h = s.h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
