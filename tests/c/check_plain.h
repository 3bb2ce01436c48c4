/* A check that says where it failed, for programs that load the library while they run: they can't ask it for its last
 * error. The others use check.h. */
#ifndef CHECK_PLAIN_H
#define CHECK_PLAIN_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                          \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                       \
            exit(1);                                                                              \
        }                                                                                         \
    } while (0)

#endif
