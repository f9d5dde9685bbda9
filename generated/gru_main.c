/* gru_main.c - the trainer: a model and the runtime's command line.
 *
 * Written by tapeless 0.1.0 from gru.lua (71aadf02c469f4e1), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#include "gru.h"
#include <tapeless/trainer.h>

int main(int argc, char **argv)
{
    return tl_trainer_main(&gru_model, argc, argv);
}
