-- globals.lua: the environment of the user's files. What they assign stands over the language's names,
-- for them alone; while the model is built nothing is assigned.
local core, env, lib = ...
local fail, rawset = lib.fail, rawset

local why = {
  model = "write local %s",
  step = "write local %s, and return as state what the next step is to see",
  window = "write local %s",
  loss = "write local %s",
}

-- A step is run once, so a global could not carry anything from one step to the next.
local function check_assigned(name)
  if name == "__return" or name == "_ENV" then
    fail("%s is not available in a spec: it is Lua's own", name)
  end
  if core.running(lib.model) then
    local hint = type(name) == "string" and ("; " .. why[lib.calling]):format(name) or ""
    fail("%s is assigned to a global in the %s%s", tostring(name), lib.calling, hint)
  end
end

core.set_environment(setmetatable({}, {
  __index = env,
  __newindex = function(_, name, v)
    check_assigned(name)
    rawset(env, name, v)
  end,
  __metatable = false,
}))
