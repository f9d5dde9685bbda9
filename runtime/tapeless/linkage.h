/* linkage.h - declarations that C++ may include too: they stand between these two words. */
#ifndef TAPELESS_LINKAGE_H
#define TAPELESS_LINKAGE_H

#ifdef __cplusplus
#define TL_C_BEGIN extern "C" {
#define TL_C_END }
#else
#define TL_C_BEGIN
#define TL_C_END
#endif

#endif
