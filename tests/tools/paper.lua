-- luajit paper.lua PAGE: every equation between numbers in a page's indented blocks holds, to the nine
-- digits after the point that are shown; and what the example on paper says of each step, a line each:
-- ROW T NAME VALUE, where NAME is x1, a1, ..., gradient or w after the update.
local equations, row, t = 0, nil, nil

local function holds(expression, value, place)
  if not expression:find("^[%d%.%s%*%+%-]+$") then return end
  local got = assert(loadstring("return " .. expression))()
  if math.abs(got - tonumber(value)) > 5.001e-10 then
    io.stderr:write(("%s: %s is %.12g, not %s\n"):format(place, expression, got, value))
    os.exit(1)
  end
  equations = equations + 1
end

-- A chunk such as "x1 = 0.2 * 0.9 = 0.18": its equation, and what it says of x1.
local function chunk(text, before, place)
  local name, rest = text:match("^([xaw]%d?) = (.*)$")
  rest = rest or text
  local expression, value = rest:match("^(.*%S) = ([%d%.]+)$")
  if value then holds(expression, value, place) end
  value = value or rest:match("^[%d%.]+$")
  name = name or (before == "gradient" and "gradient")
  if row and t and name and value then print(row, t, name, value) end
end

local number = 0
for line in io.lines(arg[1]) do
  number = number + 1
  if line:find("^    ") then
    if line:find("^    lr ") then row, t = line:match('"(%w+)"') or line:match("^    (lr %S+):"):gsub(" ", ""), nil end
    local step = line:match("^      t = (%d)")
    if step then t, line = step, line:sub(12) end
    local before
    for text in (line .. "  "):gmatch("(%S.-)%s%s+") do
      for part in (text .. ", "):gmatch("(.-), ") do
        chunk(part, before, ("%s:%d"):format(arg[1], number))
        before = part
      end
    end
  elseif line ~= "" then
    row = nil
  end
end
for line in io.lines(arg[1]) do -- in sentences too
  if not line:find("^    ") then
    for expression, value in line:gmatch("([%d%.]+ [%*%+%-] [%d%. %*%+%-]+) = (%d[%d%.]*%d)") do
      holds(expression, value, arg[1])
    end
  end
end
if equations < 30 then error("only " .. equations .. " equations in " .. arg[1]) end
