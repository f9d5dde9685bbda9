#include "csv_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "gunzip.h"

/* A table takes eight bytes for each cell of two, so this is the memory of a machine of today. */
static const size_t unpacked_limit = (size_t)4 << 30;

typedef struct Kind {
    const char *begins;
    size_t size;
    const char *advice; /* what it is, and what to do */
} Kind;

static const Kind kinds[] = {
    { "\xff\xfe", 2, "it is UTF-16 and tables are read in UTF-8: `iconv -f UTF-16 -t UTF-8` converts it" },
    { "\xfe\xff", 2, "it is UTF-16 and tables are read in UTF-8: `iconv -f UTF-16 -t UTF-8` converts it" },
    { "PK\x03\x04", 4, "it is a zip archive or a spreadsheet (.xlsx, .ods): save the sheet as CSV" },
    { "PAR1", 4, "it is a Parquet file: save it as CSV, or use Python, where tapeless.train(SPEC, FILE) and the like read it "
                 "(docs/python.md)" },
    { "BZh91AY&SY", 10, "it is packed by bzip2: unpack it, or pack it by gzip" },
    { "\xfd" "7zXZ", 5, "it is packed by xz: unpack it, or pack it by gzip" },
    { "\x28\xb5\x2f\xfd", 4, "it is packed by zstd: unpack it, or pack it by gzip" },
};

static size_t line_of(const char *text, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
    return line;
}

static int check(const char *path, const char *text, size_t size, tl_error *e)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (size >= kinds[i].size && memcmp(text, kinds[i].begins, kinds[i].size) == 0)
            return tl_fail(e, "%s: %s", path, kinds[i].advice);
    const char *zero = memchr(text, 0, size);
    if (!zero)
        return 0;
    return tl_fail(e, "%s:%zu: there is a zero byte: the file is no text in UTF-8 (in UTF-16 every other "
                   "byte is zero; `iconv -f UTF-16LE -t UTF-8` converts that)", path,
                   line_of(text, (size_t)(zero - text)));
}

static char *unpack(char *bytes, const char *path, size_t *size, tl_error *e)
{
    char *text = tl_gunzip(bytes, *size, unpacked_limit, path, size, e);
    free(bytes);
    return text;
}

char *tl_csv_text(const char *path, size_t *size, tl_error *e)
{
    char *text = tl_file_read(path, SIZE_MAX / 8, size, e);
    if (text && tl_is_gzip(text, *size))
        text = unpack(text, path, size, e);
    if (text && check(path, text, *size, e)) {
        free(text);
        return NULL;
    }
    size_t marks = 0; /* some programs write one in front of another */
    while (text && *size - marks >= 3 && memcmp(text + marks, "\xef\xbb\xbf", 3) == 0)
        marks += 3;
    if (marks) {
        *size -= marks;
        memmove(text, text + marks, *size + 1);
    }
    return text;
}
