-- dropout, stop_gradient and probe. What is stopped here does not depend on parameters, so finite
-- differences hold; kinks.lua has the rest.
local cases = require "lib.cases"
local part = cases.part

cases.add("dropout", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return dropout(p.a * h + x, 0.4) end)
cases.add("dropout_shared", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)) },
  function(p) return dropout(p.a, 0.3) end)
cases.add("dropout_twice", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return dropout(h, 0.5) * p.a + dropout(x, 0.5) end)
cases.add("dropout_never", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return dropout(h * p.a, 0) end)
cases.add("dropout_rank3", { 2, 3, 2 }, { a = param({ 3, 1 }, uniform(1)) },
  function(p, _, h) return dropout(part(h, { 2, 3, 2 }), 0.5) * p.a end)
cases.add("stop_input", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return stop_gradient(x) * p.a + h end)
cases.add("stop_token", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return p.a * h + gt(stop_gradient(tanh(x)), 0) end)
cases.add("stop_view", { 4, 3 }, { a = param({ 4, 3 }, uniform(1)) },
  function(p, x) return transpose(stop_gradient(slice(part(x, { 3, 4 }), 1, 4))) * p.a end)
cases.add("probe", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return probe("product", p.a * h) end)
cases.add("probe_shared", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)) },
  function(p) return probe("shared", tanh(p.a)) end)
cases.add("probe_param", { 3 }, { a = param({ 3 }, uniform(1)) },
  function(p) return probe("param", p.a) end)
cases.add("probe_state", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return probe("state", h) * p.a end)
cases.add("probe_input", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x) return probe("input", x) * p.a end)
cases.add("probe_number", { 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, _, h) return probe("number", 0.5) * p.a * h end)
cases.add("probe_idle", { 12 }, { a = param({ 12 }, uniform(1)) }, function(p, _, h)
  probe("idle", square(h))
  return p.a * h
end)
cases.add("probe_twice", { 2, 12 }, { a = param({ 12 }, uniform(1)) }, function(p, _, h)
  local v = probe("outer", probe("inner", p.a * h))
  return stack { v, v * v }
end)
cases.add("probe_view", { 4, 3 }, { a = param({ 3, 4 }, uniform(1)) },
  function(p, _, h) return probe("view", transpose(p.a * part(h, { 3, 4 }))) end)
cases.add("probe_concat", { 8 }, { a = param({ 4 }, uniform(1)) },
  function(p, _, h) return probe("concat", concat { p.a, slice(h, 1, 4) * p.a }) end)

return cases.model()
