/* clones.h - functions that pass over arrays, compiled once for each of several instruction sets; the machine's is
 * chosen when a program starts. Generated code is compiled for its machine; the runtime's library is for any. The
 * results are the same bits: contraction of a * b + c is off in the runtime, and sums have their order written out. */
#ifndef TAPELESS_CLONES_H
#define TAPELESS_CLONES_H

#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ && !defined TAPELESS_SANITIZED
#define TL_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TL_CLONES
#endif

#endif
