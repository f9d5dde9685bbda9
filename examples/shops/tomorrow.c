/* tomorrow.c - reads a shop's hours, "day.sin day.cos week.sin week.cos SKY VISITORS" a line, and prints the visitors of the hour behind them. */
#include <stdio.h>
#include <string.h>
#include "shop_weights.h"

int main(void)
{
    static const char *const skies[] = { "cloud", "rain", "sun" }; /* tokens are in the order of their bytes */
    shop_predictor p;
    shop_output y = { { 0 } };
    char sky[16];
    shop_start(&p, shop_weights);
    for (shop_input x; scanf("%f %f %f %f %15s %f", &x.clock[0], &x.clock[1], &x.clock[2], &x.clock[3], sky, x.visitors) == 6;) {
        for (x.sky[0] = 2; x.sky[0] > 0 && strcmp(sky, skies[x.sky[0]]); x.sky[0]--) {}
        shop_encode(&x);
        shop_predict(&p, shop_weights, &x, &y);
    }
    shop_decode(&y);
    printf("%.1f\n", (double)y.visitors[0]);
}
