#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

unsigned take(Bytes *b, unsigned below) { return b->at < b->end ? *b->at++ % below : 0; }

char *take_line(Bytes *b)
{
    size_t left = (size_t)(b->end - b->at);
    const uint8_t *newline = left ? memchr(b->at, '\n', left) : NULL;
    size_t n = newline ? (size_t)(newline - b->at) : left;
    char *line = strndup((const char *)b->at, n);
    if (!line)
        abort();
    b->at = newline ? newline + 1 : b->end;
    return line;
}

static char directory[64], path[128];

static void remove_directory(void)
{
    unlink(path);
    rmdir(directory);
}

const char *file_of(const char *name, const void *bytes, size_t size)
{
    if (!directory[0]) {
        snprintf(directory, sizeof directory, "%s/fuzz-XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
        if (!mkdtemp(directory))
            abort();
        atexit(remove_directory);
    }
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    close(fd);
    return path;
}

uint8_t *safetensors_of(const uint8_t *data, size_t size, size_t *length)
{
    if (size && !data[0]) {
        uint8_t *raw = malloc(size);
        memcpy(raw, data + 1, size - 1);
        *length = size - 1;
        return raw;
    }
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    uint64_t header = nul ? (uint64_t)(nul - data) : size;
    size_t rest = nul ? size - (size_t)header - 1 : 0;
    uint8_t *made = malloc(sizeof header + (size_t)header + rest + 1);
    memcpy(made, &header, sizeof header);
    memcpy(made + sizeof header, data, (size_t)header);
    memcpy(made + sizeof header + header, data + size - rest, rest);
    *length = sizeof header + (size_t)header + rest;
    return made;
}
