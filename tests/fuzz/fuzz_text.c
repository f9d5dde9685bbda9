/* A text as tokens of each unit: read with a vocabulary of its own, then again with the one it has; and part of it as the
 * beginning of what is generated. By word, what is printed is the text. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/text.h>
#include <tapeless/utf8.h>
#include "fake_model.h"
#include "fuzz.h"

/* But for a blank behind the last word. */
static void print_again(const tl_coding *c, const int32_t *token, size_t n, const char *text, size_t size)
{
    char *printed = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&printed, &length);
    for (size_t i = 0; i < n; i++)
        tl_text_print(c, i ? token[i - 1] : -1, token[i], f);
    fclose(f);
    assert(length == size || (length + 1 == size && text[length] == ' '));
    assert(!memcmp(printed, text, length));
    free(printed);
}

static void read_by(const char *unit, const char *path, const char *text, size_t size)
{
    tl_error e;
    tl_examples x = { 0 };
    tl_coding coding = { 0 };
    tl_model m = fake_bigram();
    size_t count;
    tl_list paths = { &path, 1 };
    for (int again = 0; again < 2; again++)
        if (!tl_text_load(&x, &coding, &m, &paths, &(tl_text_options){ .unit = unit }, &e))
            tl_examples_free(&x);
    int32_t *token = coding.kind == TL_CODING_TEXT ? tl_text_tokens(&coding, "input", text, size, &count, &e) : NULL;
    if (token)
        print_again(&coding, token, count, text, size);
    free(token);
    tl_coding_free(&coding);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = file_of("text", data, size);
    read_by("char", path, (const char *)data, size);
    read_by("byte", path, (const char *)data, size);
    read_by("word", path, (const char *)data, size);
    return 0;
}
