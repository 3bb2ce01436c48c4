/* A build without TLS and views: it records and sends by HTTP, or by a transport of the host's; the rest is refused in words. */
#include "check.h"

static const char *const HTTPS = "https://example.invalid";

/* Answers at once. */
static void answer(void *user_data, const sr_request *request) {
    ++*(int *)user_data;
    CHECK(strncmp(request->url, HTTPS, strlen(HTTPS)) == 0);
    CHECK(sr_respond(request->id, 200, NULL, "{}", 2) == SR_OK);
}

static void check_views(void) {
    const sr_view_info view = {.size = sizeof view, .view = 1, .width = 10, .height = 10};
    const sr_node node = {.size = sizeof node, .kind = SR_NODE_TEXT, .width = 5, .height = 5};
    static const unsigned char pixels[4];
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = 1, .width = 1, .height = 1,
                            .pixels = pixels, .length = sizeof pixels};
    const char *const without = "has no views: build it with the cargo feature \"views\"";
    size_t accepted = 1;
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_nodes(1, &node, 1), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_record(1, EVENT, strlen(EVENT), &accepted), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK(accepted == 0);
    CHECK_FAILS(sr_view_pointer(1, SR_POINTER_CLICK, 1, 1, 0), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_key(1, "Enter", 0), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_close(1), SR_ERROR_INVALID_ARGUMENT, without);
    CHECK_FAILS(sr_view_next_frame_ms(1), 1000, without);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    const char *const server = arguments[1];

    /* Said at once, not with each request. */
    CHECK_FAILS(sr_init("key", options_with(HTTPS, "")), SR_ERROR_INVALID_ARGUMENT, "no TLS, and trackServerUrl begins with https");
    CHECK_FAILS(sr_init("key", NULL), SR_ERROR_INVALID_ARGUMENT, "sr_set_transport");
    CHECK(sr_start_count() == 0);

    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_is_capturing());
    CHECK(sr_record_custom("screen", "\"first\"") >= 0);
    check_views();
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);

    /* With a transport HTTPS is the host's matter. Once that is gone, what was recorded waits. */
    int asked = 0;
    CHECK(sr_set_transport(answer, &asked) == SR_OK);
    CHECK(sr_init("key", options_with(HTTPS, "")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_flush(within_ms(20000)) == SR_OK && asked == 1);
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK_FAILS(sr_flush(500), SR_ERROR_TIMEOUT, "1 event was not delivered");
    char *const stats = sr_stats();
    CHECK(stats != NULL && strstr(stats, "this build of session-replay has no TLS") != NULL);
    sr_string_free(stats);
    CHECK(sr_set_transport(answer, &asked) == SR_OK);
    CHECK(sr_flush(within_ms(20000)) == SR_OK && asked == 2);
    CHECK(sr_shutdown(within_ms(1000)) == SR_OK);
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    return 0;
}
