-- expect-match: cannot change a protected metatable
return model { params = { w = { 8 } }, step = function(p)
  setmetatable(p, {})
  return p.w end, tbptt = { k1 = 1, k2 = 1 } }
