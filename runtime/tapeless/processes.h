/* processes.h - whether this process is one of several that a launcher (mpirun, srun) started together, and the
 * exchange between them.
 *
 * It is made by a module, libtapeless_mpi.so, which alone knows MPI: it is loaded when it is needed, from
 * $TAPELESS_HOME/lib/tapeless, or where the program says that libraries are found (its RUNPATH, which tapeless gives its
 * trainers; LD_LIBRARY_PATH before that). */
#ifndef TAPELESS_PROCESSES_H
#define TAPELESS_PROCESSES_H

#include "error.h"
#include "exchange.h"
#include "linkage.h"

TL_C_BEGIN

/* By the environment: how many there are; 1 where it does not say. */
int32_t tl_processes_started(void);

/* By the environment: 1 in one of them, which is to say what concerns all. */
int tl_processes_speak(void);

/* *x is NULL in the one process that there is. All others than rank 0 are silent from here on, until
 * tl_processes_loud: what they say while they set up, rank 0 says too. */
int tl_processes_begin(tl_exchange **x, tl_error *e);

/* Standard error as it was. What others than rank 0 print on standard output is never seen. */
void tl_processes_loud(const tl_exchange *);

/* Last of all. Waits for the others. */
void tl_processes_end(tl_exchange *);

/* What the module has: fills in all of the exchange but start and word. */
#define TL_EXCHANGE_ABI 1
#define TL_EXCHANGE_OPEN "tl_exchange_open"
typedef int tl_exchange_opener(int32_t abi, tl_exchange *, tl_error *);
tl_exchange_opener tl_exchange_open; /* nowhere but there */

TL_C_END

#endif
