/* A recording: rrweb events, one a line, as rrweb's record() emits them. */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdbool.h>
#include <stddef.h>

/* The types of rrweb events that this program looks for. */
enum { RRWEB_FULL_SNAPSHOT = 2, RRWEB_META = 4 };

typedef struct {
    const char *json;
    size_t length;
    int type;
    double timestamp;
} event;

typedef struct {
    char *text;
    event *events;
    size_t count;
} recording;

/* Reads a file; false, with a line on standard error, when it can't be read or holds anything but events. */
bool read_recording(const char *path, recording *recording);

/* The last event of a type among the first `end`, or NULL. */
const event *last_of_type(const recording *recording, int type, size_t end);

void free_recording(recording *recording);

#endif
