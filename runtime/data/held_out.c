#include "held_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coding.h"
#include "safetensors.h"
#include "sequences.h"

/* What the checkpoint says of its training: steps of a lane, lanes, hash of it all. */
typedef struct Trained {
    size_t steps, lanes;
    int64_t cut, rows; /* pieces of at most `cut` of so many rows; 0: whole sequences */
    uint64_t hash;
} Trained;

static int read_trained(Trained *t, const char *path, tl_error *e)
{
    tl_st *st = tl_st_open(path, e);
    int batch = 0, found = 0;
    if (!st)
        return -1;
    const char *steps = tl_st_meta(st, "steps"), *hash = tl_st_meta(st, "data"), *window = tl_st_meta(st, "window");
    found = steps && hash && window && sscanf(steps, "%zu", &t->steps) == 1 && sscanf(hash, "%" SCNu64, &t->hash) == 1 &&
            sscanf(window, "k1=%*d k2=%*d batch=%d", &batch) == 1 && batch > 0;
    t->lanes = found ? (size_t)batch : 0;
    tl_coding_load_cut(st, &t->cut, &t->rows);
    tl_st_free(st);
    return 0;
}

static int is_trained(const tl_series *s, const Trained *t) { return s->steps == t->steps && tl_series_hash(s) == t->hash; }

static int look_at_rows(tl_held_out *h, const tl_model *m, const tl_examples *x, const Trained *t, tl_error *e)
{
    tl_series s;
    if (t->steps > x->rows / t->lanes)
        return 0;
    if (tl_series_cut(&s, m, x, 0, t->steps * t->lanes, t->lanes, "the data", e))
        return -1;
    h->known = is_trained(&s, t);
    h->rows = h->known ? t->steps * t->lanes : 0;
    return 0;
}

static int look_at_packed(tl_held_out *h, const tl_model *m, const tl_examples *x, size_t n, const Trained *t, tl_error *e)
{
    tl_examples packed;
    tl_series s;
    if (tl_sequences_pack(&packed, m, x, 0, n, t->lanes, "the data", e))
        return -1;
    int bad = tl_series_cut(&s, m, &packed, 0, packed.rows, packed.lanes, "the data", e);
    h->known = !bad && is_trained(&s, t);
    h->sequences = h->known ? n : 0;
    tl_examples_free(&packed);
    return bad;
}

/* The first n sequences are in the lanes, of which the fullest has no more than an equal share and the longest of them
 * beside it (R. Graham, 1966): few n need a look. */
static int look_at_sequences(tl_held_out *h, const tl_model *m, const tl_examples *x, const Trained *t, tl_error *e)
{
    size_t longest = 0;
    for (size_t n = 1; n <= x->sequences && !h->known; n++) {
        size_t length = x->first[n] - x->first[n - 1], share = (x->first[n] + t->lanes - 1) / t->lanes;
        longest = length > longest ? length : longest;
        if (share <= t->steps && longest <= t->steps && t->steps <= share + longest && look_at_packed(h, m, x, n, t, e))
            return -1;
    }
    return 0;
}

/* The first n sequences, of `first`, in pieces as the training had them. */
static int look_at_pieces(tl_held_out *h, const tl_model *m, const tl_examples *x, size_t *first, size_t n, const Trained *t, tl_error *e)
{
    size_t count;
    tl_examples pieces = *x;
    tl_held_out found = { 0 };
    pieces.first = tl_sequences_cut(first, n, (size_t)t->cut, &count);
    int bad = pieces.first ? look_at_packed(&found, m, &pieces, count, t, e) : tl_fail(e, "the data: out of memory");
    free(pieces.first);
    h->known = found.known;
    h->sequences = found.known && x->sequences ? n : 0;
    h->rows = found.known && !x->sequences ? first[n] : 0;
    return bad;
}

static int look_at_cut(tl_held_out *h, const tl_model *m, const tl_examples *x, const Trained *t, tl_error *e)
{
    size_t whole[] = { 0, (size_t)t->rows }, n = 1;
    if (!x->sequences)
        return whole[1] <= x->rows ? look_at_pieces(h, m, x, whole, 1, t, e) : 0;
    while (n < x->sequences && x->first[n] < whole[1])
        n++;
    return x->first[n] == whole[1] ? look_at_pieces(h, m, x, x->first, n, t, e) : 0;
}

int tl_held_out_of(tl_held_out *h, const tl_model *m, const tl_examples *x, const char *checkpoint, tl_error *e)
{
    Trained t = { 0 };
    *h = (tl_held_out){ 0 };
    if (read_trained(&t, checkpoint, e))
        return -1;
    if (!t.lanes || !t.steps || x->lanes != 1)
        return 0;
    if (t.cut)
        return look_at_cut(h, m, x, &t, e);
    return x->sequences ? look_at_sequences(h, m, x, &t, e) : look_at_rows(h, m, x, &t, e);
}
