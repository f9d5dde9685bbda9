-- signatures.lua: the one table of the language. A line is a function, or a value, that a spec can use:
--
--     name(parameter: type, optional?: type = default, ...: type): result -- what it does
--
-- and `class NAME` begins a table with named fields, a line each. From it come: the check of every
-- call's number of arguments and names of options (calls.lua), the defaults of options, and the
-- definitions that editors read (docs/tapeless.lua, written by scripts/definitions.lua). A function
-- that has no line here cannot be called, and a line without a function is an error when Lua starts.
--
-- Types are LuaCATS's; those that begin with a capital letter are the language's own.
local _, _, lib = ...

local text = [[
class Model -- what model { ... } takes
  input?: Data -- what a step reads; left out: the model has no input
  target?: Data -- what the loss compares with; left out: the model has no target
  params: table<any, any> -- the parameters by name: shapes, param(...), modules, tables of such
  state?: table<any, any> -- what one step leaves for the next, by name: shapes, init(...), learned(...)
  step: fun(p: any, x: any, s: any): any, any -- one step: the output and the next state
  window?: fun(p: any, ys: any, ss: any): any -- a head over the last k2 steps: the output
  loss: fun(y: any, target: any): Value|table<string, Value> -- the loss of one example of one step; or several by name, which are added
  tbptt: Tbptt -- how the gradient is truncated
  train?: Train -- how the model is trained

class Tbptt -- the field tbptt of a model
  k1: integer -- steps between two updates
  k2: integer -- steps that an update looks back
  batch?: integer = 1 -- lanes: streams that are trained side by side
  shards?: integer -- equal parts of the batch, which threads run; left out: of 32 lanes, 8 at most, or a few of 16
  loss?: "new"|"last"|"all" = "new" -- which steps of a window count
  reduce?: "mean"|"sum" = "mean" -- over the counted steps and lanes
  overlap?: "recompute"|"retain"|"versions" = "recompute" -- the weights that older steps are seen with
  learn?: "tbptt"|"rtrl"|"snap1"|"diagonal"|"immediate" = "tbptt" -- where the gradient comes from
  carry?: boolean = false -- the state lives on from one epoch to the next
  resets?: boolean = false -- sequences may start inside a window
  masks?: boolean = false -- steps inside a sequence may be padding
  lags?: boolean = false -- the adjoint of the state is kept between steps
  unroll?: boolean = true -- false: steps that are alike become a loop in the C, for a k2 of thousands

class Train -- the field train of a model
  optimizer?: Optimizer = adam {} -- sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge
  schedule?: Schedule = constant {} -- constant, step, cosine, one_cycle or reduce_on_plateau
  clip_norm?: number = 0 -- bounds the norm of the whole gradient; 0 is off
  clip_value?: number = 0 -- bounds each element of the gradient; 0 is off
  accumulate?: integer = 1 -- windows whose gradients make an update
  average?: number = 0 -- the decay of an average of the parameters, which is used in place of them; 0 is off

class Sgd -- options of sgd
  lr: number -- the learning rate
  momentum?: number = 0
  dampening?: number = 0
  weight_decay?: number = 0
  decay?: "all"|"matrices" = "all" -- "matrices": what has fewer than two dimensions does not decay
  nesterov?: boolean = false

class Adam -- options of adam
  lr?: number = 1e-3 -- the learning rate
  betas?: number[] = { 0.9, 0.999 }
  eps?: number = 1e-8
  weight_decay?: number = 0
  decay?: "all"|"matrices" = "all" -- "matrices": what has fewer than two dimensions does not decay

class Adamw -- options of adamw
  lr?: number = 1e-3 -- the learning rate
  betas?: number[] = { 0.9, 0.999 }
  eps?: number = 1e-8
  weight_decay?: number = 1e-2
  decay?: "all"|"matrices" = "all" -- "matrices": what has fewer than two dimensions does not decay

class Rmsprop -- options of rmsprop
  lr?: number = 1e-2 -- the learning rate
  alpha?: number = 0.99
  eps?: number = 1e-8
  weight_decay?: number = 0
  decay?: "all"|"matrices" = "all" -- "matrices": what has fewer than two dimensions does not decay
  momentum?: number = 0
  centered?: boolean = false

class Lm -- options of lm
  lambda?: number = 1e-3 -- the damping that it begins with
  l2?: number = 0 -- l2/2 times the sum of squares of the parameters is added to the cost
  decay?: "all"|"matrices" = "all" -- "matrices": l2 is not of what has fewer than two dimensions
  geodesic?: boolean = false -- steps are corrected by the second derivative along them
  keep_scale?: boolean = false -- D is the largest diagonal so far, not that of the iteration
  tol_gradient?: number = 1e-10 -- it ends where no element of the gradient is larger,
  tol_step?: number = 1e-12 -- or a step is shorter than that times the parameters
  tol_cost?: number = 1e-14 -- or the cost decreases by less than that times the cost
  patience?: integer = 0 -- or for so many iterations the held-out loss was not the lowest; 0: it does not matter

class Lbfgs -- options of lbfgs
  history?: integer = 10 -- steps that are remembered, 1 to 1000
  l2?: number = 0 -- l2/2 times the sum of squares of the parameters is added to the cost
  decay?: "all"|"matrices" = "all" -- "matrices": l2 is not of what has fewer than two dimensions
  tol_gradient?: number = 1e-10 -- it ends where no element of the gradient is larger,
  tol_step?: number = 1e-12 -- or a step is shorter than that times the parameters
  tol_cost?: number = 1e-14 -- or the cost decreases by less than that times the cost
  patience?: integer = 0 -- or for so many iterations the held-out loss was not the lowest; 0: it does not matter

class Ekf -- options of ekf
  p?: number = 1 -- the variance that the parameters begin with
  q?: number = 1e-8 -- what each update adds to the variances
  r?: number = 1 -- the variance of a residual
  forgetting?: number = 1 -- by which the past counts less at every update; 1: not at all
  decoupled?: boolean = false -- a covariance for each node, and none between them

class Ridge -- options of ridge
  l2?: number = 1e-6 -- l2/2 times the sum of squares of the parameters is added to the cost
  decay?: "all"|"matrices" = "all" -- "matrices": l2 is not of what has fewer than two dimensions

class Constant -- options of constant
  warmup?: integer = 0 -- updates over which the rate rises from 1/warmup to 1

class Step -- options of step
  every: integer -- updates from one step to the next
  gamma?: number = 0.1 -- what each step multiplies the rate by
  warmup?: integer = 0 -- updates over which the rate rises from 1/warmup to 1

class Cosine -- options of cosine
  total?: integer = 0 -- updates until the floor; 0: the whole run
  floor?: number = 0 -- where the rate ends
  warmup?: integer = 0 -- updates over which the rate rises from 1/warmup to 1

class OneCycle -- options of one_cycle
  total?: integer = 0 -- updates that the cycle takes; 0: the whole run
  peak?: number = 0.3 -- how much of them until the rate is lr
  start?: number = 0.04 -- where the rate begins, times lr
  final?: number = 4e-6 -- where it ends, times lr

class ReduceOnPlateau -- options of reduce_on_plateau
  factor?: number = 0.1 -- what the rate is multiplied by
  patience?: integer = 10 -- so many validations in a row may be no better; the next one that is not reduces the rate
  min_delta?: number = 0 -- better is better by more than that
  floor?: number = 0 -- below which it does not go, times lr
  warmup?: integer = 0 -- updates over which the rate rises from 1/warmup to 1

class Piece -- what module { ... } takes
  params?: table<any, any> -- as in a model
  state?: table<any, any> -- as in a model
  step: fun(p: any, x: any, s: any, ...: any): any, any -- p.NAME(x, s.NAME) calls step(p.NAME, x, s.NAME)

class Parameter -- options of param and learned
  trainable?: boolean = true -- false: the gradient is 0, and nothing changes it
  lr?: number = 1 -- times the optimizer's
  weight_decay?: number = 1 -- times the optimizer's
  constrain?: Constrain -- what holds after every update

class Constrain -- the field constrain of a parameter's options: bounds, or a norm
  min?: number -- of each element
  max?: number -- of each element
  max_norm?: number -- of each row of a matrix, or of a whole vector

class Keep -- options of sum and mean
  keepdim?: boolean = false -- the dimension stays, as a 1

class Norm -- options of layer_norm
  eps?: number = 1e-5 -- added to the variance

class Slide -- options of conv1d and conv2d
  stride?: Size = 1 -- how far the window moves
  pad?: Size = 0 -- zeros around x at both ends

class Pool -- options of max_pool and avg_pool
  stride?: Size -- how far the window moves; as far as it is long if left out
  pad?: Size = 0 -- padding around x at both ends

class Reduce -- options of mse and mae
  reduce?: "mean"|"sum" = "mean" -- over the elements

class Quantile -- options of quantile
  reduce?: "mean"|"sum" = "mean" -- over the elements and their levels

class Huber -- options of huber
  delta?: number = 1 -- where the parabola becomes a line
  reduce?: "mean"|"sum" = "mean" -- over the elements

class Bce -- options of bce
  weight?: Operand = 1 -- what each element counts
  pos_weight?: Operand = 1 -- what targets of 1 count more than those of 0
  reduce?: "mean"|"sum" = "mean" -- over the elements

class CrossEntropy -- options of cross_entropy
  weight?: number[] -- what each class counts
  smoothing?: number = 0 -- the part of the target that is spread over all classes
  ignore?: integer -- a token whose loss is 0

class Feed -- options of feed
  evaluation?: "x"|"previous" = "x" -- what evaluation reads

class Real -- options of real
  raw?: boolean = false -- columns of a table are read as they stand, not standardised

class Linear -- options of nn.linear
  bias?: boolean = true

class Conv -- options of nn.conv1d and nn.conv2d
  stride?: Size = 1 -- how far the window moves
  pad?: Size = 0 -- zeros around x at both ends
  bias?: boolean = true

class Rnn -- options of nn.rnn
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true
  nonlinearity?: "tanh"|"relu" = "tanh"

class Lstm -- options of nn.lstm
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true
  peephole?: boolean = false -- the gates see the cell
  layer_norm?: boolean = false -- of both products, and of the cell on its way to the output
  zoneout?: number|Zoneout = 0 -- how likely an element of the state stays as it was
  projection?: integer -- how many numbers h has; left out: as many as the cell
  coupled?: boolean = false -- there is no input gate, it is 1 - f

class Zoneout -- the option zoneout of nn.lstm
  h?: number = 0 -- of an element of h
  c?: number = 0 -- of an element of c

class Gated -- options of nn.gru, nn.mgu and nn.mingru
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true

class Indrnn -- options of nn.indrnn
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true
  nonlinearity?: "relu"|"tanh" = "relu"
  bound?: number = 1 -- of what a unit's weight of itself may be

class Ctrnn -- options of nn.ctrnn
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true
  nonlinearity?: "tanh"|"sigmoid" = "tanh"
  dt?: number = 1 -- how much time a step is
  tau?: number|number[] = 4 -- the time constant, or one for each unit
  train_tau?: boolean = true -- false: it stays

class Clockwork -- options of nn.clockwork
  layers?: integer = 1
  dropout?: number = 0 -- between layers
  bias?: boolean = true
  periods?: integer[] = { 1, 2, 4, 8 } -- of the groups of units, the fastest first

class Lru -- options of nn.lru
  state?: integer -- how many complex numbers; left out: as many as outputs
  r_min?: number = 0 -- the least modulus that they begin with
  r_max?: number = 1 -- the largest
  max_phase?: number = 6.283185307179586 -- the largest angle

class Esn -- options of nn.esn
  radius?: number = 0.9 -- the spectral radius of what reads h
  leak?: number = 1 -- how much of a unit is new at each step
  input_scale?: number = 1 -- the bound of what reads x, and of the biases
  bias?: boolean = true

class Attention -- options of nn.attention
  heads?: integer = 1 -- parts of the width, each with weights of its own
  bias?: boolean = true
  dropout?: number = 0 -- of the weights
  score?: "dot"|"additive" = "dot" -- how a step is compared with the query
  probe?: string -- a probe of this name has the weights, {heads, steps}

model(spec: Model): any -- a spec ends with return model { ... }
options(defaults: table<string, any>): table<string, any> -- what -D NAME=VALUE may override
module(piece: Piece): Module -- a piece of a model with its own parameters and state
real(shape: integer|Shape, options?: Real): Field -- real(n) is a vector, real { h, w } a value of any shape
token(vocab: integer): Field -- a whole number from 0 to vocab - 1
param(shape: Shape|Module|table, init?: number|table|Init, options?: Parameter): Declared -- a parameter and how it starts; or options for a module or a table of parameters
init(shape: Shape, value?: number|table = 0): Declared -- a state and the numbers that it starts at
learned(shape: Shape, init?: number|table|Init = 0, options?: Parameter): Declared -- a state that starts at a parameter
const(numbers: number|table): Value -- numbers, as many as a nested table holds, as a value
zeros: Init -- each element 0
ones: Init -- each element 1
glorot: Init -- even between +- sqrt(6 / (rows + columns))
orthogonal: Init -- together an orthogonal matrix
uniform(a: number): Init -- even between -a and a
normal(sd: number): Init -- normal with that standard deviation
spectral(radius: number): Init -- a normal matrix, divided so that it has that spectral radius

sgd(options: Sgd): Optimizer -- stochastic gradient descent
adam(options: Adam): Optimizer -- Adam
adamw(options: Adamw): Optimizer -- Adam with decoupled weight decay
rmsprop(options: Rmsprop): Optimizer -- RMSprop
lm(options: Lm): Optimizer -- Levenberg-Marquardt, over the whole data
lbfgs(options: Lbfgs): Optimizer -- L-BFGS, over the whole data
ekf(options: Ekf): Optimizer -- the extended Kalman filter
ridge(options: Ridge): Optimizer -- ridge regression, over the whole data, of what the output is linear in
constant(options: Constant): Schedule -- the learning rate as it is
step(options: Step): Schedule -- times gamma after every so many updates
cosine(options: Cosine): Schedule -- half a cosine from 1 to floor
one_cycle(options: OneCycle): Schedule -- up to lr, and down to next to nothing
reduce_on_plateau(options: ReduceOnPlateau): Schedule -- smaller where the held-out loss gets no better

tanh(x: Operand): Value -- hyperbolic tangent
sigmoid(x: Operand): Value -- 1 / (1 + e^-x)
relu(x: Operand): Value -- max(x, 0)
leaky_relu(x: Operand, slope?: Operand = 0.01): Value -- x where it is above 0, else slope x
elu(x: Operand, alpha?: number = 1): Value -- x where it is above 0, else alpha (e^x - 1)
gelu(x: Operand): Value -- x times the normal distribution's share below x, in the tanh form
silu(x: Operand): Value -- x sigmoid(x), also called swish
softplus(x: Operand): Value -- log(1 + e^x)
exp(x: Operand): Value -- e^x
log(x: Operand): Value -- natural logarithm
sqrt(x: Operand): Value -- square root
abs(x: Operand): Value -- absolute value
square(x: Operand): Value -- x x
sin(x: Operand): Value -- sine
cos(x: Operand): Value -- cosine
max(a: Operand, b: Operand, ...: Operand): Value -- the largest, element by element
min(a: Operand, b: Operand, ...: Operand): Value -- the smallest, element by element
clamp(x: Operand, low: number, high: number): Value -- x held between two numbers
gt(a: Operand, b: Operand): Value -- 1 where a > b, else 0
ge(a: Operand, b: Operand): Value -- 1 where a >= b, else 0
lt(a: Operand, b: Operand): Value -- 1 where a < b, else 0
le(a: Operand, b: Operand): Value -- 1 where a <= b, else 0
eq(a: Operand, b: Operand): Value -- 1 where a = b, else 0
where(c: Operand, a: Operand, b: Operand): Value -- a where c is not 0, else b

matmul(a: Operand, b: Operand): Value -- the product of matrices and vectors
sum(x: Operand, dim?: integer, options?: Keep): Value -- over one dimension, or over all elements
mean(x: Operand, dim?: integer, options?: Keep): Value -- over one dimension, or over all elements
softmax(x: Operand, dim?: integer = -1): Value -- e^x over its sum along a dimension
log_softmax(x: Operand, dim?: integer = -1): Value -- the logarithm of softmax
layer_norm(x: Operand, gain?: Operand, bias?: Operand, options?: Norm): Value -- mean 0 and variance 1 along the last dimension

concat(list: Operand[], dim?: integer = -1): Value -- joins along a dimension
stack(list: Operand[], dim?: integer = 1): Value -- equal shapes along a new dimension
split(x: Operand, n: integer, dim?: integer = -1): Value ... -- n equal parts, as n results
slice(x: Operand, from: integer, to: integer, dim?: integer = -1): Value -- both ends belong to it
reshape(x: Operand, shape: Shape): Value -- the elements in the same order
flatten(x: Operand): Value -- a vector of all elements
transpose(x: Operand, a?: integer, b?: integer): Value -- swaps two dimensions, by default the last two

conv1d(x: Operand, w: Operand, b?: Operand, options?: Slide): Value -- over {C, L} with w {O, C, K}
conv2d(x: Operand, w: Operand, b?: Operand, options?: Slide): Value -- over {C, H, W} with w {O, C, KH, KW}
max_pool(x: Operand, size: Size, options?: Pool): Value -- the largest in each window
avg_pool(x: Operand, size: Size, options?: Pool): Value -- the mean of each window

embedding(W: Value, x: Value): Value -- row x of W {V, n}, x a token
dropout(x: Operand, p: number): Value -- in training each element is 0 with probability p, else divided by 1 - p
feed(x: Operand, previous: Operand, p: number, options?: Feed): Value -- in training previous with probability p, else x
hardmax(x: Operand): Value -- 1 where x is the largest along the last dimension, else 0
stop_gradient(x: Operand): Value -- x, through which no gradient flows
probe(name: string, x: Operand): Value -- x, marked: its value and gradient can be read out under the name

mse(y: Value, target: Value, options?: Reduce): Value -- mean of (y - t)^2
mae(y: Value, target: Value, options?: Reduce): Value -- mean of abs(y - t)
huber(y: Value, target: Value, options?: Huber): Value -- mean of d^2/2 where d = abs(y - t) <= delta, a line beyond
bce(y: Value, target: Value, options?: Bce): Value -- binary cross entropy of logits
quantile(y: Value|number[], target?: Value, levels?: number[], options?: Quantile): any -- of levels alone a loss; mean of max(q e, (q - 1) e), e = t - y
cross_entropy(y: Value, target: Value, options?: CrossEntropy): Value -- -log softmax(y)[t], t a token

nn.linear(input: integer, output: integer, options?: Linear): Module -- W x + b
nn.embedding(vocab: integer, width: integer): Module -- a vector for each token
nn.layer_norm(width: integer, options?: Norm): Module -- layer_norm with a gain and a bias
nn.dropout(p: number): Module -- dropout(x, p)
nn.conv1d(input: integer, output: integer, size: Size, options?: Conv): Module -- over {channels, length}
nn.conv2d(input: integer, output: integer, size: Size, options?: Conv): Module -- over {channels, height, width}
nn.rnn(input: integer, hidden: integer, options?: Rnn): Module -- Elman's
nn.lstm(input: integer, hidden: integer, options?: Lstm): Module -- long short-term memory
nn.gru(input: integer, hidden: integer, options?: Gated): Module -- gated recurrent units
nn.mgu(input: integer, hidden: integer, options?: Gated): Module -- minimal gated units
nn.mingru(input: integer, hidden: integer, options?: Gated): Module -- minimal GRUs, whose gates see x alone
nn.indrnn(input: integer, hidden: integer, options?: Indrnn): Module -- units that see of the state themselves alone
nn.ctrnn(input: integer, hidden: integer, options?: Ctrnn): Module -- in continuous time, by Euler's steps
nn.clockwork(input: integer, hidden: integer, options?: Clockwork): Module -- groups of units that move at every so manieth step
nn.lru(input: integer, output: integer, options?: Lru): Module -- linear recurrent units
nn.esn(input: integer, hidden: integer, options?: Esn): Module -- an echo state network's reservoir, which is not trained
nn.stack(layers: table): Module -- modules and functions one after the other
nn.backward(layer: Module): Module -- in a window: the layer from the newest step to the oldest
nn.bidirectional(layer: Module): Module -- the layer step by step; in a window, with another that runs backward
nn.attention(width: integer, options?: Attention): Module -- over a list of vectors, by the newest or another query
]]

-- "name?: type = default"
local function parse_variable(s)
  local name, optional, rest = s:match("^%s*([%w_.]+)(%??):%s*(.-)%s*$")
  assert(name, "internal: signatures.lua: " .. s)
  local type_text, default = rest:match("^(.-) = (.*)$")
  return { name = name, optional = optional == "?", type = type_text or rest, default = default }
end

-- At the commas that stand in no bracket.
local function split_list(s)
  local list, depth, from = {}, 0, 1
  for i = 1, #s do
    local c = s:sub(i, i)
    if c:find("[%(%[{<]") then depth = depth + 1 end
    if c:find("[%)%]}>]") then depth = depth - 1 end
    if c == "," and depth == 0 then list[#list + 1], from = s:sub(from, i - 1), i + 1 end
  end
  if s:sub(from):find("%S") then list[#list + 1] = s:sub(from) end
  return list
end

local function parse_call(row, parameters)
  row.params, row.least, row.most = {}, 0, 0
  for i, s in ipairs(split_list(parameters)) do
    local v = parse_variable(s)
    row.params[i], row.most = v, v.name == "..." and math.huge or i
    if not v.optional and v.name ~= "..." then row.least = i end
  end
end

-- The rows in order, { name, doc, result, params, least, most }, without params for a value; and
-- the classes, in order and by name: { name, doc, fields, names }.
local function parse(lines)
  local rows, classes, class = {}, {}, nil
  for line in lines:gmatch("[^\n]+") do
    local said, doc = line:match("^(.-) %-%- (.*)$")
    said, doc = said or line, doc or ""
    local class_name, name = said:match("^class (%w+)$"), said:match("^([%w_.]+)")
    if class_name then
      class = { name = class_name, doc = doc, fields = {}, names = {} }
      classes[#classes + 1], classes[class_name] = class, class
    elseif said:find("^ ") then
      local field = parse_variable(said)
      field.doc = doc
      class.fields[#class.fields + 1], class.names[#class.names + 1] = field, field.name
    else
      local parameters, result = said:match("^[%w_.]+(%b()):%s*(.*)$")
      local row = { name = name, doc = doc, result = result or said:match(":%s*(.*)$") }
      if parameters then parse_call(row, parameters:sub(2, -2)) end
      rows[#rows + 1], rows[name] = row, row
    end
  end
  return rows, classes
end

lib.signatures, lib.classes = parse(text)

-- The names of a class's fields, for check_fields.
function lib.fields(class) return lib.classes[class].names end

-- How a call is written: "sum(x [, dim] [, { keepdim = false }])", "adam { lr = 1e-3, ... }".
local function braces(class)
  local list = {}
  for i, f in ipairs(class.fields) do list[i] = f.name .. " = " .. (f.default or "...") end
  return "{ " .. table.concat(list, ", ") .. " }"
end

function lib.usage(row)
  if not row.params then return row.name end
  if #row.params == 1 and lib.classes[row.params[1].type] then
    return row.name .. " " .. braces(lib.classes[row.params[1].type])
  end
  local text_of = row.name .. "("
  for i, v in ipairs(row.params) do
    local class = lib.classes[v.type]
    local word = (i > 1 and ", " or "") .. (class and braces(class) or v.name)
    text_of = text_of .. (v.optional and (i > 1 and " [" or "[") .. word .. "]" or word)
  end
  return text_of .. ")"
end
