-- head.lua: a head over the window, window(p, ys, ss): what it is shown of the k2 steps.
local core, env, lib = ...

-- A row for each output, then for each state: what the head could see of a step.
local function rows(outputs, states)
  local list = {}
  for i, o in ipairs(outputs) do
    list[i] = { name = o.name == "" and "ys" or "ys." .. o.name, node = o.node, state = -1 }
  end
  for i, s in ipairs(states) do
    list[#list + 1] = { name = "ss." .. s.name, node = s.next, state = i - 1 }
  end
  return list
end

local function output_view(outputs, nodes, name)
  if outputs[1].name == "" then return nodes[1] end
  local fields, names = {}, {}
  for i, o in ipairs(outputs) do fields[o.name], names[i] = nodes[i], o.name end
  return lib.strict(fields, name, function(key)
    return string.format("%s.%s: the step returns no such output%s", name, key,
      lib.hint(key, names, "it returns"))
  end)
end

-- A list of k2 whose i-th is made by make(i, its name).
local function steps(name, k2, make)
  local list = {}
  for t = 1, k2 do list[t] = make(t, string.format("%s[%d]", name, t)) end
  return lib.strict(list, name, function(key)
    if not tonumber(key) then
      return string.format("%s.%s: %s is a list of the window's steps, %s[1] (the oldest) to %s[%d]; each has its own", name,
        key, name, name, name, k2)
    end
    return string.format("%s[%s]: the window has %d step%s, 1 (the oldest) to %d", name, key, k2, k2 == 1 and "" or "s", k2)
  end)
end

-- ys and ss: what the step returned at each of the k2 steps, oldest first.
function lib.head_views(outputs, state_tree, states, k2)
  local past = core.past(rows(outputs, states), k2)
  local ys = steps("ys", k2, function(t, name) return output_view(outputs, past[t], name) end)
  local ss = steps("ss", k2, function(t, name)
    local node_of = {}
    for i, s in ipairs(states) do node_of[s] = past[t][#outputs + i] end
    return lib.state_view(state_tree, name, function(entry) return node_of[entry] end)
  end)
  return ys, ss
end
