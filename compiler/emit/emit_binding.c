/* emit_binding.c - NAME_ffi.lua: a generated library from LuaJIT, blocks allocated and named. */
#include <inttypes.h>
#include <math.h>

#include "emit/emit_internal.h"

/* What a parameter has beside its place: how an update of the caller's should treat it. */
static void print_rule(FILE *f, const tl_rule *r)
{
    const char *const names[] = { "min", "max", "max_norm" };
    const double values[] = { r->min, r->max, r->max_norm };
    const bool set[] = { r->min > -INFINITY, r->max < INFINITY, r->max_norm > 0 };
    fprintf(f, ",\n      trained = %s, lr = %.17g, weight_decay = %.17g", r->trained == TL_TRAINED ? "true" : "false",
            r->lr, r->weight_decay);
    for (int i = 0; i < 3; i++)
        if (set[i])
            fprintf(f, ", %s = %.17g", names[i], values[i]);
}

static void print_rows(FILE *f, const char *word, const tl_tensor *t, int32_t n)
{
    fprintf(f, "  %s = {\n", word);
    for (int32_t i = 0; i < n; i++) {
        fprintf(f, "    { name = \"%s\", offset = %zu, column = %d, vocab = %d, shape = {", t[i].name, t[i].offset, t[i].column,
                t[i].vocab);
        for (int32_t d = 0; d < t[i].rank; d++)
            fprintf(f, "%s%d", d ? ", " : " ", t[i].dim[d]);
        fprintf(f, "%s}", t[i].rank ? " " : "");
        if (t[i].rule)
            print_rule(f, t[i].rule);
        fputs(" },\n", f);
    }
    fputs("  },\n", f);
}

static void print_tables(const Program *p, FILE *f)
{
    const Model *m = p->model;
    fprintf(f, "local M = {\n  name = \"%s\", real = \"%s\", k1 = %d, k2 = %d, batch = %d, shards = %d, lanes = %d,\n", m->name,
            p->real == TL_F32 ? "float" : "double", m->tbptt.k1, m->tbptt.k2, m->tbptt.batch,
            tl_shards(&m->tbptt), tl_lanes(&m->tbptt));
    fprintf(f, "  param_size = %zu, state_size = %zu, probe_size = %zu, step_state_size = %zu, -- elements\n",
            p->memory.param_size, p->memory.state_size, p->memory.probe_size, p->memory.step_state_size);
    fprintf(f, "  frame_size = %" PRId64 ", -- elements a slot\n", p->train.layouts->frame_size);
    fprintf(f, "  counted = %d, -- the oldest slot whose loss may count\n", first_counted_slot(m));
    fprintf(f, "  work_size = %" PRId64 ", step_work_size = %" PRId64 ", -- bytes\n", work_bytes(p, &p->train),
            step_work_bytes(p));
    print_rows(f, "params", m->params, m->nparams);
    print_rows(f, "states", m->states, m->nstates);
    print_rows(f, "inputs", m->inputs, m->ninputs);
    print_rows(f, "targets", m->targets, m->ntargets);
    print_rows(f, "outputs", m->outputs, m->noutputs);
    print_rows(f, "probes", m->probes, m->nprobes);
    print_rows(f, "named", m->named, m->nnamed);
    fputs("}\n\n", f);
}

/* The structures of tapeless.h, ABI TL_ABI. */
static void print_declarations(const Program *p, FILE *f)
{
    fprintf(f,
            "ffi.cdef [[\n"
            "typedef struct tl_window_%s {\n"
            "  int32_t first; int32_t from; int32_t lane;\n"
            "  const void *const *input; const void *const *target;\n"
            "  const void *weight; const void *reset; const void *mask; const void *params;\n"
            "  const void *const *versions;\n"
            "  void *grads; void *states; void *state_grads; void *losses; void *named; void *probes; void *probe_grads;\n"
            "  void *frames; void *work; void *packs;\n"
            "  uint64_t seed; uint64_t tick;\n"
            "} tl_window_%s;\n"
            "typedef struct tl_step_%s {\n"
            "  int32_t lanes;\n"
            "  const void *const *input; const void *const *target;\n"
            "  const void *params; const void *state;\n"
            "  void *next_state; void *const *output; void *losses; void *named; void *work;\n"
            "} tl_step_%s;\n"
            "void %s_window(const tl_window_%s *);\n"
            "void %s_step(const tl_step_%s *);\n"
            "]]\n\n",
            p->model->name, p->model->name, p->model->name, p->model->name, p->model->name, p->model->name,
            p->model->name, p->model->name);
}

/* What is the same for every model. %s is the model's name. */
static const char functions[] =
    "local real = ffi.typeof(M.real .. \"[?]\")\n"
    "local tokens = ffi.typeof \"int32_t[?]\"\n"
    "\n"
    "-- n zeros at a multiple of 64 bytes, and what keeps them alive\n"
    "local function aligned(kind, n)\n"
    "  local size = ffi.sizeof(kind, 1)\n"
    "  local raw = ffi.new(\"char[?]\", n * size + 64)\n"
    "  local at = ffi.cast(\"char *\", raw) + (-tonumber(ffi.cast(\"intptr_t\", ffi.cast(\"char *\", raw)) %% 64)) %% 64\n"
    "  return ffi.cast(ffi.typeof(kind == tokens and \"int32_t *\" or M.real .. \" *\"), at), raw\n"
    "end\n"
    "\n"
    "local function size_of(row)\n"
    "  local n = 1\n"
    "  for _, d in ipairs(row.shape) do n = n * d end\n"
    "  return n\n"
    "end\n"
    "\n"
    "-- Where element i of a parameter (from 0, row-major) stands in b.params and b.grads; row: one of M.params\n"
    "function M.at(row, i)\n"
    "  if row.column == 0 then return row.offset + i end\n"
    "  local cols = row.shape[2]\n"
    "  return row.offset + math.floor(i / cols) + i %% cols * row.column\n"
    "end\n"
    "\n"
    "local function fields(rows, count, keep)\n"
    "  local list, pointers = {}, ffi.new(\"const void *[?]\", math.max(#rows, 1))\n"
    "  for i, row in ipairs(rows) do\n"
    "    list[i], keep[#keep + 1] = aligned(row.vocab > 0 and tokens or real, count * size_of(row))\n"
    "    pointers[i - 1] = list[i]\n"
    "  end\n"
    "  keep[#keep + 1] = pointers\n"
    "  return list, pointers\n"
    "end\n"
    "\n"
    "-- Blocks for a window, as tapeless.h lays them out: b.params, b.grads, b.states, b.input[1] ... are\n"
    "-- pointers (from 0); b.window is what window() takes. Weights are those of the mean over the steps that may count,\n"
    "-- the newest M.k2 - M.counted, and all lanes.\n"
    "-- They are one shard's, the first or that of the number given (from 0); b.grads of all add up to the batch's.\n"
    "function M.buffers(shard)\n"
    "  local b, keep, rows = {}, {}, M.k2 * M.lanes\n"
    "  b.keep = keep\n"
    "  local sizes = { params = M.param_size, grads = M.param_size, states = M.state_size, losses = rows, named = rows * #M.named,\n"
    "                  weight = rows, reset = rows, mask = rows, probes = M.probe_size, probe_grads = M.probe_size,\n"
    "                  frames = M.frame_size * M.k2, state_grads = M.state_size }\n"
    "  for name, n in pairs(sizes) do b[name], keep[#keep + 1] = aligned(real, n + 1) end\n"
    "  b.work, keep[#keep + 1] = aligned(real, M.work_size / ffi.sizeof(M.real) + 1)\n"
    "  b.input, b.inputs = fields(M.inputs, rows, keep)\n"
    "  b.target, b.targets = fields(M.targets, rows, keep)\n"
    "  for i = 0, rows - 1 do b.mask[i] = 1 end\n"
    "  for i = M.counted * M.lanes, rows - 1 do b.weight[i] = 1 / ((M.k2 - M.counted) * M.batch) end\n"
    "  b.versions = ffi.new(\"const void *[?]\", M.k2)\n"
    "  for t = 0, M.k2 - 1 do b.versions[t] = b.params end\n"
    "  b.window = ffi.new(\"tl_window_%s\", { input = b.inputs, target = b.targets, weight = b.weight,\n"
    "    reset = b.reset, mask = b.mask, params = b.params, grads = b.grads, states = b.states, losses = b.losses,\n"
    "    named = b.named, state_grads = b.state_grads,\n"
    "    probes = b.probes, probe_grads = b.probe_grads, versions = b.versions,\n"
    "    frames = b.frames, work = b.work, lane = (shard or 0) * M.lanes })\n"
    "  return b\n"
    "end\n"
    "\n"
    "-- The functions of the library: window(b.window) runs forward and backward, step(tl_step) one step.\n"
    "function M.load(path)\n"
    "  local library = ffi.load(path or \"./lib%s.so\")\n"
    "  return { window = library.%s_window, step = library.%s_step, library = library }\n"
    "end\n"
    "\n"
    "return M\n";

void emit_binding(const Program *p, FILE *f)
{
    const char *name = p->model->name;
    fprintf(f, "-- %s_ffi.lua: lib%s.so from LuaJIT.\n--\n", name, name);
    fprintf(f, "-- Written by tapeless for model %s (%s); do not edit. This code is yours.\n", name, p->model->hash);
    fprintf(f, "-- For the runtime's ABI %d. docs/generated-code.md says what the blocks are.\n", TL_ABI);
    fputs("local ffi = require \"ffi\"\n\n", f);
    print_declarations(p, f);
    print_tables(p, f);
    fprintf(f, functions, name, name, name, name);
}
