/* An .npz becomes a file of tensors in memory, and is checked and used as one. libzip is loaded when the first is opened: linked, it would
 * bring four more libraries to every trainer, which few of them need. */
#include <dlfcn.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "json_memory.h"
#include "npy.h"

static struct {
    __typeof__(zip_open) *open;
    __typeof__(zip_discard) *discard;
    __typeof__(zip_get_num_entries) *entries;
    __typeof__(zip_stat_index) *stat;
    __typeof__(zip_fopen_index) *fopen;
    __typeof__(zip_fread) *fread;
    __typeof__(zip_fclose) *fclose;
    __typeof__(zip_error_init_with_code) *error_init;
    __typeof__(zip_error_strerror) *strerror;
    __typeof__(zip_error_fini) *error_fini;
} zip;

/* ISO C converts no object pointer to a function's, so the bytes are copied. */
static int find(void *library, const char *name, void *function)
{
    void *p = dlsym(library, name);
    memcpy(function, &p, sizeof p);
    return p != NULL;
}

static int load(const char *path, tl_error *e)
{
    static const char *const files[] = { "libzip.so.4", "libzip.so.5" };
    void *library = NULL;
    if (zip.open)
        return 0;
    for (size_t i = 0; i < sizeof files / sizeof *files && !library; i++)
        library = dlopen(files[i], RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return tl_fail(e, "%s: it is read by libzip, which cannot be loaded: apt install libzip4, or write the arrays as safetensors", path);
    if (find(library, "zip_discard", &zip.discard) && find(library, "zip_get_num_entries", &zip.entries) &&
        find(library, "zip_stat_index", &zip.stat) && find(library, "zip_fopen_index", &zip.fopen) && find(library, "zip_fread", &zip.fread) &&
        find(library, "zip_fclose", &zip.fclose) && find(library, "zip_error_init_with_code", &zip.error_init) &&
        find(library, "zip_error_strerror", &zip.strerror) && find(library, "zip_error_fini", &zip.error_fini) &&
        find(library, "zip_open", &zip.open))
        return 0;
    return tl_fail(e, "%s: this libzip lacks a function that is needed to read it", path);
}

static zip_t *open_archive(const char *path, tl_error *e)
{
    int code = 0;
    zip_error_t error;
    zip_t *z = load(path, e) ? NULL : zip.open(path, ZIP_RDONLY, &code);
    if (!z && zip.open) {
        zip.error_init(&error, code);
        tl_fail(e, "%s: %s; an .npz is what numpy.savez writes", path, zip.strerror(&error));
        zip.error_fini(&error);
    }
    return z;
}

typedef struct Array {
    char *name;
    char *label; /* for messages: FILE, name.npy */
    tl_npy npy;
    size_t all;  /* bytes of the entry */
} Array;

typedef struct Archive {
    const char *path;
    zip_t *z;
    Array *array;
    size_t n;
} Archive;

/* Exactly so many bytes. */
static int read_exactly(zip_file_t *f, void *to, size_t size)
{
    while (size) {
        const zip_int64_t n = zip.fread(f, to, size < 1 << 30 ? size : 1 << 30);
        if (n <= 0)
            return -1;
        to = (char *)to + n;
        size -= (size_t)n;
    }
    return 0;
}

static int take_names(Archive *a, Array *x, zip_uint64_t i, tl_error *e)
{
    zip_stat_t s;
    const size_t end = strlen(".npy");
    if (zip.stat(a->z, i, 0, &s) || (s.valid & (ZIP_STAT_NAME | ZIP_STAT_SIZE)) != (ZIP_STAT_NAME | ZIP_STAT_SIZE))
        return tl_fail(e, "%s: entry %zu of the archive is damaged", a->path, (size_t)i + 1);
    const size_t n = strlen(s.name);
    if (n <= end || strcmp(s.name + n - end, ".npy"))
        return tl_fail(e, "%s: '%s' in it is no array; an .npz is what numpy.savez writes", a->path, s.name);
    x->all = s.size;
    x->name = strndup(s.name, n - end);
    if (!x->name || asprintf(&x->label, "%s, %s", a->path, s.name) < 0) {
        x->label = NULL;
        return tl_fail(e, "%s: out of memory", a->path);
    }
    return 0;
}

static int read_header(const Archive *a, Array *x, zip_uint64_t i, tl_error *e)
{
    char head[TL_NPY_HEADER];
    const size_t size = x->all < sizeof head ? x->all : sizeof head;
    zip_file_t *f = zip.fopen(a->z, i, 0);
    const int lost = !f || read_exactly(f, head, size);
    if (f)
        zip.fclose(f);
    return lost ? tl_fail(e, "%s: it cannot be unpacked: it is damaged, or packed as NumPy packs nothing", x->label)
                : tl_npy_header(&x->npy, head, size, x->all, x->label, e);
}

static int read_headers(Archive *a, tl_error *e)
{
    const zip_int64_t n = zip.entries(a->z, 0);
    a->array = calloc((size_t)(n > 0 ? n : 0) + 1, sizeof *a->array);
    if (!a->array)
        return tl_fail(e, "%s: out of memory", a->path);
    for (zip_int64_t i = 0; i < n; i++) {
        a->n++;
        if (take_names(a, &a->array[i], (zip_uint64_t)i, e) || read_header(a, &a->array[i], (zip_uint64_t)i, e))
            return -1;
    }
    return a->n ? 0 : tl_fail(e, "%s: there is no array in it", a->path);
}

/* ---- as tensors ---- */

static size_t data_size(const Array *x) { return x->all - x->npy.header; }

/* The header of the tensors, which follow each other; *all gets their bytes. */
static char *tensors_header(const Archive *a, size_t *all, tl_error *e)
{
    json_t *header = json_object();
    int bad = 0;
    *all = 0;
    tl_json_watch();
    for (size_t i = 0; i < a->n && !bad; i++) {
        const Array *x = &a->array[i];
        const size_t from = *all;
        json_t *shape = json_array();
        for (int32_t d = 0; d < x->npy.rank; d++)
            json_array_append_new(shape, json_integer(x->npy.dim[d]));
        if (json_object_get(header, x->name) || __builtin_add_overflow(from, data_size(x), all) || *all > SIZE_MAX / 4)
            bad = tl_fail(e, "%s: %s", x->label, json_object_get(header, x->name) ? "there are two of that name" : "it is too large");
        json_object_set_new(header, x->name, json_pack("{s:s, s:o, s:[I, I]}", "dtype", tl_dtype_name(x->npy.dtype), "shape", shape,
                                                       "data_offsets", (json_int_t)from, (json_int_t)*all));
    }
    char *text = bad ? NULL : json_dumps(header, JSON_COMPACT);
    json_decref(header);
    if (!bad && (!text || tl_json_lost())) {
        tl_fail(e, "%s: out of memory, or an array's name is not UTF-8", a->path);
        free(text);
        return NULL;
    }
    return text;
}

/* The elements, behind the header of the array. libzip compares checksums where an entry ends. */
static int read_elements(const Archive *a, size_t i, char *to, tl_error *e)
{
    char head[TL_NPY_HEADER], more;
    const Array *x = &a->array[i];
    zip_file_t *f = zip.fopen(a->z, i, 0);
    const int lost = !f || read_exactly(f, head, x->npy.header) || read_exactly(f, to, data_size(x)) || zip.fread(f, &more, 1) != 0;
    if (f)
        zip.fclose(f);
    return lost ? tl_fail(e, "%s: it is damaged", x->label) : 0;
}

static tl_st *tensors_of(const Archive *a, tl_error *e)
{
    size_t all;
    char *header = tensors_header(a, &all, e);
    const uint64_t n = header ? strlen(header) : 0;
    char *image = header ? malloc(sizeof n + (size_t)n + all) : NULL, *to = image;
    if (header && !image)
        tl_fail(e, "%s: no memory for its %zu bytes", a->path, all);
    if (image) {
        memcpy(to, &n, sizeof n);
        memcpy(to + sizeof n, header, (size_t)n);
        to += sizeof n + n;
    }
    free(header);
    for (size_t i = 0; i < a->n && image; to += data_size(&a->array[i]), i++)
        if (read_elements(a, i, to, e)) {
            free(image);
            image = NULL;
            break;
        }
    return image ? tl_st_parse(image, (size_t)(to - image), a->path, e) : NULL;
}

tl_st *tl_npz_open(const char *path, tl_error *e)
{
    Archive a = { .path = path, .z = open_archive(path, e) };
    tl_st *st = !a.z || read_headers(&a, e) ? NULL : tensors_of(&a, e);
    for (size_t i = 0; i < a.n; i++) {
        free(a.array[i].name);
        free(a.array[i].label);
    }
    free(a.array);
    if (a.z)
        zip.discard(a.z);
    return st;
}
