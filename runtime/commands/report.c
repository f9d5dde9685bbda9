#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json_memory.h"
#include "standard_output.h"

json_t *tl_report_new(const tl_model *m)
{
    tl_json_watch();
    json_t *r = json_object();
    tl_report_text(r, "model", m->name);
    return r;
}

void tl_report_number(json_t *r, const char *name, double value)
{
    json_object_set_new(r, name, isfinite(value) ? json_real(value) : json_null());
}

void tl_report_count(json_t *r, const char *name, uint64_t value)
{
    json_object_set_new(r, name, json_integer((json_int_t)value));
}

void tl_report_text(json_t *r, const char *name, const char *value)
{
    json_object_set_new(r, name, json_string(value));
}

void tl_report_loss(json_t *r, const tl_model *m, const char *name, double loss, const char *unit)
{
    char bits[96];
    tl_report_number(r, name, loss);
    if (strcmp(m->loss, "cross_entropy") == 0) {
        snprintf(bits, sizeof bits, "%s_bits_per_%s", name, unit);
        tl_report_number(r, bits, loss / log(2));
        snprintf(bits, sizeof bits, "%s_perplexity_per_%s", name, unit);
        if (!strcmp(unit, "word"))
            tl_report_number(r, bits, exp(loss));
    }
}

void tl_report_named(json_t *r, const tl_model *m, const char *name, const double *losses)
{
    char key[256];
    for (int32_t i = 0; losses && i < m->nnamed; i++) {
        snprintf(key, sizeof key, "%s.%s", name, m->named[i].name);
        tl_report_number(r, key, losses[i]);
    }
}

static void print_value(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING: printf("%s\n", json_string_value(v)); break;
    case JSON_INTEGER: printf("%lld\n", (long long)json_integer_value(v)); break;
    case JSON_REAL: printf("%.6g\n", json_real_value(v)); break;
    default: printf("-\n"); break;
    }
}

static void check_all_is_there(void)
{
    if (tl_json_lost())
        tl_output_unmade();
}

void tl_report_json(const json_t *j, size_t flags)
{
    json_dumpf(j, stdout, JSON_INDENT(2) | flags);
    putchar('\n');
    check_all_is_there();
}

void tl_report_print(json_t *r, int as_json)
{
    const char *name;
    json_t *value;
    if (as_json) {
        tl_report_json(r, JSON_REAL_PRECISION(17));
    } else {
        json_object_foreach(r, name, value) {
            int n = printf("%s", name);
            printf("%*s", n < 24 ? 24 - n : 1, "");
            print_value(value);
        }
    }
    check_all_is_there();
    json_decref(r);
    fflush(stdout);
}
