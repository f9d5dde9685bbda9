-- luajit wrong_calls.lua > SPEC: a spec that calls every function of compiler/front/lua/signatures.lua with one
-- argument too few, with one too many and with an option that it has not, and prints what is said. To
-- stderr goes, a line each, how what is said should begin.
local lib = {}
assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)

local function nils(n) return ("nil, "):rep(n):gsub(", $", "") end

local function case(arguments, row, want)
  print(string.format("print(select(2, pcall(function() local y = %s(%s) return y end)))", row.name,
    arguments))
  io.stderr:write(row.name, " ", want, "\n")
end

for _, row in ipairs(lib.signatures) do
  if row.params and row.name ~= "model" then -- which may be called once
    if row.least > 0 then case(nils(row.least - 1), row, "takes") end
    if row.most < math.huge then case(nils(row.most + 1), row, "takes") end
    local last = row.params[#row.params]
    if lib.classes[last.type] then
      case(nils(row.most - 1) .. (row.most > 1 and ", " or "") .. "{ no_such_option = 1 }", row,
        "has no field no_such_option")
    end
  end
end
print([[return model { params = { w = { 1 } }, step = function(p) return p.w end, loss = sum,
  tbptt = { k1 = 1, k2 = 1 } }]])
