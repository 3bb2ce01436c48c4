/* Times the other calls that a host makes while it works, next to a copy of the same text from the allocator:
 *
 *     calls EVENTS PACE_US OPTIONS_JSON
 *
 * Prints a line for each contender: `name samples p50 p99 p99.9 max mean` in nanoseconds. */
#include "clock.h"
#include "session_replay.h"

#include <string.h>

enum { COPY, SAME_SESSION, OTHER_SESSION, PROPERTIES, SEGMENT, CONTENDERS };
static const char *const NAMES[CONTENDERS] = {"strdup", "sr_set_session_id/same", "sr_set_session_id/other",
                                              "sr_get_session_replay_properties", "sr_segment_process"};

static const char track[] =
    "{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"5c0e9a0b-1f5a-4d0c-9f6b-0f4e5a7d1c11\","
    "\"anonymousId\":\"bench\",\"timestamp\":\"2026-01-01T00:00:00.000Z\",\"properties\":{\"order_id\":\"50314b8e\","
    "\"total\":27.5,\"currency\":\"USD\"},\"context\":{\"library\":{\"name\":\"analytics-c\",\"version\":\"1.0\"}}}";

static volatile char sink;

static void call(int contender, int64_t number) {
    char *text = NULL;
    switch (contender) {
    case COPY:
        text = malloc(sizeof track);
        memcpy(text, track, sizeof track);
        sink = text[number % (int64_t)sizeof track];
        free(text);
        return;
    case SAME_SESSION:
        (void)sr_set_session_id(sr_get_session_id());
        return;
    case OTHER_SESSION:
        (void)sr_set_session_id(1732300000001 + number);
        return;
    case PROPERTIES:
        text = sr_get_session_replay_properties();
        break;
    default:
        text = sr_segment_process(track);
        break;
    }
    sr_string_free(text);
}

int main(int count, char **arguments) {
    if (count != 4) {
        return 2;
    }
    const size_t events = strtoul(arguments[1], NULL, 10);
    const double pace_ns = atof(arguments[2]) * 1000, per_ns = ticks_per_ns();
    if (events < 1 || sr_init("bench-key", arguments[3]) != SR_OK) {
        fprintf(stderr, "sr_init: %s\n", sr_last_error());
        return 1;
    }
    uint32_t *samples[CONTENDERS];
    for (int contender = 0; contender < CONTENDERS; contender++) {
        samples[contender] = calloc(events, sizeof **samples);
    }
    static const char snapshot[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}";
    for (size_t i = 0; i < events; i++) {
        for (int contender = 0; contender < CONTENDERS; contender++) {
            /* So that the session that ends has something. */
            sr_record(snapshot, sizeof snapshot - 1);
            const uint64_t before = ticks();
            call(contender, (int64_t)i);
            samples[contender][i] = (uint32_t)(ticks() - before);
        }
        spin_ns(pace_ns);
    }
    for (int contender = 0; contender < CONTENDERS; contender++) {
        print_samples(NAMES[contender], samples[contender], events, per_ns);
    }
    (void)sr_shutdown(0);
    return 0;
}
