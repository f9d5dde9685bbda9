-- Parameters that are not trained beside others that are: frozen alone and in groups, behind
-- stop_gradient here and used plainly there, first values from tables of numbers.
local cases = require "lib.cases"
local frozen = { trainable = false }

cases.add("frozen", { 3 }, { W = param({ 3, 12 }, uniform(0.5), frozen) }, function(p, _, h) return p.W(h) end)
cases.add("frozen_last", { 3 }, { W = param({ 4, 12 }, uniform(0.5)), V = param({ 3, 4 }, uniform(0.5), frozen) },
  function(p, _, h) return p.V(tanh(p.W(h))) end)
cases.add("frozen_first", { 3 }, { W = param({ 4, 12 }, uniform(0.5), frozen), V = param({ 3, 4 }, uniform(0.5)) },
  function(p, _, h) return p.V(tanh(p.W(h))) end)
cases.add("frozen_by_both", { 2 }, { a = param({ 2 }, uniform(1), frozen), b = param({ 2 }, uniform(1)) },
  function(p) return p.a * p.b end)
cases.add("frozen_rows", { 3 }, { E = param({ 5, 3 }, uniform(1), frozen), g = param({ 3 }, uniform(1)) },
  function(p, _, _, k) return embedding(p.E, k) * p.g end)
cases.add("frozen_module", { 4 }, { net = param(nn.linear(12, 4), frozen) }, function(p, _, h) return p.net(h) end)
cases.add("frozen_outside", { 3 },
  { all = param({ a = { 3 }, b = param({ 3 }, uniform(1), { trainable = true }), net = nn.linear(12, 3) }, frozen) },
  function(p, _, h) return p.all.a + p.all.b * p.all.net(h) end)
cases.add("some_frozen", { 3 }, { param({ 3 }, 1, frozen), param({ 3 }, uniform(1), { lr = 0.1 }) },
  function(p, _, h) return p[1] * p[2] * slice(h, 1, 3) end)
cases.add("stopped_once", { 4 }, { W = param({ 4, 12 }, uniform(0.5)), b = param({ 4 }, uniform(1)) },
  function(p, _, h) return stop_gradient(p.b) * p.W(h) + where(gt(p.b, 0), 0.5, 0.2) end)
cases.add("numbers", { 2, 3 }, { W = param({ 2, 3 }, { { 0.5, -1, 2 }, { 1, 0.25, -0.5 } }) },
  function(p, _, h) return p.W * slice(h, 1, 3) end)
cases.add("numbers_in_a_list", { 2, 3 }, { W = param({ 2, 3 }, { 0.5, -1, 2, 1, 0.25, -0.5 }, { lr = 2 }) },
  function(p, _, h) return p.W * slice(h, 1, 3) end)
cases.add("projected", { 2 }, { W = param({ 2, 12 }, uniform(1), { constrain = { max_norm = 0.5 } }) },
  function(p, _, h) return p.W(h) end)

return cases.model()
