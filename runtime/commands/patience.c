#include "patience.h"

#include <inttypes.h>

int tl_patience_check(const tl_train_options *o, const tl_model *m, const tl_train_spec *spec, int has_valid, tl_error *e)
{
    if (o->patience < 0)
        return o->min_delta < 0 ? 0 : tl_fail(e, "--min-delta is of --patience N");
    if (tl_is_whole_record(spec->optimizer.kind))
        return tl_fail(e, "--patience: lm and lbfgs end by themselves; --set train.optimizer.patience=%lld counts their iterations",
                       (long long)o->patience);
    if (!has_valid)
        return tl_fail(e, "--patience: there is nothing to validate on; --valid 0.1 keeps a tenth of the data for it, --valid-data "
                       "FILE names other data");
    (void)m;
    return o->valid_every ? 0 : tl_fail(e, "--patience: with --valid-every 0 nothing is validated");
}

void tl_patience_note(tl_record *r, const tl_train_options *o, double loss)
{
    if (loss < r->held - (o->min_delta > 0 ? o->min_delta : 0)) {
        r->held = loss;
        r->waited = 0;
    } else
        r->waited++;
}

int tl_patience_over(const tl_record *r, const tl_train_options *o)
{
    return o->patience > 0 && r->waited >= (uint64_t)o->patience;
}

void tl_patience_say(tl_progress *p, const tl_model *m, const tl_record *r, const tl_train_options *o)
{
    tl_progress_say(p, "%s: ended by patience: %" PRIu64 " validations in a row were not better than %.6g; the best was after update %" PRIu64,
                    m->name, r->waited, r->held, r->best_update);
    if (o->best)
        tl_progress_say(p, "%s: its weights are in %s", m->name, o->best);
    else
        tl_progress_say(p, "%s: its weights were not kept: --best FILE keeps them", m->name);
}
