#include "plot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"

extern char **environ;

/* ---- running gnuplot ---- */

/* `argument`, or NULL: gnuplot reads the script `in`. Returns its exit status; a process group of
 * its own keeps a Ctrl-C meant for the training away from it. */
static int run_gnuplot(const char *argument, int in, int out, int messages, tl_error *e)
{
    char *argv[] = { "gnuplot", "-d", (char *)(uintptr_t)argument, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    pid_t pid;
    int status = 0;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, messages, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int bad = posix_spawnp(&pid, "gnuplot", &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (bad)
        return tl_fail(e, "a picture needs gnuplot, which cannot be run (%s); Debian has it as "
                       "gnuplot-nox", strerror(bad));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : tl_fail(e, "gnuplot failed");
}

int tl_plot_check_gnuplot(tl_error *e)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return tl_fail(e, "/dev/null: %s", strerror(errno));
    int bad = run_gnuplot("--version", null, null, null, e);
    close(null);
    return bad;
}

static int ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n > k && strcmp(text + n - k, end) == 0;
}

int tl_plot_check_name(const char *option, const char *path, tl_error *e)
{
    if (ends_in(path, ".svg") || ends_in(path, ".png"))
        return 0;
    return tl_fail(e, "%s %s: a picture's name ends in .svg or .png", option, path);
}

/* ---- the script ---- */

/* All but letters, digits, spaces and the bytes of UTF-8 as octal escapes: gnuplot runs what stands
 * in backquotes even inside a string, and a quote doubled in single quotes may end it (5.4). A digit behind an
 * escape is one, too: gnuplot reads as many digits as there are. */
static void print_text(FILE *f, const char *text)
{
    int escaped = 0;
    fputc('"', f);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        escaped = !(isalnum(c) || c == ' ' || c >= 0x80) || (escaped && isdigit(c));
        if (!escaped)
            fputc(c, f);
        else
            fprintf(f, "\\%03o", (unsigned)(c < ' ' || c == 0x7f ? ' ' : c));
    }
    fputc('"', f);
}

static void print_data(FILE *f, const tl_plot_curve *c, size_t name)
{
    fprintf(f, "$data%zu << END\n", name);
    for (size_t i = 0; i < c->n; i++)
        if (isfinite(c->y[i]))
            fprintf(f, "%.9g %.9g\n", c->x[i], c->y[i]);
        else
            fprintf(f, "%.9g NaN\n", c->x[i]);
    fputs("END\n", f);
}

static void print_curve(FILE *f, const tl_plot_curve *c, size_t name)
{
    static const char *const style[] = {
        [TL_PLOT_THIN] = "lines lw 1", [TL_PLOT_LINE] = "lines lw 2",
        [TL_PLOT_POINTS] = "linespoints pt 7 ps 0.6",
    };
    fprintf(f, "$data%zu using 1:2 with %s lc rgb '%s' title ", name, style[c->style], c->colour);
    print_text(f, c->title);
}

static void print_panel(FILE *f, const tl_plot_panel *p)
{
    fputs("set title ", f);
    print_text(f, p->title);
    fputs("\nset xlabel ", f);
    print_text(f, p->x_label);
    fputs("\nset ylabel ", f);
    print_text(f, p->y_label);
    fprintf(f, "\n%s logscale y\nset format y '%s'\n", p->logs & TL_PLOT_LOG_Y ? "set" : "unset",
            p->logs & TL_PLOT_LOG_Y ? "%g" : "%h");
    if (p->logs & TL_PLOT_LOG_X)
        fputs("set logscale x\nset format x '%g'\n", f);
    for (size_t i = 0; i < p->ncurves; i++)
        print_data(f, &p->curve[i], i);
    fputs("plot ", f);
    for (size_t i = 0; i < p->ncurves; i++) {
        fputs(i ? ", " : "", f);
        print_curve(f, &p->curve[i], i);
    }
    fputc('\n', f);
}

static void print_script(FILE *f, const tl_plot_panel *panel, size_t npanels, int svg)
{
    size_t height = 60 + 380 * npanels;
    if (svg)
        fprintf(f, "set terminal svg size 860,%zu noenhanced font 'sans-serif,13' background "
                "'#ffffff'\n", height);
    else
        fprintf(f, "set terminal pngcairo size 860,%zu noenhanced font 'sans,11'\n", height);
    fputs("set encoding utf8\n"
          "set border 3 lc rgb '#808080'\n"
          "set tics nomirror textcolor rgb '#303030'\n"
          "set grid ytics lc rgb '#dddddd' lt 1\n"
          "set key bmargin center horizontal samplen 2.5\n"
          "set bmargin 5\n"
          "set autoscale xfix\n"
          "set datafile missing 'NaN'\n", f);
    if (npanels > 1) /* with one margin, so that what is at one time stands one below the other */
        fprintf(f, "set multiplot layout %zu,1\nset lmargin 11\n", npanels);
    for (size_t i = 0; i < npanels; i++)
        print_panel(f, &panel[i]);
}

/* ---- from script to picture ---- */

/* What was written to a file without a name; the caller frees. */
static void *contents(FILE *f, size_t *size)
{
    struct stat s;
    if (fstat(fileno(f), &s) || s.st_size < 0)
        return NULL;
    *size = (size_t)s.st_size;
    char *bytes = malloc(*size + 1);
    if (bytes && pread(fileno(f), bytes, *size, 0) != s.st_size) {
        free(bytes);
        return NULL;
    }
    if (bytes)
        bytes[*size] = 0;
    return bytes;
}

/* gnuplot ends with status 0 after a mistake in its script; what it prints tells. */
static int draw(const char *path, FILE *script, FILE *picture, FILE *messages, tl_error *e)
{
    size_t size = 0, said = 0;
    rewind(script);
    int bad = run_gnuplot(NULL, fileno(script), fileno(picture), fileno(messages), e);
    char *text = contents(messages, &said);
    void *bytes = contents(picture, &size);
    tl_chunk chunk = { bytes, size };
    if (said && (bad || !size))
        bad = tl_fail(e, "%s: gnuplot says: %.300s", path, text ? text : "");
    else if (!bad)
        bad = bytes && size ? tl_file_replace(path, &chunk, 1, e)
                            : tl_fail(e, "%s: gnuplot drew nothing", path);
    free(text);
    free(bytes);
    return bad;
}

int tl_plot_write(const char *path, const tl_plot_panel *panel, size_t npanels, tl_error *e)
{
    FILE *script = tmpfile(), *picture = tmpfile(), *messages = tmpfile();
    int bad;
    if (script && picture && messages) {
        print_script(script, panel, npanels, ends_in(path, ".svg"));
        bad = fflush(script) || ferror(script)
                  ? tl_fail(e, "%s: no room for gnuplot's script: %s", path, strerror(errno))
                  : draw(path, script, picture, messages, e);
    } else {
        bad = tl_fail(e, "%s: cannot make a temporary file: %s", path, strerror(errno));
    }
    if (script)
        fclose(script);
    if (picture)
        fclose(picture);
    if (messages)
        fclose(messages);
    return bad;
}
