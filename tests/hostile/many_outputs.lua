-- expect-match: a model has at most 256
return model { params = { w = { 1 } }, step = function(p)
  local t = {}
  for i = 1, 1e5 do t['y' .. i] = p.w end
  return t
end, loss = sum, tbptt = { k1 = 1, k2 = 1 } }
