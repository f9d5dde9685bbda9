-- luajit scripts/definitions.lua > docs/tapeless.lua
-- The table of the language, compiler/front/lua/signatures.lua, as LuaCATS definitions, which editors read
-- (lua-language-server): names, arguments, options, and what each does. Run from the root.
local lib = {}
assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)

-- The language's own types, by what stands for them.
local own = {
  { "Value", "A value of the model: one example's, of a shape" },
  { "Module", "nn.NAME(...) or module { ... }: stands among the parameters" },
  { "Field", "real(...) or token(...): an input or target" },
  { "Declared", "param(...), init(...) or learned(...)" },
  { "Init", "how the elements of a parameter start" },
  { "Optimizer", "sgd, adam, adamw, rmsprop, lm, lbfgs or ekf { ... }" },
  { "Schedule", "constant, step, cosine, one_cycle or reduce_on_plateau { ... }" },
}
local aliases = {
  { "Operand", "tapeless.Value|number" },
  { "Shape", "integer[]" },
  { "Size", "integer|integer[]" },
  { "Data", "tapeless.Field|table<string, tapeless.Field>" },
}

local known = {}
for _, list in ipairs { own, aliases, lib.classes } do
  for _, t in ipairs(list) do known[t.name or t[1]] = true end
end

-- Types that begin with a capital letter are the language's.
local function type_of(text)
  return (text:gsub("%f[%w_]%u%w*", function(word)
    return assert(known[word] and "tapeless." .. word, "no type is called " .. word)
  end))
end

local function line(...) print(string.format(...)) end

local function described(doc, default)
  local text = doc ~= "" and " " .. doc or ""
  return default and text .. (text ~= "" and ";" or "") .. " default " .. default or text
end

local function print_types()
  for _, t in ipairs(own) do
    line("---%s\n---@class tapeless.%s", t[2], t[1])
    if t[1] == "Value" then
      line("---@field shape integer[]\n---@operator call(tapeless.Value): tapeless.Value")
      for operator in ("add sub mul div pow"):gmatch("%a+") do
        line("---@operator %s(tapeless.Value|number): tapeless.Value", operator)
      end
      line("---@operator unm: tapeless.Value")
    end
    print()
  end
  for _, t in ipairs(aliases) do line("---@alias tapeless.%s %s", t[1], t[2]) end
  print()
end

local function print_class(class)
  line("---%s\n---@class tapeless.%s", class.doc, class.name)
  for _, f in ipairs(class.fields) do
    line("---@field %s%s %s%s", f.name, f.optional and "?" or "", type_of(f.type), described(f.doc, f.default))
  end
  print()
end

local function print_row(row)
  line("---%s", row.doc)
  if not row.params then return line("---@type tapeless.%s\n%s = nil\n", row.result, row.name) end
  local names = {}
  for i, v in ipairs(row.params) do
    names[i] = v.name
    line("---@param %s%s %s%s", v.name, v.optional and "?" or "", type_of(v.type),
      described("", v.default))
  end
  line("---@return %s", type_of(row.result))
  line("function %s(%s) end\n", row.name, table.concat(names, ", "))
end

print("---@meta\n-- The language of tapeless for editors. Written by scripts/definitions.lua; do not edit.\n")
print_types()
for _, class in ipairs(lib.classes) do print_class(class) end
print("nn = {}\n")
for _, row in ipairs(lib.signatures) do print_row(row) end
