-- shapes.lua: shapes of values, and how they and numbers are written in a spec.
local shapes = {}

-- The same text in both Luas, whether a whole number is held as an integer or a double.
function shapes.number(x) return ("%.14g"):format(x) end

function shapes.text(s)
  if #s == 0 then return "{}" end
  local list = {}
  for i, d in ipairs(s) do list[i] = shapes.number(d) end
  return "{ " .. table.concat(list, ", ") .. " }"
end

function shapes.size(s)
  local n = 1
  for _, d in ipairs(s) do n = n * d end
  return n
end

function shapes.same(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do if a[i] ~= b[i] then return false end end
  return true
end

-- What NumPy's rule makes of two shapes; nil where they do not fit.
function shapes.broadcast(a, b)
  local r, rank = {}, math.max(#a, #b)
  for i = 0, rank - 1 do
    local p, q = a[#a - i] or 1, b[#b - i] or 1
    if p ~= q and p ~= 1 and q ~= 1 then return nil end
    r[rank - i] = math.max(p, q)
  end
  return r
end

-- The shape with dimension d replaced by `by`, or left out.
function shapes.with(s, d, by)
  local r = {}
  for i, n in ipairs(s) do
    if i ~= d then r[#r + 1] = n elseif by then r[#r + 1] = by end
  end
  return r
end

-- All ways to write n as a product of `count` whole numbers from 1.
function shapes.factors(n, count)
  if count == 1 then return { { n } } end
  local list = {}
  for first = 1, n do
    if n % first == 0 then
      for _, rest in ipairs(shapes.factors(n / first, count - 1)) do
        list[#list + 1] = { first, (table.unpack or unpack)(rest) }
      end
    end
  end
  return list
end

return shapes
