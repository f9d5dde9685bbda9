-- Convolutions and pooling of images and signals: overlap, gaps, padding, rows that no window
-- reaches; what slides and what it slides over shared by the lanes or not.
local cases = require "lib.cases"
local part = cases.part

-- conv(image, weight, bias) with each operand a parameter, or made of input and state.
local function conv(name, result, image, weight, f)
  local function add(where, params, make_image, make_weight)
    params.bias = param({ weight[1] }, uniform(1))
    cases.add(name .. where, result, params,
      function(p, x, h) return f(make_image(p, x, h), make_weight(p, x, h), p.bias) end)
  end
  local function shared_image(p) return p.image end
  local function shared_weight(p) return p.weight end
  local function image_of(p, x, h) return p.image * part(h, image) + part(x, image) end
  local function weight_of(p, x, h) return p.weight * (part(x, weight) + part(h, weight)) end
  local function params() return { image = param(image, uniform(1)), weight = param(weight, uniform(1)) } end
  add("_shared", params(), shared_image, shared_weight)
  add("_image", params(), image_of, shared_weight)
  add("_weight", params(), shared_image, weight_of)
  add("_both", params(), image_of, weight_of)
end

conv("conv1d", { 2, 4 }, { 2, 6 }, { 2, 2, 3 }, conv1d)
conv("conv1d_strided", { 2, 4 }, { 1, 12 }, { 2, 1, 4 },
  function(x, w, b) return conv1d(x, w, b, { stride = 3, pad = 1 }) end)
conv("conv1d_padded", { 3, 8 }, { 2, 3 }, { 3, 2, 2 },
  function(x, w) return conv1d(x, w, nil, { pad = { 3 } }) + conv1d(x, w, nil, { pad = 3 }) end)
conv("conv1d_whole", { 1, 1 }, { 3, 4 }, { 1, 3, 4 }, conv1d)
conv("conv2d", { 2, 2, 3 }, { 1, 3, 4 }, { 2, 1, 2, 2 }, conv2d)
conv("conv2d_strided", { 1, 2, 2 }, { 2, 3, 2 }, { 1, 2, 3, 2 },
  function(x, w, b)
    local stretched = conv2d(x, w, b, { stride = { 2, 1 }, pad = { 1, 1 } })
    return slice(stretched, 2, 3) - conv2d(x, w, nil, { stride = 2, pad = 1 })
  end)
conv("conv2d_padded", { 1, 6, 4 }, { 2, 1, 2 }, { 1, 2, 2, 3 },
  function(x, w, b) return conv2d(x, w, b, { pad = { 3, 2 } }) end)
conv("conv2d_points", { 3, 2, 2 }, { 2, 2, 2 }, { 3, 2, 1, 1 }, conv2d)
conv("conv2d_row", { 2, 1, 3 }, { 1, 1, 5 }, { 2, 1, 1, 3 }, conv2d)
conv("conv2d_views", { 2, 2, 2 }, { 1, 4, 3 }, { 2, 1, 2, 2 },
  function(x, w, b)
    local wide = transpose(x)
    return transpose(conv2d(slice(wide, 2, 4) - slice(wide, 1, 3), transpose(w), b))
  end)
conv("conv2d_twice", { 1, 1, 2 }, { 1, 3, 4 }, { 2, 1, 2, 2 },
  function(x, w, b)
    return conv2d(tanh(conv2d(x, w, b)), reshape(w, { 1, 2, 2, 2 }), slice(b, 2, 2), { pad = 0 })
  end)
conv("conv2d_parts", { 2, 2, 6 }, { 1, 3, 4 }, { 2, 1, 2, 2 },
  function(x, w, b) return concat { conv2d(x, w, b), conv2d(x, w, nil) } end)
conv("conv1d_square", { 1, 3 }, { 1, 4 }, { 1, 1, 4 },
  function(x, w) return conv1d(x, reshape(x, { 1, 1, 4 }), nil, { pad = 1 }) + conv1d(reshape(w, { 1, 4 }), w, nil, { pad = 1 }) end)
conv("conv1d_numbers", { 2, 3 }, { 1, 4 }, { 2, 1, 2 },
  function(x, w) return conv1d(cases.numbers({ 1, -1, 2 }, { 1, 4 }), w) + conv1d(x, cases.numbers({ 0.3, -0.2, 0.5 }, { 2, 1, 2 })) end)

-- f of a parameter, and of lanes. With `apart` no element comes near another one: a step of the
-- finite differences does not change which is the largest.
local far = { 3, -2, 7, 0, 5, -6, 9, -4, 1, -8, 11, -10 }

local function pool(name, result, image, apart, f)
  local function values(v) return apart and cases.apart(v, far) or v end
  cases.add(name .. "_lanes", result, { a = param(image, uniform(1)) },
    function(p, x, h) return 0.1 * f(values(p.a * part(h, image) + part(x, image))) end)
  cases.add(name .. "_shared", result, { a = param(image, uniform(1)) },
    function(p) return 0.1 * f(values(p.a)) end)
end

for _, kind in ipairs { { "max", true, max_pool }, { "avg", false, avg_pool } } do
  local word, apart, f = unpack(kind)
  local function both(name, result, image, ...)
    local arguments = { ... }
    pool(word .. name, result, image, apart, function(x) return f(x, unpack(arguments)) end)
  end
  both("_signal", { 2, 3 }, { 2, 6 }, 2)
  both("_signal_overlap", { 1, 6 }, { 1, 12 }, 5, { stride = 2, pad = 2 })
  both("_signal_remainder", { 1, 2 }, { 1, 11 }, { 4 }, { stride = { 5 } })
  both("_image", { 1, 1, 2 }, { 1, 3, 4 }, 2)
  both("_image_overlap", { 2, 2, 2 }, { 2, 2, 3 }, { 3, 2 }, { stride = 1, pad = { 1, 0 } })
  both("_image_padded", { 1, 2, 2 }, { 1, 3, 4 }, { 2, 3 }, { stride = 2, pad = 1 })
  both("_image_gaps", { 1, 1, 2 }, { 1, 3, 4 }, 1, { stride = { 3, 2 } })
  both("_whole", { 3, 1, 1 }, { 3, 2, 2 }, 2)
  pool(word .. "_transposed", { 1, 2, 3 }, { 1, 3, 4 }, apart,
    function(x) return transpose(f(transpose(x), 2, { stride = 1 })) end)
  pool(word .. "_itself", { 2, 2, 3 }, { 2, 2, 3 }, false, function(x) return f(x, 1) * x end)
  pool(word .. "_parts", { 1, 2, 6 }, { 1, 3, 4 }, apart,
    function(x) return concat { f(x, 2, { stride = 1 }), 0.5 * f(x, { 2, 2 }, { stride = 1 }) } end)
end

cases.add("module2d", { 2, 1, 1 }, { conv = nn.conv2d(1, 2, { 2, 3 }, { stride = { 1, 2 }, pad = { 0, 1 } }) },
  function(p, x, h) return avg_pool(tanh(p.conv(part(x + h, { 1, 3, 4 }))), 2) end)
cases.add("module1d", { 2, 6 }, { conv = nn.conv1d(2, 2, 3, { pad = 1, bias = false }) },
  function(p, x, h) return p.conv(part(x + h, { 2, 6 })) end)

return cases.model()
