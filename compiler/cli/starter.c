#include "cli/starter.h"

#include <stdbool.h>
#include <string.h>

#include "graph/user_error.h"

#define TABLE "csv", print_system
#define PREDICT "predict DATA -o predicted.csv", "the model's prediction for each row of the data"
#define SAMPLE "sample --length 300", "text that the model writes"

const Starter starters[] = {
    { "elman", "the simplest recurrent net, one layer of tanh", 1, 1, 2000, TABLE,
      "--valid 0.2 --epochs 100", PREDICT },
    { "lstm", "long short-term memory, gate by gate", 4, 1, 1000, TABLE, "--valid 0.2 --epochs 100", PREDICT },
    { "gru", "the gated recurrent unit, gate by gate", 4, 1, 1000, TABLE, "--valid 0.2 --epochs 100", PREDICT },
    { "mingru", "layers of minimal GRUs", 1, 1, 1000, TABLE, "--valid 0.2 --epochs 40", PREDICT },
    { "lru", "layers of linear recurrent units", 1, 1, 1000, TABLE, "--valid 0.2 --epochs 40", PREDICT },
    { "lstm_cnn", "a convolution over the last nine states of an LSTM", 16, 4, 400, TABLE,
      "--valid 0.2 --epochs 20", PREDICT },
    { "narx", "a simulation by a NARX network", 1, 1, 1000, TABLE, "--valid 0.2 --epochs 100", PREDICT },
    { "state_space", "a simulation by a nonlinear state space model", 1, 1, 1000, TABLE,
      "--valid 0.2 --epochs 100", PREDICT },
    { "tanks", "two tanks by their physics, with five numbers to learn", 1, 1, 1000, "csv", print_tanks,
      "--valid 0 --epochs 200", PREDICT }, /* a part of the record begins at levels that no parameter is */
    { "sunspots", "next year's sunspots from those so far", 1, 1, 309, "csv", print_sunspots,
      "--valid 0.1 --epochs 200", PREDICT },
    { "charlstm", "text, letter by letter, by two layers of LSTM", 0, 0, 1500, "txt", print_sentences,
      "--valid 0.1 --lr 1e-2 --epochs 10", SAMPLE },
    { .model = NULL },
};

const Starter *starter_named(const char *model)
{
    for (const Starter *s = starters; s->model; s++)
        if (!strcmp(s->model, model))
            return s;
    return NULL;
}

const EmbeddedFile *starter_file(const char *name)
{
    for (size_t i = 0; i < starter_count; i++)
        if (!strcmp(starter_files[i].name, name))
            return &starter_files[i];
    assume(false, "%s is not in the program", name);
    return NULL;
}
