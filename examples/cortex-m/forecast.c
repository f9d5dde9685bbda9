/* forecast.c - the same signal forecast in fixed point, for a processor without floating point: a Cortex-M0+. Numbers are rounded
 * to units on their way in and become numbers again on their way out; in between there are integers alone, whose bits are the
 * same everywhere. */
#include "board.h"
#include "drift_weights.h"
#include "signal.h"

enum { STEPS = 600, SHOWN = 100 };

static drift_predictor state; /* all memory that forecasts take */

/* So far, a number that all forecasts are in: FNV-1a (Fowler, Noll & Vo). */
static uint32_t mix(uint32_t hash, float forecast)
{
    const int32_t q = (int32_t)(forecast * 65536.0f);
    return (hash ^ (uint32_t)q) * UINT32_C(16777619);
}

int main(void)
{
    float sum = 0;
    uint32_t spent = 0, hash = UINT32_C(2166136261);
    drift_start(&state);
    for (int32_t t = 0; t < STEPS; t++) {
        drift_input x = { { signal_at(t) } };
        drift_output y;
        const uint32_t before = board_ticks();
        drift_encode(&x);
        drift_predict(&state, &x, &y);
        drift_decode(&y);
        spent += (board_ticks() - before) & UINT32_C(0xffffff);
        hash = mix(hash, y.next[0]);
        sum += (y.next[0] - signal_at(t + 1)) * (y.next[0] - signal_at(t + 1));
        if ((t + 1) % SHOWN)
            continue;
        board_put_number((uint32_t)t + 1);
        board_put(" ");
        board_put_number((uint32_t)(sum / (float)SHOWN * 1e6f));
        board_put(" ");
        board_put_number(hash);
        board_put("\n");
        sum = 0;
    }
    board_report("predictor", (uint32_t)sizeof state, "forecast", spent / STEPS);
    return 0;
}
