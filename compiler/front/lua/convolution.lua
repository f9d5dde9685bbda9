-- convolution.lua: convolutions and pooling, PyTorch's: cross-correlation, sizes rounded down.
--
-- A window slides over an image {C, H, W}; a signal {C, L} is an image of one row. The operation
-- `patches` makes a column of every place of the window, so that a convolution is one product and
-- an average a sum along the columns.
local core, env, lib = ...
local fail, describe, shape_text = lib.fail, lib.describe, lib.shape_text
local shape, name, label, value = core.shape, core.name, core.label, lib.value
local format, floor, unpack = string.format, math.floor, unpack or table.unpack

local MOST, LARGEST = 2 ^ 24, 2 ^ 28
local images = { "{channels, length}", "{channels, height, width}" }
local weights = { "{out, in, size}", "{out, in, height, width}" }

-- A number for each of the dimensions that a window slides along: v is one for all, or a list.
function lib.for_each_dim(v, dims, what, low)
  if type(v) ~= "table" or core.is_node(v) then
    lib.whole(v, what, low, MOST, dims == 2 and "a pair sets rows and columns apart" or nil)
    return dims == 1 and { v } or { v, v }
  end
  if #v ~= dims then
    fail("%s is a list of %d; it must be one number%s", what, #v, dims == 2 and ", or two" or "")
  end
  local list = {}
  lib.check_list(v, what)
  for i = 1, dims do list[i] = lib.whole(v[i], format("%s: number %d", what, i), low, MOST) end
  return list
end

-- The window over x by its size, steps and padding: core's arguments, and the places along each
-- dimension.
local function slide(what, x, size, stride, pad)
  local s, places = shape(x), {}
  for d = 1, #size do
    local padded = s[d + 1] + 2 * pad[d]
    if padded < size[d] then
      fail("%s: a window of %s does not fit into %s, which is %s, with a pad of %s", what,
        shape_text(size), name(x), shape_text(s), shape_text(pad))
    end
    places[d] = floor((padded - size[d]) / stride[d]) + 1
  end
  if #size == 1 then return { 1, size[1], 1, stride[1], 0, pad[1] }, places end
  return { size[1], size[2], stride[1], stride[2], pad[1], pad[2] }, places
end

local function check_image(what, x, dims)
  local s = shape(x)
  if #s ~= dims + 1 then
    fail("%s: %s is %s; it takes %s", what, name(x), shape_text(s), images[dims])
  end
end

-- One column a place; `rows` elements in each.
local function patches(what, x, window, rows, places)
  if rows * places > LARGEST then
    fail("%s: %d places of a window of %d elements are too many; one example of a value has at " ..
      "most %d elements", what, places, rows, LARGEST)
  end
  return core.patches(x, unpack(window))
end

-- {C, L} as {C, 1, L}
local function as_image(x)
  local s = shape(x)
  return #s == 2 and core.reshape(x, { s[1], 1, s[2] }) or x
end

-- ---- convolutions ----

local function check_weight(what, x, w, dims)
  local s, t = shape(x), shape(w)
  if #t ~= dims + 2 then
    fail("%s: the weight %s is %s; it takes %s", what, name(w), shape_text(t), weights[dims])
  end
  if t[2] ~= s[1] then
    fail("%s: the weight %s is %s but %s is %s; %s takes %d channels", what, name(w),
      shape_text(t), name(x), shape_text(s), name(w), t[2])
  end
end

local function check_bias(what, b, out)
  if type(b) == "table" and not core.is_node(b) then
    fail("%s: argument 3 is %s; it is the bias, {%d}, or nil, and then come the options", what,
      describe(b), out)
  end
  b = value(b, what, 3)
  if not lib.same_shape(shape(b), { out }) then
    fail("%s: the bias %s is %s; it must be {%d}", what, name(b), shape_text(shape(b)), out)
  end
  return core.reshape(b, { out, 1 })
end

local function convolution(what, dims)
  return function(x, w, b, options)
    x, w = value(x, what, 1), value(w, what, 2)
    check_image(what, x, dims)
    check_weight(what, x, w, dims)
    local t = shape(w)
    local out, size = t[1], { unpack(t, 3) }
    if b ~= nil then b = check_bias(what, b, out) end
    local window, places = slide(what, x, size,
      lib.for_each_dim(options.stride, dims, what .. ": stride", 1),
      lib.for_each_dim(options.pad, dims, what .. ": pad", 0))
    local rows = lib.size(t) / out
    local columns = patches(what, as_image(x), window, rows, lib.size(places))
    local y = core.matmul(core.reshape(w, { out, rows }), columns, false, false)
    if b then y = y + b end
    return label(core.reshape(y, { out, unpack(places) }), what .. "(...)")
  end
end

env.conv1d, env.conv2d = convolution("conv1d", 1), convolution("conv2d", 2)

-- ---- pooling ----

-- Steps are as long as the window unless told. f(image, window, elements of it) pools.
local function pooling(what, f)
  return function(x, size, options)
    x = value(x, what, 1)
    local s = shape(x)
    local dims = #s == 2 and 1 or 2
    if #s ~= 2 and #s ~= 3 then
      fail("%s: %s is %s; it takes %s or %s", what, name(x), shape_text(s), images[1], images[2])
    end
    size = lib.for_each_dim(size, dims, what .. ": the size", 1)
    local pad = lib.for_each_dim(options.pad, dims, what .. ": pad", 0)
    for d = 1, dims do
      if 2 * pad[d] > size[d] then
        fail("%s: a pad of %s is more than half of a window of %s", what, shape_text(pad),
          shape_text(size))
      end
    end
    local stride = options.stride == nil and size or
      lib.for_each_dim(options.stride, dims, what .. ": stride", 1)
    local window, places = slide(what, x, size, stride, pad)
    local y = f(as_image(x), window, lib.size(size), lib.size(places))
    return label(core.reshape(y, { s[1], unpack(places) }), what .. "(...)")
  end
end

-- The gradient goes to the first of the largest.
env.max_pool = pooling("max_pool", function(x, window) return core.max_pool(x, unpack(window)) end)

-- Padding counts as zeros.
env.avg_pool = pooling("avg_pool", function(x, window, n, places)
  local channels = shape(x)[1]
  local columns = patches("avg_pool", x, window, channels * n, places)
  local sums = core.sum(core.reshape(columns, { channels, n, places }), { channels, 1, places })
  return core.binary("div", sums, core.constant(n, {}))
end)
