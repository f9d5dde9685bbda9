/* emit_boards.c - what stands around a model that stands alone where Arduino or ESP-IDF takes it: descriptions, and programs that
 * show how it is called. Sources: Arduino Library specification 1.5; ESP-IDF Programming Guide, Build System. */
#include <string.h>

#include <tapeless/coding.h>
#include <tapeless/version.h>
#include "emit/emit_internal.h"

/* $ is the model's name. */
static void print_text(const Program *p, FILE *f, const char *text)
{
    for (; *text; text++)
        if (*text == '$')
            fputs(p->model->name, f);
        else
            fputc(*text, f);
}

static void print_written(const Program *p, const char *mark, FILE *f)
{
    fprintf(f, "%s Written by tapeless " TL_VERSION " from %s (%s).\n", mark, base_name(p->model->spec), p->model->hash);
}

static const char *does(const Program *p)
{
    return p->single->online ? "predicts, and goes on learning from a stream" : "predicts";
}

/* ---- Arduino ---- */

void emit_arduino_properties(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    print_text(p, f, "name=$\nversion=1.0.0\nauthor=tapeless\nmaintainer=tapeless\nsentence=The recurrent model $, trained.\n");
    fprintf(f, "paragraph=It %s; C without allocation.\ncategory=Data Processing\nurl=https://example.org/%s\narchitectures=*\n", does(p),
            p->model->name);
    print_text(p, f, "includes=$_weights.h\n");
}

static void print_keyword(const Program *p, const char *name, int kind, FILE *f)
{
    fprintf(f, "%s_%s\tKEYWORD%d\n", p->model->name, name, kind);
}

void emit_arduino_keywords(const Program *p, FILE *f)
{
    static const char *const types[] = { "predictor", "input", "output", "target", "learner" };
    static const char *const functions[] = { "start", "predict", "encode", "decode", "encode_target", "init", "push", "begin" };
    const bool online = p->single->online;
    print_written(p, "#", f);
    for (int i = 0; i < (online ? 5 : 4); i++)
        print_keyword(p, types[i], 1, f);
    for (int i = 0; i < (online ? 8 : 5); i++)
        print_keyword(p, functions[i], 2, f);
}

/* The column that element e of a field was in training; NULL. */
static const char *column_of(const Program *p, bool target, int32_t field, size_t e)
{
    const tl_coding *c = p->single->coding;
    for (size_t i = 0; c && c->kind == TL_CODING_TABLE && i < c->ncolumns; i++)
        if (c->column[i].field == field && (c->column[i].target != 0) == target && e-- == 0)
            return tl_column_label(&c->column[i]);
    return NULL;
}

static void print_comment(FILE *f, const char *text)
{
    for (; *text; text++)
        fputc(*text == '*' || *text == '/' || (unsigned char)*text < ' ' ? '.' : *text, f);
}

/* "    x.heating[0] = 0; ..." for each element of one step's data. */
static void print_assignments(const Program *p, bool target, const char *of, const char *unnamed, const char *comment, FILE *f)
{
    enum { SHOWN = 16 };
    Arena *arena = arena_new();
    const tl_tensor *t = target ? p->model->targets : p->model->inputs;
    for (int32_t i = 0; i < (target ? p->model->ntargets : p->model->ninputs); i++)
        for (size_t e = 0; e < tl_size(&t[i]) && e <= SHOWN; e++) {
            const char *member = member_name(arena, t, i, unnamed), *column = column_of(p, target, i, e);
            if (e == SHOWN) {
                fprintf(f, "    /* ... to %s.%s[%zu] */\n", of, member, tl_size(&t[i]) - 1);
                break;
            }
            fprintf(f, "    %s.%s[%zu] = 0; /* %s", of, member, e, comment);
            if (column) {
                fputs(": column ", f);
                print_comment(f, column);
            }
            fputs(" */\n", f);
        }
    arena_free(arena);
}

/* Every element of what is put out; `call`, with "%s" for a number. */
static void print_outputs(const Program *p, int indent, const char *call, FILE *f)
{
    Arena *arena = arena_new();
    for (int32_t i = 0; i < p->model->noutputs; i++) {
        const char *member = member_name(arena, p->model->outputs, i, "y");
        const size_t n = tl_size(&p->model->outputs[i]);
        if (n > 1)
            fprintf(f, "%*sfor (size_t i = 0; i < %zu; i++)\n    ", indent, "", n);
        fprintf(f, "%*s", indent, "");
        fprintf(f, call, arena_printf(arena, "y.%s[%s]", member, n > 1 ? "i" : "0"));
        fputs(";\n", f);
    }
    arena_free(arena);
}

static const char *weights_argument(const Program *p) { return p->single->fixed ? "" : ", $_weights"; }

static void print_start(const Program *p, FILE *f)
{
    print_text(p, f, "$_start(&state");
    print_text(p, f, weights_argument(p));
    fputs(");\n", f);
}

/* "    room_input x;" of the fields that the model has, then x filled in: what a sensor says, in the units of the data. */
static void print_data(const Program *p, bool targets, FILE *f)
{
    const Model *m = p->model;
    if (m->ninputs)
        print_text(p, f, "    $_input x;\n");
    if (m->ntargets && targets)
        print_text(p, f, "    $_target t;\n");
    if (m->noutputs)
        print_text(p, f, "    $_output y;\n");
    if (m->ninputs) {
        fputs("    memset(&x, 0, sizeof x);\n", f);
        print_assignments(p, false, "x", "x", "from your sensors, in the units of the data", f);
        print_text(p, f, "    $_encode(&x);\n");
    }
    if (m->ntargets && targets) {
        fputs("    memset(&t, 0, sizeof t);\n", f);
        print_assignments(p, true, "t", "y", "what was to be predicted", f);
        print_text(p, f, "    $_encode_target(&t);\n");
    }
}

/* A step of a prediction: from x to y. */
static void print_predict(const Program *p, FILE *f)
{
    const Model *m = p->model;
    print_data(p, false, f);
    print_text(p, f, "    $_predict(&state");
    print_text(p, f, weights_argument(p));
    fprintf(f, "%s%s);\n", m->ninputs ? ", &x" : "", m->noutputs ? ", &y" : "");
    if (m->noutputs)
        print_text(p, f, "    $_decode(&y);\n");
}

void emit_arduino_predict(const Program *p, FILE *f)
{
    print_written(p, "//", f);
    print_text(p, f, "#include <string.h>\n\n#include <$_weights.h>\n\nstatic $_predictor state; // of a sequence\n\nvoid setup()\n{\n"
                     "    Serial.begin(115200);\n    ");
    print_start(p, f);
    fputs("}\n\nvoid loop()\n{\n", f);
    print_predict(p, f);
    print_outputs(p, 4, "Serial.println(%s)", f);
    fputs("    delay(1000); // the time between two rows of the data\n}\n", f);
}

/* What is learned from a step is known when the step is over: the target of the row. */
void emit_arduino_learn(const Program *p, FILE *f)
{
    const Model *m = p->model;
    print_written(p, "//", f);
    print_text(p, f, "#include <string.h>\n\n#include <$_weights.h>\n\nstatic $_learner learner; // all memory that learning takes\n\nvoid setup()\n{\n"
                     "    Serial.begin(115200);\n    $_init(&learner, $_weights);\n}\n\nvoid loop()\n{\n");
    print_data(p, true, f);
    print_text(p, f, "    if ($_push(&learner");
    fprintf(f, "%s%s%s) < 0)\n        Serial.println(\"not learned\");\n", m->ninputs ? ", &x" : "", m->ntargets ? ", &t" : "",
            m->noutputs ? ", &y" : "");
    if (m->noutputs) {
        print_text(p, f, "    else {\n        $_decode(&y);\n");
        print_outputs(p, 8, "Serial.println(%s)", f);
        fputs("    }\n", f);
    }
    fputs("    delay(1000); // the time between two rows of the data\n}\n", f);
}

/* ---- ESP-IDF ---- */

void emit_idf_component(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    print_text(p, f, "idf_component_register(SRCS \"src/$.c\" INCLUDE_DIRS \"src\")\n");
    fputs("target_compile_options(${COMPONENT_LIB} PRIVATE -ffp-contract=off) # the same bits everywhere\n", f);
}

void emit_idf_manifest(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    print_text(p, f, "version: \"1.0.0\"\ndescription: The recurrent model $, trained; it ");
    fprintf(f, "%s.\ndependencies:\n  idf:\n    version: \">=4.4\"\n", does(p));
}

void emit_idf_project(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    fputs("cmake_minimum_required(VERSION 3.16)\nset(EXTRA_COMPONENT_DIRS \"${CMAKE_CURRENT_LIST_DIR}/../..\")\n"
          "include($ENV{IDF_PATH}/tools/cmake/project.cmake)\nproject(predict)\n", f);
}

void emit_idf_main(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    fputs("idf_component_register(SRCS \"main.c\")\n", f);
}

void emit_idf_program(const Program *p, FILE *f)
{
    print_written(p, "/*", f);
    print_text(p, f, " */\n#include <stdio.h>\n#include <string.h>\n\n#include \"freertos/FreeRTOS.h\"\n#include \"freertos/task.h\"\n\n#include \"$_weights.h\"\n\n"
                     "static $_predictor state; /* of a sequence */\n\nstatic void step(void)\n{\n");
    print_predict(p, f);
    print_outputs(p, 4, "printf(\"%%g\\n\", (double)%s)", f);
    fputs("}\n\nvoid app_main(void)\n{\n    ", f);
    print_start(p, f);
    fputs("    for (;;) {\n        step();\n        vTaskDelay(pdMS_TO_TICKS(1000)); /* the time between two rows of the data */\n    }\n}\n", f);
}
