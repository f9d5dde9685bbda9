/* jacobian_model.h - the model whose gradient is a row of another's Jacobian. */
#ifndef JACOBIAN_MODEL_H
#define JACOBIAN_MODEL_H

#include "graph/model.h"

/* Makes of m the model whose loss is sum of c_i y_i over all outputs y of the newest step, c being further targets, one of
 * each output's shape, behind those that m has. The gradient of its window, with c = e_i, is then d y_i / dθ with the state
 * that enters the window held constant (DESIGN, "Jacobians"), and its loss is y_i. One lane, k1 = 1. Returns a sentence
 * where m has no output. */
char *make_jacobian_model(Model *m);

/* Makes of m the model whose steps carry the sensitivities of its state and leave y and its Jacobian as rows
 * (sensitivity.h): not truncated, for as long as the states are carried. One lane, k1 = k2 = 1. */
char *make_forward_jacobian_model(Model *m);

/* Makes of m the model whose loss is that of make_jacobian_model and sum of c_k s_k over all numbers s of the state that enters
 * the newest step, of which a Jacobian by blocks of so many steps is made (<tapeless/sensitivity.h>): not truncated. Its windows
 * are a step longer, and store adjoints of states. Sentences where m has no output, no state, or a head over its window. */
char *make_blocks_jacobian_model(Model *m, int32_t steps);

/* One of these. */
char *make_jacobian_model_by(Model *m, tl_jacobian_mode mode, int32_t block);

#endif
