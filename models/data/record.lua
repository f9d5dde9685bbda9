-- One record of a benchmark's own CSV file as a table with the columns t, u, y, which the models beside it read:
--
--     luajit models/data/record.lua dataBenchmark.csv tanks-train.csv u=uEst y=yEst
--     luajit models/data/record.lua dataBenchmark.csv tanks-test.csv  u=uVal y=yVal
--     luajit models/data/record.lua SNLS80mV.csv silverbox-test.csv u=V1 y=V2 to=40000 ts=0.0016384
--     luajit models/data/record.lua SNLS80mV.csv silverbox-train.csv u=V1 y=V2 from=40001 ts=0.0016384
--
-- u= and y= name columns, as the first row of the file has them; from= and to= are rows, 1 the first below the names;
-- ts= is the time from row to row, without it the number in a column Ts, or else t is not written. Records of unequal
-- length may stand side by side: one ends where both its cells are empty. Lua 5.4 and LuaJIT run it. Files of MATLAB
-- are not read.
local function fail(...) error(string.format(...), 0) end

local function cells(line)
  local list = {}
  for cell in (line:gsub("\r$", "") .. ","):gmatch("([^,]*),") do
    list[#list + 1] = (cell:gsub('^%s*"?%s*', ""):gsub('%s*"?%s*$', ""))
  end
  return list
end

local function read_options()
  local o = { from = "1" }
  for i = 3, #arg do
    local key, value = arg[i]:match("^(%a+)=(.+)$")
    if not key or not ({ u = 1, y = 1, from = 1, to = 1, ts = 1 })[key] then
      fail("%s: it takes u=COLUMN y=COLUMN from=ROW to=ROW ts=SECONDS", arg[i])
    end
    o[key] = value
  end
  if not (arg[1] and arg[2] and o.u and o.y) then fail("usage: record.lua FILE.csv OUT.csv u=COLUMN y=COLUMN ...") end
  for _, key in ipairs { "from", "to", "ts" } do
    if o[key] and not tonumber(o[key]) then fail("%s=%s is not a number", key, o[key]) end
    o[key] = tonumber(o[key])
  end
  return o
end

local function column(names, name, path)
  for i, n in ipairs(names) do if n == name then return i end end
  fail("%s: no column is called %s; there are %s", path, name, table.concat(names, ", "))
end

-- The rows of the record as pairs of the file's own words, and the time between rows.
local function read(path, o)
  local file, why = io.open(path)
  if not file then fail("%s", why) end
  local names = cells(file:read("l") or "")
  local u, y, ts = column(names, o.u, path), column(names, o.y, path), o.ts
  local rows, n, ended = {}, 0, nil
  for line in file:lines() do
    n = n + 1
    local c = cells(line)
    for i, name in ipairs(names) do if name == "Ts" and not ts then ts = tonumber(c[i]) end end
    if n >= o.from and n <= (o.to or math.huge) then
      local a, b = c[u] or "", c[y] or ""
      if a == "" and b == "" then
        ended = ended or n
      elseif ended or not tonumber(a) or not tonumber(b) then
        fail("%s: row %d has u = '%s', y = '%s'%s", path, n, a, b, ended and ", and row " .. ended .. " is empty" or "")
      else
        rows[#rows + 1] = { a, b }
      end
    end
  end
  file:close()
  return rows, ts
end

local function write(path, rows, ts)
  local out, why = io.open(path, "w")
  if not out then fail("%s", why) end
  out:write(ts and "t,u,y\n" or "u,y\n")
  for i, row in ipairs(rows) do
    out:write(ts and string.format("%.9g,", (i - 1) * ts) or "", row[1], ",", row[2], "\n")
  end
  if not out:close() then fail("%s: not all could be written", path) end
end

local o = read_options()
local rows, ts = read(arg[1], o)
if #rows == 0 then fail("%s: there are no rows of %s and %s", arg[1], o.u, o.y) end
write(arg[2], rows, ts)
print(string.format("%s: %d rows", arg[2], #rows))
