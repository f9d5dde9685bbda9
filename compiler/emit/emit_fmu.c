/* emit_fmu.c - a trained step as a Functional Mock-up Unit (FMI 2.0, co-simulation): its C, which is the functions that
 * CasADi loads and what <tapeless/fmi2.h> makes a slave of them by, and modelDescription.xml. */
#include <inttypes.h>

#include "emit/emit_internal.h"
#include <tapeless/version.h>

/* ---- the C ---- */

static const StepVector *vectors_of(const Fmu *u, FmuPart part, int32_t *n)
{
    const StepDerivatives *d = u->step->d;
    *n = u->count[part];
    return part == FMU_INPUTS ? d->argument : part == FMU_OUTPUTS ? d->result : d->argument + u->count[FMU_INPUTS];
}

static int64_t elements_of(const Fmu *u, FmuPart part)
{
    int32_t n;
    int64_t sum = 0;
    const StepVector *v = vectors_of(u, part, &n);
    for (int32_t i = 0; i < n; i++)
        sum += v[i].size;
    return sum;
}

static void print_sizes(const Fmu *u, FILE *f)
{
    fputs("static const int32_t fmu_size[] = { ", f);
    for (FmuPart part = FMU_INPUTS; part < FMU_PARTS; part++) {
        int32_t n;
        const StepVector *v = vectors_of(u, part, &n);
        for (int32_t i = 0; i < n; i++)
            fprintf(f, "%d, ", v[i].size);
    }
    fputs("0 };\n", f);
}

static void print_start(const Fmu *u, FILE *f)
{
    const int64_t n = elements_of(u, FMU_STATES);
    fputs("static const double fmu_start[] = {", f);
    for (int64_t i = 0; i < n; i++) {
        fputs(i % 8 ? " " : "\n    ", f);
        print_number(f, TL_F64, u->start[i]);
        fputc(',', f);
    }
    fputs(n ? "\n    0\n};\n" : " 0 };\n", f);
}

void emit_fmu(const Fmu *u, FILE *f)
{
    const char *name = u->step->d->model->name;
    /* A program may load several of these, and of other makers. What C's own headers declare stays visible. */
    fputs("#include <math.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>\n\n#if defined __GNUC__ && !defined _WIN32\n#pragma GCC visibility push(hidden)\n#endif\n\n", f);
    emit_casadi(u->step, f);
    fputs("\n#if defined __GNUC__ && !defined _WIN32\n#pragma GCC visibility pop\n#endif\n\n", f);
    fputs("/* ---- the slave ---- */\n\n#include <tapeless/fmi2.h>\n\n", f);
    print_sizes(u, f);
    print_start(u, f);
    fprintf(f, "static const tl_fmu fmu = {\n    \"%s\",\n    ", u->guid);
    print_number(f, TL_F64, u->step_size);
    fprintf(f, ",\n    %d, %d, %d, fmu_size, fmu_start,\n    %s, fwd1_%s, %s_work, fwd1_%s_work\n};\n\n",
            u->count[FMU_INPUTS], u->count[FMU_OUTPUTS], u->count[FMU_STATES], name, name, name, name);
    fputs("#define TL_FMU fmu\n#include <tapeless/fmi2.h>\n", f);
}

/* ---- modelDescription.xml ---- */

static void print_xml(FILE *f, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '<' || c == '>' || c == '&' || c == '"')
            fprintf(f, "&#%d;", c);
        else
            fputc(c < 32 ? ' ' : c, f);
    }
}

/* "h", or "h[2]" of several. */
static void print_variable(const Fmu *u, FmuPart part, const StepVector *v, int32_t i, int64_t reference, FILE *f)
{
    static const char *const kinds[FMU_PARTS] = {
        "causality=\"input\" variability=\"discrete\"",
        "causality=\"output\" variability=\"discrete\" initial=\"calculated\"",
        "causality=\"local\" variability=\"discrete\" initial=\"exact\""
    };
    const char *label = part == FMU_STATES ? NULL : u->label[reference];
    fprintf(f, "    <ScalarVariable name=\"%s", v->name);
    if (v->size > 1)
        fprintf(f, "[%d]", i + 1);
    fprintf(f, "\" valueReference=\"%" PRId64 "\" %s", reference, kinds[part]);
    if (label) {
        fputs(" description=\"column ", f);
        print_xml(f, label);
        fputc('"', f);
    }
    if (part == FMU_OUTPUTS)
        fputs("><Real/></ScalarVariable>\n", f);
    else
        fprintf(f, "><Real start=\"%.17g\"/></ScalarVariable>\n",
                part == FMU_INPUTS ? 0 : u->start[reference - elements_of(u, FMU_INPUTS) - elements_of(u, FMU_OUTPUTS)]);
}

static void print_variables(const Fmu *u, FILE *f)
{
    int64_t reference = 0;
    for (FmuPart part = FMU_INPUTS; part < FMU_PARTS; part++) {
        int32_t n;
        const StepVector *v = vectors_of(u, part, &n);
        for (int32_t k = 0; k < n; k++)
            for (int32_t i = 0; i < v[k].size; i++)
                print_variable(u, part, &v[k], i, reference++, f);
    }
}

/* Indices of the elements of what output k reads, of a part that begins at element `first` of all variables. */
static void print_read(const Fmu *u, FmuPart part, int32_t k, int64_t first, const char **space, FILE *f)
{
    int32_t n;
    const StepVector *v = vectors_of(u, part, &n);
    for (int32_t i = 0; i < n; first += v[i++].size)
        for (int32_t e = 0; u->reads[k][part == FMU_STATES ? u->count[FMU_INPUTS] + i : i] && e < v[i].size; e++) {
            fprintf(f, "%s%" PRId64, *space, first + e + 1);
            *space = " ";
        }
}

/* An output's dependencies are its step's inputs and, before the first step, the states that it begins with. */
static void print_outputs(const Fmu *u, const char *element, bool states, FILE *f)
{
    const int64_t inputs = elements_of(u, FMU_INPUTS), outputs = elements_of(u, FMU_OUTPUTS);
    int32_t n;
    const StepVector *v = vectors_of(u, FMU_OUTPUTS, &n);
    if (!outputs)
        return;
    fprintf(f, "    <%s>\n", element);
    int64_t index = inputs + 1;
    for (int32_t k = 0; k < n; k++)
        for (int32_t e = 0; e < v[k].size; e++) {
            const char *space = "";
            fprintf(f, "      <Unknown index=\"%" PRId64 "\" dependencies=\"", index++);
            print_read(u, FMU_INPUTS, k, 0, &space, f);
            if (states)
                print_read(u, FMU_STATES, k, inputs + outputs, &space, f);
            fputs("\"/>\n", f);
        }
    fprintf(f, "    </%s>\n", element);
}

void emit_fmu_description(const Fmu *u, FILE *f)
{
    const char *name = u->step->d->model->name;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", f);
    fprintf(f, "<fmiModelDescription fmiVersion=\"2.0\" modelName=\"%s\" guid=\"%s\"\n    generationTool=\"tapeless "
               TL_VERSION "\" variableNamingConvention=\"structured\">\n", name, u->guid);
    fprintf(f, "  <CoSimulation modelIdentifier=\"%s\" canHandleVariableCommunicationStepSize=\"false\"\n"
               "      canNotUseMemoryManagementFunctions=\"true\" canGetAndSetFMUstate=\"true\" canSerializeFMUstate=\"true\"\n"
               "      providesDirectionalDerivative=\"true\">\n", name);
    fprintf(f, "    <SourceFiles><File name=\"%s.c\"/></SourceFiles>\n  </CoSimulation>\n", name);
    fputs("  <LogCategories><Category name=\"logStatusError\"/></LogCategories>\n", f);
    fprintf(f, "  <DefaultExperiment startTime=\"0\" stepSize=\"%.17g\"/>\n  <ModelVariables>\n", u->step_size);
    print_variables(u, f);
    fputs("  </ModelVariables>\n  <ModelStructure>\n", f);
    print_outputs(u, "Outputs", false, f);
    print_outputs(u, "InitialUnknowns", true, f);
    fputs("  </ModelStructure>\n</fmiModelDescription>\n", f);
}
