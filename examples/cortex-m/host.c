/* host.c - a computer with an operating system. */
#include <stdio.h>

#include "board.h"

void board_put(const char *text) { fputs(text, stdout); }
void board_put_number(uint32_t n) { printf("%lu", (unsigned long)n); }
uint32_t board_ticks(void) { return 0; }

void board_report(const char *what, uint32_t bytes, const char *each, uint32_t ticks)
{
    (void)each;
    (void)ticks;
    fprintf(stderr, "%s %lu bytes\n", what, (unsigned long)bytes);
}
