/* What the test programs share: a check that says where it failed, and options that record everything. */
#ifndef CHECK_H
#define CHECK_H

#include <session_replay.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                          \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition,       \
                    sr_last_error());                                                             \
            exit(1);                                                                              \
        }                                                                                         \
    } while (0)

/* The call fails with this status, and the thread's last error names what is wrong. */
#define CHECK_FAILS(call, status, text)                                                           \
    do {                                                                                          \
        CHECK((call) == (status));                                                                \
        CHECK(strstr(sr_last_error(), (text)) != NULL);                                           \
    } while (0)

#define EVENT "{\"type\": 3, \"timestamp\": 1732300000000, \"data\": {\"source\": 0}}"

#define CLICK                                                                                     \
    "{\"type\": \"click\", \"x\": 1, \"y\": 2, \"viewportWidth\": 800, \"viewportHeight\": 600,"           \
    " \"pageUrl\": \"app://x\", \"timestamp\": 1732300000000}"

/* Options that capture everything and deliver to `server`, with more of them behind: `, "key": value`. */
static inline const char *options_with(const char *server, const char *more) {
    static char options[4096];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": 1732300000000, \"sampleRate\": 1,"
             " \"enableRemoteConfig\": false, \"trackServerUrl\": \"%s/sessions/v2/track\"%s}",
             server, more);
    return options;
}

/* The number behind the first `"name":` of sr_stats() that stands behind `"group":`, if one is given; -1 when there is none. */
static inline long stat_in(const char *group, const char *name) {
    char *stats = sr_stats();
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":", group == NULL ? name : group);
    const char *found = stats == NULL ? NULL : strstr(stats, pattern);
    snprintf(pattern, sizeof pattern, "\"%s\":", name);
    found = found == NULL ? NULL : strstr(found, pattern);
    const long number = found == NULL ? -1 : strtol(found + strlen(pattern), NULL, 10);
    sr_string_free(stats);
    return number;
}

/* The same in no group. */
static inline long stat_of(const char *name) {
    return stat_in(NULL, name);
}

/* How long a wait that ends well may take where it usually takes less than `ms`: under an emulator SR_SLOWNESS times as long. */
static inline uint32_t within_ms(uint32_t ms) {
    const char *times = getenv("SR_SLOWNESS");
    return times == NULL || *times == '\0' ? ms : ms * (uint32_t)strtoul(times, NULL, 10);
}

/* Waits until everything has arrived, for as long as something more does: how much there is depends on how fast the threads were
 * that recorded it, and how fast it goes on whatever else the machine does. */
static inline void deliver_all(void) {
    for (long before = -1, now; sr_flush(within_ms(10000)) == SR_ERROR_TIMEOUT; before = now) {
        now = stat_of("delivered");
        if (now == before) {
            fprintf(stderr, "nothing more is delivered after %ld events: %s\n", now, sr_last_error());
            exit(1);
        }
    }
    CHECK(sr_flush(0) == SR_OK);
}

#endif
