#include "iterations.h"

#include <inttypes.h>

#include "optimizer.h"

static int by_iterations(const tl_training *t) { return tl_is_whole_record(t->spec.optimizer.kind); }

static const char *kind_of(const tl_training *t) { return tl_optimizer_name(t->spec.optimizer.kind); }

static const char *name_of(const tl_training *t) { return t->engine->model->name; }

static int check_patience(const tl_training *t, int has_valid, int validated, tl_error *e)
{
    long long patience = (long long)t->spec.optimizer.patience;
    if (!patience || (has_valid && validated))
        return 0;
    if (has_valid)
        return tl_fail(e, "patience = %lld of %s waits for the loss of held-out data, and with --valid-every 0 nothing "
                       "is validated: leave that out", patience, kind_of(t));
    return tl_fail(e, "patience = %lld of %s waits for the loss of held-out data, and there are none; --valid 0.1 "
                   "keeps a tenth of the data for it, --valid-data FILE names other data", patience, kind_of(t));
}

int tl_iterations_check(const tl_training *t, const tl_train_options *o, int has_valid, tl_error *e)
{
    if (!by_iterations(t))
        return 0;
    if (o->probe || o->lags)
        return tl_fail(e, "--%s looks into the window of an update, and an update of %s is of all windows: leave it "
                       "out, or train with adam and the like", o->probe ? "probe" : "lags", kind_of(t));
    return check_patience(t, has_valid, o->valid_every != 0, e);
}

int tl_iterations_truncated(tl_progress *p, const tl_training *t)
{
    static const char *const words[] = { TL_EACH_LEARN(TL_WORD) };
    const tl_tbptt *k = &t->engine->model->tbptt;
    if (!by_iterations(t) || !t->whole.at.truncated)
        return 0;
    if (k->learn != TL_LEARN_TBPTT)
        tl_progress_say(p, "%s: the gradient of learn = \"%s\" is not that of the cost, whose lowest point %s can only "
                        "come near; \"tbptt\" with k2 as long as the longest sequence, or \"rtrl\", has all of it",
                        name_of(t), words[k->learn], kind_of(t));
    else
        tl_progress_say(p, "%s: the gradient is truncated to k2 = %d steps, so it is not that of the cost, whose "
                        "lowest point %s can only come near; with --k2 as long as the longest sequence it is exact",
                        name_of(t), (int)k->k2, kind_of(t));
    return 1;
}

static void say_rank(tl_progress *p, tl_training *t)
{
    const tl_tensor *of;
    switch (tl_lm_find_rank(t, &of)) {
    case TL_LM_FULL: break;
    case TL_LM_IDLE:
        tl_progress_say(p, "%s: no residual depends on some element of %s, here: it stays as it is", name_of(t), of->name);
        break;
    case TL_LM_DEPENDENT:
        tl_progress_say(p, "%s: what some element of %s does to the residuals others do as well (the matrix J'J is singular): "
                        "many parameters have the same cost, and %s ends at some near its start; l2 decides which",
                        name_of(t), of->name, kind_of(t));
        break;
    }
}

void tl_iterations_equations(tl_progress *p, tl_training *t)
{
    const tl_gauss_newton *s = &t->whole.lm.normal;
    if (!tl_has_equations(t->spec.optimizer.kind) || !t->whole.known)
        return;
    if (s->count >= s->n)
        say_rank(p, t);
    else
        tl_progress_say(p, "%s: %" PRIu64 " residuals for %zu parameters: %s", name_of(t), s->count, s->n,
                        t->spec.optimizer.l2 > 0 ? "what they leave open l2 decides"
                        : "many parameters have the same cost, and it ends at some near its start; more data, fewer "
                          "parameters or l2 decide which");
}

void tl_iterations_lose_patience(tl_progress *p, tl_training *t, uint64_t best)
{
    uint64_t patience = (uint64_t)t->spec.optimizer.patience;
    if (!by_iterations(t) || !patience || t->whole.stop || t->cursor.update < best + patience)
        return;
    tl_whole_record_best(t);
    t->whole.stop = TL_STOP_PATIENCE;
    tl_progress_say(p, "%s: the parameters are again those of update %" PRIu64, name_of(t), best);
}

void tl_iterations_over(tl_progress *p, const tl_training *t)
{
    tl_progress_say(p, "%s: the training of the checkpoint has ended after %" PRIu64 " iterations: %s; other settings "
                    "(--set train.optimizer.tol_cost=0, say) may let it go on", name_of(t), t->cursor.update,
                    tl_stop_sentence(t->whole.stop));
}

void tl_iterations_end(tl_progress *p, const tl_training *t)
{
    if (t->whole.stop && t->whole.evaluations)
        tl_progress_say(p, "%s: ended after %" PRIu64 " iterations: %s", name_of(t), t->cursor.update,
                        tl_stop_sentence(t->whole.stop));
}

void tl_iterations_report(json_t *j, const tl_training *t)
{
    if (!by_iterations(t) || !t->whole.known)
        return;
    tl_report_number(j, "cost", t->whole.at.cost);
    tl_report_count(j, "evaluations", t->whole.evaluations);
}
