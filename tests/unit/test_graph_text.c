/* The text form: what is written reads back as the same graph, and text that is not right is
 * refused with the number of its line, whatever is wrong with it. */
#include "unit.h"

#include <stdlib.h>

#include "graph/text.h"
#include "model_passes.h"

static Graph *read_text(Arena *arena, const char *text, size_t length, char **error)
{
    const char *word;
    TextReader t = { .at = text, .end = text + length, .arena = arena };
    bool begins = text_next_line(&t) && text_word(&t, &word) && !strcmp(word, "graph");
    Graph *g = begins ? text_read_graph(&t) : NULL;
    if (error)
        *error = t.error;
    return g;
}

/* ---- there and back ---- */

static void goes_there_and_back(const Graph *g, const char *what)
{
    Arena *arena = arena_new();
    char *error, *text = graph_text(g);
    Graph *again = read_text(arena, text, strlen(text), &error);
    if (!again)
        fail_msg("%s: %s", what, error);
    char *second = graph_text(again);
    if (strcmp(text, second))
        fail_msg("%s: the graph is written in another way the second time", what);
    free(text);
    free(second);
    graph_free(again);
    arena_free(arena);
}

static void windows_after_every_pass(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        for (int training = 0; training < 2; training++)
            for (const char *const *pass = graph_pass_words; *pass; pass++) {
                char what[256];
                snprintf(what, sizeof what, "%s, %s after %s", small_specs[i].path,
                         training ? "window" : "step", *pass);
                Window *w = window_after(m, training, *pass);
                goes_there_and_back(w->graph, what);
                window_free(w);
            }
        model_free(m);
    }
}

static void models(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        char *error = NULL, *text = model_text(m);
        Model *again = model_read(text, strlen(text), &error);
        if (!again)
            fail_msg("%s: %s", small_specs[i].path, error);
        char *second = model_text(again);
        assert_string_equal(text, second);
        assert_int_equal(again->nparams, m->nparams);
        assert_int_equal(again->step->count, m->step->count);
        assert_int_equal(again->loss, m->loss);
        free(text);
        free(second);
        model_free(again);
        model_free(m);
    }
}

/* ---- what is not right ---- */

static char *small_text(const SmallSpec *s)
{
    Model *m = load_small(s);
    char *text = model_text(m);
    model_free(m);
    return text;
}

static char *lstm_text(void) { return small_text(&(SmallSpec){ "models/lstm.lua", { { "hidden", "2" } } }); }

static void is_refused(const char *text, size_t length)
{
    char *error = NULL;
    Model *m = model_read(text, length, &error);
    if (m)
        fail_msg("this is read as a model:\n%.*s", (int)length, text);
    assert_non_null(error);
    assert_contains(error, "line ");
    free(error);
}

static void text_that_ends_at_any_byte(void **state)
{
    (void)state;
    char *text = lstm_text();
    size_t length = strlen(text);
    for (size_t n = 0; n + 4 < length; n++) { /* the last 4: "end\n", with or without its newline */
        char *part = malloc(n ? n : 1); /* nothing behind it: an overrun is seen by a sanitizer */
        assert_non_null(part);
        memcpy(part, text, n);
        is_refused(part, n);
        free(part);
    }
    free(text);
}

static size_t line_length(const char *at) { return strcspn(at, "\n") + 1; }

/* Some lines may be absent: an option, a probe. Then what is left must go there and back. */
static void any_line_left_out(void **state)
{
    (void)state;
    char *text = lstm_text();
    for (const char *at = text; *at; at += line_length(at)) {
        size_t before = (size_t)(at - text), n = line_length(at), after = strlen(at + n);
        char *rest = malloc(before + after + 1), *error = NULL;
        assert_non_null(rest);
        memcpy(rest, text, before);
        memcpy(rest + before, at + n, after + 1);
        Model *m = model_read(rest, before + after, &error);
        bool may_go = !strncmp(at, "option ", 7) || !strncmp(at, "optimizer ", 10) ||
            !strncmp(at, "schedule ", 9) ||
                      !strncmp(at, "clip ", 5) || !strncmp(at, "updates ", 8) || !strncmp(at, "end", 3);
        if (!m != !may_go && m)
            fail_msg("without the line %.*s it is still a model", (int)n - 1, at);
        assert_true(m || strstr(error, "line "));
        if (m)
            model_free(m);
        free(error);
        free(rest);
    }
    free(text);
}

/* Every byte changed to several others: read or refused, but never a crash (a sanitizer's test). */
static void every_byte_changed(char *text)
{
    static const char others[] = { '0', '9', '%', ' ', '\n', '-', '}', '{', 'x', '\0', '\xff' };
    size_t length = strlen(text);
    int refused = 0;
    for (size_t i = 0; i < length; i++) {
        char kept = text[i], *error = NULL;
        text[i] = others[(i * 7 + i / 11) % sizeof others];
        Model *m = model_read(text, length, &error);
        if (m) {
            char *again = model_text(m);
            free(again);
            model_free(m);
        } else {
            refused++;
            assert_contains(error, "line ");
        }
        free(error);
        text[i] = kept;
    }
    assert_true(refused > (int)length / 4);
    free(text);
}

static void any_byte_changed(void **state)
{
    (void)state;
    every_byte_changed(lstm_text());
    every_byte_changed(small_text(&(SmallSpec){ "tests/faults/frozen_memory.lua", { { "k2", "1" } } }));
    every_byte_changed(small_text(&(SmallSpec){ "tests/faults/constants.lua", { { "n", "3" } } }));
}

static void replaced(const char *text, const char *from, const char *to, const char *sentence)
{
    const char *at = strstr(text, from);
    char *error = NULL;
    if (!at)
        fail_msg("there is no \"%s\" in the text", from);
    size_t size = strlen(text) + strlen(to) + 1;
    char *changed = malloc(size);
    snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    Model *m = model_read(changed, strlen(changed), &error);
    if (m)
        fail_msg("\"%s\" for \"%s\" is still a model", to, from);
    assert_contains(error, sentence);
    free(error);
    free(changed);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    char *text = lstm_text();
    replaced(text, "%3 ", "%4 ", "node %3 is expected");
    replaced(text, " tanh ", " tanhh ", "no operation is called 'tanhh'");
    replaced(text, " tanh *{2} %", " tanh *{2} %9999", "is not yet defined");
    replaced(text, " tanh *{2}", " tanh *{3}", "is not as the constructors make it");
    replaced(text, " tanh *{2}", " tanh {2}", "is not as the constructors make it");
    replaced(text, "{8, 4}", "{8, 4", "a shape is expected");
    replaced(text, "optimizer adam ", "optimizer madam ",
             "'madam' is not one of the words that stand here");
    replaced(text, "tbptt 16 ", "tbptt sixteen ",
             "'sixteen' is not a whole number from 1 to 2147483647");
    replaced(text, "tbptt 16 ", "tbptt 0 ", "'0' is not a whole number from 1 to 2147483647");
    replaced(text, "tbptt ", "tpbtt ", "'tpbtt' does not begin a line");
    replaced(text, "\nparam ", "\nparam too ", "a shape is expected");
    free(text);
}

static void rules_and_numbers_are_checked(void **state)
{
    (void)state;
    Model *m = load_path("tests/ops/rules.lua");
    char *text = model_text(m);
    const char *rule = "rule 0 frozen 1 1 -inf inf 0"; /* of frozen.W */
    model_free(m);
    replaced(text, rule, "rule 999 frozen 1 1 -inf inf 0", "is not a whole number from 0 to");
    replaced(text, rule, "rule 0 melted 1 1 -inf inf 0", "'melted' is not one of the words that stand here");
    replaced(text, rule, "rule 0 frozen -1 1 -inf inf 0", "no update could follow this rule");
    replaced(text, rule, "rule 0 frozen 1 inf -inf inf 0", "no update could follow this rule");
    replaced(text, rule, "rule 0 frozen 1 1 2 1 0", "no update could follow this rule");
    replaced(text, rule, "rule 0 frozen 1 1 nan inf 0", "no update could follow this rule");
    replaced(text, rule, "rule 0 frozen 1 1 -inf inf -1", "no update could follow this rule");
    replaced(text, rule, "rule 0 frozen 1 1 -inf inf", "'' is not a number");
    replaced(text, " values 0 ", " values 9 ", "starts from numbers that are not there");
    replaced(text, " values 0 ", " values 0.5 ", "starts from numbers that are not there");
    replaced(text, "numbers 6 ", "numbers 5 ", "these numbers do not stand alone");
    replaced(text, "numbers 6 ", "numbers 7 ", "'' is not a number");
    replaced(text, "numbers 6 0.5 ", "numbers 6 nan ", "nan among the numbers");
    free(text);
}

static void graph_by_hand(const char *text, const char *sentence)
{
    Arena *arena = arena_new();
    char *error = NULL;
    Graph *g = read_text(arena, text, strlen(text), &error);
    if (sentence) {
        assert_null(g);
        assert_non_null(error);
        assert_string_equal(error, sentence);
    } else if (!g) {
        fail_msg("%s", error);
    } else {
        graph_free(g);
    }
    arena_free(arena);
}

static void a_graph_is_checked_node_by_node(void **state)
{
    (void)state;
    graph_by_hand("graph 0 1 2\n%1 param {3}\n%2 tanh {3} %1\nend\n", NULL);
    graph_by_hand("graph 0 1 2\nfile a b.lua\n%1 param {3}\n%2 tanh {3} %1 @0:3 ^2 s0\nend\n",
                  NULL);
    graph_by_hand("graph 0 1 2\n%1 param {3}\n%2 tanh {3} %2\nend\n",
                  "line 3: operand %2 is not yet defined");
    graph_by_hand("graph 0 1 2\n%1 param {3}\n%2 tanh {3}\nend\n",
                  "line 3: tanh: takes 1 operands, not 0");
    graph_by_hand("graph 0 1 2\n%1 param {3}\n%2 add {3} %1\nend\n",
                  "line 3: add: takes 2 operands, not 1");
    graph_by_hand("graph 0 1 1\n%1 concat {3}\nend\n", "line 2: concat: 0 operands");
    graph_by_hand("graph 0 1 2\n%1 param {3}\n%2 param {3}\nend\n",
                  "line 3: node %2 is not as the constructors make it");
    graph_by_hand("graph 0 1 2\n%1 param {3}\nend\n", "line 3: node %2 is expected");
    graph_by_hand("graph 0 1 1\n%1 param {3}\n%2 tanh {3} %1\nend\n", "line 3: 'end' is expected");
    graph_by_hand("graph 0 1 1\n%1 param {3}\n", "line 3: 'end' is expected");
    graph_by_hand("graph 0 0 1\n", "line 1: '0' is not a whole number from 1 to 2147483647");
    graph_by_hand("graph 0 1 2\n%1 param {2, 2, 2, 2, 2}\nend\n",
                  "line 2: a shape has at most 4 dimensions, not 5");
    graph_by_hand("graph 0 1 1\n%1 param {65536, 65536}\nend\n",
                  "line 2: {65536, 65536} is too large; one example of a value has at most "
                  "268435456 elements");
    graph_by_hand("graph 0 1 1\n%1 param {3} @1:5\nend\n", "line 2: file 1 of 0");
    graph_by_hand("graph 0 1 1\n%1 param {3} a=1,2,3,4,5,6,7,8,9\nend\n",
                  "line 2: more than 6 attributes");
    graph_by_hand("graph 0 1 1\n%1 const {} n=1,2,3\nend\n", "line 2: more than 2 attributes");
    graph_by_hand("graph 0 1 1\n%1 const {} n=one\nend\n", "line 2: 'one' is not a number");
    graph_by_hand("graph 0 1 1\n%1 param {3} ?\nend\n", "line 2: '?' is not expected here");
    graph_by_hand("graph 0 1 1\nnumbers 2 1 2\n%1 table {2}\nend\n", NULL);
    graph_by_hand("graph 0 1 1\n%1 table {2}\nend\n", "line 2: table: there are no such numbers for {2}");
    graph_by_hand("graph 0 1 1\nnumbers 2 1 2\n%1 table {3}\nend\n",
                  "line 3: table: there are no such numbers for {3}");
    graph_by_hand("graph 0 1 1\nnumbers 2 1 2\n%1 table {2} a=1\nend\n",
                  "line 3: table: there are no such numbers for {2}");
    graph_by_hand("graph 0 1 1\nnumbers 2 1 2\nnumbers 2 1 2\n%1 table {2}\nend\n",
                  "line 3: these numbers do not stand alone");
    graph_by_hand("graph 0 1 1\nnumbers 9999999 1\nend\n", "line 2: '9999999' is not a whole number from 1 to 1048576");
    graph_by_hand("graph 0 1 1\nnumbers 1 1e999\nend\n", "line 2: 1e999 among the numbers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_after_every_pass),
        cmocka_unit_test(models),
        cmocka_unit_test(text_that_ends_at_any_byte),
        cmocka_unit_test(any_line_left_out),
        cmocka_unit_test(any_byte_changed),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(rules_and_numbers_are_checked),
        cmocka_unit_test(a_graph_is_checked_node_by_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
