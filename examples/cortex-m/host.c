/* host.c - a computer with an operating system. */
#include <stdio.h>

#include "board.h"

void board_put(const char *text) { fputs(text, stdout); }
void board_put_number(uint32_t n) { printf("%lu", (unsigned long)n); }
uint32_t board_ticks(void) { return 0; }

void board_report(uint32_t ticks, uint32_t bytes)
{
    (void)ticks;
    fprintf(stderr, "learner %lu bytes\n", (unsigned long)bytes);
}
