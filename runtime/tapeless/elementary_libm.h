/* elementary_libm.h - the functions of elementary.h, by libm's. */
#ifndef TAPELESS_ELEMENTARY_LIBM_H
#define TAPELESS_ELEMENTARY_LIBM_H

#include <math.h>

static inline float tl_exp_f32(float x) { return expf(x); }
static inline float tl_log_f32(float x) { return logf(x); }
static inline float tl_tanh_f32(float x) { return tanhf(x); }
static inline float tl_sigmoid_f32(float x) { return 1 / (1 + expf(-x)); }
static inline float tl_softplus_f32(float x) { return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x))); }
static inline float tl_sin_f32(float x) { return sinf(x); }
static inline float tl_cos_f32(float x) { return cosf(x); }

static inline double tl_exp_f64(double x) { return exp(x); }
static inline double tl_log_f64(double x) { return log(x); }
static inline double tl_tanh_f64(double x) { return tanh(x); }
static inline double tl_sigmoid_f64(double x) { return 1 / (1 + exp(-x)); }
static inline double tl_softplus_f64(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }
static inline double tl_sin_f64(double x) { return sin(x); }
static inline double tl_cos_f64(double x) { return cos(x); }

#endif
