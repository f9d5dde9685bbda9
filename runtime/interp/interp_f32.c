/* interp_f32.c - the interpreter in single precision. */
#define REAL float
#define GEMM tl_sgemm
#define DROPMASK tl_dropmask_f32
#define WINDOW tl_interp_window_f32
#define STEP tl_interp_step_f32
#include "interp_real.inc.h"
