/* What a spec becomes: names, tables, where nodes come from, and that it is the same every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "front/spec.h"
#include "scratch.h"

static int enter(void **state)
{
    (void)state;
    files_enter();
    return 0;
}

static int leave(void **state)
{
    (void)state;
    files_leave();
    return 0;
}

static const SpecOptions none = { .version = "1" };

static Model *load_with(const char *path, const SpecOptions *options)
{
    char *error = NULL;
    Model *m = spec_load(path, options, &error);
    if (!m)
        fail_msg("%s", error);
    return m;
}

static Model *load(const char *text)
{
    file_write("spec.lua", text);
    return load_with("spec.lua", &none);
}

static void refused(const char *path, const char *expected)
{
    char *error = NULL;
    assert_null(spec_load(path, &none, &error));
    assert_string_equal(error, expected);
    free(error);
}

static void says(const char *text, const char *expected)
{
    file_write("spec.lua", text);
    refused("spec.lua", expected);
}

static void names_are(const tl_tensor *t, int32_t n, const char *expected)
{
    char all[1024] = "";
    for (int32_t i = 0; i < n; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "",
                 *t[i].name ? t[i].name : "-");
    assert_string_equal(all, expected);
}

static Ref find(const Model *m, tl_op op)
{
    for (Ref r = 1; r < m->step->count; r++)
        if (node_at(m->step, r)->op == op)
            return r;
    fail_msg("no %s in the graph", tl_op_table[op].word);
    return 0;
}

static void comes_from(const Model *m, tl_op op, const char *file, int line)
{
    const Node *n = node_at(m->step, find(m, op));
    assert_string_equal(m->step->files[n->file], file);
    assert_int_equal(n->line, line);
}

#define TAIL " loss = function(y) return sum(y) end, tbptt = { k1 = 1, k2 = 4 } }\n"

/* ---- names ---- */

static void parameters_have_dotted_names_in_order(void **state)
{
    (void)state;
    Model *m = load("return model { input = real(3),\n"
                    "params = { W = { 2, 3 }, enc = { b = { 2 }, A = { 2, 2 } }, list = { { 2 }, "
                    "nn.linear(3, 2) } },\n"
                    "step = function(p, x) return p.W(x) + p.enc.A(p.enc.b) + p.list[1] + "
                    "p.list[2](x) end," TAIL);
    names_are(m->params, m->nparams, "W enc.A enc.b list.1 list.2.bias list.2.weight");
    names_are(m->inputs, m->ninputs, "-");
    names_are(m->outputs, m->noutputs, "-");
    assert_int_equal(m->nstates, 0);
    model_free(m);
}

static void modules_bring_states_under_their_names(void **state)
{
    (void)state;
    Model *m = load(
        "return model { input = real(3), state = { count = init({}, 2), enc = { own = { 1 } } },\n"
        "params = { enc = { rnn = nn.lstm(3, 2, { layers = 2 }) }, g = nn.gru(2, 2) },\n"
        "step = function(p, x, s)\n"
        "  local h, rnn = p.enc.rnn(x, s.enc.rnn)\n"
        "  local y, g = p.g(h, s.g)\n"
        "  return y, { count = s.count + 1, enc = { own = s.enc.own, rnn = rnn }, g = g }\n"
        "end," TAIL);
    names_are(m->states, m->nstates,
              "count enc.own enc.rnn.l0.c enc.rnn.l0.h enc.rnn.l1.c enc.rnn.l1.h g.h");
    assert_true(m->states[0].init.a == 2 && m->states[0].init.kind == TL_INIT_CONSTANT);
    assert_int_equal(m->states[0].rank, 0);
    model_free(m);
}

static void a_learned_start_is_a_parameter(void **state)
{
    (void)state;
    Model *m =
        load("return model { params = { w = { 2 } }, state = { a = { 2 }, z = { h = learned({ 2 }, "
             "normal(0.5)) } },\n"
             "step = function(p, _, s) return s.a * p.w, { a = s.z.h, z = { h = s.a } } end," TAIL);
    names_are(m->params, m->nparams, "init.z.h w");
    names_are(m->states, m->nstates, "a z.h");
    assert_int_equal(m->states[0].learned, -1);
    assert_int_equal(m->states[1].learned, 0);
    assert_true(m->params[0].init.kind == TL_INIT_NORMAL && m->params[0].init.a == 0.5);
    model_free(m);
}

static void named_fields_are_in_order(void **state)
{
    (void)state;
    Model *m = load("return model { input = { wind = real(2), at = token(7) }, target = { b = "
                    "real(2), a = real(2) },\n"
                    "params = { E = { 7, 2 } },\n"
                    "step = function(p, x) local y = embedding(p.E, x.at) return { b = y + x.wind, "
                    "a = y } end,\n"
                    "loss = mse, tbptt = { k1 = 1, k2 = 4 } }");
    names_are(m->inputs, m->ninputs, "at wind");
    names_are(m->targets, m->ntargets, "a b");
    names_are(m->outputs, m->noutputs, "a b");
    assert_int_equal(m->inputs[0].vocab, 7);
    assert_int_equal(m->inputs[0].type, TL_I32);
    assert_string_equal(m->loss_name, "mse");
    model_free(m);
}

static void a_model_is_called_after_its_file(void **state)
{
    (void)state;
    static const char *const cases[][2] = { { "my-lstm.lua", "my_lstm" },
                                            { "int.lua", "int_model" },
                                            { "2nd.lua", "model_2nd" },
                                            { "a.b.lua", "a_b" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        file_write(
            cases[i][0],
            "return model { params = { w = { 2 } }, step = function(p) return p.w end," TAIL);
        Model *m = load_with(cases[i][0], &none);
        assert_string_equal(m->name, cases[i][1]);
        model_free(m);
    }
}

/* ---- where nodes come from ---- */

static void a_node_has_the_line_that_made_it(void **state)
{
    (void)state;
    Model *m = load("local function squash(x)\n"
                    "  return tanh(x)\n" /* a call whose frame Lua would drop */
                    "end\n"
                    "local function both(x)\n"
                    "  return squash(x)\n"
                    "end\n"
                    "return model { input = real(3), params = { l = nn.linear(3, 3) },\n"
                    "  step = function(p, x)\n"
                    "    local y = p.l(x)\n"
                    "    return both(y)\n"
                    "  end," TAIL);
    comes_from(m, OP_TANH, "spec.lua", 2);
    comes_from(m, OP_MATMUL, "spec.lua", 9); /* nn's own lines do not count */
    comes_from(m, OP_SUM, "spec.lua", 11);
    model_free(m);
}

static void a_required_file_is_named(void **state)
{
    (void)state;
    file_write(
        "cell.lua",
        "local cell = {}\nfunction cell.step(p, x) return sigmoid(p.w * x) end\nreturn cell\n");
    Model *m = load("local cell = require \"cell\"\n"
                    "return model { input = real(2), params = { w = { 2 } },\n"
                    "  step = function(p, x) return cell.step(p, x) end," TAIL);
    comes_from(m, OP_SIGMOID, "cell.lua", 2);
    model_free(m);
}

/* ---- the graph ---- */

static char *graph_text(const Model *m)
{
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    model_write(m, f);
    fclose(f);
    return text;
}

#define USING_NN "local cell = nn.lstm(3, 4)\n\n\n\n\n\n\n\n\n"
#define BY_HAND                                                                                  \
    "local first = uniform(1 / math.sqrt(4))\n"                                                  \
    "local cell = module {\n"                                                                    \
    "  params = { weight_ih_l0 = param({ 16, 3 }, first), weight_hh_l0 = param({ 16, 4 }, first),\n" \
    "             bias_ih_l0 = param({ 16 }, first), bias_hh_l0 = param({ 16 }, first) }, state = { h = { 4 }, c = { 4 } },\n" \
    "  step = function(p, x, s) local a, b = p.weight_ih_l0(x), p.weight_hh_l0(s.h)\n"            \
    "    local i, f, g, o = split(a + p.bias_ih_l0 + (b + p.bias_hh_l0), 4)\n"                    \
    "    local c = sigmoid(f) * s.c + sigmoid(i) * tanh(g)\n"                                     \
    "    local h = sigmoid(o) * tanh(c) return h, { h = h, c = c }\n"                             \
    "  end }\n"
#define LSTM_MODEL                                                                               \
    "return model { input = real(3), params = { rnn = cell }, step = function(p, x, s)\n"         \
    "  local h, rnn = p.rnn(x, s.rnn) return h, { rnn = rnn } end," TAIL

/* The text without lines: "@0:14". */
static char *without_lines(char *text)
{
    char *to = text;
    for (const char *p = text; *p;)
        if (*p == '@')
            p += strcspn(p, " \n");
        else
            *to++ = *p++;
    *to = '\0';
    return text;
}

static void a_users_module_can_be_what_nn_is(void **state)
{
    (void)state;
    Model *m = load(USING_NN LSTM_MODEL), *own = load(BY_HAND LSTM_MODEL);
    char *text = without_lines(graph_text(m)), *other = without_lines(graph_text(own));
    assert_string_equal(text, other);
    free(text);
    free(other);
    model_free(m);
    model_free(own);
}

static void every_dropout_draws_its_own_mask(void **state)
{
    (void)state;
    Model *m = load("return model { input = real(3), params = { w = { 3 } },\n"
                    "step = function(p, x) return dropout(x, 0.5) * dropout(p.w, 0.5) end," TAIL);
    int masks = 0, streams = 0;
    for (Ref r = 1; r < m->step->count; r++)
        if (node_at(m->step, r)->op == OP_DROPMASK) {
            masks++;
            streams |= 1 << node_at(m->step, r)->attr[0];
        }
    assert_int_equal(masks, 2);
    assert_int_equal(streams, 3);
    model_free(m);
}

static void probes_are_kept_in_the_order_they_are_made(void **state)
{
    (void)state;
    Model *m =
        load("return model { input = real(3), params = { W = { 2, 3 } },\n"
             "step = function(p, x) return probe('after', p.W(probe('before', x))) end," TAIL);
    names_are(m->probes, m->nprobes, "before after");
    model_free(m);
}

static void a_loss_without_data_is_still_one_a_lane(void **state)
{
    (void)state;
    Model *m =
        load("return model { params = { w = { 3 } }, step = function(p) return p.w end," TAIL);
    assert_true(node_at(m->step, m->loss)->batched);
    assert_int_equal(node_at(m->step, m->loss)->shape.rank, 0);
    model_free(m);
}

/* ---- the same every time ---- */

#define WITH_OPTIONS                                                                             \
    "local o = options { width = 3, name = 'plain', deep = false }\n"                            \
    "return model { params = { w = { o.width } }, step = function(p) return p.w end," TAIL

static void options_are_overridden_and_listed_in_order(void **state)
{
    (void)state;
    const SpecDefine defines[] = { { .name = "width", .value = "5" }, { .name = "deep", .value = "true" } };
    const SpecOptions options = { .defines = defines, .ndefines = 2, .version = "1" };
    file_write("spec.lua", WITH_OPTIONS);
    Model *m = load_with("spec.lua", &options);
    assert_int_equal(m->noptions, 3);
    assert_string_equal(m->options[0].name, "deep");
    assert_string_equal(m->options[0].value, "true");
    assert_string_equal(m->options[1].value, "plain");
    assert_string_equal(m->options[2].value, "5");
    assert_int_equal(m->params[0].dim[0], 5);
    model_free(m);
}

static void hash_of(char *hash, const char *path, const SpecOptions *options)
{
    Model *m = load_with(path, options);
    assert_int_equal(strlen(m->hash), 16);
    strcpy(hash, m->hash);
    model_free(m);
}

static void the_hash_tells_what_matters(void **state)
{
    (void)state;
    const SpecDefine define = { .name = "width", .value = "4" };
    const SpecOptions wider = { .defines = &define, .ndefines = 1, .version = "1" },
                      newer = { .version = "2" };
    char first[17], other[17];
    file_write("spec.lua", WITH_OPTIONS);
    file_write("copy.lua", WITH_OPTIONS);
    hash_of(first, "spec.lua", &none);
    hash_of(other, "copy.lua", &none);
    assert_string_equal(first, other); /* the same text in another place */
    hash_of(other, "spec.lua", &wider);
    assert_string_not_equal(first, other);
    hash_of(other, "spec.lua", &newer);
    assert_string_not_equal(first, other);
    file_write("spec.lua", "-- changed\n" WITH_OPTIONS);
    hash_of(other, "spec.lua", &none);
    assert_string_not_equal(first, other);
}

static void tables_are_walked_in_order(void **state)
{
    (void)state;
    says("local t, keys = { zeta = 1, alpha = 2, mid = 3, 9, 8 }, {}\n"
         "for k, v in pairs(t) do keys[#keys + 1] = k .. '=' .. v end\n"
         "local k = next(t)\n"
         "while k do keys[#keys + 1] = k; k = next(t, k) end\n"
         "error(table.concat(keys, ' '))",
         "spec.lua:5: 1=9 2=8 alpha=2 mid=3 zeta=1 1 2 alpha mid zeta");
}

static void nothing_shows_an_address(void **state)
{
    (void)state;
    says("error(tostring({}) .. ' ' .. tostring(print) .. string.format(' %s %5.2f', {}, 2))",
         "spec.lua:1: table function table  2.00");
}

static void whole_numbers_look_alike(void **state)
{
    (void)state;
    says("error(tostring(64 / 2) .. ' ' .. tostring(3.5) .. ' ' .. tostring(2^53))",
         "spec.lua:1: 32 3.5 9007199254740992");
}

/* ---- what is not a spec ---- */

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    refused("absent.lua", "absent.lua: cannot read absent.lua: No such file or directory");
    refused(".", ".: cannot read .: it is not a file");
    says("\033Lua", "spec.lua: spec.lua is compiled Lua; a spec is Lua text");
    refused(
        "a\"b.lua",
        "the path of a spec stands in the C that is generated, so it has no quotes, backslashes, "
        "control characters or comment marks");
}

static void a_long_path_is_told_whole(void **state)
{
    (void)state;
    char path[100] = "";
    memset(path, 'n', 80);
    strcat(path, ".lua");
    file_write(path, "local x\nlocal y = x.z\n");
    char expected[200];
    snprintf(expected, sizeof expected, "%s:2: attempt to index a nil value (local 'x')", path);
    refused(path, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_have_dotted_names_in_order),
        cmocka_unit_test(modules_bring_states_under_their_names),
        cmocka_unit_test(a_learned_start_is_a_parameter),
        cmocka_unit_test(named_fields_are_in_order),
        cmocka_unit_test(a_model_is_called_after_its_file),
        cmocka_unit_test(a_node_has_the_line_that_made_it),
        cmocka_unit_test(a_required_file_is_named),
        cmocka_unit_test(a_users_module_can_be_what_nn_is),
        cmocka_unit_test(every_dropout_draws_its_own_mask),
        cmocka_unit_test(probes_are_kept_in_the_order_they_are_made),
        cmocka_unit_test(a_loss_without_data_is_still_one_a_lane),
        cmocka_unit_test(options_are_overridden_and_listed_in_order),
        cmocka_unit_test(the_hash_tells_what_matters),
        cmocka_unit_test(tables_are_walked_in_order),
        cmocka_unit_test(nothing_shows_an_address),
        cmocka_unit_test(whole_numbers_look_alike),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_long_path_is_told_whole),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
