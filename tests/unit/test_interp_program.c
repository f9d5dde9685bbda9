/* test_interp_program.c - a program that cannot be run is refused with a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <tapeless/interp.h>
#include "program_builder.h"

/* The tests of memory ask for far too much of it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* Instructions of the sound program that the tests then spoil. */
typedef struct Sound {
    Builder b;
    int32_t w, x, token, target, h, mask, product, row, picked, part, cat, turned, probe, next;
    int32_t columns, pooled, column, table;
} Sound;

static void sound_program(Sound *s)
{
    Builder *b = &s->b;
    builder_start(b, 2, 3);
    s->w = add_param(b, SHAPE(4, 3));
    s->x = add_input(b, SHAPE(3));
    s->token = add_token(b, 4);
    s->target = add_token_target(b, 4);
    s->h = add_learned_state(b, SHAPE(4));
    s->mask = add_dropmask(b, SHAPE(3), 0.5, 1);
    s->row = add_gather(b, s->w, s->token);
    s->column = add_reshape(b, add_op2(b, OP_MUL, s->x, s->mask), SHAPE(3, 1));
    s->product = add_matmul(b, s->w, s->column, false, false, false);
    s->turned = add_transpose(b, s->product);
    int32_t y = add_op2(b, OP_ADD, add_reshape(b, s->turned, SHAPE(4)), s->h);
    s->probe = add_probe(b, y);
    s->part = add_slice(b, s->row, 0, 1, 2);
    s->cat = add_concat(b, 0, 2, (int32_t[]) { s->part, s->part });
    int32_t image = add_reshape(b, s->w, SHAPE(2, 3, 2));
    s->columns = add_patches(b, image, (int32_t[]) { 2, 1, 1, 1, 1, 0 });
    s->pooled = add_max_pool(b, image, (int32_t[]) { 2, 2, 2, 1, 1, 0 });
    static const double numbers[] = { 1, 2, 3, 4 };
    s->table = add_table(b, numbers, SHAPE(4));
    s->next = add_op2(b, OP_ADD, s->cat, add_op2(b, OP_ADD, s->probe, s->table));
    set_next(b, s->h, s->next);
    add_output(b, s->next);
    s->picked = add_pick(b, add_softmax(b, OP_LOG_SOFTMAX, s->probe, 0), s->target);
    set_loss(b, s->picked);
    builder_finish(b, TL_F32);
}

static const char *refusal(const Builder *b)
{
    static tl_error e;
    tl_interp *ip = tl_interp_new(&b->model, &b->program, &e);
    if (ip) {
        tl_interp_free(ip);
        return NULL;
    }
    return e.text;
}

static void assert_refused(const Sound *s, const char *because)
{
    const char *text = refusal(&s->b);
    if (!text)
        fail_msg("accepted, though: %s", because);
    else if (!strstr(text, because))
        fail_msg("refused with \"%s\", not \"%s\"", text, because);
}

static void a_sound_program_is_taken(void **state)
{
    (void)state;
    Sound s;
    sound_program(&s);
    if (refusal(&s.b))
        fail_msg("%s", refusal(&s.b));
}

/* Spoils one field of the sound program, and wants the sentence to contain BECAUSE. */
#define SPOILT(FIELD, VALUE, BECAUSE)                                                             \
    do {                                                                                          \
        Sound s;                                                                                  \
        sound_program(&s);                                                                        \
        s.b.FIELD = VALUE;                                                                        \
        assert_refused(&s, BECAUSE);                                                              \
    } while (0)

static void wrong_operands_are_refused(void **state)
{
    (void)state;
    SPOILT(instr[s.next].op, OP_SCATTER, "not an operation of a step");
    SPOILT(instr[s.next].op, 255, "not an operation of a step");
    SPOILT(instr[s.next].nargs, 1, "wrong number of operands");
    SPOILT(args[s.b.instr[s.next].args], s.next, "does not come before its user");
    SPOILT(args[s.b.instr[s.next].args], -1, "does not come before its user");
    SPOILT(args[s.b.instr[s.next].args], s.token, "a token stands where a number belongs");
    SPOILT(args[s.b.instr[s.picked].args + 1], s.x, "a token stands where a number belongs");
    SPOILT(instr[s.next].batched, 0, "must be per lane");
    SPOILT(instr[s.x].token, 1, "another type");
    SPOILT(instr[s.next].token, 1, "only inputs and targets are tokens");
}

static void wrong_leaves_are_refused(void **state)
{
    (void)state;
    SPOILT(instr[s.w].attr[0], 2, "no such tensor");
    SPOILT(instr[s.w].attr[0], -1, "no such tensor");
    SPOILT(instr[s.x].dim[0], 4, "another shape");
    SPOILT(instr[s.w].batched, 1, "parameters, and only they, are shared");
    SPOILT(instr[s.mask].batched, 0, "drawn for each lane");
    SPOILT(instr[s.table].attr[0], 1, "no such table of numbers");
    SPOILT(instr[s.table].attr[0], -1, "no such table of numbers");
    SPOILT(instr[s.table].dim[0], 5, "the table of numbers has another size");
    SPOILT(instr[s.table].batched, 1, "a table of numbers is shared");
    SPOILT(instr[s.x].rank, 5, "too many dims");
    SPOILT(instr[s.x].dim[0], 0, "below 1");
}

static void wrong_shapes_are_refused(void **state)
{
    (void)state;
    SPOILT(instr[s.next].dim[0], 5, "does not broadcast");
    SPOILT(instr[s.column].dim[0], 5, "differ in size");
    SPOILT(instr[s.turned].dim[1], 3, "swapped");
    SPOILT(instr[s.part].attr[1], 2, "does not lie within");
    SPOILT(instr[s.part].attr[1], -1, "does not lie within");
    SPOILT(instr[s.part].attr[0], 1, "does not lie within");
    SPOILT(instr[s.cat].dim[0], 5, "do not make the whole");
    SPOILT(instr[s.product].attr[0], 1, "inner dims");
    SPOILT(instr[s.product].dim[0], 3, "not the product's");
    SPOILT(instr[s.product].attr[2], 1, "a sum over lanes");
    SPOILT(instr[s.picked].rank, 4, "below 1");
    SPOILT(inputs[1].vocab, 5, "fewer rows than there are tokens");
    SPOILT(targets[0].vocab, 5, "fewer rows than there are tokens");
}

static void windows_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    SPOILT(instr[s.columns].attr[0], 6, "does not fit");
    SPOILT(instr[s.columns].attr[1], 0, "does not fit");
    SPOILT(instr[s.columns].attr[2], 0, "does not fit");
    SPOILT(instr[s.columns].attr[4], -1, "does not fit");
    SPOILT(instr[s.columns].attr[5], 1 << 30, "does not fit");
    SPOILT(instr[s.columns].attr[5], 1, "a column for each place");
    SPOILT(instr[s.columns].dim[0], 3, "a column for each place");
    SPOILT(instr[s.columns].batched, 1, "both be shared");
    SPOILT(instr[s.pooled].attr[2], 1, "an element for each place");
    SPOILT(instr[s.pooled].attr[4], 2, "all padding");
    SPOILT(instr[s.pooled].dim[0], 1, "an element for each place");
    SPOILT(args[s.b.instr[s.pooled].args], s.w, "no image");
}

static void wrong_results_are_refused(void **state)
{
    (void)state;
    SPOILT(program.loss, s.next, "loss 0");
    SPOILT(program.loss, s.b.count, "loss 0 of the step is no instruction");
    SPOILT(next_state[0], s.x, "next state 0");
    SPOILT(next_state[0], -1, "next state 0 of the step is no instruction");
    SPOILT(output[0], s.token, "output 0");
    SPOILT(probe[0], s.token, "probe 0 of the step has another shape or type");
    SPOILT(probe[0], s.b.count, "probe 0 of the step is no instruction");
    SPOILT(states[0].learned, 0, "does not start from a parameter of its shape");
    SPOILT(states[0].learned, 9, "does not start from a parameter of its shape");
    SPOILT(params[1].offset, 13, "does not lie within");
    SPOILT(model.tbptt.k2, 0, "must be at least 1");
    SPOILT(model.tbptt.batch, -1, "must be at least 1");
}

static void a_refusal_says_where(void **state)
{
    (void)state;
    Sound s;
    sound_program(&s);
    s.b.instr[s.turned].dim[1] = 3;
    const char *text = refusal(&s.b);
    assert_non_null(strstr(text, "(transpose)"));
    assert_non_null(strstr(text, "by_hand.lua:11"));
}

/* x {n, n, ..} of so many dims, squared. */
static const char *refusal_of_size(int32_t rank, int32_t n, int32_t k2, int32_t batch)
{
    Builder b;
    Shape shape = { rank, { n, n, n, n } };
    builder_start(&b, k2, batch);
    add_op1(&b, OP_SQUARE, add_input(&b, shape));
    builder_finish(&b, TL_F64);
    return refusal(&b);
}

static void sizes_are_checked_before_they_are_multiplied(void **state)
{
    (void)state;
    assert_null(refusal_of_size(2, 4, 8, 2));
    assert_non_null(strstr(refusal_of_size(3, INT32_MAX, 1, 1), "more elements than any memory"));
    assert_non_null(strstr(refusal_of_size(2, 1 << 30, 1, 16), "larger than any memory"));
    assert_non_null(strstr(refusal_of_size(2, 1 << 28, 64, 1), "larger than any memory"));
    assert_non_null(strstr(refusal_of_size(2, 1 << 24, 1, 1), "not enough memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_program_is_taken),
        cmocka_unit_test(wrong_operands_are_refused),
        cmocka_unit_test(wrong_leaves_are_refused),
        cmocka_unit_test(wrong_shapes_are_refused),
        cmocka_unit_test(windows_that_do_not_fit_are_refused),
        cmocka_unit_test(wrong_results_are_refused),
        cmocka_unit_test(a_refusal_says_where),
        cmocka_unit_test(sizes_are_checked_before_they_are_multiplied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
