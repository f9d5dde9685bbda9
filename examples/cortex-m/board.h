/* board.h - what a program needs of what it runs on. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

void board_put(const char *text);
void board_put_number(uint32_t);
/* Rises with the instructions run, in units of the board's, 24 bits of it. */
uint32_t board_ticks(void);
/* Bytes of what is in memory, ticks of what is done each time: to where it does not disturb what is compared. */
void board_report(const char *what, uint32_t bytes, const char *each, uint32_t ticks);

#endif
