/* trace.c - runs one window of a model, whose C has trace(LINE) behind each call: prints LINE and what memory holds then,
 * a block a line. Reads blocks from standard input, each with how many numbers it has: params, states, input, target, weight;
 * and in front of them the slot that the window begins in. */
#include <stdio.h>
#include <stdlib.h>

static void trace(int line);

#include TRACED

enum { MOST = 256 };
typedef struct Block {
    _Alignas(64) real at[MOST];
} Block;
static struct {
    Block params, states, input, target, weight, grads, losses, work;
} m;

static void show(const char *name, const Block *b)
{
    printf("%s", name);
    for (int i = 0; i < MOST; i++)
        printf(" %.17g", b->at[i]);
    putchar('\n');
}

static void trace(int line)
{
    printf("line %d\n", line);
    show("states", &m.states);
    show("work", &m.work);
    show("losses", &m.losses);
    show("grads", &m.grads);
}

static void fill(Block *b)
{
    int n;
    if (scanf("%d", &n) != 1 || n < 0 || n > MOST)
        exit(EXIT_FAILURE);
    for (int i = 0; i < n; i++)
        if (scanf("%lf", &b->at[i]) != 1)
            exit(EXIT_FAILURE);
}

int main(void)
{
    int first;
    if (scanf("%d", &first) != 1 || sizeof m.work.at < MODEL.work_size || MODEL.param_size > MOST || MODEL.state_size > MOST)
        return EXIT_FAILURE;
    fill(&m.params);
    fill(&m.states);
    fill(&m.input);
    fill(&m.target);
    fill(&m.weight);
    WINDOW(&(tl_window){
        .first = first, .input = (const void *[]){ m.input.at }, .target = (const void *[]){ m.target.at }, .weight = m.weight.at,
        .params = m.params.at, .grads = m.grads.at, .states = m.states.at, .losses = m.losses.at, .work = m.work.at });
    return EXIT_SUCCESS;
}
