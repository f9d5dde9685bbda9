/* A trainer of a model written by hand, for tests of the commands: fake_main MODEL COMMAND ... */
#include <stdio.h>
#include <string.h>

#include <tapeless/trainer.h>
#include "fake_model.h"

int main(int argc, char **argv)
{
    tl_model m;
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "linear") == 0)
        m = fake_linear(TL_F32);
    else if (strcmp(name, "linear64") == 0)
        m = fake_linear(TL_F64);
    else if (strcmp(name, "bigram") == 0)
        m = fake_bigram();
    else if (strcmp(name, "scalar") == 0)
        m = fake_scalar(0.1);
    else {
        fprintf(stderr, "usage: fake_main linear|linear64|bigram|scalar COMMAND ...\n");
        return 2;
    }
    return tl_trainer_main(&m, argc - 1, argv + 1);
}
