/* What a model is: its tables, its window, its training, its memory. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "commands.h"
#include "json_memory.h"
#include "optimizer.h"
#include "real.h"
#include "report.h"
#include "rule.h"
#include "safetensors.h"

static const char *const counted[] = { TL_EACH_COUNTED(TL_WORD) };
static const char *const reduce[] = { TL_EACH_REDUCE(TL_WORD) };
static const char *const learn[] = { TL_EACH_LEARN(TL_WORD) };
static const char *const overlap[] = { TL_EACH_OVERLAP(TL_WORD) };

static json_t *tensor_json(const tl_tensor *t)
{
    static const char *const words[] = { TL_EACH_SCALE(TL_WORD) };
    json_t *shape = json_array();
    for (int32_t i = 0; i < t->rank; i++)
        json_array_append_new(shape, json_integer(t->dim[i]));
    json_t *j = json_pack("{s:s, s:o}", "name", t->name, "shape", shape);
    if (t->vocab)
        json_object_set_new(j, "vocab", json_integer(t->vocab));
    if (t->scale != TL_SCALE_FREE)
        json_object_set_new(j, "scale", json_string(words[t->scale]));
    return j;
}

static json_t *table_json(const tl_tensor *t, int32_t n)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < n; i++)
        json_array_append_new(list, tensor_json(&t[i]));
    return list;
}

static json_t *params_json(const tl_model *m)
{
    json_t *list = table_json(m->params, m->nparams);
    for (int32_t i = 0; i < m->nparams; i++)
        tl_rule_json(&m->params[i], json_array_get(list, (size_t)i));
    return list;
}

static json_t *model_json(const tl_model *m)
{
    const tl_tbptt *k = &m->tbptt;
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "model", m->name, "spec", m->spec,
                          "hash", m->hash, "version", m->version, "options", m->options, "real",
                          m->real == TL_F64 ? "f64" : "f32", "loss", m->loss);
    json_object_set_new(j, "tbptt", json_pack("{s:i, s:i, s:i, s:i, s:s, s:s, s:s, s:s, s:b}", "k1",
                        (int)k->k1, "k2", (int)k->k2, "batch", (int)k->batch, "shards", (int)tl_shards(k), "loss",
                        counted[k->counted], "reduce", reduce[k->reduce],
                        "overlap", overlap[k->overlap], "learn", learn[k->learn], "carry", (int)k->carry));
    json_object_set_new(j, "optimizer", json_pack("{s:s}", "kind", tl_optimizer_name(m->train.optimizer.kind)));
    if (tl_has_lr(m->train.optimizer.kind))
        json_object_set_new(json_object_get(j, "optimizer"), "lr", json_real(m->train.optimizer.lr));
    json_object_set_new(j, "params", params_json(m));
    json_object_set_new(j, "inputs", table_json(m->inputs, m->ninputs));
    json_object_set_new(j, "targets", table_json(m->targets, m->ntargets));
    json_object_set_new(j, "states", table_json(m->states, m->nstates));
    json_object_set_new(j, "outputs", table_json(m->outputs, m->noutputs));
    json_object_set_new(j, "named_losses", table_json(m->named, m->nnamed));
    json_object_set_new(j, "probes", table_json(m->probes, m->nprobes));
    json_object_set_new(j, "param_size", json_integer((json_int_t)m->param_size));
    json_object_set_new(j, "state_size", json_integer((json_int_t)m->state_size));
    json_object_set_new(j, "work_bytes", json_integer((json_int_t)m->work_size));
    return j;
}

static const char *const scales[] = { "", "not standardised", "a logit", "a probability", "quantiles" };

static void print_table(const char *title, const tl_tensor *t, int32_t n)
{
    char shape[128], rule[256];
    int64_t dim[TL_MAX_RANK];
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < t[i].rank; j++)
            dim[j] = t[i].dim[j];
        printf("%-9s %-28s %-16s", i ? "" : title, t[i].name,
               tl_shape_text(shape, sizeof shape, dim, t[i].rank));
        if (t[i].vocab)
            printf(" token, %d values\n", (int)t[i].vocab);
        else
            printf(" %10zu  %s%s\n", tl_size(&t[i]), tl_rule_text(&t[i], rule, sizeof rule),
                   scales[t[i].scale]);
    }
}

static void print_model(const tl_model *m)
{
    const tl_tbptt *k = &m->tbptt;
    size_t real = tl_real_size(m->real);
    char shards[48] = "";
    if (tl_shards(k) > 1)
        snprintf(shards, sizeof shards, " in %d shards", (int)k->shards);
    printf("%s, from %s [%s], hash %s, by tapeless %s\n", m->name, m->spec, m->options, m->hash,
           m->version);
    printf("%s; k1 = %d, k2 = %d, batch %d%s; loss %s (%s, %s)", m->real == TL_F64 ? "f64" : "f32",
           (int)k->k1, (int)k->k2, (int)k->batch, shards, m->loss, counted[k->counted],
           reduce[k->reduce]);
    if (k->k1 < k->k2)
        printf("; overlap %s", overlap[k->overlap]);
    if (k->learn != TL_LEARN_TBPTT)
        printf("; by %s", learn[k->learn]);
    printf("\n%s", tl_optimizer_name(m->train.optimizer.kind));
    if (tl_has_lr(m->train.optimizer.kind))
        printf(", lr %g", m->train.optimizer.lr);
    printf("\n\n");
    print_table("params", m->params, m->nparams);
    print_table("inputs", m->inputs, m->ninputs);
    print_table("targets", m->targets, m->ntargets);
    print_table("states", m->states, m->nstates);
    print_table("outputs", m->outputs, m->noutputs);
    print_table("probes", m->probes, m->nprobes);
    printf("\n%zu bytes of parameters, %zu of states, %zu of workspace%s\n", m->param_size * real,
           m->state_size * real, m->work_size,
           tl_shards(k) > 1 ? "; states, gradients and, but for packed weights, workspace in each shard" : "");
}

int tl_info_table(tl_see_table *see, void *context)
{
    int json = 0;
    const tl_option table[] = { TL_FLAG("json", 0, &json, "as JSON"), TL_END };
    return see(table, context);
}

int tl_command_info(const tl_engine *engine, int argc, char **argv)
{
    int json = 0;
    const tl_option table[] = { TL_FLAG("json", 0, &json, "as JSON"), TL_END };
    int nargs, status = tl_command_parse(table, engine->model, "info", "",
                                         "Prints the model's tables.", argc, argv, 0, &nargs);
    if (status >= 0)
        return status;
    if (json) {
        tl_json_watch();
        json_t *j = model_json(engine->model);
        tl_report_json(j, 0);
        json_decref(j);
    } else {
        print_model(engine->model);
    }
    return TL_EXIT_DONE;
}
