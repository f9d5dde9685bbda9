/* mpi.c - the exchange by MPI: libtapeless_mpi.so, which a training that mpirun starts loads (processes.h).
 *
 * MPI ends all processes with its own sentence where a message fails, so nothing here does. Reductions are not used:
 * the order in which they add is MPI's. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <mpi.h>

#include "processes.h"

enum { MOST = 1 << 30 }; /* bytes in a message: MPI counts them in an int */

typedef struct Mpi {
    int ranks, rank;
    int *count, *at, *to_count, *to_at; /* [ranks] */
} Mpi;

static Mpi mpi;

static void fill_in(int *count, int *at, const size_t *start, int ranks)
{
    for (int r = 0; r < ranks; r++) {
        count[r] = (int)(start[r + 1] - start[r]);
        at[r] = (int)start[r];
    }
}

static void mpi_swap(void *self, const void *from, const size_t *start, void *to, size_t stride, size_t size)
{
    Mpi *m = self;
    fill_in(m->count, m->at, start, m->ranks);
    for (int r = 0; r < m->ranks; r++) {
        m->to_count[r] = (int)size;
        m->to_at[r] = (int)((size_t)r * stride);
    }
    MPI_Alltoallv(from, m->count, m->at, MPI_BYTE, to, m->to_count, m->to_at, MPI_BYTE, MPI_COMM_WORLD);
}

/* More than fits into one message: piece by piece. */
static void share_much(Mpi *m, char *block, const size_t *start)
{
    for (int r = 0; r < m->ranks; r++)
        for (size_t at = start[r], n; at < start[r + 1]; at += n) {
            n = start[r + 1] - at < MOST ? start[r + 1] - at : MOST;
            MPI_Bcast(block + at, (int)n, MPI_BYTE, r, MPI_COMM_WORLD);
        }
}

static void mpi_share(void *self, void *block, const size_t *start)
{
    Mpi *m = self;
    if (start[m->ranks] > MOST) {
        share_much(m, block, start);
        return;
    }
    fill_in(m->count, m->at, start, m->ranks);
    MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_BYTE, block, m->count, m->at, MPI_BYTE, MPI_COMM_WORLD);
}

static void mpi_give(void *self, void *block, size_t size, int32_t from)
{
    Mpi *m = self;
    for (size_t at = 0, n; at < size && from > 0; at += n) {
        n = size - at < MOST ? size - at : MOST;
        if (m->rank == from)
            MPI_Send((char *)block + at, (int)n, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
        else if (m->rank == 0)
            MPI_Recv((char *)block + at, (int)n, MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

static void mpi_end(void *self)
{
    Mpi *m = self;
    MPI_Finalize();
    free(m->count);
    *m = (Mpi){ 0 };
}

static void mpi_abandon(void *self, int status)
{
    (void)self;
    MPI_Abort(MPI_COMM_WORLD, status);
}

int tl_exchange_open(int32_t abi, tl_exchange *x, tl_error *e)
{
    int given;
    if (abi != TL_EXCHANGE_ABI) {
        snprintf(e->text, sizeof e->text, "libtapeless_mpi.so is of another version of tapeless (its exchange has number %d, "
                 "not %d): build both again", TL_EXCHANGE_ABI, (int)abi);
        return -1;
    }
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given); /* one thread calls, whatever is given */
    MPI_Comm_size(MPI_COMM_WORLD, &mpi.ranks);
    MPI_Comm_rank(MPI_COMM_WORLD, &mpi.rank);
    mpi.count = calloc((size_t)mpi.ranks * 4, sizeof *mpi.count);
    if (!mpi.count) {
        fprintf(stderr, "no memory for what %d processes tell each other\n", mpi.ranks);
        MPI_Abort(MPI_COMM_WORLD, TL_EXIT_WRONG);
        return -1;
    }
    mpi.at = mpi.count + mpi.ranks;
    mpi.to_count = mpi.at + mpi.ranks;
    mpi.to_at = mpi.to_count + mpi.ranks;
    x->ranks = mpi.ranks;
    x->rank = mpi.rank;
    x->self = &mpi;
    x->swap = mpi_swap;
    x->share = mpi_share;
    x->give = mpi_give;
    x->end = mpi_end;
    x->abandon = mpi_abandon;
    return 0;
}
