-- expect: tests/bad/global_window.lua:7: total is assigned to a global in the window; write local total
return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  window = function(p, ys)
    total = ys[1] + ys[#ys]
    return total
  end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 },
}
