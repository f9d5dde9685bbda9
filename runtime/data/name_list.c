#include "name_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* The slot that has the name, or the free one where it would go. There are free ones. */
static size_t find_slot(const tl_name_list *l, const char *name, size_t size)
{
    size_t at = XXH3_64bits(name, size) & (l->slots - 1);
    for (; l->slot[at]; at = (at + 1) & (l->slots - 1)) {
        const char *s = l->item[l->slot[at] - 1];
        if (strncmp(s, name, size) == 0 && !s[size])
            break;
    }
    return at;
}

/* Twice the slots, everything put in again. 0 if memory is short. */
static int grow_slots(tl_name_list *l)
{
    size_t *old = l->slot, slots = l->slots ? 2 * l->slots : 64;
    size_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return 0;
    l->slot = slot;
    l->slots = slots;
    for (size_t i = 0; i < l->count; i++)
        if (l->item[i][0])
            l->slot[find_slot(l, l->item[i], strlen(l->item[i]))] = i + 1;
    free(old);
    return 1;
}

/* Room for one more. 0 if memory is short. */
static int make_room(tl_name_list *l)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        char **more = reallocarray(l->item, room, sizeof *more);
        if (!more)
            return 0;
        l->item = more;
        l->room = room;
    }
    return 2 * (l->count + 1) <= l->slots || grow_slots(l);
}

int tl_name_list_add(tl_name_list *l, const char *name, size_t size, size_t *index)
{
    *index = tl_name_list_find(l, name, size);
    if (*index != SIZE_MAX)
        return 0;
    char *copy = make_room(l) ? strndup(name, size) : NULL;
    if (!copy)
        return -1;
    *index = l->count;
    if (size)
        l->slot[find_slot(l, name, size)] = l->count + 1;
    l->item[l->count++] = copy;
    return 1;
}

size_t tl_name_list_find(const tl_name_list *l, const char *name, size_t size)
{
    if (!l->slots || !size)
        return SIZE_MAX;
    size_t at = l->slot[find_slot(l, name, size)];
    return at ? at - 1 : SIZE_MAX;
}

void tl_name_list_free(tl_name_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->item[i]);
    free(l->item);
    free(l->slot);
    *l = (tl_name_list){ 0 };
}
