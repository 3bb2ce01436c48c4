/* Instructions of sr_record without a filter and with one, counted by callgrind in record_many:
 *
 *   valgrind --tool=callgrind --toggle-collect=record_many ./filter none|keep|replace EVENTS
 *
 * Twice as many events minus half of them leaves what an event costs (docs/guide/performance.md). */
#include <session_replay.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char event[301];

static int32_t keep(void *user_data, const char *json, size_t length) {
    (void)user_data;
    (void)json;
    (void)length;
    return SR_FILTER_KEEP;
}

static int32_t replace(void *user_data, const char *json, size_t length) {
    (void)user_data;
    return sr_filter_replace(json, length) == SR_OK ? SR_FILTER_KEEP : SR_FILTER_DROP;
}

void record_many(long events);

__attribute__((noinline)) void record_many(long events) {
    for (long i = 0; i < events; i++) {
        if (sr_record(event, sizeof event - 1) < 0) {
            exit(1);
        }
    }
}

int main(int count, char **arguments) {
    if (count != 3) {
        return 2;
    }
    const char *options = "{\"deviceId\":\"d\",\"sessionId\":1,\"sampleRate\":1,\"enableRemoteConfig\":false,"
                          "\"trackServerUrl\":\"http://127.0.0.1:9/\",\"storageLimitBytes\":64000000}";
    if (sr_init("key", options) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    const char *snapshot = "{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"childNodes\":[],\"id\":1}}}";
    const char head[] = "{\"type\":3,\"timestamp\":1,\"data\":{\"source\":0,\"text\":\"";
    memset(event, 'x', sizeof event - 1);
    memcpy(event, head, sizeof head - 1);
    memcpy(event + sizeof event - 4, "\"}}", 3);
    if (sr_record(snapshot, strlen(snapshot)) < 0 || sr_record(event, sizeof event - 1) < 0) {
        return 1;
    }
    if (strcmp(arguments[1], "none") != 0) {
        (void)sr_set_filter(strcmp(arguments[1], "keep") == 0 ? keep : replace, NULL);
    }
    record_many(100);
    record_many(atol(arguments[2]));
    (void)sr_shutdown(0);
    return 0;
}
