/* elman_main.c - the trainer: a model and the runtime's command line.
 *
 * Written by tapeless 0.1.0 from elman.lua (c6d11d4878649276), float, avx2; hidden=32 input=1 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#include "elman.h"
#include <tapeless/trainer.h>

int main(int argc, char **argv)
{
    return tl_trainer_main(&elman_model, argc, argv);
}
