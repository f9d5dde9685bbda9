-- draw.lua: random numbers from a seed, the same in Lua 5.4 and LuaJIT on every machine: L'Ecuyer's
-- combined generator (Comm. ACM 31, 1988), whose products stay below 2^53.
local Draw = {}
Draw.__index = Draw

-- From 1 to n.
function Draw:upto(n)
  self.a = self.a * 40014 % 2147483563
  self.b = self.b * 40692 % 2147483399
  return (self.a - self.b) % 2147483562 % n + 1
end

function Draw:between(low, high) return low - 1 + self:upto(high - low + 1) end
function Draw:percent(p) return self:upto(100) <= p end
function Draw:pick(list) return list[self:upto(#list)] end

-- A whole number of sixteenths from -a to a: exact in every format.
function Draw:sixteenths(a) return (self:upto(32 * a + 1) - 1) / 16 - a end

return function(seed)
  local draw = setmetatable({ a = seed % 2147483562 + 1, b = seed * 7919 % 2147483398 + 1 }, Draw)
  for _ = 1, 20 do draw:upto(2) end
  return draw
end
