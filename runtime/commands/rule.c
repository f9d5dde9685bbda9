#include "rule.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *tl_fixed_word(const tl_tensor *param)
{
    static const char *const words[] = { [TL_TRAINED] = NULL, [TL_FROZEN] = "frozen", [TL_UNREACHED] = "no gradient" };
    return param->rule ? words[param->rule->trained] : NULL;
}

typedef struct Text {
    char *at;
    size_t left;
} Text;

/* What does not fit is left out. */
__attribute__((format(printf, 2, 3))) static void add(Text *t, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(t->at, t->left, format, ap);
    va_end(ap);
    size_t used = n < 0 ? 0 : (size_t)n < t->left ? (size_t)n : t->left - 1;
    t->at += used;
    t->left -= used;
}

const char *tl_rule_text(const tl_tensor *param, char *text, size_t size)
{
    const tl_rule *r = param->rule;
    Text t = { text, size };
    *text = '\0';
    if (tl_fixed_word(param))
        add(&t, ", %s", tl_fixed_word(param));
    else if (r) {
        if (r->lr != 1)
            add(&t, ", lr x %g", r->lr);
        if (r->weight_decay != 1)
            add(&t, ", decay x %g", r->weight_decay);
        if (r->min > -INFINITY)
            add(&t, ", min %g", r->min);
        if (r->max < INFINITY)
            add(&t, ", max %g", r->max);
        if (r->max_norm > 0)
            add(&t, ", norm up to %g", r->max_norm);
    }
    return *text ? text + 2 : text;
}

void tl_rule_json(const tl_tensor *param, json_t *object)
{
    const tl_rule *r = param->rule;
    json_object_set_new(object, "trained", json_boolean(tl_is_trained(param)));
    if (!tl_is_trained(param))
        json_object_set_new(object, "fixed", json_string(tl_fixed_word(param)));
    if (!r)
        return;
    json_object_set_new(object, "lr", json_real(r->lr));
    json_object_set_new(object, "weight_decay", json_real(r->weight_decay));
    if (r->min > -INFINITY)
        json_object_set_new(object, "min", json_real(r->min));
    if (r->max < INFINITY)
        json_object_set_new(object, "max", json_real(r->max));
    if (r->max_norm > 0)
        json_object_set_new(object, "max_norm", json_real(r->max_norm));
}

/* The names of one kind, after `title`; room is left for how many were left out. */
static int32_t list_names(const tl_model *m, tl_trained kind, const char *title, Text *t)
{
    enum { ROOM = 240 }; /* a name, and " and 1023 more" */
    int32_t n = 0, shown = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *p = &m->params[i];
        if (!p->rule || p->rule->trained != kind)
            continue;
        n++;
        if (t->left < ROOM)
            continue;
        add(t, "%s%s", shown++ ? ", " : title, p->name);
    }
    if (n > shown)
        add(t, "%s%d more", shown ? " and " : title, (int)(n - shown));
    return n;
}

int32_t tl_fixed_list(const tl_model *m, char *text, size_t size)
{
    Text t = { text, size };
    *text = '\0';
    int32_t frozen = list_names(m, TL_FROZEN, "frozen: ", &t);
    return frozen + list_names(m, TL_UNREACHED, frozen ? "; no gradient reaches " : "no gradient reaches ", &t);
}
