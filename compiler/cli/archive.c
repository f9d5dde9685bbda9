#include "cli/archive.h"

#include <stdlib.h>
#include <zip.h>

#include "graph/checked.h"
#include "graph/user_error.h"

enum { FIRST_DATE = 1 << 5 | 1 }; /* as DOS counts: years from 1980, month, day */

static bool add(zip_t *z, const ArchiveEntry *e)
{
    zip_source_t *s = zip_source_buffer(z, e->data, e->size, 0);
    zip_int64_t i = s ? zip_file_add(z, e->name, s, ZIP_FL_ENC_UTF_8) : -1;
    if (i < 0)
        zip_source_free(s); /* of NULL, too */
    return i >= 0 && !zip_file_set_dostime(z, (zip_uint64_t)i, 0, FIRST_DATE, 0);
}

/* Into `to`, which stays. */
static bool write_to(zip_source_t *to, const ArchiveEntry *e, size_t n, zip_error_t *why)
{
    zip_source_keep(to);
    zip_t *z = zip_open_from_source(to, ZIP_TRUNCATE, why);
    if (!z) {
        zip_source_free(to);
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < n && fine; i++)
        fine = add(z, &e[i]);
    if (fine && !zip_close(z))
        return true;
    zip_error_set(why, zip_error_code_zip(zip_get_error(z)), zip_error_code_system(zip_get_error(z)));
    zip_discard(z);
    return false;
}

static void *read_from(zip_source_t *s, size_t *size, zip_error_t *why)
{
    zip_stat_t stat;
    void *bytes = NULL;
    if (!zip_source_stat(s, &stat) && !zip_source_open(s)) {
        bytes = checked(malloc(stat.size + 1));
        *size = stat.size;
        if (zip_source_read(s, bytes, stat.size) != (zip_int64_t)stat.size) {
            free(bytes);
            bytes = NULL;
        }
        zip_source_close(s);
    }
    if (!bytes)
        zip_error_set(why, zip_error_code_zip(zip_source_error(s)), zip_error_code_system(zip_source_error(s)));
    return bytes;
}

void *archive_make(const ArchiveEntry *entries, size_t n, size_t *size, char **error)
{
    zip_error_t why;
    void *bytes = NULL;
    zip_error_init(&why);
    zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
    if (s && write_to(s, entries, n, &why))
        bytes = read_from(s, size, &why);
    zip_source_free(s);
    if (!bytes)
        *error = user_sentence("the zip file cannot be made: %s", zip_error_strerror(&why));
    zip_error_fini(&why);
    return bytes;
}
