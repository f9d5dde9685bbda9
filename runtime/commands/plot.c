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
#include "time_ticks.h"

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
 * escape is one, too: gnuplot reads as many digits as there are. `percent`: what stands for a percent sign. */
static void print_escaped(FILE *f, const char *text, const char *percent)
{
    int escaped = 0;
    fputc('"', f);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        escaped = !(isalnum(c) || c == ' ' || c >= 0x80) || (escaped && isdigit(c));
        if (!escaped)
            fputc(c, f);
        else if (c == '%')
            fputs(percent, f);
        else
            fprintf(f, "\\%03o", (unsigned)(c != '\n' && (c < ' ' || c == 0x7f) ? ' ' : c));
    }
    fputc('"', f);
}

static void print_text(FILE *f, const char *text) { print_escaped(f, text, "\\045"); }

/* At a tic, where gnuplot takes text for the format of a number. */
static void print_tic(FILE *f, const char *text) { print_escaped(f, text, "\\045\\045"); }

static int is_there(const tl_plot_curve *c, size_t i)
{
    return isfinite(c->x[i]) && isfinite(c->y[i]) && (c->style != TL_PLOT_BAND || isfinite(c->upper[i]));
}

/* Whether a line leads to point i from the one before. */
static int is_joined(const tl_plot_curve *c, double gap, size_t i)
{
    return i > 0 && i < c->n && is_there(c, i - 1) && is_there(c, i) && !(gap > 0 && c->x[i] - c->x[i - 1] > gap);
}

/* A point of a line that ends where it begins, which nobody would see. */
static int is_alone(const tl_plot_curve *c, double gap, size_t i)
{
    const int line = c->style == TL_PLOT_LINE || c->style == TL_PLOT_THIN;
    return line && is_there(c, i) && !is_joined(c, gap, i) && !is_joined(c, gap, i + 1);
}

static int any_alone(const tl_plot_curve *c, double gap)
{
    size_t i = 0;
    while (i < c->n && !is_alone(c, gap, i))
        i++;
    return i < c->n;
}

/* An empty line is where a line ends: gnuplot would draw on across what is missing. */
static void print_data(FILE *f, const tl_plot_curve *c, double gap, size_t name)
{
    size_t said = 0;
    fprintf(f, "$data%zu << END\n", name);
    for (size_t i = 0; i < c->n; i++) {
        if (!is_there(c, i))
            continue;
        if (said++ && !is_joined(c, gap, i))
            fputc('\n', f);
        fprintf(f, "%.15g %.9g", c->x[i], c->y[i]);
        if (c->style == TL_PLOT_BAND)
            fprintf(f, " %.9g", c->upper[i]);
        fputc('\n', f);
    }
    if (!said)
        fputs("0 NaN NaN\n", f); /* a curve, still, that is in the key */
    fputs("END\n", f);
    if (!any_alone(c, gap))
        return;
    fprintf(f, "$alone%zu << END\n", name);
    for (size_t i = 0; i < c->n; i++)
        if (is_alone(c, gap, i))
            fprintf(f, "%.15g %.9g\n", c->x[i], c->y[i]);
    fputs("END\n", f);
}

static void print_curve(FILE *f, const tl_plot_curve *c, double gap, size_t name)
{
    static const char *const style[] = {
        [TL_PLOT_THIN] = "lines lw 1", [TL_PLOT_LINE] = "lines lw 2",
        [TL_PLOT_POINTS] = "linespoints pt 7 ps 0.6", [TL_PLOT_DOTS] = "points pt 7 ps 0.5",
        [TL_PLOT_DASHED] = "lines lw 1 dt 2",
        [TL_PLOT_BAND] = "filledcurves fs transparent solid 0.25 noborder",
        [TL_PLOT_BARS] = "boxes fs solid 0.6 noborder", [TL_PLOT_IMPULSES] = "impulses lw 3",
    };
    fprintf(f, "$data%zu using %s with %s lc rgb '%s' ", name, c->style == TL_PLOT_BAND ? "1:2:3" : "1:2", style[c->style],
            c->colour);
    const int titled = c->title && c->title[0];
    fputs(titled ? "title " : "notitle", f);
    if (titled)
        print_text(f, c->title);
    if (any_alone(c, gap))
        fprintf(f, ", $alone%zu using 1:2 with points pt 7 ps 0.3 lc rgb '%s' notitle", name, c->colour);
}

/* `shaded`: what shading is called, of this panel or of one that shares its key, or NULL. */
static void print_curves(FILE *f, const tl_plot_panel *p, const char *shaded)
{
    for (size_t i = 0; i < p->ncurves; i++)
        print_data(f, &p->curve[i], p->gap, i);
    if (p->shade[1] > p->shade[0])
        fprintf(f, "set object 1 rectangle from first %.15g, graph 0 to first %.15g, graph 1 behind fc rgb '#eeeeee' fs solid noborder\n",
                p->shade[0], p->shade[1]);
    fputs("plot ", f);
    for (size_t i = 0; i < p->ncurves; i++) {
        fputs(i ? ", " : "", f);
        print_curve(f, &p->curve[i], p->gap, i);
    }
    if (shaded) {
        fputs(", keyentry with boxes fs solid noborder fc rgb '#dddddd' title ", f);
        print_text(f, shaded);
    }
    fputs("\nunset object\n", f);
}

static void print_names(FILE *f, char axis, const tl_plot_matrix *m)
{
    fprintf(f, "set %ctics scale 0 (", axis);
    for (size_t i = 0; i < m->n; i++) {
        fputs(i ? ", " : "", f);
        print_tic(f, m->name[i]);
        fprintf(f, " %zu", i);
    }
    fputs(axis == 'x' && m->n > 20 ? ") rotate\n" : ")\n", f);
}

enum { MOST_NUMBERED = 16 };

/* Of each cell that is not 0: column, row, part of the row, value. Boxes, not an image, which viewers blur as they scale it. */
static void print_matrix(FILE *f, const tl_plot_matrix *m)
{
    fputs("$data0 << END\n", f);
    for (size_t i = 0; i < m->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < m->n; k++)
            sum += m->value[i * m->n + k];
        for (size_t k = 0; k < m->n; k++)
            if (m->value[i * m->n + k] > 0)
                fprintf(f, "%zu %zu %.6g %.6g\n", k, i, m->value[i * m->n + k] / sum, m->value[i * m->n + k]);
    }
    fputs("END\n", f);
    print_names(f, 'x', m);
    print_names(f, 'y', m);
    fprintf(f, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nset cbrange [0:1]\nunset grid\nset size ratio 1\n"
            "set palette defined (0 '#ffffff', 1 '#1f5fa8')\nset cblabel 'part of the row'\n", (double)m->n - 0.5, (double)m->n - 0.5);
    fprintf(f, "plot $data0 using 1:2:(0.5):(0.5):3 with boxxyerror fc palette fs solid %s notitle",
            m->n <= MOST_NUMBERED ? "border lc rgb '#ffffff'" : "noborder");
    if (m->n <= MOST_NUMBERED)
        fputs(", $data0 using 1:2:($3 < 0.6 ? sprintf('%g', $4) : '') with labels tc rgb '#303030' notitle"
              ", $data0 using 1:2:($3 < 0.6 ? '' : sprintf('%g', $4)) with labels tc rgb '#ffffff' notitle", f);
    fputc('\n', f);
}

static void print_time_axis(FILE *f, const tl_plot_panel *p, double pixels)
{
    tl_time_tick tick[TL_TIME_TICKS];
    double first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < p->ncurves; i++)
        for (size_t k = 0; k < p->curve[i].n; k++)
            if (is_there(&p->curve[i], k)) {
                first = fmin(first, p->curve[i].x[k]);
                last = fmax(last, p->curve[i].x[k]);
            }
    const size_t n = tl_time_ticks(first, last, pixels, tick);
    fputs("set xtics (", f);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? ", " : "", f);
        print_tic(f, tick[i].label);
        fprintf(f, " %.15g", tick[i].at);
    }
    fputs(")\n", f);
}

/* Names in place of numbers, with a little room beside the first and the last. */
static void print_x_names(FILE *f, const tl_plot_panel *p)
{
    fputs("set xtics (", f);
    for (size_t i = 0; i < p->nx_names; i++) {
        fputs(i ? ", " : "", f);
        print_tic(f, p->x_names[i]);
        fprintf(f, " %zu", i);
    }
    fprintf(f, ")\nset xrange [-0.3:%g]\n", (double)p->nx_names - 0.7);
}

/* What one panel says of its axes is not the next one's. */
static void print_axes(FILE *f, const tl_plot_panel *p, double pixels)
{
    fputs("set xtics numeric autofreq nomirror\nset format x '%h'\nset xrange [*:*]\nset yrange [*:*]\nset ytics nomirror textcolor rgb '#303030'\n"
          "set grid ytics noxtics\n", f);
    fputs(p->log_x ? "set logscale x\nset format x '%g'\n" : "unset logscale x\n", f);
    if (p->time_x)
        print_time_axis(f, p, pixels);
    if (p->nx_names)
        print_x_names(f, p);
    if (p->no_y)
        fputs("unset ytics\nset grid xtics noytics\n", f);
}

enum { BESIDE = 110 }; /* pixels of a panel that are beside its axes */

/* `width`: pixels it has. `shaded`: as above. */
static void print_panel(FILE *f, const tl_plot_panel *p, size_t width, const char *shaded)
{
    print_axes(f, p, (double)width - BESIDE);
    fputs("set title ", f);
    print_text(f, p->title);
    fputs("\nset xlabel ", f);
    print_text(f, p->x_label);
    fputs("\nset ylabel ", f);
    print_text(f, p->y_label);
    fprintf(f, "\n%s logscale y\nset format y '%s'\n", p->log_y ? "set" : "unset", p->log_y ? "%g" : "%h");
    if (p->matrix)
        print_matrix(f, p->matrix);
    else
        print_curves(f, p, shaded);
}

/* The more columns, the smaller the panels. */
static size_t panel_width(size_t columns) { return columns > 1 ? 430 : 860; }

/* Room above small panels for what all of them share. */
enum { HEAD = 60 };

static size_t height_of(const tl_plot_panel *panel, size_t npanels, size_t columns)
{
    return HEAD + (panel->matrix ? 700 : columns > 1 ? 290 : 380) * ((npanels + columns - 1) / columns);
}

static void print_size(FILE *f, const tl_plot_panel *panel, size_t npanels, size_t columns, int svg)
{
    size_t width = columns * panel_width(columns), height = height_of(panel, npanels, columns);
    if (svg)
        fprintf(f, "set terminal svg size %zu,%zu noenhanced font 'sans-serif,13' background '#ffffff'\n", width, height);
    else
        fprintf(f, "set terminal pngcairo size %zu,%zu noenhanced font 'sans,11'\n", width, height);
}

static const char *shading(const tl_plot_panel *p) { return p->shade[1] > p->shade[0] ? p->shade_title : NULL; }

/* Parts of the picture's width that a line of the key and its text take, with room behind it. */
static double key_width(const char *text, double width) { return (70 + 8 * (double)strlen(text)) / width; }

static void print_key_text(FILE *f, const char *text, double x, double y)
{
    fputs("set label ", f);
    print_text(f, text);
    fprintf(f, " at screen %.4g, screen %.4g front\n", x, y);
}

/* Small panels share a key, above them all: gnuplot's own would be as wide as one of them. */
static void print_shared_key(FILE *f, const tl_plot_panel *p, const char *shaded, double width, double height)
{
    double x = 0.02, y = 1 - 14 / height;
    for (size_t i = 0; i < p->ncurves; i++) {
        const tl_plot_curve *c = &p->curve[i];
        if (!c->title[0])
            continue;
        fprintf(f, "set arrow from screen %.4g, screen %.4g to screen %.4g, screen %.4g nohead front lw 2 lc rgb '%s'\n", x, y,
                x + 30 / width, y, c->colour);
        print_key_text(f, c->title, x + 36 / width, y);
        x += key_width(c->title, width);
    }
    if (!shaded)
        return;
    fprintf(f, "set object 2 rectangle from screen %.4g, screen %.4g to screen %.4g, screen %.4g front fc rgb '#dddddd' fs solid noborder\n",
            x, y - 4 / height, x + 30 / width, y + 4 / height);
    print_key_text(f, shaded, x + 36 / width, y);
}

static void print_columns(FILE *f, const tl_plot_panel *panel, size_t npanels, size_t columns)
{
    const double width = (double)(columns * panel_width(columns)), height = (double)height_of(panel, npanels, columns);
    const char *shaded = NULL;
    for (size_t i = 0; i < npanels && !shaded; i++)
        shaded = shading(&panel[i]);
    fprintf(f, "set multiplot layout %zu,%zu title ' '\nset lmargin 11\nset bmargin %s\nunset key\n",
            (npanels + columns - 1) / columns, columns, panel->time_x ? "5" : "3.5"); /* times take two lines */
    print_shared_key(f, panel, shaded, width, height);
    for (size_t i = 0; i < npanels; i++) {
        print_panel(f, &panel[i], panel_width(columns), NULL);
        fputs("unset arrow\nunset label\n", f);
    }
}

static void print_script(FILE *f, const tl_plot_panel *panel, size_t npanels, size_t columns, int svg)
{
    print_size(f, panel, npanels, columns, svg);
    fputs("set encoding utf8\n"
          "set border 3 lc rgb '#808080'\n"
          "set tics nomirror textcolor rgb '#303030'\n"
          "set grid ytics lc rgb '#dddddd' lt 1\n"
          "set key bmargin center horizontal samplen 2.5\n"
          "set bmargin 5\n"
          "set autoscale xfix\n", f);
    if (columns > 1) {
        print_columns(f, panel, npanels, columns);
        return;
    }
    if (npanels > 1) /* with one margin, so that what is at one time stands one below the other */
        fprintf(f, "set multiplot layout %zu,1\nset lmargin 11\n", npanels);
    for (size_t i = 0; i < npanels; i++) {
        const int rows = panel[i].ncurves + (shading(&panel[i]) != NULL) > 4 ? 2 : 1; /* of the key */
        fprintf(f, "set bmargin %g\n", 5 + (rows > 1 ? 1.5 : 0) + (panel[i].time_x ? 0.9 : 0)); /* times take two lines */
        print_panel(f, &panel[i], panel_width(columns), shading(&panel[i]));
    }
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

int tl_plot_write_columns(const char *path, const tl_plot_panel *panel, size_t npanels, size_t columns, tl_error *e)
{
    FILE *script = tmpfile(), *picture = tmpfile(), *messages = tmpfile();
    int bad;
    if (script && picture && messages) {
        print_script(script, panel, npanels, columns, ends_in(path, ".svg"));
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

int tl_plot_write(const char *path, const tl_plot_panel *panel, size_t npanels, tl_error *e)
{
    return tl_plot_write_columns(path, panel, npanels, 1, e);
}
