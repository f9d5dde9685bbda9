-- mutants.lua SOURCE         lists the mutants of the tree at SOURCE: file, line, what is done, and the
--                            text that is changed, a line each, tabs between
-- mutants.lua SOURCE N FILE  writes mutant N's file to FILE and prints its name below SOURCE
--
-- A mutant is one place where a gradient is passed on, wrong: of every contribution of the compiler's rules, backward
-- (compiler/passes/adjoint.c) and forward (tangent.c), and of the interpreter's (runtime/interp/interp_*.inc.h), the sign
-- is turned, the term is left out, or, where there is no single term to turn, it is added twice.
local source = assert(arg[1], "usage: mutants.lua SOURCE [N FILE]")

local function read(path)
  local f = assert(io.open(source .. "/" .. path, "rb"))
  local text = f:read("*a")
  f:close()
  return text
end

local list = {}

-- text[from .. to] becomes `by`.
local function mutant(path, text, from, to, what, by)
  local line = select(2, text:sub(1, from):gsub("\n", "")) + 1
  list[#list + 1] = { path = path, line = line, what = what, old = text:sub(from, to),
    text = text:sub(1, from - 1) .. by .. text:sub(to + 1) }
end

-- Where the arguments of a call stand whose "(" is at `open`: { from, to } each; and its ")".
local function arguments(text, open)
  local depth, from, found = 0, open + 1, {}
  for i = open, #text do
    local c = text:sub(i, i)
    if c == "(" or c == "{" then depth = depth + 1 end
    if c == ")" or c == "}" then depth = depth - 1 end
    if (c == "," and depth == 1) or depth == 0 then
      found[#found + 1], from = { from, i - 1 }, i + 1
      if depth == 0 then return found, i end
    end
  end
end

local function adjoint_rules(path)
  local text = read(path)
  local at = 1
  while true do
    local from, open = text:find("contribute[_%a]*%(", at)
    if not from then break end
    local args, close = arguments(text, open)
    local g = args[#args] -- the last one is what is contributed
    mutant(path, text, g[1], g[2], "negated", " graph_op1(G, OP_NEG," .. text:sub(g[1], g[2]) .. ")")
    mutant(path, text, from, close, "dropped", "if (0) " .. text:sub(from, close))
    at = close
  end
end

-- Functions of forward mode that make tangents: rules, and their parts.
local function makes_tangents(text, from)
  local start = text:sub(1, from):match(".*()\n[%w][^\n]*%b()[^\n]*\n?{") or 1
  local head = text:sub(start + 1, (text:find("\n", start + 1, true)))
  local line = text:sub(text:sub(1, from):match("()[^\n]*$"), from)
  local part = head:match("static Ref ([%w_]+)%([^\n]*Graph %*G") or ""
  if head:find("RULE(", 1, true) or line:find("RULE(", 1, true) then return "rule" end
  if part:find("_of_", 1, true) or part == "sum_dim" then return "part" end
end

-- What they return; and operands that they do not see move.
local function tangent_rules(path)
  local text, at = read(path), 1
  while true do
    local from, open = text:find("return ", at, true)
    if not from then break end
    local close = text:find(";", open, true)
    local value, makes = text:sub(open + 1, close - 1), makes_tangents(text, from)
    if makes and value ~= "0" and not value:find("(void)", 1, true) then
      mutant(path, text, open + 1, close - 1, "negated",
        "({ Ref made_ = " .. value .. "; made_ ? graph_op1(G, OP_NEG, made_) : 0; })")
      if makes == "rule" then mutant(path, text, open + 1, close - 1, "dropped", "0 * (" .. value .. ")") end
    end
    at = close
  end
  for call in text:gmatch("()moved%(t, [^;\n]-, n%)") do
    local close = text:find(", n)", call, true) + 3
    if text:sub(call - 11, call - 1) ~= "static Ref " then
      mutant(path, text, call, close, "does not move", "((void)0, (Ref)0)")
    end
  end
end

-- Rows of the interpreter's pointwise rules: UNARY(OP, VALUE, DA), BINARY and CHOICE with two.
local function rule_rows(path)
  local text, at = read(path), 1
  while true do
    local from, open = text:find("\n%u+%(%u+, ", at)
    if not from then break end
    open = text:find("(", from, true)
    local args, close = arguments(text, open)
    local name = text:sub(from + 1, open - 1)
    for i = 3, (name == "UNARY" or name == "BINARY" or name == "CHOICE") and #args or 0 do
      local a, b = args[i][1], args[i][2]
      mutant(path, text, a, b, "negated", " -(" .. text:sub(a, b) .. ")")
      mutant(path, text, a, b, "dropped", " 0")
    end
    at = close
  end
end

-- In the functions that go back: sums into adjoints, and calls of what adds to them.
local backward = { "backward_", "carry_back", "add_gradient", "move_backward", "add_to", "sum_into", "seed", "held" }
local adders = { "add_to", "sum_into", "move_backward", "multiply_add", "pointwise_backward", "carry_back", "add_gradient",
  "seed", "take_held", "pass_held", "seed_states" }

local function function_at(text, from)
  local name
  for at, n in text:sub(1, from):gmatch("()\n[%w_ %*]-([%w_]+)%([^\n;]*[^;\n]") do
    if not text:sub(at + 1, at + 1):match("[%s#}]") then name = n end
  end
  return name or ""
end

local function goes_back(name)
  for _, word in ipairs(backward) do if name:find(word, 1, true) then return true end end
  return false
end

local function accumulations(path)
  local text = read(path)
  for at in text:gmatch("()%+=") do
    local name = function_at(text, at)
    local start = text:sub(1, at):match("()[^\n]*$")
    local in_loop_header = text:sub(start, at):find("for (", 1, true)
    if goes_back(name) and not in_loop_header and not text:sub(start, at):find("sum +", 1, true)
      and not text:sub(start, at):find("dot +", 1, true) and not text:sub(start, at):find("start +", 1, true) then
      mutant(path, text, at, at + 1, "negated", "-=")
      mutant(path, text, at, at + 1, "dropped", "+= 0 *")
    end
  end
  for _, f in ipairs(adders) do
    for at in text:gmatch("()%f[%w_]" .. f .. "%(") do
      local _, close = arguments(text, text:find("(", at, true))
      local name = function_at(text, at)
      if text:sub(close + 1, close + 1) == ";" and goes_back(name) then
        local call = text:sub(at, close)
        mutant(path, text, at, close, "dropped", "if (0) " .. call)
        if f ~= "seed_states" then -- the second time it finds nothing left to do
          mutant(path, text, at, close, "twice", "(" .. call .. ", " .. call .. ")")
        end
      end
    end
  end
end

-- What holds between the steps of a window, and between windows: { file, text, what, text instead }.
local rules = {
  { "compiler/passes/unroll.c", "return graph_where(u->g, reset, initial_state(u, state), carried);",
    "resets ignored",
    "return reset ? carried : 0;" },
  { "compiler/passes/unroll.c", "return graph_where(u->g, mask, value, enter_state(u, index));", "padding ignored",
    "return mask ? value : 0;" },
  { "compiler/passes/unroll.c", " || (node_at(u->g, value)->section && !u->apart)",
    "a state that is a parameter is no value of its slot",
    " || 1" },
  { "compiler/passes/unroll.c", "if (!u->g->head || !node_at(u->g, value)->batched)",
    "below a head what is marked is equal to what the head makes", "if (1)" },
  { "compiler/passes/unroll.c", "!u->model->nprobes || node_at(u->g, value)->section",
    "what a head does with a parameter is the newest step's",
    "1" },
  { "compiler/passes/unroll.c", "u->apart |= m->past_state[n->attr[0]] >= 0;",
    "a probed state is no value of its own", ";" },
  { "compiler/passes/differentiate.c", "*so_far = *so_far ? graph_op2(s->g, OP_ADD, *so_far, c) : c;",
    "a slot's share is its last part",
    "*so_far = c;" },
  { "compiler/passes/differentiate.c", "    sweep_shares(s);\n", "shares end at what is made of a parameter", "" },
  { "compiler/passes/differentiate.c",
    "return graph_where(g, mask, made ? made : zeros(g, value), left ? left : zeros(g, value));",
    "padding ignored by a head's probe", "return mask ? made ? made : zeros(g, value) : left;" },
  { "compiler/passes/differentiate.c", " || s->marked[r] ||", "a probe of what no parameter reaches is 0", " ||" },
  { "runtime/interp/interp_window.inc.h", "            add_held(ip, instr(ip, i)->attr[0], b, to);",
    "padding ignored by a probe of a state",
    "            ;" },
  { "runtime/interp/interp_window.inc.h", "    store_left(ip, w, t);\n",
    "a head's probe of a state that a parameter is", "" },
  { "runtime/interp/interp_window.inc.h", "if (!state || !is_padding(ip, b))",
    "padding ignored by a head's probe", "if (1)" },
  { "runtime/abi/window.c", " * flag(f, f->counts, i, 1)", "the weight of the loss ignored", "" },
  { "runtime/abi/window.c", "if (flag(f, f->mask, t * f->lanes + lane, 1) == 0 ||",
    "a head does not see what has no loss",
    "if (flag(f, f->mask, t * f->lanes + lane, 1) * flag(f, f->counts, t * f->lanes + lane, 1) == 0 ||" },
  { "runtime/abi/window.c", "    double sum = total(m, b, shards, first, from);", "a shard's mean is its own",
    "    double sum = total(m, b, 1, first, from);" },
  { "runtime/abi/buffers.c", "        .lane = b->lane,", "all shards draw the first one's dropout",
    "        .lane = 0," },
  { "runtime/abi/steps.c", "i < own.end && !results", "the state of the first shard alone moves on",
    "i < own.first + 1 && !results" },
  { "runtime/abi/steps.c", "(b->even ? 2 : 0)", "masks and weights stay where they were", "2" },
  { "runtime/abi/window.c", "if (even && b->weighed == n)", "uneven windows have the weights of the last",
    "if (b->weighed == n)" },
  { "runtime/abi/window.c", "b->weighed = even ? n : 0;", "even windows have the weights of an uneven one",
    "b->weighed = n;" },
  { "runtime/update/online.c", "o->plain > (uint64_t)m->tbptt.k2", "windows are even too early", "o->plain > 1" },
  { "runtime/update/online.c", "    if (!plain)\n        o->buffers.even = 0;\n",
    "what is not even is taken for it", "" },
  { "runtime/update/training.c", "at) ? 0 : since + 1", "windows reach over a common start",
    "at) ? since : since + 1" },
  { "runtime/update/training.c", "(size_t)(end - k2))", "a window is read a step late in the data",
    "(size_t)(end - k2) + (end > k2))" },
  { "runtime/update/update.c", "    return check_states(u, e);\n}", "a state that is not finite is not seen",
    "    return 0;\n}" },
  { "runtime/update/update.c", "learn(u, weight, e) : check_states(u, e)", "nor where nothing counts",
    "learn(u, weight, e) : 0" },
  { "runtime/update/clip.c", "else if (i == rest / 8)", "the last elements are not in the norm",
    "else if (i == rest / 8 + 1)" },
  { "runtime/update/optimizer.c", "if (plain && k.weight_decay == 0)", "SGD forgets the decay", "if (plain)" },
  { "runtime/update/spans.c", "&& s->at + s->n == next->offset",
    "an update goes over what stands between parameters", "" },
  { "runtime/update/spans.c", "!s->of->rule && !next->rule",
    "a rule is not looked at behind a parameter that has none", "!s->of->rule" },
  { "runtime/update/shards.c", "stride *= 2)", "sums of two shards are not added", "stride *= 4)" },
  { "runtime/update/shards.c", "    if (w->grads && tl_ranks_group(m, b) > 1)",
    "the gradient is the first shard's", "    if (0)" },
  { "runtime/update/checkpoint.c", "states_before(m, i) + (size_t)shard * part",
    "a checkpoint holds one shard's state",
    "states_before(m, i) + 0 * (size_t)shard * part" },
  { "runtime/data/series.c", "x->mask, x->weight, m->targets", "targets that do not count are looked at",
    "x->mask, NULL, m->targets" },
  { "compiler/passes/keep_alike.c", "if (!tl_keeps_steps(&w->model->tbptt))",
    "each slot keeps what it reads itself", "if (1)" },
  { "compiler/passes/keep_alike.c", " || n->op == OP_DROPMASK", "a dropout mask is kept where it is read", "" },
  { "compiler/graph/graph.c", "if (!g->keeps || m->section == 0", "what older slots made of parameters is today's",
    "if (1 || m->section == 0" },
  { "compiler/passes/unroll.c", "if (!u->keeps || state < 0",
    "a head sees today's parameter where a step left one", "if (1 || state < 0" },
  { "compiler/passes/unroll.c", "u->enter[m->past_state[i]]", "a head sees what padding made of a state",
    "per_lane(u->g, u->map[m->past_node[i]])" },
  { "compiler/passes/differentiate.c", "section_of_slot(loss->slot), 0)",
    "the loss weighs as that of the oldest slot",
    "section_of_slot(0), 0)" },
  { "compiler/passes/differentiate.c", " && tl_is_trained(&s->window->model->params[n->attr[0]])",
    "a frozen parameter gets gradient", "" },
  { "runtime/interp/interp_leaf.inc.h", "if (!tl_is_trained(&ip->model->params[param]))",
    "a frozen parameter gets gradient",
    "if (0)" },
  { "runtime/interp/interp_leaf.inc.h", "    ip->looked_at[(size_t)k * k2 + t] = 1;",
    "what a head saw gets no gradient", "    (void)k2;" },
  { "runtime/interp/interp_leaf.inc.h", "if (!starts_here(ip, b))\n            add_to", "gradient passes a reset",
    "if (1)\n            add_to" },
  { "runtime/interp/interp_window.inc.h", "return mask && mask[lane] == 0;", "padding ignored",
    "return mask && 0;" },
  { "runtime/interp/interp_window.inc.h", "t >= w->first && !ip->program->forward; t--", "the oldest step left out",
    "t > w->first && !ip->program->forward; t--" },
  { "compiler/schedule/nest.c", "if (a[i].stride[d] != a[i].stride[d + 1] * nest->extent[d + 1])",
    "dims become one whatever walks them", "if (0)" },
  { "compiler/schedule/select_loop.c", " && !memcmp(a->stride, b->stride, sizeof a->stride)",
    "a broadcast value is the value", "" },
  { "compiler/schedule/select_product.c", "    else if (m->lane != m->rows * m->row)\n        return false;\n",
    "lanes that stand apart are stacked", "" },
  { "compiler/schedule/select_product.c", "else if (!p->b.lane)",
    "matrices of the lanes' own are taken for shared", "else" },
  { "compiler/schedule/select_product.c", "return !b && more_rows(",
    "matrices of the slots' own are taken for shared",
    "return more_rows(" },
  { "compiler/schedule/select_product.c", "    return step == m->row * m->rows && walkable(two);",
    "slots that stand apart are further rows", "    return walkable(two);" },
  { "compiler/schedule/select_product.c", "s->window->training;\n    return z;",
    "what a window computes is packed before",
    "s->window->training;\n    z.constant = true;\n    return z;" },
  { "compiler/schedule/select.c", "        a->add |= adds;\n", "a running sum is stored by every slot", "" },
  { "compiler/schedule/segments.c", "    s->vertex[user].recurrent |= user == operand;\n",
    "a value that needs itself of the slot before runs for all together", "" },
  { "compiler/schedule/segments.c", "        s->vertex[t->stack[from]].recurrent |= cycle;\n",
    "a recurrence runs for all slots together", "" },
  { "compiler/schedule/segments.c", "        if (store != term)\n            visit(s, term, store);\n",
    "a term is added before the sum is begun", "" },
  { "compiler/schedule/segments.c", "n->op == OP_STATE && left && slot_of_node(g, n) > 0",
    "a state is read before what leaves it has run", "0" },
  { "compiler/schedule/runs.c",
    "        if (!one_step(s, arg_at(s->g, older, i), arg_at(s->g, newer, i), newest ? arg_at(s->g, newest, i) : 0))\n            return false;\n",
    "runs read whatever stands there", "" },
  { "compiler/schedule/fuse.c", "(!f->window->training || slot_of_node(f->g, m) == slot_of_node(f->g, n))",
    "a value of another slot is read from a register", "1" },
  { "compiler/schedule/layout_strides.c", "        apart |= touched[r].apart;\n",
    "what other slots read is written over", "" },
  { "compiler/passes/merge_sums.c", " && !c->inner[at])", "a sum that goes on stands for one that does not", ")" },
  { "compiler/passes/merge_sums.c", "c->like[arg_at(c->g, a, 0)] == c->like[arg_at(c->g, b, 0)]",
    "sums that end alike are one",
    "1" },
  { "compiler/schedule/sums.c", "if (n->batched || n->shape.rank != 1", "rows of lanes are one row for all",
    "if (n->shape.rank != 1" },
  { "compiler/schedule/sums.c", "is_matmul(rw, r) && rw->uses[r] == 1 && p->nargs == 2",
    "a product that others read begins with a sum",
    "is_matmul(rw, r) && p->nargs == 2" },
  { "compiler/schedule/select_reduce.c", "            if (summed >= 0)\n                return -1;\n",
    "sums over several dims run outside", "" },
  { "compiler/schedule/select_index.c", "addresses_result(k->op) && !layout_of(s, r)->add",
    "an adjoint of an embedding begins anywhere", "0" },
  { "compiler/schedule/kernel.c", "        put_number(key, in->operand[i].number);\n",
    "kernels with other constants are one", "" },
  { "compiler/schedule/rolls.c", "(n > 1 && !same_distances(c, before, last, units))",
    "steps that move unequally are a loop", "0" },
  { "compiler/schedule/rolls.c", "a->kernel != b->kernel || ", "steps that do something else are a loop", "" },
  { "compiler/schedule/columns.c", "            applied[m->states[i].learned] = false;\n",
    "what a state starts at stands by columns",
    "            (void)applied;\n" },
  { "compiler/schedule/columns.c", " && !(t->rule && t->rule->max_norm > 0)",
    "rows that are bounded stand apart", "" },
  { "compiler/schedule/columns.c", "return !t->rule && !next->rule;",
    "the first one's rule is that of all that share columns", "return true;" },
  { "compiler/passes/window.c", "u->column == t->column && ", "matrices by columns and by rows are neighbours",
    "" },
  { "compiler/schedule/select_product.c", "    p->ref_a = p->ref_b;\n    p->ref_b = ref;\n",
    "operands of the transposed are not exchanged",
    "    (void)ref;\n" },
  { "runtime/update/kept.c", "if (is_history(k))", "parameters of other days are written as they stand", "if (0)" },
  { "runtime/update/spans.c", "size_t n = tl_param_extent(t);", "what shares columns is a piece each",
    "size_t n = tl_size(t);" },
  { "compiler/passes/window.c", "return fresh < k2 ? k2 - fresh : 0;", "of the new steps one counts",
    "return k2 - 1;" },
  { "compiler/passes/window.c", "case TL_COUNT_ALL: break;", "with all the newest counts alone",
    "case TL_COUNT_ALL: return k2 - 1;" },
  { "compiler/graph/fold.c", "m->batched && g->lanes == 1 && shape_size", "several lanes are one",
    "m->batched && shape_size" },
  { "compiler/schedule/kernel.c", "a->written | a->add << 1", "kernels that add are those that store",
    "a->written" },
  { "compiler/passes/tangent.c", "test(G, loses, operand[i], operand[1 - i])", "the greatest loses",
    "test(G, loses, operand[1 - i], operand[i])" },
  { "compiler/passes/tangent.c", "graph_where(G, tie, mul(G, number(G, 0.5), d), d)", "at a tie both move it",
    "graph_where(G, tie, d, d)" },
  { "compiler/passes/tangent.c", "mul(G, test(G, OP_GE, A, number(G, lo))",
    "a clamp stands still at its lower end", "mul(G, test(G, OP_GT, A, number(G, lo))" },
  { "compiler/passes/tangent.c", "test(G, OP_LE, A, number(G, hi))", "a clamp stands still at its upper end",
    "test(G, OP_LT, A, number(G, hi))" },
  { "compiler/passes/tangent.c", "Ref off = test(G, OP_LE, A, number(G, 0));", "relu has a slope at 0",
    "Ref off = test(G, OP_LT, A, number(G, 0));" },
  { "compiler/passes/tangent.c", "sub(G, test(G, OP_GT, A, zero), test(G, OP_LT, A, zero))",
    "abs has a slope at 0", "sub(G, test(G, OP_GE, A, zero), test(G, OP_LT, A, zero))" },
  { "compiler/passes/tangent.c", "return e == 0 ? 0 : chain(", "a power keeps its exponent",
    "return e == 0 ? 0 : e == 3 ? chain(t, G, n, mul(G, number(G, e), graph_powc(G, A, e))) : chain(" },
  { "compiler/passes/tangent.c", "    t->identity[n] = t->identity[A];\n", "a reshaped identity is none", "" },
  { "compiler/passes/tangent.c", "int32_t ones = want.rank - have.rank;", "ones stand behind what is broadcast",
    "int32_t ones = 0;" },
  { "compiler/passes/tangent.c", "ta ? shaped(G, eye(G, m), 4, 1, m, m, 1) :",
    "the elements of a transposed left side stand otherwise", "" },
  { "compiler/passes/tangent.c", "tb ? shaped(G, eye(G, columns), 4, columns, 1, 1, columns) :",
    "those of a right side", "" },
  { "compiler/passes/tangent.c", "    if (ta)\n        da = graph_op1(G, OP_TRANSPOSE, da);\n",
    "a left side that moves is not transposed", "" },
  { "compiler/passes/tangent.c", "    if (!tb)\n        db = graph_op1(G, OP_TRANSPOSE, db);\n",
    "a right side that moves is transposed", "" },
  { "compiler/passes/tangent.c", "return added(G, left, right);", "a product of a value with itself moves once",
    "return left ? left : right;" },
  { "compiler/passes/tangent.c", "Ref none = test(G, OP_EQ, graph_op1(G, OP_TRANSPOSE, earlier), number(G, 0));",
    "all of the largest are chosen", "Ref none = number(G, 1); (void)earlier;" },
  { "compiler/passes/tangent.c", "shaped(G, there, 3, channels, k, places, 0)", "padding may be the largest",
    "number(G, 1 + 0 * (double)there)" },
  { "compiler/passes/tangent.c", "part[i] = tangent_or_zeros(t, arg_at(G, n, i));",
    "parts come in another order", "part[nargs - 1 - i] = tangent_or_zeros(t, arg_at(G, n, i));" },
  { "compiler/passes/sensitivity.c", "= m->states[i].learned == p;", "a learned start is a number", "= false;" },
  { "compiler/passes/sensitivity.c", "        t->init.a = 1;\n", "a learned number starts unmoved", "" },
  { "compiler/passes/sensitivity.c", "v[i * n + i] = 1;", "a learned vector starts unmoved", "v[i] = 1;" },
  { "compiler/passes/sensitivity.c", "(n->op == OP_STATE && b->acts[n->attr[0] * b->m->nparams + p])",
    "what moved a state does not move what comes of it", "false" },
  { "compiler/passes/sensitivity.c", "        if (b->leaf[i] && b->at[i * b->m->nparams + p])\n",
    "nothing is carried", "        if (0)\n" },
  { "compiler/passes/snap.c", "ones[k] = pattern[i][k];", "snap1 keeps all", "ones[k] = 1;" },
  { "compiler/passes/snap.c", "*row = *row ? row_of_kept(b, p) : 0;",
    "the loss sees what snap1 leaves out", ";" },
  { "compiler/passes/snap.c", " && node_at(b->g, left)->op != OP_STATE)",
    "a delay hands on what it has not", ")" },
  { "compiler/passes/snap.c", "    add_start(b, p, pattern);\n",
    "snap1 forgets where a learned state starts", "" },
  { "compiler/passes/snap.c", "*spread |= added && had;", "diagonal is for all", ";" },
  { "compiler/passes/snap.c", "*spread |= added && had;", "diagonal is for what does not widen",
    "*spread |= added;" },
  { "compiler/passes/sensitivity.c", "is_frozen(m, p) ? NULL : take_param", "frozen parameters have rows", "0 ? NULL : take_param" },
  { "compiler/passes/pattern.c", "return is_zero(x[0]) || is_zero(x[1]) ? 0 : NAN;",
    "a product with 0 may be anything", "return NAN;" },
  { "compiler/passes/pattern.c", "    case OP_SUB:\n        return is_zero(x[0]) && is_zero(x[1])", "a difference from 0 is 0",
    "    case OP_SUB:\n        return is_zero(x[0]) || is_zero(x[1])" },
  { "compiler/passes/pattern.c",
    "    case OP_ADD: case OP_MAX: case OP_MIN:\n        return is_zero(x[0]) && is_zero(x[1]) ? 0 : NAN;",
    "a sum with 0 is 0",
    "    case OP_ADD: case OP_MAX: case OP_MIN:\n        return is_zero(x[0]) || is_zero(x[1]) ? 0 : NAN;" },
  { "compiler/passes/pattern.c", "    case OP_DIV:\n        return is_zero(x[0]) ? 0 : NAN;",
    "0 divided may be anything", "    case OP_DIV:\n        return NAN;" },
  { "compiler/passes/pattern.c", "total += is_zero(x) || is_zero(y) ? 0 : x * y;",
    "a product of matrices may be anything", "total += NAN * x * y;" },
  { "compiler/passes/pattern.c", "to[i] = from[block + col * rows + row];", "transposed it stands as it did",
    "to[i] = from[i]; (void)block, (void)row, (void)col;" },
  { "compiler/passes/pattern.c", "at += s->dim[d] == 1 ? 0 : index * stride(s, d);",
    "what is broadcast is its first element", "at += 0 * index * stride(s, d);" },
  { "compiler/passes/pattern.c", ": given && !given[i] ? 0 : NAN;", "what is given is not looked at",
    ": NAN; (void)given;" },
  { "compiler/passes/pattern.c", "from += s->dim[n->attr[0]];", "all parts stand at the beginning", ";" },
  { "compiler/passes/squares.c", "graph_op1(g, OP_SQRT, weight)", "residuals are weighted like their squares",
    "weight" },
  { "compiler/passes/squares.c", "if (s->weighted)\n", "plain residuals are weighted", "if (1)\n" },
  { "compiler/passes/squares.c", "(double)shape_size(&shape) / ", "what is repeated counts once",
    "(double)shape_size(&node_at(s->g, r)->shape) / " },
  { "compiler/passes/squares.c", "by = graph_expand(s->g, graph_const(s->g, 1, (Shape){ 0 }), shape, false);",
    "what is repeated has the weights of all, as often", ";" },
  { "compiler/passes/squares.c", "return n->num[0] >= 0;", "a weight may be negative", "return true;" },
  { "compiler/passes/squares.c", "while (i < t->count && t->value[i] >= 0)", "one of several weights may be",
    "while (i < t->count)" },
  { "compiler/passes/squares.c", "graph_op2(s->g, OP_DIV, weight, arg_at(g, r, 1))", "a mean is a sum", "weight" },
  { "compiler/passes/squares.c", "bool plain = shape_size(&node_at(g, weight)->shape) == 1;",
    "weights of a row are of all rows", "bool plain = true;" },
  { "compiler/passes/squares.c", "collect(s, b, scaled(s, weight, a));", "a factor is left out",
    "collect(s, b, weight);" },
  { "compiler/passes/propagate.c", "r != value && op != OP_PARAM && !cut", "a parameter that is a next state is a cut",
    "r != value && !cut" },
  { "compiler/passes/propagate.c", " && first_like(b, i) == i)", "a value that two states become is two cuts", ")" },
  { "compiler/passes/propagate.c", "    if (param == v->node)\n        return by_elements(b, v, param, error);\n",
    "a state that becomes a parameter is not moved", "" },
  { "compiler/passes/propagate.c", "a->direct[q][b->nown] == a->direct[p][b->nown];", "what moves a state alike moves outputs alike",
    "true;" },
  { "compiler/passes/propagate.c", "same = a->direct[q][i] == a->direct[p][i] &&", "what moves outputs alike moves states alike",
    "same =" },
  { "compiler/passes/propagate.c", "(v->leaving[i].dense != 0) == dense)", "a state is not moved by the one it is made of", "false)" },
  { "compiler/passes/propagate.c", "z.off_diagonal &= k / s.dim[1] == k % s.dim[1];", "square blocks are diagonal", ";" },
  { "compiler/passes/propagate.c", "bool columns_first = row && !n->attr[1];", "all matrices stand by rows",
    "bool columns_first = false;" },
  { "compiler/passes/propagate.c", "find_entry(b, r, param, &e))\n            return by_elements",
    "what enters in another way is as if it did not", "find_entry(b, r, param, &e) && 0)\n            return by_elements" },
  { "compiler/passes/propagate.c", "graph_slice(g, flat(g, lines), 0, 0, m * m * k)", "the diagonal begins later",
    "graph_slice(g, flat(g, lines), 0, k, m * m * k)" },
  { "compiler/passes/tangent.c", "(t->identity[x] && shape_equal(&node_at(t->g, x)->shape, &node->shape))",
    "what is broadcast stays diagonal", "t->identity[x]" },
  { "compiler/passes/tangent.c", "t->scale[n] = t->scale[A] ? graph_reshape(G, t->scale[A], shape_at(G, n)) : 0;",
    "a reshaped diagonal is the identity", "t->scale[n] = 0;" },
  { "compiler/passes/tangent.c", "return scale ? mul(t->g, all,", "a product takes a diagonal for the identity",
    "return 0 ? mul(t->g, all," },
  { "compiler/passes/tangent.c", "if (t->identity[A] && !t->scale[A]) {", "so does a look-up", "if (t->identity[A]) {" },
  { "runtime/update/sensitivity.c", "(size_t)w->first * n) * real, n * real);", "the adjoint is that of another step",
    "((size_t)w->first + 1) * n) * real, n * real);" },
  { "runtime/update/sensitivity.c", "    if (s->moved && s->real == TL_F32)", "blocks forget those before",
    "    s->moved = 0;\n    if (s->moved && s->real == TL_F32)" },
  { "runtime/update/jacobian.c", "    j->sensitivity.moved = 0;\n", "a stream begins with what moved another", "" },
  { "runtime/update/jacobian.c", "    j->block = 1;\n", "a block's first step is forgotten", "    j->block = 0;\n" },
  { "runtime/update/jacobian.c", "        run_for(j, j->outputs + n, 1);\n", "all of a state is its first number",
    "        run_for(j, j->outputs, 1);\n" },
  { "compiler/schedule/fixed_rules.c", "const int32_t fine = a > b ? a : b, coarse = a > b ? b : a, common = fine - coarse > MOST_ALIGN ? coarse + MOST_ALIGN : fine;", "formats far apart are aligned by 32 bits",
    "const int32_t fine = a > b ? a : b, common = fine;" },
  { "compiler/schedule/fixed_rules.c", "    add_number(u, common - b < -31 ? -31 : common - b);\n", "the second operand is aligned as the first",
    "    add_number(u, common - a < -31 ? -31 : common - a);\n" },
  { "compiler/schedule/fixed_rules.c", "const int32_t up = z->bits[arg_of(z, i, 1)] - z->bits[arg_of(z, i, 0)] + z->bits[i];", "a quotient has the bits of another",
    "const int32_t up = z->bits[arg_of(z, i, 0)] - z->bits[arg_of(z, i, 1)] + z->bits[i];" },
  { "compiler/schedule/fixed_rules.c", "    add_number(u, clamp_shift(z->bits[arg_of(z, i, 2)] - z->bits[i]));", "where's other value has the first's format",
    "    add_number(u, clamp_shift(z->bits[arg_of(z, i, 1)] - z->bits[i]));" },
  { "compiler/schedule/fixed_rules.c", "    add_number(u, clamp_shift(2 * z->bits[arg_of(z, i, 0)] - z->bits[i]));", "a square has its root's bits",
    "    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] - z->bits[i]));" },
  { "compiler/schedule/fixed_rules.c", "    add_number(u, limit(least, z->bits[i]));\n    add_number(u, limit(most, z->bits[i]));", "bounds change places",
    "    add_number(u, limit(most, z->bits[i]));\n    add_number(u, limit(least, z->bits[i]));" },
  { "compiler/schedule/fixed_rules.c", "const int32_t up = 2 * z->bits[i] - z->bits[arg_of(z, i, 0)];", "a root has bits of its square",
    "const int32_t up = z->bits[i];" },
  { "compiler/schedule/fixed_rules.c", "const int32_t along = FIXED_DIMS - in->rank + in->attr[0];", "softmax goes along the last dim",
    "const int32_t along = LAST;" },
  { "compiler/schedule/fixed_rules.c", "            u->y.stride[at] = summed ? 0 : to[d];", "a sum stands beside itself",
    "            u->y.stride[at] = summed ? 0 : 1;" },
  { "compiler/schedule/fixed_rules.c", "    from.at += in->attr[1] * stride;\n", "a slice begins at the beginning",
    "" },
  { "compiler/schedule/fixed_rules.c", "        z->place[i].at += in->attr[1] * stride;\n", "so does one that is not moved",
    "" },
  { "compiler/schedule/fixed_rules.c", "        u->y.at += at * stride[FIXED_DIMS - in->rank + in->attr[0]];\n", "parts stand on each other",
    "" },
  { "compiler/schedule/fixed_rules.c", "        add_number(u, clamp_shift(z->bits[part] - z->bits[i]));", "parts keep their formats",
    "        add_number(u, 0);" },
  { "compiler/schedule/fixed_rules.c", "+ slot * size_of(z, i);", "the head sees the oldest step alone",
    ";" },
  { "compiler/schedule/fixed_rules.c", "    from.stride[LAST] = from.stride[LAST - 1];\n", "transposed is as it was",
    "" },
  { "compiler/schedule/fixed_rules.c", "    return p->stride[outer] == p->stride[inner] * u->extent[inner];", "all dims are one",
    "    (void)u; (void)outer; return p->stride[inner] >= 0;" },
  { "compiler/schedule/fixed_rules.c", "u->operand[0].stride[LAST] = !one;", "a pick is the first",
    "u->operand[0].stride[LAST] = 0;" },
  { "compiler/schedule/quantise.c", "        save_states(z, z->p->next_state[k]);\n", "states that change places are lost",
    "" },
  { "compiler/schedule/quantise.c", "        save_states(z, z->p->past[k]);\n", "a state that is seen is seen too late",
    "" },
  { "compiler/schedule/quantise.c", "    case OP_PAST: return z->bits[z->p->past[in->attr[0]]];", "what was seen has another format",
    "    case OP_PAST: return z->bits[z->p->past[in->attr[0]]] - 1;" },
  { "compiler/schedule/quantise.c", "return bits_for(nextafter(z->bound[i], INFINITY));", "1 is a unit less than 1",
    "return bits_for(z->bound[i]);" },
  { "compiler/schedule/quantise.c", "case OP_LE: case OP_EQ: return 0; /* 1 is 1 */", "so is what is true",
    "case OP_LE: case OP_EQ: return 15;" },
  { "compiler/schedule/quantise.c", "u->operand[0] = (FixedPlace){ .block = FIXED_STATE, .at = at + n };", "the past does not move on",
    "u->operand[0] = (FixedPlace){ .block = FIXED_STATE, .at = at };" },
  { "compiler/schedule/quantise.c", "            const bool meet = o->first <= b->last && b->first <= o->last &&", "values of one time share memory",
    "            const bool meet = o->first < b->last && b->first < o->last &&" },
  { "compiler/schedule/quantise.c", "first[at[k] + e] = fixed_quantum(first_value(z, k, e), bits[k]);", "all states begin as 0",
    "first[at[k] + e] = 0;" },
  { "compiler/schedule/quantise.c", "    p->at += z->buffer[p->index].at * (p->block == FIXED_NARROW ? 2 : 1);", "bytes are counted as numbers of 16 bits",
    "    p->at += z->buffer[p->index].at;" },
  { "compiler/schedule/fixed_products.c", "    *shift = (int8_t)(counts ? (31 - e < 1 ? 1 : 31 - e) : 1);", "a factor is half",
    "    *shift = (int8_t)(counts ? (32 - e < 1 ? 1 : 32 - e) : 1);" },
  { "compiler/schedule/fixed_products.c", "by = bits + from - to;", "a product has another format",
    "by = bits + from - to - 1;" },
  { "compiler/schedule/fixed_products.c", "    u->y.stride[0] = across ? 1 : x->columns;", "rows stand as columns",
    "    u->y.stride[0] = x->columns;" },
  { "compiler/schedule/fixed_products.c", "return transposed ? (Rows){ z->value[i], across, down, 1, across }", "a transposed matrix is not",
    "return transposed && 0 ? (Rows){ z->value[i], across, down, 1, across }" },
  { "compiler/schedule/fixed_products.c", "    const int32_t by = z->bits[x] + z->bits[y] - z->bits[i];", "a product of two values has one's format",
    "    const int32_t by = z->bits[x] - z->bits[i];" },
  { "compiler/schedule/fixed_products.c", "if (same_place(&z->narrowed[i].of, of) && z->narrowed[i].scale == scale && z->narrowed[i].size >= size)", "a slice is narrowed as its whole",
    "if (z->narrowed[i].of.index == of->index && z->narrowed[i].of.block == of->block)" },
  { "compiler/schedule/fixed_products.c", "        const double unit = largest_of_row(m, r) / 127;", "a row's largest weight is lost",
    "        const double unit = largest_of_row(m, r) / 200;" },
  { "compiler/schedule/fixed_products.c", " && z->narrowed[i].size >= size", "a slice's copy is its whole's",
    "" },
  { "compiler/schedule/fixed_normal.c", "    if (of != c ||", "a row is normalised by another's",
    "    if (" },
  { "compiler/schedule/fixed_normal.c", "ldexp(z->normal[i].eps, 2 * (z->bits[row] + more))", "eps has other units",
    "ldexp(z->normal[i].eps, 2 * z->bits[row] + more)" },
  { "compiler/schedule/fixed_normal.c", "up > 46 ? 46 : up;", "rows are twice as long",
    "up + 1;" },
  { "compiler/schedule/fixed_normal.c", "z->value[arg_of(z, mean, 1)][0] != n", "a mean is of any number",
    "0" },
  { "compiler/schedule/quantise.c", "    case OP_TANH: return 8;", "tanh is flat from 2 on",
    "    case OP_TANH: return 2;" },
  { "compiler/schedule/quantise.c", "        z->cap[p->next_state[k]] = INFINITY;", "states end where tanh is flat",
    "        z->cap[p->next_state[k]] = 0;" },
  { "compiler/schedule/fixed_rules.c", "*p = constant_in(z, arg_of(z, i, k), z->bits[arg_of(z, i, 1 - k)], &one);", "a constant keeps its units where it is compared",
    "*p = constant_in(z, arg_of(z, i, k), z->bits[arg_of(z, i, k)], &one);" },
  { "compiler/schedule/fixed_products.c", "const double most = room_for(z, i),", "8 bits end at what was seen",
    "const double most = fmax(fabs(z->range[i].least), fabs(z->range[i].most))," },
}

local function between_steps()
  for _, r in ipairs(rules) do
    local text = read(r[1])
    local from, to = text:find(r[2], 1, true)
    assert(from, r[1] .. ": no longer has: " .. r[2])
    mutant(r[1], text, from, to, r[3], r[4])
  end
end

between_steps()
adjoint_rules("compiler/passes/adjoint.c")
tangent_rules("compiler/passes/tangent.c")
rule_rows("runtime/interp/interp_pointwise.inc.h")
for _, name in ipairs { "index", "leaf", "matmul", "patches", "real", "reduce", "shape", "softmax", "window", "pointwise" } do
  accumulations("runtime/interp/interp_" .. name .. ".inc.h")
end

if arg[2] then
  local m = assert(list[tonumber(arg[2])], "there is no such mutant")
  local f = assert(io.open(arg[3], "wb"))
  f:write(m.text)
  f:close()
  print(m.path)
else
  for i, m in ipairs(list) do
    print(("%d\t%s:%d\t%s\t%s"):format(i, m.path, m.line, m.what, (m.old:gsub("%s+", " "))))
  end
end
