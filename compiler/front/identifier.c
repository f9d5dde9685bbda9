#include "front/identifier.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool is_among(const char *name, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(words[i], name))
            return true;
    return false;
}

/* C's keywords, and what else cannot be a name of one's own. */
static const char *const keywords[] = {
    "auto",    "bool",   "break",  "case",     "char",      "const",    "continue", "default",
    "do",      "double", "else",   "enum",     "extern",    "false",    "float",    "for",
    "goto",    "if",     "inline", "int",      "long",      "main",     "register", "restrict",
    "return",  "short",  "signed", "sizeof",   "static",    "struct",   "switch",   "true",
    "typedef", "typeof", "union",  "unsigned", "void",      "volatile", "while",    "class",
    "new",     "delete", "this",   "template", "namespace", "tl"
};

/* Headers that stand in no directory of their own and are identifiers: C's, POSIX's, the GNU C
 * library's, the compilers', and of the libraries whose headers the runtime's and generated code
 * include. test_identifier compares the list with what is installed. */
static const char *const headers[] = {
    "acc_prof", "aio", "aliases", "alloca", "altivec", "ar", "argp", "argz", "arm_neon", "assert",
    "backtrace", "byteswap", "cblas", "cet", "complex", "cpio", "cpuid", "crypt", "ctype", "cxxabi", "dirent",
    "dlfcn", "elf", "endian", "envz", "err", "errno", "error", "execinfo", "f77blas", "fcntl", "features",
    "fenv", "float", "fmtmsg", "fnmatch", "fpu_control", "fstab", "fts", "ftw", "gconv", "gcov", "getopt",
    "glob", "grp", "gshadow", "iconv", "ieee754", "ifaddrs", "inttypes", "iso646", "ISO_Fortran_binding",
    "jansson", "jansson_config", "langinfo", "lapack", "lapacke", "lastlog", "libgen", "libintl", "limits",
    "link", "locale", "malloc", "math", "mcheck", "memory", "mm3dnow", "mm_malloc", "mntent", "monetary",
    "mqueue", "netdb", "nl_types", "nss", "obstack", "omp", "openacc", "openblas_config", "paths", "poll",
    "printf", "proc_service", "pthread", "pty", "pwd", "quadmath", "quadmath_weak", "re_comp", "regex",
    "regexp", "resolv", "sched", "search", "semaphore", "setjmp", "sgtty", "shadow", "signal", "spawn",
    "stab", "stdalign", "stdarg", "stdatomic", "stdbit", "stdbool", "stdckdint", "stddef", "stdfix", "stdint",
    "stdio", "stdio_ext", "stdlib", "stdnoreturn", "string", "strings", "syscall", "sysexits", "syslimits",
    "syslog", "tar", "termio", "termios", "tgmath", "thread_db", "threads", "time", "ttyent", "uchar",
    "ucontext", "ulimit", "unistd", "unwind", "utime", "utmp", "utmpx", "values", "varargs", "wait", "wchar",
    "wctype", "wordexp", "xlocale"
};

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n >= m && !strcmp(name + n - m, ending);
}

static bool is_reserved(const char *name)
{
    return is_among(name, keywords, sizeof keywords / sizeof *keywords) ||
           is_among(name, headers, sizeof headers / sizeof *headers) || ends_in(name, "intrin") ||
           ends_in(name, "_main") || ends_in(name, "_ffi"); /* NAME_main.c, NAME_ffi.lua are NAME's */
}

const char *model_identifier(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path,
               *dot = strrchr(base, '.');
    int n = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
    /* Names that begin with tl_ are the runtime's. */
    bool prefix = n == 0 || isdigit((unsigned char)*base) || *base == '_' || *base == '.' ||
                  !strncmp(base, "tl_", 3);
    char *name = arena_printf(arena, "%s%.*s", prefix ? "model_" : "", n, base);
    for (char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) || (unsigned char)*p > 0x7f)
            *p = '_';
    return is_reserved(name) ? arena_printf(arena, "%s_model", name) : name;
}
