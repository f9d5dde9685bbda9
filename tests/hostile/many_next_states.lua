-- expect-match: more than 1024 states
return model { params = { w = { 1 } }, state = { h = { 1 } }, step = function(p, x, s)
  local t = {}
  for i = 1, 1e5 do t['h' .. i] = p.w end
  return p.w, t
end, loss = sum, tbptt = { k1 = 1, k2 = 1 } }
