/* fmi2.h - a step as a co-simulation slave of the Functional Mock-up Interface 2.0.
 *
 * What generated code defines is a tl_fmu: vectors by the order of the step's functions, inputs and states in, outputs
 * and states out (emit_fmu.c). With TL_FMU defined as its name this header also defines the functions of the interface,
 * by the types and names of the standard's text; FMI2_FUNCTION_PREFIX stands before them where a program links several.
 *
 * Value references count the elements of all inputs, then of all outputs, then of all states. Before the first step the
 * outputs are those of a step from the state as it stands, which does not move. After it they are the last step's, and
 * so are derivatives: of outputs, and of states as they are now, by the inputs of that step and the states that entered it. */
#ifndef TAPELESS_FMI2_H
#define TAPELESS_FMI2_H

#include <stddef.h>
#include <stdint.h>

#include "linkage.h"

TL_C_BEGIN

/* ---- the interface's types ---- */

typedef void *fmi2Component;
typedef void *fmi2ComponentEnvironment;
typedef void *fmi2FMUstate;
typedef unsigned int fmi2ValueReference;
typedef double fmi2Real;
typedef int fmi2Integer;
typedef int fmi2Boolean;
typedef const char *fmi2String;
typedef char fmi2Byte;

typedef enum { fmi2OK, fmi2Warning, fmi2Discard, fmi2Error, fmi2Fatal, fmi2Pending } fmi2Status;
typedef enum { fmi2ModelExchange, fmi2CoSimulation } fmi2Type;
typedef enum { fmi2DoStepStatus, fmi2PendingStatus, fmi2LastSuccessfulTime, fmi2Terminated } fmi2StatusKind;

typedef void fmi2CallbackLogger(fmi2ComponentEnvironment, fmi2String instance, fmi2Status, fmi2String category,
                                fmi2String message, ...);

typedef struct {
    fmi2CallbackLogger *logger;
    void *(*allocateMemory)(size_t, size_t);
    void (*freeMemory)(void *);
    void (*stepFinished)(fmi2ComponentEnvironment, fmi2Status);
    fmi2ComponentEnvironment componentEnvironment;
} fmi2CallbackFunctions;

/* ---- a model ---- */

typedef int tl_fmu_call(const double **arg, double **res, long long int *iw, double *w, int mem);
typedef int tl_fmu_work(long long int *arguments, long long int *results, long long int *iw, long long int *w);

typedef struct tl_fmu {
    const char *guid;
    double step_size;
    int32_t ninputs, noutputs, nstates; /* vectors */
    const int32_t *size;                /* of each, in that order: elements */
    const double *start;                /* of the states' elements */
    tl_fmu_call *values, *forward;      /* forward takes, behind arguments and results, a tangent for each argument */
    tl_fmu_work *values_work, *forward_work;
} tl_fmu;

TL_C_END

#endif

#if defined TL_FMU && !defined TAPELESS_FMI2_SLAVE
#define TAPELESS_FMI2_SLAVE

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef FMI2_FUNCTION_PREFIX
#define TL_FMI2_PASTE_AGAIN(prefix, name) prefix##name
#define TL_FMI2_PASTE(prefix, name) TL_FMI2_PASTE_AGAIN(prefix, name)
#define TL_FMI2(name) TL_FMI2_PASTE(FMI2_FUNCTION_PREFIX, name)
#else
#define TL_FMI2(name) name
#endif
#if defined _WIN32
#define TL_FMI2_API __declspec(dllexport)
#else
#define TL_FMI2_API __attribute__((visibility("default")))
#endif

TL_C_BEGIN

/* ---- an instance ---- */

typedef enum tl_fmu_phase { TL_FMU_INSTANTIATED, TL_FMU_INITIALIZING, TL_FMU_STEPPING, TL_FMU_TERMINATED } tl_fmu_phase;

/* What a state of the FMU is: a header, and behind it 2 nu + ny + 2 nx numbers. */
typedef struct tl_fmu_saved {
    int32_t phase, moved; /* moved: a step was taken */
    double time;
} tl_fmu_saved;

typedef struct tl_fmu_instance {
    const fmi2CallbackFunctions *callbacks;
    char *name;
    size_t nu, ny, nx; /* elements */
    tl_fmu_saved *saved;
    double *value;               /* nu inputs, ny outputs, nx states: by value reference */
    double *last_u, *last_x;     /* that the last step took */
    double *du, *dx, *dy, *next; /* tangents; the states that a step leaves, or their tangents */
    double *work;
    const double **arg;
    double **res;
} tl_fmu_instance;

static size_t tl_fmu_saved_size(const tl_fmu_instance *i)
{
    return sizeof(tl_fmu_saved) + (2 * i->nu + i->ny + 2 * i->nx) * sizeof(double);
}

static fmi2Status tl_fmu_fail(const tl_fmu_instance *i, const char *why)
{
    if (i->callbacks && i->callbacks->logger)
        i->callbacks->logger(i->callbacks->componentEnvironment, i->name, fmi2Error, "logStatusError", "%s", why);
    return fmi2Error;
}

static size_t tl_fmu_elements(int32_t from, int32_t n)
{
    size_t sum = 0;
    for (int32_t v = from; v < from + n; v++)
        sum += (size_t)TL_FMU.size[v];
    return sum;
}

static void tl_fmu_start(tl_fmu_instance *i)
{
    memset(i->saved, 0, tl_fmu_saved_size(i));
    memcpy(i->value + i->nu + i->ny, TL_FMU.start, i->nx * sizeof(double));
}

/* One block behind the instance's own, that all arrays are parts of. */
static int tl_fmu_allocate(tl_fmu_instance *i)
{
    long long int a[2], r[2], iw, w[2];
    TL_FMU.values_work(&a[0], &r[0], &iw, &w[0]);
    TL_FMU.forward_work(&a[1], &r[1], &iw, &w[1]);
    const size_t work = (size_t)(w[0] > w[1] ? w[0] : w[1]), pointers = (size_t)(a[0] > a[1] ? a[0] : a[1]);
    const size_t results = (size_t)(r[0] > r[1] ? r[0] : r[1]);
    i->nu = tl_fmu_elements(0, TL_FMU.ninputs);
    i->ny = tl_fmu_elements(TL_FMU.ninputs, TL_FMU.noutputs);
    i->nx = tl_fmu_elements(TL_FMU.ninputs + TL_FMU.noutputs, TL_FMU.nstates);
    i->saved = (tl_fmu_saved *)calloc(1, tl_fmu_saved_size(i));
    i->work = (double *)calloc(work + i->nu + i->ny + 2 * i->nx + 1, sizeof(double));
    i->arg = (const double **)calloc(pointers + 1, sizeof *i->arg);
    i->res = (double **)calloc(results + 1, sizeof *i->res);
    if (!i->saved || !i->work || !i->arg || !i->res)
        return 0;
    i->value = (double *)(void *)(i->saved + 1);
    i->last_u = i->value + i->nu + i->ny + i->nx;
    i->last_x = i->last_u + i->nu;
    i->du = i->work + work;
    i->dx = i->du + i->nu;
    i->dy = i->dx + i->nx;
    i->next = i->dy + i->ny;
    return 1;
}

static void tl_fmu_free(tl_fmu_instance *i)
{
    if (!i)
        return;
    free(i->name);
    free(i->saved);
    free(i->work);
    free((void *)i->arg);
    free((void *)i->res);
    free(i);
}

/* ---- the step's functions ---- */

/* Pointers to n vectors that stand one behind the other, from vector `v` on. */
static const double **tl_fmu_arguments(const double **to, const double *from, int32_t v, int32_t n)
{
    for (int32_t k = 0; k < n; from += TL_FMU.size[v + k++])
        *to++ = from;
    return to;
}

static void tl_fmu_results(tl_fmu_instance *i, double *y, double *next)
{
    double **to = i->res;
    for (int32_t k = 0; k < TL_FMU.noutputs; y += TL_FMU.size[TL_FMU.ninputs + k++])
        *to++ = y;
    for (int32_t k = 0; k < TL_FMU.nstates; next += TL_FMU.size[TL_FMU.ninputs + TL_FMU.noutputs + k++])
        *to++ = next;
}

static const double **tl_fmu_point(const double **to, const double *u, const double *x)
{
    to = tl_fmu_arguments(to, u, 0, TL_FMU.ninputs);
    return tl_fmu_arguments(to, x, TL_FMU.ninputs + TL_FMU.noutputs, TL_FMU.nstates);
}

static void tl_fmu_evaluate(tl_fmu_instance *i, const double *u, const double *x)
{
    tl_fmu_point(i->arg, u, x);
    tl_fmu_results(i, i->value + i->nu, i->next);
    TL_FMU.values(i->arg, i->res, NULL, i->work, 0);
}

static double *tl_fmu_states(const tl_fmu_instance *i) { return i->value + i->nu + i->ny; }

/* Outputs that no step has given. */
static void tl_fmu_refresh(tl_fmu_instance *i)
{
    if (!i->saved->moved)
        tl_fmu_evaluate(i, i->value, tl_fmu_states(i));
}

static void tl_fmu_step(tl_fmu_instance *i)
{
    memcpy(i->last_u, i->value, i->nu * sizeof(double));
    memcpy(i->last_x, tl_fmu_states(i), i->nx * sizeof(double));
    tl_fmu_evaluate(i, i->last_u, i->last_x);
    memcpy(tl_fmu_states(i), i->next, i->nx * sizeof(double));
    i->saved->moved = 1;
}

/* du and dx to dy and the tangents of the states in `next`. */
static void tl_fmu_along(tl_fmu_instance *i)
{
    const int moved = i->saved->moved;
    const double **to = tl_fmu_point(i->arg, moved ? i->last_u : i->value, moved ? i->last_x : tl_fmu_states(i));
    for (int32_t k = 0; k < TL_FMU.noutputs + TL_FMU.nstates; k++)
        *to++ = NULL;
    tl_fmu_point(to, i->du, i->dx);
    tl_fmu_results(i, i->dy, i->next);
    TL_FMU.forward(i->arg, i->res, NULL, i->work, 0);
    if (!moved)
        memcpy(i->next, i->dx, i->nx * sizeof(double));
}

/* ---- the interface: an instance's life ---- */

TL_FMI2_API const char *TL_FMI2(fmi2GetTypesPlatform)(void);
TL_FMI2_API const char *TL_FMI2(fmi2GetTypesPlatform)(void) { return "default"; }

TL_FMI2_API const char *TL_FMI2(fmi2GetVersion)(void);
TL_FMI2_API const char *TL_FMI2(fmi2GetVersion)(void) { return "2.0"; }

/* A function of the interface, declared as a header would: some compilers ask for that. */
#define TL_FMI2_FUNCTION(result, name, ...)                                                       \
    TL_FMI2_API result TL_FMI2(name)(__VA_ARGS__);                                                \
    TL_FMI2_API result TL_FMI2(name)(__VA_ARGS__)

TL_FMI2_FUNCTION(fmi2Status, fmi2SetDebugLogging, fmi2Component c, fmi2Boolean on, size_t n, const fmi2String category[])
{
    (void)c, (void)on, (void)n, (void)category; /* errors are told, and there is nothing else to tell */
    return fmi2OK;
}

TL_FMI2_FUNCTION(void, fmi2FreeInstance, fmi2Component c) { tl_fmu_free((tl_fmu_instance *)c); }

TL_FMI2_FUNCTION(fmi2Component, fmi2Instantiate, fmi2String name, fmi2Type type, fmi2String guid, fmi2String resources,
                 const fmi2CallbackFunctions *callbacks, fmi2Boolean visible, fmi2Boolean logging)
{
    (void)resources, (void)visible, (void)logging;
    tl_fmu_instance *i = (tl_fmu_instance *)calloc(1, sizeof *i);
    const size_t length = name ? strlen(name) : 0;
    if (!i)
        return NULL;
    i->callbacks = callbacks;
    i->name = (char *)calloc(length + 1, 1);
    if (i->name && length)
        memcpy(i->name, name, length);
    if (type != fmi2CoSimulation)
        tl_fmu_fail(i, "this model is for co-simulation");
    else if (!guid || strcmp(guid, TL_FMU.guid) != 0)
        tl_fmu_fail(i, "the GUID is not that of modelDescription.xml");
    else if (!i->name || !tl_fmu_allocate(i))
        tl_fmu_fail(i, "out of memory");
    else {
        tl_fmu_start(i);
        return i;
    }
    tl_fmu_free(i);
    return NULL;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SetupExperiment, fmi2Component c, fmi2Boolean with_tolerance, fmi2Real tolerance,
                 fmi2Real start, fmi2Boolean with_stop, fmi2Real stop)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    (void)with_tolerance, (void)tolerance, (void)with_stop, (void)stop;
    if (i->saved->phase != TL_FMU_INSTANTIATED)
        return tl_fmu_fail(i, "fmi2SetupExperiment comes before the initialization");
    i->saved->time = start;
    return fmi2OK;
}

static fmi2Status tl_fmu_enter(tl_fmu_instance *i, tl_fmu_phase from, tl_fmu_phase to, const char *why)
{
    if (i->saved->phase != (int32_t)from)
        return tl_fmu_fail(i, why);
    i->saved->phase = (int32_t)to;
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2EnterInitializationMode, fmi2Component c)
{
    return tl_fmu_enter((tl_fmu_instance *)c, TL_FMU_INSTANTIATED, TL_FMU_INITIALIZING, "it is initialized already");
}

TL_FMI2_FUNCTION(fmi2Status, fmi2ExitInitializationMode, fmi2Component c)
{
    return tl_fmu_enter((tl_fmu_instance *)c, TL_FMU_INITIALIZING, TL_FMU_STEPPING, "it is not in the initialization mode");
}

TL_FMI2_FUNCTION(fmi2Status, fmi2Terminate, fmi2Component c)
{
    return tl_fmu_enter((tl_fmu_instance *)c, TL_FMU_STEPPING, TL_FMU_TERMINATED, "there is no simulation to terminate");
}

TL_FMI2_FUNCTION(fmi2Status, fmi2Reset, fmi2Component c)
{
    tl_fmu_start((tl_fmu_instance *)c);
    return fmi2OK;
}

/* ---- values ---- */

static fmi2Status tl_fmu_no_value(const tl_fmu_instance *i) { return tl_fmu_fail(i, "there is no variable of that value reference and type"); }

TL_FMI2_FUNCTION(fmi2Status, fmi2GetReal, fmi2Component c, const fmi2ValueReference vr[], size_t n, fmi2Real value[])
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    tl_fmu_refresh(i);
    for (size_t k = 0; k < n; k++) {
        if (vr[k] >= i->nu + i->ny + i->nx)
            return tl_fmu_no_value(i);
        value[k] = i->value[vr[k]];
    }
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SetReal, fmi2Component c, const fmi2ValueReference vr[], size_t n, const fmi2Real value[])
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    for (size_t k = 0; k < n; k++) {
        if (vr[k] >= i->nu + i->ny + i->nx)
            return tl_fmu_no_value(i);
        if (vr[k] >= i->nu && vr[k] < i->nu + i->ny)
            return tl_fmu_fail(i, "an output cannot be set");
        if (vr[k] >= i->nu && i->saved->phase > TL_FMU_INITIALIZING)
            return tl_fmu_fail(i, "a state is set before the simulation begins, not in it");
        i->value[vr[k]] = value[k];
    }
    return fmi2OK;
}

/* There are no variables of other types. */
#define TL_FMI2_NO_VALUES(type)                                                                                            \
    TL_FMI2_FUNCTION(fmi2Status, fmi2Get##type, fmi2Component c, const fmi2ValueReference vr[], size_t n, fmi2##type value[])       \
    {                                                                                                                      \
        (void)vr, (void)value;                                                                                             \
        return n ? tl_fmu_no_value((tl_fmu_instance *)c) : fmi2OK;                                                         \
    }                                                                                                                      \
    TL_FMI2_FUNCTION(fmi2Status, fmi2Set##type, fmi2Component c, const fmi2ValueReference vr[], size_t n, const fmi2##type value[]) \
    {                                                                                                                      \
        (void)vr, (void)value;                                                                                             \
        return n ? tl_fmu_no_value((tl_fmu_instance *)c) : fmi2OK;                                                         \
    }
TL_FMI2_NO_VALUES(Integer)
TL_FMI2_NO_VALUES(Boolean)
TL_FMI2_NO_VALUES(String)

TL_FMI2_FUNCTION(fmi2Status, fmi2GetDirectionalDerivative, fmi2Component c, const fmi2ValueReference unknown[],
                 size_t nunknown, const fmi2ValueReference known[], size_t nknown, const fmi2Real dknown[], fmi2Real dunknown[])
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    const size_t x = i->nu + i->ny;
    memset(i->du, 0, (i->nu + i->nx) * sizeof(double)); /* and dx, which stands behind */
    for (size_t k = 0; k < nknown; k++) {
        if (known[k] >= x + i->nx || (known[k] >= i->nu && known[k] < x))
            return tl_fmu_fail(i, "derivatives are by inputs and states");
        i->du[known[k] < i->nu ? known[k] : known[k] - i->ny] += dknown[k];
    }
    tl_fmu_along(i);
    for (size_t k = 0; k < nunknown; k++) {
        if (unknown[k] < i->nu || unknown[k] >= x + i->nx)
            return tl_fmu_fail(i, "derivatives are of outputs and states");
        dunknown[k] = i->dy[unknown[k] - i->nu]; /* `next` stands behind dy */
    }
    return fmi2OK;
}

/* ---- states of the FMU ---- */

TL_FMI2_FUNCTION(fmi2Status, fmi2GetFMUstate, fmi2Component c, fmi2FMUstate *state)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    if (!*state)
        *state = malloc(tl_fmu_saved_size(i));
    if (!*state)
        return tl_fmu_fail(i, "out of memory");
    memcpy(*state, i->saved, tl_fmu_saved_size(i));
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SetFMUstate, fmi2Component c, fmi2FMUstate state)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    memcpy(i->saved, state, tl_fmu_saved_size(i));
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2FreeFMUstate, fmi2Component c, fmi2FMUstate *state)
{
    (void)c;
    if (state) {
        free(*state);
        *state = NULL;
    }
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SerializedFMUstateSize, fmi2Component c, fmi2FMUstate state, size_t *size)
{
    (void)state;
    *size = tl_fmu_saved_size((tl_fmu_instance *)c);
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SerializeFMUstate, fmi2Component c, fmi2FMUstate state, fmi2Byte bytes[], size_t size)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    if (size < tl_fmu_saved_size(i))
        return tl_fmu_fail(i, "there is too little room for a state");
    memcpy(bytes, state, tl_fmu_saved_size(i));
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2DeSerializeFMUstate, fmi2Component c, const fmi2Byte bytes[], size_t size, fmi2FMUstate *state)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    if (size != tl_fmu_saved_size(i))
        return tl_fmu_fail(i, "these bytes are no state of this model");
    if (!*state)
        *state = malloc(size);
    if (!*state)
        return tl_fmu_fail(i, "out of memory");
    memcpy(*state, bytes, size);
    return fmi2OK;
}

/* ---- steps ---- */

TL_FMI2_FUNCTION(fmi2Status, fmi2DoStep, fmi2Component c, fmi2Real time, fmi2Real length, fmi2Boolean never_back)
{
    tl_fmu_instance *i = (tl_fmu_instance *)c;
    const double steps = floor(length / TL_FMU.step_size + 0.5);
    (void)never_back;
    if (i->saved->phase != TL_FMU_STEPPING)
        return tl_fmu_fail(i, "fmi2DoStep comes after the initialization and before the end");
    if (!(steps >= 1 && steps <= 1e9 && fabs(length - steps * TL_FMU.step_size) <= 1e-6 * TL_FMU.step_size))
        return tl_fmu_fail(i, "the communication step is no multiple of the model's step (DefaultExperiment in modelDescription.xml)");
    for (double k = 0; k < steps; k++)
        tl_fmu_step(i);
    i->saved->time = time + length;
    return fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2CancelStep, fmi2Component c)
{
    return tl_fmu_fail((tl_fmu_instance *)c, "a step is done when fmi2DoStep returns; there is none to cancel");
}

TL_FMI2_FUNCTION(fmi2Status, fmi2SetRealInputDerivatives, fmi2Component c, const fmi2ValueReference vr[], size_t n,
                 const fmi2Integer order[], const fmi2Real value[])
{
    (void)vr, (void)order, (void)value;
    return n ? tl_fmu_fail((tl_fmu_instance *)c, "inputs are held from step to step; they have no derivatives") : fmi2OK;
}

TL_FMI2_FUNCTION(fmi2Status, fmi2GetRealOutputDerivatives, fmi2Component c, const fmi2ValueReference vr[], size_t n,
                 const fmi2Integer order[], fmi2Real value[])
{
    (void)vr, (void)order, (void)value;
    return n ? tl_fmu_fail((tl_fmu_instance *)c, "outputs are held from step to step; they have no derivatives") : fmi2OK;
}

/* Of a slave that never answers fmi2Pending or fmi2Discard the time alone is asked. */
TL_FMI2_FUNCTION(fmi2Status, fmi2GetRealStatus, fmi2Component c, const fmi2StatusKind kind, fmi2Real *value)
{
    const tl_fmu_instance *i = (tl_fmu_instance *)c;
    if (kind != fmi2LastSuccessfulTime)
        return fmi2Discard;
    *value = i->saved->time;
    return fmi2OK;
}

#define TL_FMI2_NO_STATUS(name, type)                                                                              \
    TL_FMI2_FUNCTION(fmi2Status, name, fmi2Component c, const fmi2StatusKind kind, type *value)                    \
    {                                                                                                              \
        (void)c, (void)kind, (void)value;                                                                          \
        return fmi2Discard;                                                                                        \
    }
TL_FMI2_NO_STATUS(fmi2GetStatus, fmi2Status)
TL_FMI2_NO_STATUS(fmi2GetIntegerStatus, fmi2Integer)
TL_FMI2_NO_STATUS(fmi2GetBooleanStatus, fmi2Boolean)
TL_FMI2_NO_STATUS(fmi2GetStringStatus, fmi2String)

TL_C_END

#endif
