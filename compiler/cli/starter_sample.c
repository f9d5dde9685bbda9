/* starter_sample.c - data by a formula. */
#include <math.h>
#include <stdbool.h>

#include <tapeless/random.h>
#include "cli/starter.h"

enum { MOST_COLUMNS = 16, SEED = 1 };

/* ---- a system that is driven: input j, held for a while, and output i ---- */

typedef struct Mass {
    double position, speed;
} Mass;

/* A mass at a spring that grows stiffer, damped, moved by a force. */
static void move(Mass *m, double force)
{
    m->speed = 0.7 * m->speed + 0.3 * (force - m->position - pow(m->position, 3));
    m->position += 0.5 * m->speed;
}

static void print_name(FILE *f, char letter, int i, int n)
{
    if (n == 1)
        fputc(letter, f);
    else
        fprintf(f, "%c%d", letter, i + 1);
}

static void print_names(const Starter *s, FILE *f)
{
    for (int j = 0; j < s->inputs; j++) {
        print_name(f, 'u', j, s->inputs);
        fputc(',', f);
    }
    for (int i = 0; i < s->outputs; i++) {
        print_name(f, 'y', i, s->outputs);
        fputc(i + 1 < s->outputs ? ',' : '\n', f);
    }
}

/* Each output is moved by all inputs, in a mixture of its own. */
static double force_on(int output, const double *u, int inputs)
{
    double sum = 0;
    for (int j = 0; j < inputs; j++)
        sum += cos(3 * output + 5 * j) * u[j];
    return 1.5 * sum / sqrt(inputs);
}

void print_system(const Starter *s, FILE *f)
{
    tl_random r = { SEED, 0 };
    double u[MOST_COLUMNS] = { 0 };
    Mass mass[MOST_COLUMNS] = { { 0, 0 } };
    print_names(s, f);
    for (int t = 0; t < s->rows; t++) {
        for (int j = 0; j < s->inputs; j++) {
            if (t == 0 || tl_uniform(&r) < 0.1)
                u[j] = 2 * tl_uniform(&r) - 1;
            fprintf(f, "%.4f,", u[j]);
        }
        for (int i = 0; i < s->outputs; i++) {
            move(&mass[i], force_on(i, u, s->inputs));
            fprintf(f, "%.4f%c", mass[i].position + 0.01 * tl_normal(&r), i + 1 < s->outputs ? ',' : '\n');
        }
    }
}

/* ---- two tanks: the equations of models/data/tanks.lua, a voltage that is held ---- */

static double root(double x) { return sqrt(fmax(x, 0)); }

static void flow(double x[2], double u, double time)
{
    const double height = 10, caught = 0.4;
    double upper = 0.05 * u - 0.06 * root(x[0]);
    double spilled = x[0] >= height ? fmax(upper, 0) : 0;
    double lower = 0.05 * root(x[0]) - 0.05 * root(x[1]) + caught * spilled;
    x[0] = fmax(x[0] + time * (upper - spilled), 0);
    x[1] = fmax(x[1] + time * (x[1] >= height ? fmin(lower, 0) : lower), 0);
}

void print_tanks(const Starter *s, FILE *f)
{
    enum { FINER = 40 }; /* steps of 0.1 s from row to row */
    tl_random r = { SEED, 0 };
    double x[2] = { 5, 5 }, u = 3;
    fputs("u,y\n", f);
    for (int t = 0; t < s->rows; t++) {
        if (tl_uniform(&r) < 0.06)
            u = 6 * tl_uniform(&r);
        fprintf(f, "%.4f,%.4f\n", u, x[1] + 0.02 * tl_normal(&r));
        for (int i = 0; i < FINER; i++)
            flow(x, u, 0.1);
    }
}

/* ---- the table that was measured ---- */

void print_sunspots(const Starter *s, FILE *f)
{
    (void)s;
    fputs(starter_file("sunspots.csv")->text, f);
}

/* ---- sentences ---- */

static const char *one_of(tl_random *r, const char *const *words, int n) { return words[(int)(n * tl_uniform(r))]; }

void print_sentences(const Starter *s, FILE *f)
{
    static const char *const articles[] = { "the", "a", "one", "this", "every", "some", "no" };
    static const char *const nouns[] = { "river", "stone", "lamp", "road", "child", "star", "letter", "bell" };
    static const char *const verbs[] = { "sees", "holds", "finds", "keeps", "hears", "follows" };
    tl_random r = { SEED, 0 };
    for (int i = 0; i < s->rows; i++) {
        fprintf(f, "%s ", one_of(&r, articles, 7));
        fprintf(f, "%s ", one_of(&r, nouns, 8));
        fprintf(f, "%s ", one_of(&r, verbs, 6));
        fprintf(f, "%s ", one_of(&r, articles, 7));
        fprintf(f, "%s.\n", one_of(&r, nouns, 8));
    }
}
