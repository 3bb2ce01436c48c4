/* A host whose session is left out by the sample and held: it records numbered events until it is killed, or ends well, and says
 * of each that it was accepted, once it was:
 *
 *     held URL STORAGE_DIR SESSION WINDOW_MS PAUSE_US LIFE_MS END CAPTURE_MS
 *
 * Each line on standard output is `number kind before after`: the event's number and rrweb type, and the time before and after the call,
 * in milliseconds since 1970. A full snapshot is given whenever it is asked for. After LIFE_MS it ends as END says: "kill", "exit"
 * (without a shutdown) or "shutdown". After CAPTURE_MS, unless that is 0, it calls sr_capture_now, and writes `captured`. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

static int number;

/* Records one event, whose data begins with its number. */
static sr_status record(int kind, const char *data) {
    char event[600], line[120];
    const int64_t before = wall_ms();
    const int length = snprintf(event, sizeof event, "{\"type\":%d,\"data\":{\"number\":%d,%s},\"timestamp\":%lld}", kind,
                                number, data, (long long)before);
    CHECK(length > 0 && (size_t)length < sizeof event);
    const sr_status status = sr_record(event, (size_t)length);
    CHECK(status >= 0);
    const int line_length = snprintf(line, sizeof line, "%d %d %lld %lld\n", number, kind, (long long)before, (long long)wall_ms());
    CHECK(write_line(line, line_length));
    number++;
    return status;
}

int main(int count, char **arguments) {
    CHECK(count == 9);
    quiet_end();
    char options[2048];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device\", \"sessionId\": %s, \"sampleRate\": 0, \"onErrorSampleRate\": 1, \"onErrorWindowMs\": %s,"
             " \"enableRemoteConfig\": false, \"trackServerUrl\": \"%s/sessions/v2/track\", \"storageDir\": \"%s\","
             " \"flushIntervalConfig\": {\"minIntervalMs\": 10, \"maxIntervalMs\": 20}}",
             arguments[3], arguments[4], arguments[1], arguments[2]);
    CHECK(sr_init("held-test-key", options) == SR_OK);
    const int64_t begin = wall_ms();
    const long pause_us = atol(arguments[5]), life_ms = atol(arguments[6]), capture_ms = atol(arguments[8]);
    bool has_captured = capture_ms == 0;
    while (wall_ms() - begin < life_ms) {
        if (record(3, "\"source\":3,\"id\":1,\"x\":0,\"y\":0") == SR_NEEDS_FULL_SNAPSHOT) {
            record(4, "\"href\":\"app://x\",\"width\":10,\"height\":10");
            record(2, "\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},"
                      "\"childNodes\":[]}]},\"initialOffset\":{\"left\":0,\"top\":0}");
        }
        if (!has_captured && wall_ms() - begin >= capture_ms) {
            has_captured = true;
            CHECK(sr_capture_now("test") >= 0);
            CHECK(write_line("captured\n", 9));
        }
        if (pause_us > 0) {
            sleep_us(pause_us);
        }
    }
    if (strcmp(arguments[7], "kill") == 0) {
        kill_itself();
    }
    if (strcmp(arguments[7], "shutdown") == 0) {
        (void)sr_shutdown(within_ms(10000));
        CHECK(write_line("ended\n", 6));
    }
    return 0;
}
