/* Records numbered events and keeps an account of them that outlives it, for tests/torture:
 *
 *     torture URL STORAGE_DIR ACCOUNT RUN THREADS PAUSE_US ROLL_US PADDING MORE_OPTIONS
 *
 * ACCOUNT is a file of zeros. It has 8 bytes for each event of each thread: 1 before the event is offered, then the status of
 * its sr_record plus 10; and between which two sessions of this run it was recorded. It is mapped, so whoever kills
 * this process finds in it what was accepted until then.
 *
 * A session lasts ROLL_US; an event carries up to PADDING bytes. On standard input: `p` stops recording, `s` asks for sr_stats(),
 * `q MS` shuts down within that time. Each is answered by a line. */
#define _GNU_SOURCE

#include "check.h"
#include "portable.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>

#define MAX_THREADS 4
#define MAX_EVENTS 8192
#define MAX_PADDING 4000

struct entry {
    _Atomic uint8_t status;
    uint8_t unused[3];
    uint16_t from, to;
};

static int run, pause_us, roll_us, max_padding;
static struct entry *account;
static atomic_bool over;
/* The last session that is surely current, and the last that may be. */
static atomic_int current, announced;
/* Threads that still record: where none does, no session begins. */
static atomic_int recording;

/* As tests/torture/account.rs. */
static uint32_t next(uint32_t *state) {
    return *state = *state * 1664525 + 1013904223;
}

static int event_text(char *event, size_t room, int thread, int number) {
    char padding[MAX_PADDING + 1];
    uint32_t state = (uint32_t)run * 1000003 + (uint32_t)thread * 7919 + (uint32_t)number;
    const int bytes = (int)(next(&state) >> 8) % (max_padding + 1);
    for (int i = 0; i < bytes; i++) {
        padding[i] = (char)('a' + (next(&state) >> 16) % 26);
    }
    padding[bytes] = 0;
    return snprintf(event, room,
                    "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"run\":%d,\"thread\":%d,\"number\":%d,\"padding\":\"%s\"}}",
                    run, thread, number, padding);
}

static void *record(void *argument) {
    const int thread = (int)(intptr_t)argument;
    for (int number = 0; number < MAX_EVENTS && !atomic_load(&over); number++) {
        char event[MAX_PADDING + 200];
        struct entry *entry = &account[thread * MAX_EVENTS + number];
        const int length = event_text(event, sizeof event, thread, number);
        entry->from = (uint16_t)atomic_load(&current);
        atomic_store(&entry->status, 1);
        const sr_status status = sr_record(event, (size_t)length);
        entry->to = (uint16_t)atomic_load(&announced);
        atomic_store(&entry->status, (uint8_t)(10 + (int)status));
        if (pause_us > 0) {
            sleep_us(pause_us);
        }
    }
    atomic_fetch_sub(&recording, 1);
    return NULL;
}

/* With its full snapshot a session says of each event whether it is stored; before, it asks for that first. */
static void show(void) {
    static const char snapshot[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
                                   "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[]}]},\"initialOffset\":{\"left\":0,\"top\":0}}}";
    (void)sr_record(snapshot, strlen(snapshot));
}

static void *roll_over(void *unused) {
    (void)unused;
    for (int session = 1; session < 60000; session++) {
        for (long left = roll_us; left > 0 && !atomic_load(&over); left -= 1000) {
            sleep_us(left < 1000 ? left : 1000);
        }
        if (atomic_load(&over) || atomic_load(&recording) == 0) {
            break;
        }
        atomic_store(&announced, session);
        CHECK(sr_set_session_id((int64_t)run * 1000000 + session + 1) >= 0);
        show();
        atomic_store(&current, session);
    }
    return NULL;
}

int main(int count, char **arguments) {
    CHECK(count == 10);
    quiet_end();
    run = atoi(arguments[4]);
    const int threads = atoi(arguments[5]);
    pause_us = atoi(arguments[6]);
    roll_us = atoi(arguments[7]);
    max_padding = atoi(arguments[8]);
    CHECK(threads >= 0 && threads <= MAX_THREADS && max_padding >= 0 && max_padding <= MAX_PADDING);
    const int file = open(arguments[3], O_RDWR | O_CLOEXEC);
    account = mmap(NULL, MAX_THREADS * MAX_EVENTS * sizeof *account, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(account != MAP_FAILED);
    close(file);
    char options[2048];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device\", \"sessionId\": %lld, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\", \"storageDir\": \"%s\","
             " \"flushIntervalConfig\": {\"minIntervalMs\": 10, \"maxIntervalMs\": 20}%s}",
             (long long)run * 1000000 + 1, arguments[1], arguments[2], arguments[9]);
    CHECK(sr_init("torture-test-key", options) >= 0);

    pthread_t recorders[MAX_THREADS], roller;
    if (threads > 0) {
        show();
    }
    atomic_store(&recording, threads);
    for (intptr_t i = 0; i < threads; i++) {
        CHECK(pthread_create(&recorders[i], NULL, record, (void *)i) == 0);
    }
    CHECK(pthread_create(&roller, NULL, roll_over, NULL) == 0);
    bool is_joined = false;
    char line[64];
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (line[0] == 's') {
            char *stats = sr_stats();
            puts(stats);
            sr_string_free(stats);
        } else {
            atomic_store(&over, true);
            for (int i = 0; i < threads && !is_joined; i++) {
                CHECK(pthread_join(recorders[i], NULL) == 0);
            }
            CHECK(is_joined || pthread_join(roller, NULL) == 0);
            is_joined = true;
            if (line[0] == 'q') {
                (void)sr_shutdown((uint32_t)atol(line + 1));
            }
            puts("done");
        }
        fflush(stdout);
        if (line[0] == 'q') {
            return 0;
        }
    }
    return 0;
}
