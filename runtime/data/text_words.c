#include "text_words.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* Beyond ASCII: punctuation, symbols, and scripts without blanks, by blocks of Unicode. Ascending. */
static const struct Block {
    int32_t from, to;
} apart[] = {
    { 0x80, 0xa9 }, { 0xab, 0xb4 }, { 0xb6, 0xb9 }, { 0xbb, 0xbf }, { 0xd7, 0xd7 }, { 0xf7, 0xf7 }, { 0x2000, 0x206f }, { 0x20a0, 0x20cf },
    { 0x2190, 0x2bff }, { 0x2e00, 0x2e7f }, { 0x2e80, 0x312f }, { 0x3190, 0x33ff }, { 0x3400, 0x9fff }, { 0xa000, 0xa4cf }, { 0xe000, 0xfaff },
    { 0xfe10, 0xfe6f }, { 0xff00, 0xff0f }, { 0xff1a, 0xff20 }, { 0xff3b, 0xff40 }, { 0xff5b, 0xff9f }, { 0xffe0, 0xffff }, { 0x1f000, 0x3ffff },
};

static int is_letter(int32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    for (size_t i = 0; i < sizeof apart / sizeof *apart && c >= apart[i].from; i++)
        if (c <= apart[i].to)
            return 0;
    return 1;
}

typedef struct Letters {
    const char *text;
    size_t size;
} Letters;

/* The character at `at` and its length; 0 of length 0 at the end. */
static size_t look(const Letters *l, size_t at, int32_t *c)
{
    *c = 0;
    return at < l->size ? tl_utf8_get(l->text + at, l->size - at, c) : 0;
}

static int letter_at(const Letters *l, size_t at)
{
    int32_t c;
    return look(l, at, &c) && is_letter(c);
}

static int blank_at(const Letters *l, size_t at) { return at < l->size && l->text[at] == ' '; }

/* Where the word ends that begins at `at`. */
static size_t word_end(const Letters *l, size_t at)
{
    int32_t c;
    for (size_t n; (n = look(l, at, &c)) > 0; at += n)
        if (!is_letter(c) && !((c == '\'' || c == 0x2019) && letter_at(l, at + n)))
            break;
    return at;
}

/* Of any other character: with one blank before it, unless it is itself one, and one behind it. */
static size_t other_end(const Letters *l, size_t at)
{
    int32_t c;
    const size_t next = at + 1;
    if (blank_at(l, at) && next < l->size && !blank_at(l, next) && !letter_at(l, next))
        at = next;
    at += look(l, at, &c);
    return at + (size_t)blank_at(l, at);
}

int tl_is_word(const char *token)
{
    const Letters l = { token, strlen(token) };
    return letter_at(&l, 0);
}

int32_t *tl_text_words(tl_name_list *all, const char *text, size_t size, size_t *count)
{
    const Letters l = { text, size };
    int32_t *token = calloc(size + 1, sizeof *token);
    size_t n = 0, index;
    int behind_word = 0;
    for (size_t at = 0, end; token && at < size; at = end) {
        at += behind_word && blank_at(&l, at) && (at + 1 == size || letter_at(&l, at + 1));
        if (at == size)
            break;
        behind_word = letter_at(&l, at);
        end = behind_word ? word_end(&l, at) : other_end(&l, at);
        if (tl_name_list_add(all, text + at, end - at, &index) < 0 || index > INT32_MAX) {
            free(token);
            return NULL;
        }
        token[n++] = (int32_t)index;
    }
    *count = n;
    return token;
}

static int by_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int tl_text_words_learn(tl_coding *c, const tl_name_list *all, const size_t *times, int64_t least)
{
    size_t n = 0, index;
    const char **kept = calloc(all->count + 1, sizeof *kept);
    int bad = kept ? 0 : -1;
    for (size_t i = 0; i < all->count && kept; i++)
        if (least <= 0 || times[i] >= (size_t)least)
            kept[n++] = all->item[i];
    if (kept)
        qsort(kept, n, sizeof *kept, by_bytes);
    for (size_t i = 0; i < n && !bad; i++)
        bad = tl_name_list_add(&c->words, kept[i], strlen(kept[i]), &index) < 0 ? -1 : 0;
    free(kept);
    c->kind = TL_CODING_TEXT;
    c->unit = TL_UNIT_WORD;
    c->other = least > 0;
    return bad;
}

/* How many are there `least` times. */
static size_t kept_with(const tl_name_list *all, const size_t *times, size_t least)
{
    size_t n = 0;
    for (size_t i = 0; i < all->count; i++)
        n += times[i] >= least;
    return n;
}

size_t tl_text_words_least(const tl_name_list *all, const size_t *times, size_t most)
{
    size_t low = 1, high = 1;
    for (size_t i = 0; i < all->count; i++)
        high = times[i] >= high ? times[i] + 1 : high;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (kept_with(all, times, mid) + 1 <= most)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}
