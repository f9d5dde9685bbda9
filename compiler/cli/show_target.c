#include "cli/show_target.h"

#include <inttypes.h>
#include <jansson.h>

#include <tapeless/json_memory.h>
#include <tapeless/report.h>
#include "cli/board.h"
#include "graph/user_error.h"
#include "schedule/cost.h"

static int64_t weight_bytes(const Program *p) { return (int64_t)p->memory.param_size * (p->real == TL_F32 ? 4 : 8); }

static uint64_t flops_of(const Program *p)
{
    return p->single->online ? window_flops(p->train.selected, p->train.units) : window_flops(p->step[0].selected, p->step[0].units);
}

static void print_people(const Board *b, const Program *p, const Footprint *f)
{
    printf("%s on %s (%s -O2)\n", p->model->name, b->name, b->compiler);
    printf("  %-8s code %" PRId64 ", its constants %" PRId64 ", weights %" PRId64 " bytes\n", "flash", f->code, f->constants, weight_bytes(p));
    printf("  %-8s predictor %" PRId64, "RAM", f->predictor);
    if (f->learner)
        printf(", learner %" PRId64, f->learner);
    printf(" bytes\n  %-8s predict %" PRId64, "stack", f->predict);
    if (f->push >= 0)
        printf(", push %" PRId64, f->push);
    printf(" bytes at most\n  %-8s %" PRIu64 " FLOP of products %s\n", "work", flops_of(p), p->single->online ? "an update" : "a step");
}

static void print_json(const Board *b, const Program *p, const Footprint *f)
{
    tl_json_watch();
    json_t *all = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "name", p->model->name, "target", b->name,
                            "compiler", b->compiler, "flash_code", (json_int_t)f->code, "flash_constants", (json_int_t)f->constants,
                            "flash_weights", (json_int_t)weight_bytes(p), "ram_predictor", (json_int_t)f->predictor,
                            "ram_learner", (json_int_t)f->learner, "stack_predict", (json_int_t)f->predict, "stack_push",
                            (json_int_t)(f->push < 0 ? 0 : f->push), "flops", (json_int_t)flops_of(p));
    tl_report_json(all, 0);
    json_decref(all);
}

static char *measure_and_print(const Board *b, Model *m, const SingleArguments *a, const Common *c)
{
    char *error = NULL;
    Footprint f;
    Program *p = compile_single(m, a, c, &error);
    const Single single = { .no_libm = a->no_libm, .online = a->online };
    if (p) {
        p->single = &single;
        if (measure_footprint(b, p, &f, &error))
            (c->json ? print_json : print_people)(b, p, &f);
    }
    program_free(p);
    return error;
}

int show_target(const char *board, const SingleArguments *given, Common *c)
{
    SingleArguments a = *given;
    if (!board)
        return complain(user_sentence("tapeless show: %s is of --target", a.online ? "--online" : "--no-libm"));
    const Board *b = board_named(board);
    if (!b)
        return complain(user_sentence("tapeless show: --target %s: it is one of %s", board, board_names));
    a.single = a.no_blas = 1;
    Model *m = load_single(&a, c, NULL);
    if (!m)
        return EXIT_WRONG;
    char *error = measure_and_print(b, m, &a, c);
    model_free(m);
    return error ? complain(error) : EXIT_DONE;
}
