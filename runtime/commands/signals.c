#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

/* Some senders (timeout(1) to a process group) deliver one request twice at once: a signal counts
 * as the second only when it comes this much later. */
static const double grace = 0.3; /* seconds */

static volatile sig_atomic_t seen;
static struct timespec first;
static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
enum { COUNT = sizeof numbers / sizeof *numbers };
static struct sigaction old[COUNT];

static void on_signal(int number)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* allowed in a handler */
    double since = (double)(now.tv_sec - first.tv_sec) +
                   1e-9 * (double)(now.tv_nsec - first.tv_nsec);
    if (seen && since > grace)
        _exit(128 + number);
    if (seen)
        return;
    first = now;
    seen = number;
}

/* Under nohup(1) a terminal that goes away is no reason to stop. */
static int is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void tl_signals_catch(void)
{
    struct sigaction a = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigemptyset(&a.sa_mask);
    seen = 0;
    for (int i = 0; i < COUNT; i++)
        if (numbers[i] != SIGHUP || !is_ignored(SIGHUP))
            sigaction(numbers[i], &a, &old[i]);
        else
            sigaction(SIGHUP, NULL, &old[i]);
}

int tl_signals_seen(void)
{
    return seen;
}

void tl_signals_release(void)
{
    for (int i = 0; i < COUNT; i++)
        sigaction(numbers[i], &old[i], NULL);
}
