/* fake_model.h - models written by hand, for tests of the runtime without the compiler.
 *
 * A tl_model is a constant; these return one that a test may change before use. */
#ifndef FAKE_MODEL_H
#define FAKE_MODEL_H

#include <tapeless/tapeless.h>

/* h' = u h + w . dropout(x, 1/4), y = h', loss (y - target)^2; x {2}, h {1} from 0.5, target {1}.
 * Params u {1}, w {2}. Adam, k1 = 2, k2 = 5, batch 3. has_reset. */
tl_model fake_linear(tl_type real);

/* logits = W[x] + c h, h' = h / 2 + x / 8: characters, vocabulary 8. Params W {8, 8}, c {8}. SGD
 * with momentum, k1 = k2 = 4, batch 2, float. */
tl_model fake_bigram(void);

/* models/scalar.lua: x' = w x, x0 = 0.9, w = 0.2, loss x', of the newest step. SGD at `lr`, k1 = 1,
 * k2 = 3, batch 1, double. */
tl_model fake_scalar(double lr);

#endif
