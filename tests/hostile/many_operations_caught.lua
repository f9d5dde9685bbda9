-- expect-match: did not finish within
return model { params = { w = { 8 } }, step = function(p)
  local y = p.w
  while true do pcall(function() y = tanh(y) end) end
end, tbptt = { k1 = 1, k2 = 1 } }
