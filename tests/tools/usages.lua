-- luajit usages.lua: how every function of the language is called, a line each, and every field of the
-- tables that a model is made of, as `| `NAME` |`: what docs/language.md has to have.
local lib = {}
assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)

for _, row in ipairs(lib.signatures) do
  if row.name ~= "model" and row.name ~= "options" then
    print("`" .. (row.params and lib.usage(row) or row.name) .. "`")
  end
end
for _, class in ipairs { "Model", "Tbptt", "Train" } do
  for _, name in ipairs(lib.fields(class)) do print("| `" .. name .. "` |") end
end
