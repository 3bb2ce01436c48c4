/* The host makes the requests itself, and answers from a thread of its own. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

static uint64_t last_id;
static int asked;

static void *answer(void *argument) {
    const uint64_t id = *(uint64_t *)argument;
    free(argument);
    /* The first attempt finds no server; the second is refused for a while; the third arrives. */
    switch (asked) {
    case 1:
        CHECK(sr_respond(id, 0, NULL, "no network", 10) == SR_OK);
        break;
    case 2:
        CHECK(sr_respond(id, 503, "{}", "busy", 4) == SR_OK);
        break;
    default:
        CHECK(sr_respond(id, 200, "{\"x-session-replay-event-skipped\": \"4005\"}", "{}", 2) == SR_OK);
    }
    CHECK_FAILS(sr_respond(id, 200, NULL, NULL, 0), SR_ERROR_TIMEOUT, "not in progress");
    return NULL;
}

static void make(void *user_data, const sr_request *request) {
    CHECK(user_data == &last_id);
    CHECK(request->id != 0 && request->id != last_id);
    CHECK(strcmp(request->method, "POST") == 0);
    CHECK(strncmp(request->url, "https://example.invalid/sessions/v2/track?", 42) == 0);
    CHECK(strstr(request->headers_json, "\"Authorization\":\"Bearer key\"") != NULL);
    CHECK(request->body != NULL && request->body_length > 0);
    CHECK(request->timeout_ms == 10000);
    last_id = request->id;
    asked++;
    uint64_t *id = malloc(sizeof *id);
    CHECK(id != NULL);
    *id = request->id;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, answer, id) == 0);
    CHECK(pthread_detach(thread) == 0);
}

int main(void) {
    CHECK(sr_set_transport(make, &last_id) == SR_OK);
    CHECK(sr_init("key", options_with("https://example.invalid", ", \"flushMaxRetries\": 5")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_flush(within_ms(20000)) == SR_OK);
    CHECK(asked == 3);
    CHECK(stat_of("sessionEndedByServer") == 1);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NOT_CAPTURED);
    CHECK(sr_shutdown(within_ms(1000)) == SR_OK);
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    return 0;
}
