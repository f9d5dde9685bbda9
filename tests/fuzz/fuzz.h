/* fuzz.h - what the fuzzers share. Each file fuzz_NAME.c is a libFuzzer target: LLVMFuzzerTestOneInput takes
 * bytes, which decide everything; it must come back, leak nothing, and touch nothing that is not its own. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the input; reading beyond its end gives zeros. */
typedef struct Bytes {
    const uint8_t *at, *end;
} Bytes;

unsigned take(Bytes *, unsigned below);     /* 0 .. below - 1, of one byte */
char *take_line(Bytes *);                   /* up to a newline, without NULs; malloc'ed */

/* Writes the bytes to a file of this process's own and returns its name: NAME in a directory in memory. */
const char *file_of(const char *name, const void *bytes, size_t size);

/* A safetensors file of bytes that a mutation does not always break: the header up to a NUL, then the data.
 * Where the first byte is 0 the file is what follows it as it is. malloc'ed. */
uint8_t *safetensors_of(const uint8_t *data, size_t size, size_t *length);

#endif
