/* A full snapshot that the server refuses is asked for again, also of a thread whose events take the fast path. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#define SNAPSHOT                                                                                                       \
    "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {\"node\": {\"type\": 0, \"childNodes\": [{\"type\": 2, \"tagName\": \"html\", \"childNodes\": []}], \"id\": 1}}}"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t open_request;
static int asked;

static void make(void *user_data, const sr_request *request) {
    (void)user_data;
    pthread_mutex_lock(&lock);
    open_request = request->id;
    asked++;
    pthread_mutex_unlock(&lock);
}

static void rest(void) {
    sleep_us(1000);
}

/* Answers the next request. */
static void answer(unsigned status, const char *headers) {
    uint64_t id = 0;
    for (int i = 0; i < 20000 && id == 0; i++) {
        pthread_mutex_lock(&lock);
        id = open_request;
        open_request = 0;
        pthread_mutex_unlock(&lock);
        rest();
    }
    CHECK(sr_respond(id, status, headers, "not this", 8) == SR_OK);
}

int main(void) {
    CHECK(sr_set_transport(make, NULL) == SR_OK);
    const char *more = ", \"flushIntervalConfig\": {\"minIntervalMs\": 600000, \"maxIntervalMs\": 600000}";
    CHECK(sr_init("key", options_with("https://example.invalid", more)) == SR_OK);
    CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    CHECK(sr_flush(0) == SR_OK);
    /* Nothing is known of the snapshot yet, and this thread takes the fast path. */
    for (int i = 0; i < 10; i++) {
        CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
    }
    answer(400, NULL);
    sr_status status = SR_OK;
    /* Not so many that they fill the chunk: the next would be told of anyway. */
    for (int i = 0; i < 3000 && status == SR_OK; i++) {
        sleep_us(20000);
        status = sr_record(EVENT, strlen(EVENT));
    }
    CHECK(status == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(stat_of("rejectedByServer") == 1);
    CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);

    /* A refusal that is cut is none: what it was about is sent again, and arrives. */
    CHECK(sr_flush(0) == SR_OK);
    answer(404, "{\"Content-Length\": \"60\"}");
    answer(200, NULL);
    CHECK(sr_flush(within_ms(20000)) == SR_OK);
    CHECK(asked == 3);
    CHECK(stat_of("rejectedByServer") == 1);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    return 0;
}
