#include "standard_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

static int unmade;

void tl_output_unmade(void) { unmade = 1; }

void tl_output_begin(void)
{
    /* The lowest number that is free is taken, so an earlier stream comes first. Standard output gets
     * what cannot be written to. */
    static const int flags[] = { O_RDONLY, O_RDONLY, O_WRONLY };
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", flags[fd]) < 0)
            return;
}

int tl_output_end(const char *who, int status)
{
    int before = ferror(stdout), lost = fflush(stdout) || before;
    if (!lost && !unmade)
        return status;
    if (!lost) {
        fprintf(stderr, "%s: there was not enough memory for all that was to be printed\n", who);
        return status ? status : TL_EXIT_WRONG;
    }
    /* Of an earlier failure the reason is gone: errno is of something since. */
    fprintf(stderr, "%s: standard output: %s; what was printed is lost\n", who,
            before ? "it could not be written" : strerror(errno));
    return status ? status : TL_EXIT_WRONG;
}
