/* lstm_cnn_main.c - the trainer: a model and the runtime's command line.
 *
 * Written by tapeless 0.1.0 from lstm_cnn.lua (b7327d6f5999aecc), float, avx2; channels=8 hidden=16 input=16 output=4.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#include "lstm_cnn.h"
#include <tapeless/trainer.h>

int main(int argc, char **argv)
{
    return tl_trainer_main(&lstm_cnn_model, argc, argv);
}
