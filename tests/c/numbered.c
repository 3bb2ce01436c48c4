/* Records numbered events until it is killed, and says of each that it was accepted, once it was:
 *
 *     numbered URL STORAGE_DIR DEVICE RUN THREADS PAUSE_US LIFE_MS ROLL_US RETRIES PADDING
 *
 * A session lasts ROLL_US, a batch is tried RETRIES times, an event carries PADDING bytes. No answer is too late for it, so that
 * nothing but its end cuts one off. After LIFE_MS it shuts down by itself. Each line on standard output is `thread number from to`: the event was accepted
 * under a session that was begun not before the from-th and not after the to-th of this run. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define MAX_THREADS 16
#define MAX_PADDING 4000

static int run, pause_us, roll_us;
static char padding[MAX_PADDING + 1];
static atomic_bool over;
/* The last session that is surely current, and the last that may be. */
static atomic_int current, announced;

static void *record(void *argument) {
    const int thread = (int)(intptr_t)argument;
    for (int number = 0; !atomic_load(&over); number++) {
        char event[MAX_PADDING + 200], line[80];
        const int from = atomic_load(&current);
        const int length = snprintf(event, sizeof event,
                                    "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"run\":%d,\"thread\":%d,\"number\":%d,\"padding\":\"%s\"}}",
                                    run, thread, number, padding);
        const sr_status status = sr_record(event, (size_t)length);
        if (status < 0) {
            continue; /* refused: that is no promise */
        }
        const int to = atomic_load(&announced);
        const int line_length = snprintf(line, sizeof line, "%d %d %d %d\n", thread, number, from, to);
        CHECK(write_line(line, line_length));
        if (pause_us > 0) {
            sleep_us(pause_us);
        }
    }
    return NULL;
}

static void *roll_over(void *unused) {
    (void)unused;
    for (int session = 1; !atomic_load(&over); session++) {
        sleep_us(roll_us);
        atomic_store(&announced, session);
        CHECK(sr_set_session_id((int64_t)run * 1000000 + session + 1) >= 0);
        atomic_store(&current, session);
    }
    return NULL;
}

int main(int count, char **arguments) {
    CHECK(count == 11);
    quiet_end();
    run = atoi(arguments[4]);
    const int threads = atoi(arguments[5]);
    pause_us = atoi(arguments[6]);
    CHECK(threads >= 0 && threads < MAX_THREADS);
    roll_us = atoi(arguments[8]);
    const int bytes = atoi(arguments[10]);
    CHECK(bytes >= 0 && bytes <= MAX_PADDING);
    memset(padding, 'x', (size_t)bytes);
    char options[2048];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"%s\", \"sessionId\": %lld, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\", \"storageDir\": \"%s\", \"flushMaxRetries\": %s, \"sendTimeoutMs\": 120000,"
             " \"storageLimitBytes\": 1000000000, \"flushIntervalConfig\": {\"minIntervalMs\": 10, \"maxIntervalMs\": 20}}",
             arguments[3], (long long)run * 1000000 + 1, arguments[1], arguments[2], arguments[9]);
    CHECK(sr_init("crash-test-key", options) == SR_OK);

    pthread_t recorders[MAX_THREADS], roller;
    for (intptr_t i = 0; i < threads; i++) {
        CHECK(pthread_create(&recorders[i], NULL, record, (void *)i) == 0);
    }
    CHECK(pthread_create(&roller, NULL, roll_over, NULL) == 0);
    sleep_us(atol(arguments[7]) * 1000);
    atomic_store(&over, true);
    for (int i = 0; i < threads; i++) {
        CHECK(pthread_join(recorders[i], NULL) == 0);
    }
    CHECK(pthread_join(roller, NULL) == 0);
    (void)sr_shutdown(within_ms(10000));
    return 0;
}
