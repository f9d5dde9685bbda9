/* interp_f64.c - the interpreter in double precision. */
#define REAL double
#define GEMM tl_dgemm
#define DROPMASK tl_dropmask_f64
#define WINDOW tl_interp_window_f64
#define STEP tl_interp_step_f64
#include "interp_real.inc.h"
