/* lstm_main.c - the trainer: a model and the runtime's command line.
 *
 * Written by tapeless 0.1.0 from lstm.lua (efd5f481a81dedab), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#include "lstm.h"
#include <tapeless/trainer.h>

int main(int argc, char **argv)
{
    return tl_trainer_main(&lstm_model, argc, argv);
}
