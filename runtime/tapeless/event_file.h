/* event_file.h - scalars of a training for TensorBoard: DIR/events.out.tfevents.NAME.
 *
 * A file of records, as TensorFlow's record_writer frames them, all numbers little-endian:
 *     uint64 length, uint32 masked CRC-32C of the length, data, uint32 masked CRC-32C of the data
 * Each holds a protocol buffer Event (tensorflow/core/util/event.proto): the first file_version "brain.Event:2", the others
 * wall_time, step and a Summary of values with tag and simple_value. */
#ifndef TAPELESS_EVENT_FILE_H
#define TAPELESS_EVENT_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_event_scalar {
    const char *tag; /* "loss/train"; 60 bytes at most */
    double value;
} tl_event_scalar;

enum { TL_EVENT_SCALARS = 8 }; /* of an event, at most */

typedef struct tl_event_file {
    FILE *f;          /* NULL: there is none */
    const char *path;
    int error;        /* errno of the first time that it could not be written; nothing follows */
} tl_event_file;

/* CRC-32C (Castagnoli; RFC 3720) of n bytes. */
uint32_t tl_crc32c(const void *bytes, size_t n);

/* Makes the directory, and those above it, where they are missing. */
int tl_event_directory(const char *path, tl_error *e);

/* A file that exists is added to if `resume`, without what it has of steps later than `step` or was not written to its end;
 * replaced if `overwrite`; else refused. What is no file of events is refused. `path` is to stay. */
int tl_event_file_open(tl_event_file *, const char *path, int resume, uint64_t step, int overwrite, double wall_time, tl_error *e);

/* One event. */
void tl_event_file_add(tl_event_file *, double wall_time, uint64_t step, const tl_event_scalar *, size_t n);

/* What was added is on the disk. */
void tl_event_file_sync(tl_event_file *);

/* Fails if it could not be written. */
int tl_event_file_close(tl_event_file *, tl_error *e);

TL_C_END

#endif
