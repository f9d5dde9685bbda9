-- expect-match: tests/hostile/node_metatable.lua:3: 
return model { params = { w = { 8 } }, step = function(p)
  getmetatable(p.w).__add = nil
  return p.w end, tbptt = { k1 = 1, k2 = 1 } }
