/* casadi_main.c - times the function that casadi_peer.py generated, for bench/run: a window of the loss, its gradient
 * and the state that comes after, then p -= lr g. `FILE` holds doubles: parameters, then inputs and targets of the
 * windows. Answers `go` as bench/worker.c does. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int casadi_window(const double **arg, double **res, long long *iw, double *w, int mem);

enum {
    HIDDEN = PEER_HIDDEN, PARAMS = PEER_PARAMS, INPUTS = PEER_INPUTS, TARGETS = PEER_TARGETS, WINDOWS = PEER_WINDOWS
};

static double params[PARAMS], grads[PARAMS], h[HIDDEN], c[HIDDEN], loss;
static double input[WINDOWS][INPUTS], target[WINDOWS][TARGETS], work[PEER_WORK + 1];
static long long iwork[PEER_IWORK + 1];

static double seconds(void)
{
    struct timespec t;
    const char *clock_ = getenv("TAPELESS_BENCH_CLOCK");
    clock_gettime(clock_ && strcmp(clock_, "cpu") == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void window(size_t i)
{
    const double *arg[PEER_ARG] = { params, input[i % WINDOWS], target[i % WINDOWS], h, c };
    double *res[PEER_RES] = { &loss, grads };
    casadi_window(arg, res, iwork, work, 0);
    for (int j = 0; j < PARAMS; j++)
        params[j] -= PEER_LR * grads[j];
}

static void go(double how_long)
{
    static size_t at, repeats = 1;
    double begun = seconds();
    printf("times");
    do {
        double start = seconds();
        for (size_t i = 0; i < repeats; i++)
            window(at++);
        double spent = seconds() - start;
        if (spent < 150e-6)
            repeats *= 2;
        else
            printf(" %.6g", 1e6 * spent / (double)repeats);
    } while (seconds() - begun < how_long);
    putchar('\n');
    fflush(stdout);
}

int main(int argc, char **argv)
{
    FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (!f || fread(params, sizeof params, 1, f) != 1 || fread(input, sizeof input, 1, f) != 1 ||
        fread(target, sizeof target, 1, f) != 1)
        return 1;
    fclose(f);
    char line[256];
    double x;
    while (fgets(line, sizeof line, stdin))
        if (sscanf(line, "go %lf", &x) == 1)
            go(x);
    return 0;
}
