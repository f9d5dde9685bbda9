/* sweep.h - many trainings of one spec, each with other values: what is varied, what was made of each, and which is best.
 *
 * A space is what -D and --set say in lists and ranges. A trial is a point of it, and is trained with one seed or several; its score is the
 * mean of what they end with, lower being better. All of a sweep stands in one folder:
 *
 *   plan.json               what it is of: a sweep goes on only as it was begun
 *   trials/0007/seed-1/     checkpoint.safetensors, best.safetensors, log.csv, messages, and result.json, or result-BUDGET.json of each round
 *   sweep.csv               a row a trial, the best first; written after each round
 *   best.safetensors        the weights of the best validation of the best trial
 *   sweep.svg               parallel coordinates, and the score along each axis
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "cli/commands.h"
#include "cli/words.h"

/* ---- the space ---- */

typedef enum AxisKind { AXIS_CHOICES, AXIS_UNIFORM, AXIS_LOGARITHMIC } AxisKind;

typedef struct Axis {
    const char *option; /* "--define=hidden", "--set=train.optimizer.lr": in front of =VALUE */
    const char *name;   /* hidden, lr */
    AxisKind kind;
    const char **choice;
    int choices;
    double low, high; /* of a range, both inclusive */
    bool whole;       /* numbers of it are whole */
} Axis;

typedef struct Space {
    Axis *axis;
    int axes;
    Words fixed; /* what is said of all trials */
} Space;

/* What -D and --set of the line are: NAME=V1,V2,... and, of values that have commas, NAME=V1|V2|...; LOW..HIGH; log:LOW..HIGH. A field is
 * called in full or by the name of its short option. False with a sentence. */
bool space_read(Space *, Arena *, const Common *, char **error);

/* How many points the grid has; 0: there is a range, or there are more than 2^31. */
long space_grid(const Space *);

/* `trials` points, each [axes] values: of the grid all or, of a part, as many different ones by the seed; with a range by the seed alone. */
const char ***space_points(const Space *, Arena *, long trials, uint64_t seed);

/* Where a value stands on its axis, from 0 to 1. */
double axis_place(const Axis *, const char *value);

/* ---- trials ---- */

typedef struct Result {
    bool there, failed;
    double score;         /* infinite where it failed */
    double updates, best_update, seconds;
    const char *message;  /* of what failed: its last words */
} Result;

typedef struct Trial {
    int number; /* from 1 */
    const char **value;
    Result *seed; /* [seeds] */
    double score, spread; /* mean, and standard deviation over seeds (divided by n - 1) */
    int round;            /* the last that it took part in */
} Trial;

typedef struct Sweep {
    Arena *arena;
    const char *spec, *directory, *by;
    Space space;
    Words passed;      /* to every training */
    Trial *trial;
    int trials, seeds, jobs;
    uint64_t seed;     /* the first */
    int eta;           /* of successive halving; 0: none */
    const char *budget_word; /* "epochs", "steps": what is halved */
    long budget;
    bool quiet;
    int done, all;     /* trainings, for people */
    int interrupted;   /* the number of a signal, or 0 */
} Sweep;

/* Names in the sweep's folder, in its arena. */
const char *sweep_path(const Sweep *, const char *name);
const char *trial_path(const Sweep *, const Trial *, int seed, const char *name);

/* Trains the first `n` trials, jobs at a time, to `budget` of its epochs or steps (0: as the line says); those whose result is there are not
 * trained again, those that were begun go on. `each` is called after each. False with a sentence where processes cannot be run. */
bool sweep_run(Sweep *, Trial **, int n, long budget, void (*each)(Sweep *, const Trial *, int seed), char **error);

/* Score and spread from the seeds' results. */
void trial_score(const Sweep *, Trial *);

/* The best first; what failed last. */
void sweep_rank(Trial **, int n);

/* ---- what is shown of it ---- */

/* Writes sweep.csv. */
bool sweep_write_table(const Sweep *, Trial *const *ranked, char **error);
void sweep_print(const Sweep *, Trial *const *ranked, bool json);
/* "hidden=16 lr=0.003". */
const char *trial_text(const Sweep *, const Trial *);
bool sweep_draw(const Sweep *, Trial *const *ranked, const char *path, char **error);

#endif
