/* Threads that record in every way there is, while another rolls over: what a thread recorded later is never found before
   what it recorded earlier, neither in a session nor in an earlier one. The program is its own server. */
#define _DEFAULT_SOURCE

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define THREADS 3
#define SECONDS 3
#define SNAPSHOT "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {\"node\": {\"type\": 0, \"childNodes\": [{\"type\": 2, \"tagName\": \"html\", \"childNodes\": []}], \"id\": 1}}}"

static atomic_bool over;
static long last[THREADS];
static atomic_long recorded, arrived;

/* Finds "@thread number@" in the events. */
static void serve(void *unused, const sr_request *request) {
    (void)unused;
    const char *at = request->body;
    const char *const end = at + request->body_length;
    while ((at = memchr(at, '@', (size_t)(end - at))) != NULL) {
        char *next = NULL;
        const long thread = strtol(at + 1, &next, 10);
        const long number = strtol(next, &next, 10);
        CHECK(thread >= 0 && thread < THREADS && *next == '@');
        if (number <= last[thread]) {
            fprintf(stderr, "thread %ld: %ld after %ld, in %s\n", thread, number, last[thread], request->url);
            exit(1);
        }
        last[thread] = number;
        atomic_fetch_add(&arrived, 1);
        at = next + 1;
    }
    CHECK(sr_respond(request->id, 200, NULL, NULL, 0) == SR_OK);
}

static void *record(void *thread) {
    char event[256];
    for (long number = 1; !atomic_load(&over); number++) {
        const int length = snprintf(event, sizeof event,
                                    "{\"type\": 5, \"timestamp\": 1732300000000, \"data\": {\"tag\": \"@%ld %ld@\"}}",
                                    (long)(size_t)thread, number);
        const sr_status status = number % 2 == 0 ? sr_record(event, (size_t)length)
                                                 : sr_record_lines(event, (size_t)length, NULL);
        CHECK(status == SR_OK || status == SR_NEEDS_FULL_SNAPSHOT);
        atomic_fetch_add(&recorded, 1);
        if (number % 50000 == 0) {
            CHECK(sr_flush(within_ms(20000)) == SR_OK);
        }
    }
    return NULL;
}

int main(void) {
    CHECK(sr_set_transport(serve, NULL) == SR_OK);
    CHECK(sr_init("key", options_with("http://127.0.0.1:9", ", \"enableTransportCompression\": false, \"storageLimitBytes\": 1000000000")) == SR_OK);
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, record, (void *)i) == 0);
    }
    const time_t end = time(NULL) + SECONDS;
    for (int64_t session = 1732300000001; time(NULL) < end; session++) {
        CHECK(sr_set_session_id(session) >= 0);
        CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
        sleep_us(200);
    }
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(sr_shutdown(within_ms(60000)) == SR_OK);
    CHECK(atomic_load(&arrived) == atomic_load(&recorded));
    return 0;
}
