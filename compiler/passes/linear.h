/* linear.h - whether a model's residuals are linear in what is trained, so that one solution of the normal equations is the
 * minimum (ridge). */
#ifndef LINEAR_H
#define LINEAR_H

#include "graph/model.h"

/* Of a model with the rows of its residuals' Jacobian (sensitivity.h): that no trained parameter moves a state, and that
 * no row is made of one. A malloc'ed sentence that names the parameter, or NULL. */
char *check_linear(const Model *);

#endif
