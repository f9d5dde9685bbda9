/* scalar_main.c - the trainer: a model and the runtime's command line.
 *
 * Written by tapeless 0.1.0 from scalar.lua (cd50a3dc8c446d2e), float, avx2.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#include "scalar.h"
#include <tapeless/trainer.h>

int main(int argc, char **argv)
{
    return tl_trainer_main(&scalar_model, argc, argv);
}
