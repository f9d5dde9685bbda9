-- expect-match: is too large
return model { params = { a = { 2^20 } }, step = function(p)
  local column = reshape(p.a, { 2^20, 1 })
  return column * p.a end, tbptt = { k1 = 1, k2 = 1 } }
