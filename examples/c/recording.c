#include "recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text after the quote that ends a JSON string whose opening quote is at `at`. */
static const char *after_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
    }
    return at < end ? at + 1 : end;
}

/* The value of a member of the outermost object, whose value must be a number: the events inside "data" have
 * members of the same names. */
static bool outer_number(const event *event, const char *name, double *number) {
    const char *const end = event->json + event->length;
    const size_t name_length = strlen(name);
    int depth = 0;
    for (const char *at = event->json; at < end;) {
        if (*at != '"') {
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
            at++;
            continue;
        }
        const char *const key = at + 1;
        at = after_string(at, end);
        const bool named = depth == 1 && (size_t)(at - key) == name_length + 1 &&
                           memcmp(key, name, name_length) == 0;
        const char *value = at + strspn(at, " \t");
        if (named && *value == ':') {
            char *rest;
            *number = strtod(value + 1, &rest);
            return rest != value + 1;
        }
    }
    return false;
}

/* The whole of a file, which may be a pipe, as text that ends in NUL; NULL, and errno says why, if it can't be read. */
static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    size_t room = 1 << 16, used = 0;
    char *text = malloc(room);
    while (text != NULL) {
        used += fread(text + used, 1, room - used - 1, file);
        if (used < room - 1) {
            break; /* the end, or a failure */
        }
        room *= 2;
        char *larger = realloc(text, room);
        if (larger == NULL) {
            free(text);
        }
        text = larger;
    }
    if (text != NULL && (ferror(file) || memchr(text, '\0', used) != NULL)) {
        errno = ferror(file) ? errno : EILSEQ;
        free(text);
        text = NULL;
    }
    if (text != NULL) {
        text[used] = '\0';
    }
    const int why = errno;
    fclose(file);
    errno = why;
    return text;
}

static bool add_event(recording *recording, const char *json, size_t length) {
    event *event = &recording->events[recording->count];
    event->json = json;
    event->length = length;
    double type;
    if (!outer_number(event, "type", &type) || !outer_number(event, "timestamp", &event->timestamp)) {
        return false;
    }
    event->type = (int)type;
    recording->count++;
    return true;
}

bool read_recording(const char *path, recording *recording) {
    memset(recording, 0, sizeof *recording);
    recording->text = read_file(path);
    if (recording->text == NULL) {
        perror(path);
        return false;
    }
    size_t lines = 1;
    for (const char *at = recording->text; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    recording->events = calloc(lines, sizeof *recording->events);
    bool understood = recording->events != NULL;
    for (const char *line = recording->text; understood && *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        const bool blank = strspn(line, " \t\r") >= length;
        if (!blank && !add_event(recording, line, length)) {
            fprintf(stderr, "%s: event %zu is no rrweb event\n", path, recording->count + 1);
            understood = false;
        }
        line += length + (line[length] == '\n');
    }
    if (understood && recording->count == 0) {
        fprintf(stderr, "%s: no events\n", path);
        understood = false;
    }
    if (!understood) {
        free_recording(recording);
    }
    return understood;
}

const event *last_of_type(const recording *recording, int type, size_t end) {
    for (size_t i = end; i > 0; i--) {
        if (recording->events[i - 1].type == type) {
            return &recording->events[i - 1];
        }
    }
    return NULL;
}

void free_recording(recording *recording) {
    free(recording->events);
    free(recording->text);
    recording->events = NULL;
    recording->text = NULL;
    recording->count = 0;
}
