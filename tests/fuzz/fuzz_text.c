/* A text as tokens: read with a vocabulary of its own, then again with the one it has; and part of it as the
 * beginning of what is generated. */
#include <stdlib.h>

#include <tapeless/text.h>
#include <tapeless/utf8.h>
#include "fake_model.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_error e;
    tl_examples x = { 0 };
    tl_coding coding = { 0 };
    tl_model m = fake_bigram();
    size_t count;
    const char *path = file_of("text", data, size);
    tl_list paths = { &path, 1 };
    for (int again = 0; again < 2; again++)
        if (!tl_text_load(&x, &coding, &m, &paths, &e))
            tl_examples_free(&x);
    if (coding.kind == TL_CODING_TEXT)
        free(tl_text_tokens(&coding, "input", (const char *)data, size / 2, &count, &e));
    tl_coding_free(&coding);
    return 0;
}
