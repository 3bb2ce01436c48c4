/* A host that can't be called back takes each request, and makes it. */
#include "check.h"
#include "portable.h"

static char body[65536];

/* Takes the next request, which waits soon; its id. */
static uint64_t take(void) {
    for (int turn = 0; turn < 2000; turn++) {
        char *request = sr_take_request();
        if (request == NULL) {
            CHECK(strcmp(sr_last_error(), "") == 0);
            sleep_us(10000);
            continue;
        }
        uint64_t id = 0;
        size_t length = 0;
        const char *at = strstr(request, "\"id\":");
        CHECK(at != NULL && (id = strtoull(at + 5, NULL, 10)) != 0);
        at = strstr(request, "\"bodyLength\":");
        CHECK(at != NULL && (length = (size_t)strtoull(at + 13, NULL, 10)) > 0 && length <= sizeof body);
        CHECK(strstr(request, "\"kind\":\"events\"") && strstr(request, "\"method\":\"POST\""));
        CHECK(strstr(request, "\"url\":\"https://example.invalid/sessions/v2/track?device_id="));
        CHECK(strstr(request, "\"Authorization\":\"Bearer key\"") && strstr(request, "\"timeoutMs\":10000"));
        sr_string_free(request);
        CHECK(sr_take_request() == NULL);

        CHECK_FAILS(sr_request_body(id, body, length - 1), SR_ERROR_INVALID_ARGUMENT, "body has room for");
        CHECK_FAILS(sr_request_body(id, NULL, length), SR_ERROR_INVALID_ARGUMENT, "body has room for 0 bytes");
        CHECK_FAILS(sr_request_body(id + 1, body, length), SR_ERROR_TIMEOUT, "not in progress");
        body[length] = 'x';
        CHECK(sr_request_body(id, body, length + 1) == SR_OK && body[length] == 'x');
        /* gzip's own first bytes. */
        CHECK((unsigned char)body[0] == 0x1f && (unsigned char)body[1] == 0x8b);
        return id;
    }
    CHECK(!"a request waits");
    return 0;
}

int main(void) {
    CHECK(sr_take_request() == NULL);
    CHECK_FAILS(sr_init("key", "{\"hostRequests\": \"some\"}"), SR_ERROR_INVALID_ARGUMENT, "hostRequests");
    CHECK(sr_init("key", options_with("https://example.invalid", ", \"hostRequests\": \"events\", \"flushMaxRetries\": 5")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    const int64_t flush = sr_flush_begin();
    CHECK(sr_respond(take(), 0, NULL, "no network", 10) == SR_OK);
    CHECK(sr_respond(take(), 503, "{}", "busy", 4) == SR_OK);
    CHECK(sr_flush_poll(flush) == SR_ERROR_TIMEOUT);
    const uint64_t id = take();
    CHECK(sr_respond(id, 200, "{\"x-session-replay-event-skipped\": \"4005\"}", "{}", 2) == SR_OK);
    CHECK_FAILS(sr_respond(id, 200, NULL, NULL, 0), SR_ERROR_TIMEOUT, "not in progress");
    CHECK_FAILS(sr_request_body(id, body, sizeof body), SR_ERROR_TIMEOUT, "not in progress");
    CHECK(sr_flush(within_ms(20000)) == SR_OK);
    CHECK(stat_of("sessionEndedByServer") == 1);

    /* One that nobody takes keeps no shutdown waiting, and no request is left of it. */
    CHECK(sr_set_session_id(1732300000001) >= 0);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_shutdown(200) == SR_ERROR_TIMEOUT);
    CHECK(sr_take_request() == NULL);
    return 0;
}
