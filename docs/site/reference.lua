-- luajit docs/site/reference.lua language|operations: the site's pages of the language, from the table that checks it
-- (compiler/front/lua/signatures.lua), and of the operations, from the one that every consumer expands (ops.h).
-- Run from the root.

-- Within a cell of a table.
local function cell(text) return (text:gsub("|", "\\|")) end
local function words(text) return (text:gsub("[<>&]", { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" }):gsub("[*_|%[%]`]", "\\%0")) end
local function code(text) return "`" .. cell(text) .. "`" end
local function line(...) print(string.format(...)) end

-- ---- the language ----

-- Where a part begins: the row with this name opens it. What is new stands where it stands in the table.
local parts = {
  { "model", "A spec, its fields and parameters" },
  { "sgd", "Optimizers and schedules" },
  { "tanh", "Element by element" },
  { "matmul", "Products, sums, rows" },
  { "concat", "Shapes" },
  { "conv1d", "Convolutions and pooling" },
  { "embedding", "Others" },
  { "mse", "Losses" },
  { "nn.linear", "Modules" },
}

local function usage(row)
  if not row.params then return row.name end
  local required, optional = {}, {}
  for _, v in ipairs(row.params) do
    if v.optional then optional[#optional + 1] = v.name else required[#required + 1] = v.name end
  end
  local text = table.concat(required, ", ")
  for _, name in ipairs(optional) do text = text .. (text ~= "" and " [, " or "[") .. name .. "]" end
  return row.name .. "(" .. text .. ")"
end

-- Arguments that have a default, or fields that stand in a table below.
local function of_arguments(row, classes)
  local said = {}
  for _, v in ipairs(row.params or {}) do
    if v.default then said[#said + 1] = string.format("`%s = %s`", v.name, cell(v.default)) end
    for name in v.type:gmatch("%u%w*") do
      if classes[name] then said[#said + 1] = string.format("%s: [%s](#%s)", v.name, name, name:lower()) end
    end
  end
  return table.concat(said, ", ")
end

local function print_functions(lib, classes)
  local opens = {}
  for _, part in ipairs(parts) do opens[part[1]] = part[2] end
  for _, row in ipairs(lib.signatures) do
    if opens[row.name] then
      line("\n## %s\n\n| | gives | |\n|---|---|---|", opens[row.name])
      opens[row.name] = nil
    end
    local arguments = of_arguments(row, classes)
    line("| %s | %s%s | %s |", code(usage(row)), words(row.doc), arguments ~= "" and " (" .. arguments .. ")" or "",
      code(row.result))
  end
  assert(not next(opens), "no row of signatures.lua is called " .. tostring(next(opens)))
end

local function print_language()
  local lib, classes = {}, {}
  assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)
  for _, class in ipairs(lib.classes) do classes[class.name] = class end
  print("# Every function of the language\n")
  print("From the table by which calls are checked; [the language](../docs/language.md) explains them. What stands in")
  print("brackets may be left out. An `Operand` is a value of the model or a number.")
  print_functions(lib, classes)
  print("\n## Fields and options")
  for _, class in ipairs(lib.classes) do
    line("\n### %s\n\n%s.\n\n| field | is | type | if left out |\n|---|---|---|---|", class.name, words(class.doc))
    for _, f in ipairs(class.fields) do
      line("| `%s` | %s | %s | %s |", f.name, words(f.doc), code(f.type),
        f.default and code(f.default) or f.optional and "" or "an error")
    end
  end
end

-- ---- operations ----

local function read(path)
  local f = assert(io.open(path))
  local text = f:read("*a")
  f:close()
  return text
end

-- "#define NAME(X) ..." as the text of its rows, its continued lines joined.
local function macro(text, name)
  local body = assert(text:match("#define " .. name .. "%(X%)(.-[^\\])\n"), "ops.h has no " .. name)
  return (body:gsub("%s*\\\n%s*", " "))
end

-- The rows "X(...) /* comment */" of such a text, in order: { arguments, comment }.
local function rows(body)
  local list = {}
  for row in body:gsub("%sX%(", "\n%0"):gmatch("[^\n]+") do
    local arguments, rest = row:match("^%s*X(%b())(.*)$")
    list[#list + 1] = { assert(arguments, "ops.h: " .. row):sub(2, -2), rest:match("/%*%s*(.-)%s*%*/") or "" }
  end
  return list
end

-- What the comment on top says of an operation's attributes, by its word.
local function attributes(text)
  local said, names = {}, nil
  local block = assert(text:match("\n %* Attributes.-:\n(.-)\n %* Streams"), "ops.h does not list attributes")
  for l in (block .. "\n"):gmatch(" %*(.-)\n") do
    local first, rest = l:match("^   (%l[%l_ ]-)   *(%S.*)$")
    names = first or names
    for word in names:gmatch("%S+") do said[word] = (said[word] and said[word] .. " " or "") .. (rest or l:match("%S.*")) end
  end
  return said
end

local function print_operations()
  local text = read("runtime/tapeless/ops.h")
  local said = attributes(text)
  print("# Operations\n")
  print("What a step is made of once the spec has been read, as `tapeless compile SPEC -d spec` prints it, and what unrolling")
  print("and differentiation add. From the table in `runtime/tapeless/ops.h`, which everything that treats operations")
  print("expands; [Inside](../docs/inside.md) says how to add one. -1 operands are any number.")
  for _, set in ipairs { { "TL_STEP_OPS", "In a step" }, { "TL_WINDOW_OPS", "In a window" } } do
    line("\n## %s\n\n| operation | operands | kind | |\n|---|---|---|---|", set[2])
    for _, row in ipairs(rows(macro(text, set[1]))) do
      local word, operands, kind = row[1]:match('^[%u_]+, "([%l_]+)", (%-?%d+), (%u+)$')
      assert(word, "ops.h: X(" .. row[1] .. ")")
      local note = row[2] ~= "" and row[2] or nil
      line("| `%s` | %s | %s | %s |", word, operands, kind:lower(),
        words(table.concat({ note or said[word], note and said[word] }, "; ")))
    end
  end
  print("\n## Kinds\n\n| kind | |\n|---|---|")
  for _, row in ipairs(rows(macro(text, "TL_KINDS"))) do
    line("| %s | %s |", row[1]:match("^%u+"):lower(), words(row[2]))
  end
end

local pages = { language = print_language, operations = print_operations }
assert(pages[arg[1]], "usage: luajit docs/site/reference.lua language|operations")()
