/* home.h - where the runtime is that generated code includes and links. */
#ifndef HOME_H
#define HOME_H

#include "graph/arena.h"

typedef struct Home {
    char *include; /* <tapeless/NAME.h> is found from here */
    char *library; /* libtapeless.a */
} Home;

/* $TAPELESS_HOME, else beside the installed program, else the build tree. */
Home find_home(Arena *);

#endif
