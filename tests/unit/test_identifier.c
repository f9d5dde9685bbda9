/* What a model is called in C: an identifier, and no header's name. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "front/identifier.h"

static void is_called(const char *path, const char *name)
{
    Arena *a = arena_new();
    assert_string_equal(model_identifier(a, path), name);
    arena_free(a);
}

static void file_names_become_identifiers(void **state)
{
    (void)state;
    is_called("models/elman.lua", "elman");
    is_called("my-lstm.v2.lua", "my_lstm_v2");
    is_called("9lives.lua", "model_9lives");
    is_called("_x", "model__x");
    is_called(".lua", "model__lua");
    is_called("tl_buffers.lua", "model_tl_buffers");
    is_called("gr\303\274n.lua", "gr__n");
}

static void words_of_c_and_headers_are_not_taken(void **state)
{
    (void)state;
    is_called("int.lua", "int_model");
    is_called("tl.lua", "tl_model");
    is_called("math.lua", "math_model");
    is_called("a/cblas.lua", "cblas_model");
    is_called("avx2intrin.lua", "avx2intrin_model");
    /* The runtime's headers stand in tapeless/, and hide nobody. */
    is_called("random.lua", "random");
    is_called("tapeless.lua", "tapeless");
}

static void two_models_never_share_a_file(void **state)
{
    (void)state;
    is_called("elman_main.lua", "elman_main_model");
    is_called("elman_ffi.lua", "elman_ffi_model");
}

/* Every header of the C library, of gcc and of the libraries, where they are installed. */
static void installed_headers_are_not_taken(void **state)
{
    (void)state;
    FILE *list = popen("{ dpkg -L libc6-dev libcrypt-dev libjansson-dev libopenblas-pthread-dev 2>/dev/null |"
                       " grep -E '^/usr/include/([a-z0-9_]+-linux-gnu/)?(openblas-pthread/)?[^/]+\\.h$';"
                       " ls \"$(gcc -print-file-name=include)\"/*.h; } | sed 's,.*/,,; s,\\.h$,,'", "r");
    char name[256];
    int seen = 0, hidden = 0;
    assert_non_null(list);
    while (fscanf(list, "%255s", name) == 1) {
        Arena *a = arena_new();
        char *base = name;
        for (char *c = name; *c; c++)
            if (!isalnum((unsigned char)*c) && *c != '_')
                base = NULL; /* no identifier */
        if (base && !strcmp(model_identifier(a, base), base))
            hidden++, print_message("a model may be called %s, and its header hides the system's\n", name);
        arena_free(a);
        seen++;
    }
    pclose(list);
    assert_int_equal(hidden, 0);
    if (seen < 100)
        print_message("only %d headers were found: nothing is said of this system's\n", seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_names_become_identifiers),
        cmocka_unit_test(words_of_c_and_headers_are_not_taken),
        cmocka_unit_test(two_models_never_share_a_file),
        cmocka_unit_test(installed_headers_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
