-- elman_ffi.lua: libelman.so from LuaJIT.
--
-- Written by tapeless for model elman (c6d11d4878649276); do not edit. This code is yours.
-- For the runtime's ABI 7. docs/generated-code.md says what the blocks are.
local ffi = require "ffi"

ffi.cdef [[
typedef struct tl_window_elman {
  int32_t first; int32_t from; int32_t lane;
  const void *const *input; const void *const *target;
  const void *weight; const void *reset; const void *mask; const void *params;
  const void *const *versions;
  void *grads; void *states; void *state_grads; void *losses; void *probes; void *probe_grads;
  void *frames; void *work; void *packs;
  uint64_t seed; uint64_t tick;
} tl_window_elman;
typedef struct tl_step_elman {
  int32_t lanes;
  const void *const *input; const void *const *target;
  const void *params; const void *state;
  void *next_state; void *const *output; void *losses; void *work;
} tl_step_elman;
void elman_window(const tl_window_elman *);
void elman_step(const tl_step_elman *);
]]

local M = {
  name = "elman", real = "float", k1 = 8, k2 = 32, batch = 16, shards = 1, lanes = 16,
  param_size = 1136, state_size = 16896, probe_size = 0, step_state_size = 32, -- elements
  frame_size = 0, -- elements a slot
  counted = 24, -- the oldest slot whose loss may count
  work_size = 150016, step_work_size = 4096, -- bytes
  params = {
    { name = "U", offset = 0, column = 0, vocab = 0, shape = { 32, 32 } },
    { name = "V", offset = 1024, column = 0, vocab = 0, shape = { 1, 32 } },
    { name = "W", offset = 1056, column = 0, vocab = 0, shape = { 32, 1 } },
    { name = "b", offset = 1088, column = 0, vocab = 0, shape = { 32 } },
    { name = "c", offset = 1120, column = 0, vocab = 0, shape = { 1 } },
  },
  states = {
    { name = "h", offset = 0, column = 0, vocab = 0, shape = { 32 } },
  },
  inputs = {
    { name = "", offset = 0, column = 0, vocab = 0, shape = { 1 } },
  },
  targets = {
    { name = "", offset = 0, column = 0, vocab = 0, shape = { 1 } },
  },
  outputs = {
    { name = "", offset = 0, column = 0, vocab = 0, shape = { 1 } },
  },
  probes = {
  },
}

local real = ffi.typeof(M.real .. "[?]")
local tokens = ffi.typeof "int32_t[?]"

-- n zeros at a multiple of 64 bytes, and what keeps them alive
local function aligned(kind, n)
  local size = ffi.sizeof(kind, 1)
  local raw = ffi.new("char[?]", n * size + 64)
  local at = ffi.cast("char *", raw) + (-tonumber(ffi.cast("intptr_t", ffi.cast("char *", raw)) % 64)) % 64
  return ffi.cast(ffi.typeof(kind == tokens and "int32_t *" or M.real .. " *"), at), raw
end

local function size_of(row)
  local n = 1
  for _, d in ipairs(row.shape) do n = n * d end
  return n
end

-- Where element i of a parameter (from 0, row-major) stands in b.params and b.grads; row: one of M.params
function M.at(row, i)
  if row.column == 0 then return row.offset + i end
  local cols = row.shape[2]
  return row.offset + math.floor(i / cols) + i % cols * row.column
end

local function fields(rows, count, keep)
  local list, pointers = {}, ffi.new("const void *[?]", math.max(#rows, 1))
  for i, row in ipairs(rows) do
    list[i], keep[#keep + 1] = aligned(row.vocab > 0 and tokens or real, count * size_of(row))
    pointers[i - 1] = list[i]
  end
  keep[#keep + 1] = pointers
  return list, pointers
end

-- Blocks for a window, as tapeless.h lays them out: b.params, b.grads, b.states, b.input[1] ... are
-- pointers (from 0); b.window is what window() takes. Weights are those of the mean over the steps that may count,
-- the newest M.k2 - M.counted, and all lanes.
-- They are one shard's, the first or that of the number given (from 0); b.grads of all add up to the batch's.
function M.buffers(shard)
  local b, keep, rows = {}, {}, M.k2 * M.lanes
  b.keep = keep
  local sizes = { params = M.param_size, grads = M.param_size, states = M.state_size, losses = rows,
                  weight = rows, reset = rows, mask = rows, probes = M.probe_size, probe_grads = M.probe_size,
                  frames = M.frame_size * M.k2, state_grads = M.state_size }
  for name, n in pairs(sizes) do b[name], keep[#keep + 1] = aligned(real, n + 1) end
  b.work, keep[#keep + 1] = aligned(real, M.work_size / ffi.sizeof(M.real) + 1)
  b.input, b.inputs = fields(M.inputs, rows, keep)
  b.target, b.targets = fields(M.targets, rows, keep)
  for i = 0, rows - 1 do b.mask[i] = 1 end
  for i = M.counted * M.lanes, rows - 1 do b.weight[i] = 1 / ((M.k2 - M.counted) * M.batch) end
  b.versions = ffi.new("const void *[?]", M.k2)
  for t = 0, M.k2 - 1 do b.versions[t] = b.params end
  b.window = ffi.new("tl_window_elman", { input = b.inputs, target = b.targets, weight = b.weight,
    reset = b.reset, mask = b.mask, params = b.params, grads = b.grads, states = b.states, losses = b.losses,
    state_grads = b.state_grads,
    probes = b.probes, probe_grads = b.probe_grads, versions = b.versions,
    frames = b.frames, work = b.work, lane = (shard or 0) * M.lanes })
  return b
end

-- The functions of the library: window(b.window) runs forward and backward, step(tl_step) one step.
function M.load(path)
  local library = ffi.load(path or "./libelman.so")
  return { window = library.elman_window, step = library.elman_step, library = library }
end

return M
