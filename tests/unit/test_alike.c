/* What processes of one training must have alike: shards that they divide, and every option but a few, whichever
 * are added to the table. The processes are threads. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/alike.h>
#include <tapeless/commands.h>
#include "thread_ranks.h"

enum { MOST = 96 }; /* options */

static tl_model model = { .name = "m", .hash = "0" };

static void ranks_must_divide_the_shards(void **state)
{
    static const struct { int32_t batch, shards, ranks; const char *says; } cases[] = {
        { 12, 4, 3, "3 processes cannot share its 4 shards evenly; tapeless train SPEC --shards 6" },
        { 12, 1, 2, "2 processes cannot share its 1 shard evenly; tapeless train SPEC --shards 2" },
        { 12, 12, 12, NULL },
        { 8, 4, 3, "3 processes cannot share its batch of 8 evenly" },
        { 4, 4, 8, "8 processes cannot share its batch of 4 evenly" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_model m = { .name = "m", .tbptt = { .batch = cases[i].batch, .shards = cases[i].shards } };
        tl_exchange x = { .ranks = cases[i].ranks };
        tl_error e;
        assert_int_equal(tl_alike_shards(&m, &x, &e), cases[i].says ? -1 : 0);
        if (cases[i].says)
            assert_contains(e.text, cases[i].says);
    }
}

/* ---- options ---- */

/* An option as a word of the command line, with a value that is not its default. */
typedef struct Case {
    char name[48], word[96];
    int bad[2];
    tl_error e[2];
} Case;

typedef struct Cases {
    Case *item;
    size_t count;
} Cases;

static int add_cases(const tl_option *o, void *context)
{
    Cases *c = context;
    for (; o->kind != TL_OPTION_END; o++) {
        if (o->kind == TL_OPTION_ALIAS)
            continue;
        assert_true(c->count < MOST);
        Case *x = &c->item[c->count++];
        snprintf(x->name, sizeof x->name, "%s", o->name);
        if (o->kind == TL_OPTION_INT)
            snprintf(x->word, sizeof x->word, "--%s=%.0f", o->name, o->low + 2);
        else if (o->kind == TL_OPTION_DOUBLE)
            snprintf(x->word, sizeof x->word, "--%s=%g", o->name, o->low / 2 + o->high / 2);
        else
            snprintf(x->word, sizeof x->word, o->kind == TL_OPTION_FLAG ? "--%s" : "--%s=x", o->name);
    }
    return 0;
}

static int begin_with(const tl_exchange *x, int nwords, const char *const *words, tl_error *e)
{
    tl_train_options o;
    tl_engine engine = { .model = &model };
    tl_training t = { .engine = &engine, .buffers = { .exchange = (tl_exchange *)(uintptr_t)x } };
    char *argv[4];
    for (int i = 0; i < nwords; i++)
        argv[i] = (char *)(uintptr_t)words[i];
    int bad = tl_train_options_read(&o, &model, nwords, argv) >= 0 ? 2 : tl_alike_begin(&t, &o, e) != 0;
    tl_train_options_free(&o);
    return bad;
}

static void one_has_the_option(const tl_exchange *x, void *context)
{
    Case *c = context;
    const char *words[] = { c->word };
    int32_t r = tl_rank(x);
    c->bad[r] = begin_with(x, r, words, &c->e[r]);
}

static void both_have_the_option(const tl_exchange *x, void *context)
{
    Case *c = context;
    const char *words[] = { c->word };
    int32_t r = tl_rank(x);
    c->bad[r] = begin_with(x, 1, words, &c->e[r]);
}

static int may_differ(const Case *c)
{
    return !strcmp(c->name, "threads") || !strcmp(c->name, "quiet") || !strcmp(c->name, "json");
}

static void options_must_be_the_same(void **state)
{
    Cases c = { calloc(MOST, sizeof *c.item), 0 };
    char says[160];
    (void)state;
    tl_train_table(add_cases, &c);
    assert_true(c.count > 40);
    for (size_t i = 0; i < c.count; i++) {
        Case *x = &c.item[i];
        snprintf(says, sizeof says, "in process 2 of 2: --%s is not as process 1 has it", x->name);
        run_ranks(2, one_has_the_option, x);
        for (int r = 0; r < 2; r++) {
            if (x->bad[r] != !may_differ(x))
                fail_msg("%s in one process: %d", x->word, x->bad[r]);
            if (x->bad[r])
                assert_contains(x->e[r].text, says);
        }
        run_ranks(2, both_have_the_option, x);
        for (int r = 0; r < 2; r++)
            if (x->bad[r])
                fail_msg("%s in both: %s", x->word, x->e[r].text);
    }
    free(c.item);
}

static void lists_have_an_order(const tl_exchange *x, void *context)
{
    static const char *const words[2][3] = { { "--data=a", "--data=b", "--data=c" }, { "--data=b", "--data=a", "--data=c" } };
    Case *c = context;
    int32_t r = tl_rank(x);
    c->bad[r] = begin_with(x, 3, words[r], &c->e[r]) + 2 * begin_with(x, 3 - r, words[0], &c->e[r]);
}

static void lists_are_compared_in_order(void **state)
{
    Case c = { .name = "data" };
    (void)state;
    run_ranks(2, lists_have_an_order, &c);
    assert_int_equal(c.bad[0], 3);
    assert_int_equal(c.bad[1], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_must_divide_the_shards),
        cmocka_unit_test(options_must_be_the_same),
        cmocka_unit_test(lists_are_compared_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
