-- cases.lua: a model made of small cases, one use of one operation each, so that the row of a
-- parameter in `tapeless diff` says which one went wrong.
--
-- Case `name` has parameters of its own, name.*, and a state of its own, s.name {12}. Its step is
--
--     h' = tanh(h / 2 + flatten(f(p, x, h)) mix)
--
-- with mix a parameter of the case: a matrix, not a sum, so that elements in the wrong order are
-- seen. The loss is the squared distance of every h' from the target. So each case meets the loss
-- through its parameters and through time.
local cases, list = {}, {}
local N = 12
cases.N = N

function cases.size(shape)
  local n = 1
  for _, d in ipairs(shape) do n = n * d end
  return n
end

-- f(p, x, h, token) returns a value with the elements of `shape`; p has params and `mix`.
function cases.add(name, shape, params, f)
  assert(not list[name], name)
  list[#list + 1] = { name = name, shape = shape, params = params, f = f }
  list[name] = true
end

-- Shapes are broadcast by NumPy's rule, written here once more.
function cases.broadcast(a, b)
  local r, rank = {}, math.max(#a, #b)
  for i = 0, rank - 1 do
    local p, q = a[#a - i] or 1, b[#b - i] or 1
    assert(p == q or p == 1 or q == 1)
    r[rank - i] = math.max(p, q)
  end
  return r
end

local function same(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do if a[i] ~= b[i] then return false end end
  return true
end

-- The first elements of a vector as a value of that shape.
function cases.part(v, shape)
  local n = cases.size(shape)
  if n == N then return reshape(v, shape) end
  return reshape(slice(v, 1, n), shape)
end

-- Numbers as a value: the first of the list of numbers, over and over.
function cases.numbers(list_of, shape)
  local parts = {}
  for i = 1, cases.size(shape) do parts[i] = list_of[(i - 1) % #list_of + 1] end
  return reshape(stack(parts), shape)
end

-- Between -0.4 and 0.4, plus 1 and minus 1 in turn: no kink at 0 is near, and no two of these are.
function cases.apart(x, numbers)
  return 0.4 * tanh(x) + cases.numbers(numbers or { 1, -1 }, x.shape)
end

-- Operands of binary operations by where they come from: P a parameter, X the input, H the state,
-- C a number for each element.
local function operand(kind, shape, name, params)
  if kind == "P" then params[name] = param(shape, uniform(1)) end
  return function(p, x, h)
    if kind == "P" then return p[name] end
    if kind == "X" then return cases.part(x, shape) end
    if kind == "H" then return cases.part(h, shape) end
    return cases.numbers({ 0.7, -1.2, 1.6 }, shape)
  end
end

local operands = {
  same_shared      = { "P", { 3, 4 },       "P", { 3, 4 } },
  row_shared       = { "P", { 3, 4 },       "P", { 4 } },
  outer_shared     = { "P", { 4 },          "P", { 3, 1 } },
  scalar_shared    = { "P", {},             "P", { 2, 3 } },
  matrix_input     = { "P", { 3, 4 },       "X", { 3, 4 } },
  input_row        = { "X", { 3, 4 },       "P", { 4 } },
  input_rank       = { "X", { 3, 1 },       "P", { 2, 1, 4 } },
  input_state      = { "X", { 4 },          "H", { 3, 1 } },
  state_input      = { "H", { 2, 3, 2 },    "X", { 3, 1 } },
  state_shared     = { "H", { 2, 1, 3, 2 }, "P", { 3, 1 } },
  shared_state     = { "P", { 1 },          "H", { 12 } },
  scalar_state     = { "P", {},             "H", {} },
  state_number     = { "H", { 3, 4 },       "C", { 4 } },
  number_shared    = { "C", { 2, 1 },       "P", { 3 } },
  ones             = { "X", { 1, 1 },       "P", { 1 } },
}
local pair_names = {}
for name in pairs(operands) do pair_names[#pair_names + 1] = name end
table.sort(pair_names)

-- op(a, b) for operands of every pair, or of those named; `left` and `right` bring them where op is
-- smooth.
function cases.binary(name, names, op, left, right)
  for _, pair in ipairs(names or pair_names) do
    local kind_a, shape_a, kind_b, shape_b = unpack(operands[pair])
    local params = {}
    local a, b = operand(kind_a, shape_a, "a", params), operand(kind_b, shape_b, "b", params)
    cases.add(name .. "_" .. pair, cases.broadcast(shape_a, shape_b), params, function(p, x, h)
      local u, v = a(p, x, h), b(p, x, h)
      return op(left and left(u) or u, right and right(v) or v)
    end)
  end
end

-- What takes as long as cases times cases may take each `parts`th of them alone, from the case `part` on.
local function of_part(first, step)
  local some = {}
  for i = first, #list, step do some[#some + 1] = list[i] end
  return some
end

-- Extra fields of the model may be given: loss and so on.
function cases.model(more)
  local o = options { batch = 1, k1 = 2, k2 = 3, loss = "all", overlap = "recompute", part = 1, parts = 1 }
  local list = of_part(o.part, o.parts)
  local params, state = {}, {}
  for _, case in ipairs(list) do
    case.params.mix = param({ cases.size(case.shape), N }, uniform(0.6))
    params[case.name], state[case.name] = case.params, { N }
  end
  local m = {
    input  = { x = real(N), token = token(5) },
    target = real(N),
    params = params,
    state  = state,
    step   = function(p, x, s)
      local next_state, hs = {}, {}
      for i, case in ipairs(list) do
        local h = s[case.name]
        local y = case.f(p[case.name], x.x, h, x.token)
        assert(same(y.shape, case.shape), case.name)
        hs[i] = tanh(h / 2 + matmul(flatten(y), p[case.name].mix))
        next_state[case.name] = hs[i]
      end
      return stack(hs), next_state
    end,
    loss   = function(y, target) return 10 * mean(square(y - target)) end,
    tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, loss = o.loss, overlap = o.overlap },
  }
  return model(m)
end

return cases
