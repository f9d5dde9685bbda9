/* emit_boards.c - what stands around a model that stands alone where Arduino or ESP-IDF takes it: descriptions, and programs that
 * show how it is called. Sources: Arduino Library specification 1.5; ESP-IDF Programming Guide, Build System. */
#include <string.h>

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

/* "    x.heating[0] = 0; // ..." for each field of one step's data. */
static void print_assignments(const tl_tensor *t, int32_t n, const char *of, const char *unnamed, const char *comment, FILE *f)
{
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++)
        fprintf(f, "    %s.%s[0] = 0; %s\n", of, member_name(arena, t, i, unnamed), comment);
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
        print_assignments(m->inputs, m->ninputs, "x", "x", "/* from your sensors, in the units of the data */", f);
        print_text(p, f, "    $_encode(&x);\n");
    }
    if (m->ntargets && targets) {
        fputs("    memset(&t, 0, sizeof t);\n", f);
        print_assignments(m->targets, m->ntargets, "t", "y", "/* what was to be predicted */", f);
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

static const char *first_output(const Program *p, Arena *arena)
{
    return p->model->noutputs ? member_name(arena, p->model->outputs, 0, "y") : NULL;
}

void emit_arduino_predict(const Program *p, FILE *f)
{
    Arena *arena = arena_new();
    const char *output = first_output(p, arena);
    print_written(p, "//", f);
    print_text(p, f, "#include <string.h>\n\n#include <$_weights.h>\n\nstatic $_predictor state; // of a sequence\n\nvoid setup()\n{\n"
                     "    Serial.begin(115200);\n    ");
    print_start(p, f);
    fputs("}\n\nvoid loop()\n{\n", f);
    print_predict(p, f);
    if (output)
        fprintf(f, "    Serial.println(y.%s[0]);\n", output);
    fputs("    delay(1000); // the time between two rows of the data\n}\n", f);
    arena_free(arena);
}

/* What is learned from a step is known when the step is over: the target of the row. */
void emit_arduino_learn(const Program *p, FILE *f)
{
    const Model *m = p->model;
    Arena *arena = arena_new();
    const char *output = first_output(p, arena);
    print_written(p, "//", f);
    print_text(p, f, "#include <string.h>\n\n#include <$_weights.h>\n\nstatic $_learner learner; // all memory that learning takes\n\nvoid setup()\n{\n"
                     "    Serial.begin(115200);\n    $_init(&learner, $_weights);\n}\n\nvoid loop()\n{\n");
    print_data(p, true, f);
    print_text(p, f, "    if ($_push(&learner");
    fprintf(f, "%s%s%s) < 0)\n        Serial.println(\"not learned\");\n", m->ninputs ? ", &x" : "", m->ntargets ? ", &t" : "",
            m->noutputs ? ", &y" : "");
    if (output) {
        print_text(p, f, "    $_decode(&y);\n");
        fprintf(f, "    Serial.println(y.%s[0]);\n", output);
    }
    fputs("    delay(1000); // the time between two rows of the data\n}\n", f);
    arena_free(arena);
}

/* ---- ESP-IDF ---- */

void emit_idf_component(const Program *p, FILE *f)
{
    print_written(p, "#", f);
    print_text(p, f, "idf_component_register(SRCS \"src/$.c\" INCLUDE_DIRS \"src\")\n");
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
    Arena *arena = arena_new();
    const char *output = first_output(p, arena);
    print_written(p, "/*", f);
    print_text(p, f, " */\n#include <stdio.h>\n#include <string.h>\n\n#include \"freertos/FreeRTOS.h\"\n#include \"freertos/task.h\"\n\n#include \"$_weights.h\"\n\n"
                     "static $_predictor state; /* of a sequence */\n\nstatic void step(void)\n{\n");
    print_predict(p, f);
    if (output)
        fprintf(f, "    printf(\"%%g\\n\", (double)y.%s[0]);\n", output);
    fputs("}\n\nvoid app_main(void)\n{\n    ", f);
    print_start(p, f);
    fputs("    for (;;) {\n        step();\n        vTaskDelay(pdMS_TO_TICKS(1000)); /* the time between two rows of the data */\n    }\n}\n", f);
    arena_free(arena);
}
