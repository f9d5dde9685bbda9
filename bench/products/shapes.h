/* shapes.h - the products of the workloads in ../workloads.txt. */
#ifndef SHAPES_H
#define SHAPES_H

#include "schedule/tile.h"

typedef struct Shape {
    const char *workload, *product;
    ProductSize size;
} Shape;

/* Rows of all steps at once vary; in the recurrence they are the lanes, and W has a use a step. */
#define FORWARD(rows, n, k, uses) { PRODUCT_FORWARD, rows, n, k, false, uses }
#define BACKWARD(rows, n, k, uses) { PRODUCT_BACKWARD, rows, n, k, false, uses }
#define ALL_FORWARD(rows, n, k) { PRODUCT_FORWARD, rows, n, k, true, 1 }
#define ALL_BACKWARD(rows, n, k) { PRODUCT_BACKWARD, rows, n, k, true, 1 }
#define GRADIENT(rows, n, k) { PRODUCT_GRADIENT, rows, n, k, true, 1 }

static const Shape shapes[] = {
    { "online_tiny", "gates, h", FORWARD(1, 64, 16, 9) },
    { "online_tiny", "gates, x", ALL_FORWARD(9, 64, 4) },
    { "online_tiny", "dh", BACKWARD(1, 64, 16, 8) },
    { "online_tiny", "dW, h", GRADIENT(9, 64, 16) },
    { "online_tiny", "dW, x", GRADIENT(9, 64, 4) },
    { "online_small", "gates, h", FORWARD(1, 256, 64, 9) },
    { "online_small", "dh", BACKWARD(1, 256, 64, 8) },
    { "online_small", "dW, h", GRADIENT(9, 256, 64) },
    { "online_small", "dW, x", GRADIENT(9, 256, 8) },
    { "sensor", "gates, h", FORWARD(1, 128, 32, 16) },
    { "sensor", "gates, x", ALL_FORWARD(16, 128, 8) },
    { "sensor", "dh", BACKWARD(1, 128, 32, 15) },
    { "sensor", "dW, h", GRADIENT(16, 128, 32) },
    { "sensor", "dW, x", GRADIENT(16, 128, 8) },
    { "sensor", "head", ALL_FORWARD(16, 2, 32) },
    { "sensor_b16", "gates, h", FORWARD(16, 192, 64, 32) },
    { "sensor_b16", "gates, x", ALL_FORWARD(512, 192, 8) },
    { "sensor_b16", "dh", BACKWARD(16, 192, 64, 31) },
    { "sensor_b16", "dW, h", GRADIENT(512, 192, 64) },
    { "char_rnn", "gates, h", FORWARD(50, 512, 128, 50) },
    { "char_rnn", "gates, x", ALL_FORWARD(2500, 512, 128) },
    { "char_rnn", "dh", BACKWARD(50, 512, 128, 49) },
    { "char_rnn", "dx", ALL_BACKWARD(2500, 512, 128) },
    { "char_rnn", "dW, h", GRADIENT(2500, 512, 128) },
    { "char_rnn", "head", ALL_FORWARD(2500, 65, 128) },
    { "char_rnn", "dh of the head", ALL_BACKWARD(2500, 65, 128) },
    { "char_rnn", "dW, head", GRADIENT(2500, 65, 128) },
    { "lm_medium", "gates, h", FORWARD(32, 2048, 512, 35) },
    { "lm_medium", "gates, x", ALL_FORWARD(1120, 2048, 512) },
    { "lm_medium", "dh", BACKWARD(32, 2048, 512, 34) },
    { "lm_medium", "dx", ALL_BACKWARD(1120, 2048, 512) },
    { "lm_medium", "dW, h", GRADIENT(1120, 2048, 512) },
    { "lm_medium", "head", ALL_FORWARD(1120, 96, 512) },
    { "lm_large", "gates, h", FORWARD(64, 4096, 1024, 35) },
    { "lm_large", "gates, x", ALL_FORWARD(2240, 4096, 1024) },
    { "lm_large", "dh", BACKWARD(64, 4096, 1024, 34) },
    { "lm_large", "dW, h", GRADIENT(2240, 4096, 1024) },
    { "one row", "y = W x", FORWARD(1, 4096, 1024, 1) },
    { "one row", "dx", BACKWARD(1, 4096, 1024, 1) },
    { "few rows", "gates, 2", FORWARD(2, 512, 128, 50) },
    { "few rows", "gates, 3", FORWARD(3, 512, 128, 50) },
    { "few rows", "gates, 5", FORWARD(5, 512, 128, 50) },
    { "remainders", "33 columns", FORWARD(50, 33, 128, 50) },
    { "remainders", "k = 65", FORWARD(50, 512, 65, 50) },
    { "remainders", "dW, k = 30", GRADIENT(32, 128, 30) },
    { "remainders", "dW, k = 65", GRADIENT(500, 128, 65) },
};

enum { SHAPES = sizeof shapes / sizeof *shapes };

#endif
