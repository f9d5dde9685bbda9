/* name_list.h - names in order, each found in constant time: a table's columns, its sequences. */
#ifndef TAPELESS_NAME_LIST_H
#define TAPELESS_NAME_LIST_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

/* Zero is an empty list. */
typedef struct tl_name_list {
    char **item;  /* [count] */
    size_t count, room;
    size_t *slot; /* [slots] of a hash table, open addressing: 0, or 1 + index of an item */
    size_t slots; /* a power of two, at least twice `count`, or 0 */
} tl_name_list;

/* Appends a name unless it is there; *index is where it stands. Returns 1 if it is new, 0 if it was
 * there, -1 if memory is short. The empty name is nobody's: it is always appended, and never found. */
int tl_name_list_add(tl_name_list *, const char *name, size_t size, size_t *index);

/* Where it stands, or SIZE_MAX. */
size_t tl_name_list_find(const tl_name_list *, const char *name, size_t size);

void tl_name_list_free(tl_name_list *);

TL_C_END

#endif
