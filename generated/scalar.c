/* scalar.c
 *
 * Written by tapeless 0.1.0 from scalar.lua (cd50a3dc8c446d2e), float, avx2.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "scalar.h"

#include <math.h>

#if TL_ABI != 7
#error "written for runtime ABI 7; compile the spec again"
#endif

typedef scalar_real real;

/* Kernels stay functions: copied into k2 steps they cost a compiler minutes. */
#ifdef __GNUC__
#define KERNEL static __attribute__((noinline))
#else
#define KERNEL static
#endif

/* C++ has no restrict, and fields by name since 2020; the tables keep to their order. */
#ifdef __cplusplus
#define restrict __restrict
#endif
#if !defined __cplusplus || __cplusplus >= 202002L
#define AT(field) .field =
#else
#define AT(field)
#endif

/* mul */
KERNEL void loop_8(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    const real v1 = x1[0];
    const real v2 = x2[0];
    y0[0] = v1 * v2;
}

/* copy */
KERNEL void loop_11(real *restrict y0, const real *restrict x1)
{
    const real v1 = x1[0];
    y0[0] = v1;
}

/* mul */
KERNEL void loop_8_b(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < slots; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 * v2;
    }
}

/* sum */
KERNEL void sum_8(int slots, real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < slots; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

static void forward_1_to_3(const tl_window *win)
{
    const real *const p_w = (const real *)win->params;
    real *const s_x = (real *)win->states;
    switch (win->first) {
    case 0:
    /* ---- step 1 of 3, forward ---- */
    /* scalar.lua:8 */
    loop_8(s_x + 1, p_w, s_x);
    /* fall through */
    case 1:
    /* ---- step 2 of 3, forward ---- */
    /* scalar.lua:8 */
    loop_8(s_x + 2, p_w, s_x + 1);
    /* fall through */
    case 2:
    /* ---- step 3 of 3, forward ---- */
    /* scalar.lua:8 */
    loop_8(s_x + 3, p_w, s_x + 2);
    }
}

static void forward_all_2(const tl_window *win)
{
    real *const s_x = (real *)win->states;
    real *const loss = (real *)win->losses;
    /* scalar.lua:11 */
    loop_11(loss + 2, s_x + 3);
}

static void backward_3_to_1(const tl_window *win)
{
    const real *const p_w = (const real *)win->params;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* ---- step 3 of 3, backward ---- */
    /* scalar.lua:8 */
    loop_8(w + 1, p_w, weight + 2);
    if (win->first > 1)
        return;
    /* ---- step 2 of 3, backward ---- */
    /* scalar.lua:8 */
    loop_8(w, p_w, w + 1);
    if (win->first > 0)
        return;
    /* ---- step 1 of 3, backward ---- */
}

static void backward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const g_w = (real *)win->grads;
    real *const s_x = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* scalar.lua:8 */
    loop_8(w + 18, s_x + 2, weight + 2);
    if (first <= 1) {
        loop_8_b(2 - first, w + first * 1 + 16, s_x + first * 1, w + first * 1);
    }
    sum_8(3 - first, g_w, w + first * 1 + 16);
}

void scalar_window(const tl_window *win)
{
    forward_1_to_3(win);
    forward_all_2(win);
    if (!win->grads)
        return;
    backward_3_to_1(win);
    backward_all_2(win);
}

static void step_1(const tl_step *st)
{
    const real *const p_w = (const real *)st->params;
    const real *const s_x = (const real *)st->state;
    real *const out0 = (real *)st->output[0];
    /* scalar.lua:8 */
    loop_8(out0, p_w, s_x);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    real *const out0 = (real *)st->output[0];
    /* scalar.lua:11 */
    loop_11(loss, out0);
}

static void store_1(const tl_step *st)
{
    real *const next_x = (real *)st->next_state;
    real *const out0 = (real *)st->output[0];
    /* scalar.lua:8 */
    loop_11(next_x, out0);
}

static void evaluate_1(const tl_step *st)
{
    step_1(st);
    if (st->target)
        loss_1(st);
    store_1(st);
}

void scalar_step(const tl_step *st)
{
    evaluate_1(st);
}

static const tl_tensor params[] = {
    { AT(name) "w", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.2 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor states[] = {
    { AT(name) "x", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.9 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

const tl_model scalar_model = {
    AT(abi) TL_ABI,
    AT(name) "scalar",
    AT(spec) "scalar.lua",
    AT(hash) "cd50a3dc8c446d2e",
    AT(version) "0.1.0",
    AT(options) "",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 1, AT(k2) 3, AT(batch) 1, AT(shards) 1, AT(counted) TL_COUNT_LAST, AT(reduce) TL_REDUCE_MEAN,
                AT(overlap) TL_RECOMPUTE, AT(carry) 0, AT(learn) TL_LEARN_TBPTT },
    AT(train) {
        AT(optimizer) { AT(kind) TL_ADAM, AT(lr) 0.001, AT(momentum) 0.0, AT(dampening) 0.0, AT(weight_decay) 0.0,
                        AT(beta1) 0.9, AT(beta2) 0.999, AT(eps) 1e-08, AT(alpha) 0.0, AT(l2) 0.0,
                        AT(lambda) 0.0, AT(tol_gradient) 0.0, AT(tol_step) 0.0, AT(tol_cost) 0.0, AT(p) 0.0,
                        AT(q) 0.0, AT(r) 0.0, AT(forgetting) 0.0, AT(history) 0, AT(patience) 0,
                        AT(nesterov) 0, AT(centered) 0, AT(geodesic) 0, AT(decoupled) 0, AT(keep_scale) 0 },
        AT(schedule) { AT(kind) TL_SCHEDULE_CONSTANT, AT(warmup) 0, AT(every) 0, AT(total) 0,
                       AT(patience) 0, AT(gamma) 0.0, AT(floor) 0.0, AT(peak) 0.0,
                       AT(start) 0.0, AT(final) 0.0, AT(factor) 0.0, AT(min_delta) 0.0 },
        AT(clip_norm) 0.0, AT(clip_value) 0.0, AT(accumulate) 1, AT(average) 0.0 },
    AT(loss) "custom",
    AT(has_reset) 0, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 0,
    AT(nparams) 1, AT(ninputs) 0, AT(ntargets) 0, AT(nstates) 1,
    AT(noutputs) 1, AT(nprobes) 0, AT(nnamed) 0, AT(npast) 0,
    AT(params) params, AT(inputs) NULL, AT(targets) NULL, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(named) NULL, AT(past) NULL,
    AT(nextra) 0, AT(nrows) 0, AT(jacobian) TL_JACOBIAN_NONE, AT(rows_of) TL_SGD,
    AT(param_size) 16, AT(state_size) 16, AT(probe_size) 0, AT(step_state_size) 1,
    AT(frame_size) 0, AT(work_size) 128, AT(step_work_size) 0, AT(pack_size) 0,
    AT(window_flops) 0, AT(calls_blas) 0,
    AT(pack) NULL, AT(window) scalar_window, AT(step) scalar_step,
};
