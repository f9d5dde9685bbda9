/* parquet.h - Parquet files, which are not read: who has one is told how it becomes a table. */
#ifndef TAPELESS_PARQUET_H
#define TAPELESS_PARQUET_H

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Fails where the file is one. */
int tl_parquet_refuse(const char *path, tl_error *e);

TL_C_END

#endif
