/* board.c - a Cortex-M4F from reset on, for the board mps2-an386 as QEMU emulates it: vectors, memory, the FPU, text by
 * semihosting. Smaller Cortex-M, of which no FPU is used, begin alike. Sources: ARMv7-M Architecture Reference Manual (DDI 0403); Semihosting for AArch32 and AArch64. */
#include <stddef.h>
#include <stdint.h>

#include "board.h"

int main(void);
void reset(void);

/* From link.ld. */
extern uint32_t image_data, start_data, end_data, start_bss, end_bss, end_stack;

/* ---- what a compiler calls ---- */

void *memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((char *)to)[i] = (char)byte;
    return to;
}

/* ---- semihosting: the debugger, here QEMU, does what r0 says with what r1 points to ---- */

enum { WRITE0 = 0x04, EXIT = 0x18, STOPPED = 0x20026, FAILED = 0x20023 };

static void ask(uint32_t what, const void *with)
{
    register uint32_t r0 __asm__("r0") = what;
    register const void *r1 __asm__("r1") = with;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_put(const char *text) { ask(WRITE0, text); }

void board_put_number(uint32_t n)
{
    char digits[11];
    int i = 10;
    digits[i] = '\0';
    do
        digits[--i] = (char)('0' + n % 10);
    while (n /= 10);
    board_put(digits + i);
}

void board_report(const char *what, uint32_t bytes, const char *each, uint32_t ticks)
{
    board_put("# ");
    board_put(what);
    board_put(" ");
    board_put_number(bytes);
    board_put(" bytes, ");
    board_put(each);
    board_put(" ");
    board_put_number(40 * ticks);
    board_put(" instructions\n");
}

/* ---- SysTick: 24 bits, counts down by the processor's clock of 25 MHz; with -icount shift=0 an instruction takes a
 * nanosecond, and a tick is forty of them ---- */

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)
#define CPACR (*(volatile uint32_t *)0xe000ed88)

uint32_t board_ticks(void) { return UINT32_C(0xffffff) - SYST_CVR; }

/* ---- reset ---- */

void reset(void)
{
    for (uint32_t *from = &image_data, *to = &start_data; to < &end_data;)
        *to++ = *from++;
    for (uint32_t *to = &start_bss; to < &end_bss;)
        *to++ = 0;
    CPACR |= UINT32_C(0xf) << 20; /* the FPU */
    __asm__ volatile("dsb\n\tisb");
    SYST_RVR = UINT32_C(0xffffff);
    SYST_CVR = 0;
    SYST_CSR = 5;
    ask(EXIT, (const void *)(uintptr_t)(main() == 0 ? STOPPED : FAILED));
    for (;;)
        ;
}

static void fault(void)
{
    board_put("fault\n");
    ask(EXIT, (const void *)(uintptr_t)FAILED);
    for (;;)
        ;
}

typedef void Handler(void);

__attribute__((section(".vectors"), used)) static Handler *const vectors[16] = {
    (Handler *)(uintptr_t)&end_stack, reset, fault, fault, fault, fault, fault
};
