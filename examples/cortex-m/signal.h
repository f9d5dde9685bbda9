/* signal.h - what is forecast. */
#ifndef SIGNAL_H
#define SIGNAL_H

#include <stdint.h>

/* A triangle between -1 and 1 and a slower one, by additions alone; from step 500 on it is higher and slower. */
static inline float signal_at(int32_t t)
{
    const int32_t period = t < 500 ? 40 : 52, slow = 130;
    const int32_t a = t % period, b = t % slow;
    const float fast = (float)(2 * a < period ? 2 * a : 2 * (period - a)) / (float)period;
    const float wide = (float)(2 * b < slow ? 2 * b : 2 * (slow - b)) / (float)slow;
    return fast + 0.25f * wide + (t < 500 ? 0.0f : 0.75f);
}

#endif
