/* rule.h - what people and programs see of the parameters' rules: which are not trained, and why. */
#ifndef TAPELESS_RULE_H
#define TAPELESS_RULE_H

#include <jansson.h>

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* "frozen", "no gradient"; NULL for what is trained. */
const char *tl_fixed_word(const tl_tensor *param);

/* "frozen", "lr x 0.1, decay x 0, from 0 to 1": all that differs from the optimizer's; "" if nothing does.
 * Returns `text`. */
const char *tl_rule_text(const tl_tensor *param, char *text, size_t size);

/* Adds "trained", and of a parameter with a rule "lr", "weight_decay" (factors), "min", "max", "max_norm" where
 * they are set, and "fixed": "frozen" or "no gradient" where it is not trained. */
void tl_rule_json(const tl_tensor *param, json_t *object);

/* "frozen: a, b; no gradient reaches c", of all parameters that are not trained, as many as fit. Returns
 * their number; `text` is "" if that is 0. */
int32_t tl_fixed_list(const tl_model *, char *text, size_t size);

TL_C_END

#endif
