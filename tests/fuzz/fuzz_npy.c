/* An array of NumPy's as a table, a zip archive of such as tensors; which, the first bytes say. */
#include <tapeless/csv_file.h>
#include <tapeless/npy.h>
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_error e;
    tl_csv table;
    const char *path = file_of("array", data, size);
    const tl_csv_options options = { .maybe_sequence = 1 };
    if (tl_npy_looks_like(path) && !tl_csv_read(&table, path, &options, &e))
        tl_csv_free(&table);
    if (!tl_npy_looks_like(path))
        tl_st_free(tl_npz_open(path, &e));
    return 0;
}
