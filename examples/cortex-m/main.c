/* main.c - learns to forecast a signal that drifts away from what the desk has seen. The same program for a Cortex-M4F without
 * anything below it and for a host: both print the same bits, since drift.c has no operation that a processor may round in its
 * own way (compile --no-libm; -ffp-contract=off). */
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "drift_weights.h"
#include "signal.h"

enum { STEPS = 2000, SHOWN = 200 };

static drift_learner learner; /* all memory that learning takes */

static void put_bits(float x)
{
    char hex[9];
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    for (int i = 0; i < 8; i++)
        hex[i] = "0123456789abcdef"[bits >> (28 - 4 * i) & 15];
    hex[8] = '\0';
    board_put(hex);
}

/* The mean loss of the last steps: in millionths, and its bits. */
static void show(int32_t t, float loss)
{
    board_put_number((uint32_t)t);
    board_put(" ");
    board_put_number((uint32_t)(loss * 1e6f));
    board_put(" ");
    put_bits(loss);
    board_put("\n");
}

int main(void)
{
    float sum = 0;
    uint32_t spent = 0;
    drift_init(&learner, drift_weights);
    for (int32_t t = 0; t < STEPS; t++) {
        drift_input x = { { signal_at(t) } };
        drift_target y = { { signal_at(t + 1) } };
        drift_output seen;
        const uint32_t before = board_ticks();
        drift_encode(&x);
        drift_encode_target(&y);
        if (drift_push(&learner, &x, &y, &seen) < 0) {
            board_put("not finite\n");
            return 1;
        }
        spent += (board_ticks() - before) & UINT32_C(0xffffff);
        sum += learner.loss;
        if ((t + 1) % SHOWN == 0) {
            show(t + 1, sum / (float)SHOWN);
            sum = 0;
        }
    }
    board_report("learner", (uint32_t)sizeof learner, "update", spent / STEPS);
    return 0;
}
