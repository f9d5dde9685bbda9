-- expect: tests/bad/no_model.lua: a spec returns its model, return model { ... }; this one returned a table
local t = { 1, 2 }
return t
