#include "front/untail.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char OPEN[] = "__return(";

/* Lua allows about 200 nested blocks and brackets. */
enum { MAX_DEPTH = 512 };

typedef struct Level {
    bool block;  /* else a bracket */
    bool closes; /* a `return LIST` stands open at the end of this block */
} Level;

typedef struct Rewriter {
    const char *at, *end;
    char *out;
    size_t length;   /* of out */
    size_t last;     /* where the last token ends in out */
    bool returned;   /* the last token was `return` */
    Level level[MAX_DEPTH];
    int depth;
} Rewriter;

/* ---- tokens ---- */

/* The level of a long bracket `[==[` at p, or -1. */
static int long_bracket(const char *p, const char *end)
{
    int level = 0;
    if (p == end || *p++ != '[')
        return -1;
    for (; p < end && *p == '='; p++)
        level++;
    return p < end && *p == '[' ? level : -1;
}

static const char *skip_long(const char *p, const char *end, int level)
{
    for (p += level + 2; p < end; p++) {
        if (*p != ']')
            continue;
        const char *q = p + 1;
        int n = 0;
        for (; q < end && *q == '='; q++)
            n++;
        if (n == level && q < end && *q == ']')
            return q + 1;
    }
    return end;
}

static const char *skip_quoted(const char *p, const char *end)
{
    char quote = *p++;
    for (; p < end && *p != quote; p++)
        if (*p == '\\' && p + 1 < end)
            p++;
    return p < end ? p + 1 : end;
}

/* White space and comments. */
static const char *skip_space(const char *p, const char *end)
{
    for (;;) {
        while (p < end && isspace((unsigned char)*p))
            p++;
        if (end - p < 2 || p[0] != '-' || p[1] != '-')
            return p;
        p += 2;
        int level = long_bracket(p, end);
        if (level >= 0)
            p = skip_long(p, end, level);
        else
            while (p < end && *p != '\n')
                p++;
    }
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* The end of the token at p. Punctuation is taken a character at a time: only brackets matter. */
static const char *token_end(const char *p, const char *end)
{
    int level = long_bracket(p, end);
    if (level >= 0)
        return skip_long(p, end, level);
    if (*p == '"' || *p == '\'')
        return skip_quoted(p, end);
    if (!is_word(*p))
        return p + 1;
    while (p < end && is_word(*p))
        p++;
    return p;
}

static bool one_of(const char *p, size_t n, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == n && !memcmp(p, *words, n))
            return true;
    return false;
}

/* ---- rewriting ---- */

static void put(Rewriter *r, const char *p, size_t n)
{
    memcpy(r->out + r->length, p, n);
    r->length += n;
}

/* Closes the list of a return, right after its last token: a comment may follow that one. */
static void close_return(Rewriter *r)
{
    Level *top = &r->level[r->depth];
    if (!top->closes)
        return;
    memmove(r->out + r->last + 1, r->out + r->last, r->length - r->last);
    r->out[r->last++] = ')';
    r->length++;
    top->closes = false;
}

static bool push(Rewriter *r, bool block)
{
    if (r->depth + 1 == MAX_DEPTH)
        return false;
    r->level[++r->depth] = (Level){ .block = block };
    return true;
}

static bool pop(Rewriter *r, bool block)
{
    if (!r->depth || r->level[r->depth].block != block)
        return false;
    r->depth--;
    return true;
}

/* Follows blocks and brackets. False where they do not match. */
static bool structure(Rewriter *r, const char *p, size_t n)
{
    static const char *const opening[] = { "function", "if", "do", "repeat", NULL };
    static const char *const closing[] = { "end", "until", NULL };
    if (one_of(p, n, opening))
        return push(r, true);
    if (one_of(p, n, closing))
        return pop(r, true);
    if (n == 1 && strchr("([{", *p))
        return push(r, false);
    return n == 1 && strchr(")]}", *p) ? pop(r, false) : true;
}

static bool ends_list(const Rewriter *r, const char *p, size_t n)
{
    static const char *const words[] = { "end", "else", "elseif", "until", ";", NULL };
    return r->level[r->depth].block && one_of(p, n, words);
}

static bool token(Rewriter *r, const char *p, size_t n)
{
    bool ends = ends_list(r, p, n);
    if (ends)
        close_return(r);
    else if (r->returned) {
        put(r, OPEN, sizeof OPEN - 1);
        r->level[r->depth].closes = true;
    }
    r->returned = n == 6 && !memcmp(p, "return", 6);
    put(r, p, n);
    r->last = r->length;
    return structure(r, p, n);
}

static bool rewrite(Rewriter *r)
{
    for (;;) {
        const char *p = skip_space(r->at, r->end);
        put(r, r->at, (size_t)(p - r->at));
        if (p == r->end)
            break;
        r->at = token_end(p, r->end);
        if (!token(r, p, (size_t)(r->at - p)))
            return false;
    }
    if (r->depth)
        return false;
    close_return(r);
    return true;
}

/* Every `return`, 6 bytes and more, adds 10: three times the length will do. */
char *untail(Arena *arena, const char *text, size_t length, size_t *out)
{
    Rewriter r = { .at = text, .end = text + length, .out = arena_alloc(arena, length + 2, 3) };
    r.level[0].block = true;
    if (!rewrite(&r)) {
        memcpy(r.out, text, length);
        r.length = length;
    }
    r.out[r.length] = '\0';
    *out = r.length;
    return r.out;
}
