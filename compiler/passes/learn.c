#include "passes/learn.h"

#include <stdio.h>

#include "graph/user_error.h"
#include "passes/linear.h"
#include "passes/sensitivity.h"

/* No state is known to have been made of anything. */
static void stop_between_steps(Model *m)
{
    for (int32_t i = 0; i < m->nstates; i++)
        m->next_state[i] = graph_op1(m->step, OP_STOP, m->next_state[i]);
    m->tbptt.k2 = m->tbptt.k1;
    m->tbptt.overlap = TL_RECOMPUTE;
}

static const char *const learn_words[] = { TL_EACH_LEARN(TL_WORD) };
static const char *const optimizer_words[] = { TL_EACH_OPTIMIZER(TL_WORD) };

/* What lies behind the newest step is no window's, but all of the stream. */
static void take_new_steps(Model *m)
{
    m->tbptt.k2 = m->tbptt.k1;
    m->tbptt.overlap = TL_RECOMPUTE;
}

static char *no_adjoints(const Model *m, const char *who, const char *otherwise)
{
    return user_sentence("%s: %s has no adjoints, so there is no gradient of probes, and there are no lags%s", m->spec, who,
                         otherwise);
}

static char *learn_has_no_adjoints(const Model *m)
{
    char who[64];
    snprintf(who, sizeof who, "learn = '%s'", learn_words[m->tbptt.learn]);
    return no_adjoints(m, who, "; 'tbptt' has them");
}

bool learns_in_f64(tl_optimizer_kind kind) { return tl_takes_rows(kind); }

enum { LM_STEPS = 16 }; /* so that the C does not grow with the record */

/* How many steps are run at a time changes nothing where each is counted once. */
static void take_lm_steps(Model *m)
{
    if (m->tbptt.counted != TL_COUNT_NEW)
        return;
    if (m->tbptt.learn == TL_LEARN_TBPTT)
        m->tbptt.k1 = 1; /* each step's Jacobian has a window of its own */
    else
        m->tbptt.k1 = m->tbptt.k2 < LM_STEPS ? m->tbptt.k2 : LM_STEPS;
}

enum { MOST_COLUMNS = 1 << 16 }; /* of a matrix that any machine has memory for: 32 GiB */

/* Said before the C is made, which takes as long as there are sensitivities. */
static char *too_many(const Model *m, tl_optimizer_kind kind)
{
    size_t n = 0;
    bool apart = kind == TL_EKF && m->train.optimizer.decoupled;
    for (int32_t i = 0; i < m->nparams && !apart; i++)
        n += m->params[i].rule && m->params[i].rule->trained == TL_FROZEN ? 0 : tl_size(&m->params[i]);
    if (n <= MOST_COLUMNS)
        return NULL;
    return user_sentence("%s: %s of %zu parameters keeps a matrix of as many rows, %.0f GiB of it; %s", m->spec,
                         optimizer_words[kind], n, (double)n * (double)n * 8 / 0x1p30,
                         kind == TL_EKF ? "decoupled = true keeps a block for each node" : "lbfgs is for models as large");
}

static char *add_rows(Model *m, tl_optimizer_kind kind)
{
    char *error = too_many(m, kind);
    if (error)
        return error;
    if (m->tbptt.learn == TL_LEARN_IMMEDIATE)
        return user_sentence("%s: learn = 'immediate' and %s: take learn = 'tbptt' and k2 = 1", m->spec,
                             optimizer_words[kind]);
    if (m->nprobes || m->lags)
        return no_adjoints(m, optimizer_words[kind], "");
    m->tbptt.overlap = TL_RECOMPUTE;
    if (kind == TL_RIDGE)
        m->tbptt.learn = TL_LEARN_RTRL; /* of states that nothing trained moves there is nothing to carry */
    if (tl_has_equations(kind))
        take_lm_steps(m);
    if (m->tbptt.learn != TL_LEARN_TBPTT)
        take_new_steps(m);
    m->rows_of = kind;
    error = add_sensitivities(m, kind == TL_EKF ? ROWS_PLAIN_RESIDUAL : ROWS_RESIDUAL);
    return error || kind != TL_RIDGE ? error : check_linear(m);
}

char *prepare_learning(Model *m, tl_optimizer_kind kind)
{
    if (m->tbptt.learn != TL_LEARN_TBPTT && m->tbptt.counted == TL_COUNT_ALL && m->tbptt.k1 < m->tbptt.k2)
        return user_sentence("%s: learn = '%s' sees each step once, and loss = 'all' with k1 = %d and k2 = %d counts steps in "
                             "several windows; loss = 'new' counts each once", m->spec, learn_words[m->tbptt.learn],
                             m->tbptt.k1, m->tbptt.k2);
    if (tl_takes_rows(kind))
        return add_rows(m, kind);
    if (m->tbptt.learn == TL_LEARN_TBPTT)
        return NULL;
    if (m->nprobes || m->lags)
        return learn_has_no_adjoints(m);
    if (m->tbptt.learn == TL_LEARN_IMMEDIATE) {
        stop_between_steps(m);
        return NULL;
    }
    take_new_steps(m);
    return add_sensitivities(m, ROWS_LOSS);
}

char *prepare_lags(Model *m)
{
    if (m->nrows)
        return no_adjoints(m, optimizer_words[m->rows_of], "");
    if (m->tbptt.learn != TL_LEARN_TBPTT)
        return learn_has_no_adjoints(m);
    m->lags = true;
    return NULL;
}
