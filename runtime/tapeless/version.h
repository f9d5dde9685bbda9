/* version.h - which tapeless this is: the one place that says so. CMakeLists.txt reads it from here.
 *
 * Programs are built with one release of the headers and linked to the runtime of the same; what models were compiled
 * for is TL_ABI of tapeless.h, which generated code checks (docs/install.md). */
#ifndef TAPELESS_VERSION_H
#define TAPELESS_VERSION_H

#define TL_VERSION_MAJOR 0
#define TL_VERSION_MINOR 1
#define TL_VERSION_PATCH 0

#define TL_QUOTED_(x) #x
#define TL_QUOTED(x) TL_QUOTED_(x)
#define TL_VERSION TL_QUOTED(TL_VERSION_MAJOR) "." TL_QUOTED(TL_VERSION_MINOR) "." TL_QUOTED(TL_VERSION_PATCH)

#endif
