/* A hostile host: every call with everything that must not be passed to it. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdint.h>

static const char *server;

#define TRACK "{\"type\": \"track\"}"

static void nothing_is_initialized(void) {
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_record_lines(EVENT, strlen(EVENT), NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    size_t end = 99;
    CHECK_FAILS(sr_record_lines_until(EVENT, strlen(EVENT), NULL, &end), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK(end == 0);
    CHECK_FAILS(sr_set_session_id(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_set_session_id_string("s"), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_set_device_id("d"), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_set_opt_out(true), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_pause(), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_resume(), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_delete_stored(), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_capture_now("r"), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_flush(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_shutdown(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_flush_begin(), -1, "sr_init");
    CHECK_FAILS(sr_shutdown_begin(), -1, "sr_init");
    CHECK_FAILS(sr_flush_poll(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK(sr_get_session_id() == -1);
    CHECK(sr_get_session_replay_id() == NULL);
    CHECK(sr_get_session_replay_properties() == NULL);
    CHECK_FAILS(sr_get_session_replay_url(), NULL, "sr_init");
    CHECK(!sr_wants_full_snapshot(0) && !sr_wants_full_snapshot(7));
    CHECK(sr_set_filter(NULL, NULL) == SR_OK);
    CHECK(sr_set_snapshot_callback(NULL, NULL) == SR_OK);
    CHECK_FAILS(sr_filter_replace(NULL, 0), SR_ERROR_INVALID_ARGUMENT, "filter");
    CHECK_FAILS(sr_filter_replace(EVENT, strlen(EVENT)), SR_ERROR_INVALID_ARGUMENT, "outside");
    CHECK(sr_get_privacy_config() == NULL);
    CHECK(sr_get_page_config() == NULL);
    CHECK(sr_stats() == NULL);
    CHECK_FAILS(sr_segment_process(TRACK), NULL, "sr_init");
    CHECK_FAILS(sr_set_segment_session_getter(NULL, NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_set_segment_device_getter(NULL, NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_segment_process_for(TRACK, 1, "d"), NULL, "sr_init");
    const sr_view_info view = {.size = sizeof view, .view = 1};
    CHECK(!sr_is_capturing());
    CHECK(sr_mask_level() == SR_MASK_LEVEL_CONSERVATIVE);
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_place(NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_close(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_nodes(1, NULL, 0), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_frame(NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK(sr_view_next_frame_ms(1) == 1000);
    CHECK_FAILS(sr_view_record(1, EVENT, strlen(EVENT), &end), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_pointer(1, SR_POINTER_MOVE, 0, 0, 0), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_view_key(1, "Enter", 0), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_record_custom("tag", NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_record_interaction(CLICK), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_evaluate_targeting(NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_record_log(SR_LOG_INFO, NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_record_request(NULL), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK(strlen(sr_version()) > 0);
    sr_string_free(NULL);
    sr_string_free(sr_take_log());
    sr_set_log_callback(NULL, NULL);
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    CHECK_FAILS(sr_respond(1, 200, NULL, NULL, 0), SR_ERROR_TIMEOUT, "request 1");
    CHECK(sr_take_request() == NULL);
    CHECK_FAILS(sr_request_body(1, NULL, 0), SR_ERROR_TIMEOUT, "request 1");
}

static void bad_keys_and_options(void) {
    static const struct {
        const char *options, *named;
    } refused[] = {
        {"", "JSON"},
        {"[]", "object"},
        {"{", "JSON"},
        {"{\"samplerate\": 1}", "did you mean \"sampleRate\""},
        {"{\"nonsense\": 1}", "nonsense"},
        {"{\"sampleRate\": 1.5}", "sampleRate"},
        {"{\"sampleRate\": \"1\"}", "sampleRate"},
        {"{\"deviceId\": \"a/b\"}", "'/'"},
        {"{\"deviceId\": \"\"}", "deviceId"},
        {"{\"sessionId\": -1}", "sessionId"},
        {"{\"sessionId\": \"a b\"}", "' '"},
        {"{\"serverZone\": \"MARS\"}", "serverZone"},
        {"{\"trackServerUrl\": \"ftp://x\"}", "trackServerUrl"},
        {"{\"flushIntervalConfig\": {\"minIntervalMs\": 1}}", "minIntervalMs"},
        {"{\"flushIntervalConfig\": {\"min\": 1}}", "min"},
        {"{\"library\": {\"type\": \"x\"}}", "type"},
        {"{\"storageDir\": \"\"}", "storageDir"},
        {"{\"logLevel\": \"loud\"}", "logLevel"},
        {"{\"sendTimeoutMs\": 1e99}", "sendTimeoutMs"},
        {"{\"optOut\": 1}", "optOut"},
        {"{\"segment\": \"actions\"}", "segment"},
        {"{\"segment\": {\"mode\": \"classic\"}}", "classic-cloud"},
        {"\xff\xfe", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        CHECK_FAILS(sr_init("key", refused[i].options), SR_ERROR_INVALID_ARGUMENT, refused[i].named);
    }
    CHECK_FAILS(sr_init(NULL, NULL), SR_ERROR_INVALID_ARGUMENT, "api_key is NULL");
    CHECK_FAILS(sr_init("", NULL), SR_ERROR_INVALID_ARGUMENT, "API key is empty");
    CHECK_FAILS(sr_init("k\xc3", NULL), SR_ERROR_INVALID_ARGUMENT, "UTF-8");
    CHECK(sr_stats() == NULL);
    CHECK(sr_mark_crash(11) == SR_ERROR_NOT_INITIALIZED);
}

static void defaults_capture_nothing(void) {
    CHECK(sr_init("key", "{\"enableRemoteConfig\": false}") == SR_OK);
    CHECK(strcmp(sr_last_error(), "") == 0);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NOT_CAPTURED);
    char *privacy = sr_get_privacy_config();
    CHECK(privacy != NULL && strstr(privacy, "\"defaultMaskLevel\":\"medium\"") != NULL);
    sr_string_free(privacy);
    char *properties = sr_get_session_replay_properties();
    CHECK(properties != NULL && strcmp(properties, "{}") == 0);
    sr_string_free(properties);
    /* Without a storageDir there is nothing to note it in. */
    CHECK(sr_mark_crash(11) == SR_ERROR_NOT_INITIALIZED);
    CHECK(sr_shutdown(within_ms(1000)) == SR_OK);
}

static void contexts_of_targeting(void) {
    CHECK_FAILS(sr_evaluate_targeting("\xff"), SR_ERROR_INVALID_ARGUMENT, "context_json is not UTF-8 (byte 0)");
    CHECK_FAILS(sr_evaluate_targeting("{"), SR_ERROR_INVALID_JSON, "the targeting context is not JSON");
    CHECK_FAILS(sr_evaluate_targeting("{} x"), SR_ERROR_INVALID_JSON, "the targeting context is not JSON");
    CHECK_FAILS(sr_evaluate_targeting("[]"), SR_ERROR_INVALID_ARGUMENT, "is not an object");
    CHECK_FAILS(sr_evaluate_targeting("{\"event\": 1}"), SR_ERROR_INVALID_ARGUMENT, "\"event\"");
    CHECK_FAILS(sr_evaluate_targeting("{\"user_properties\": {}}"), SR_ERROR_INVALID_ARGUMENT, "\"user_properties\"");
    static char deep[300000];
    memset(deep, '[', sizeof deep - 1);
    CHECK_FAILS(sr_evaluate_targeting(deep), SR_ERROR_INVALID_ARGUMENT, "the limit is 262144");
    deep[200000] = 0;
    CHECK_FAILS(sr_evaluate_targeting(deep), SR_ERROR_INVALID_ARGUMENT, "deeper than 128 levels");
    /* Without rules the sample decides. */
    CHECK(sr_evaluate_targeting(NULL) >= 0 && sr_evaluate_targeting("") >= 0);
    CHECK(sr_evaluate_targeting("{\"userProperties\": {\"plan\": \"paid\"}, \"event\": null, \"page\": {}}") >= 0);
}

/* Behind a refused event a host goes on where it was, and hands nothing over twice. */
static void lines_are_counted_that_are_not_kept(void) {
    const char *lines = EVENT "\n\n" EVENT "\nnonsense\n" EVENT "\n";
    const size_t before = 2 * strlen(EVENT) + 3 + strlen("nonsense\n");
    size_t accepted = 99, end = 99;
    CHECK(sr_set_opt_out(true) == SR_NOT_CAPTURED);
    CHECK_FAILS(sr_record_lines_until(lines, strlen(lines), &accepted, &end), SR_ERROR_INVALID_JSON, "JSON object");
    /* No error: "state" in sr_stats() says why, and nothing is left of the error before. */
    CHECK(sr_capture_now("opted out") == SR_NOT_CAPTURED && sr_last_error()[0] == '\0');
    CHECK_FAILS(sr_capture_now(""), SR_ERROR_INVALID_ARGUMENT, "reason");
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NOT_CAPTURED && sr_last_error()[0] == '\0');
    CHECK(accepted == 0 && end == before);
    CHECK(sr_record_lines_until(lines + end, strlen(lines) - end, NULL, &end) == SR_NOT_CAPTURED);
    CHECK(end == strlen(EVENT) + 1);
    CHECK(sr_set_opt_out(false) >= 0);
    CHECK_FAILS(sr_record_lines_until(NULL, 5, &accepted, &end), SR_ERROR_INVALID_ARGUMENT, "json_lines is NULL");
    CHECK(accepted == 0 && end == 0);
    CHECK_FAILS(sr_record_lines_until("nonsense", 8, NULL, &end), SR_ERROR_INVALID_JSON, "JSON object");
    CHECK(end == 8);
}

static void bad_events(void) {
    char *stats = NULL;
    size_t accepted = 99;
    CHECK_FAILS(sr_record(NULL, 5), SR_ERROR_INVALID_ARGUMENT, "event_json is NULL");
    CHECK_FAILS(sr_record(NULL, 0), SR_ERROR_INVALID_ARGUMENT, "event_json is NULL");
    CHECK_FAILS(sr_record(EVENT, SIZE_MAX), SR_ERROR_INVALID_ARGUMENT, "length");
    CHECK_FAILS(sr_record(EVENT, 0), SR_ERROR_INVALID_JSON, "JSON object");
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT) - 2), SR_ERROR_INVALID_JSON, "length");
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT) + 1), SR_ERROR_INVALID_JSON, "length"); /* with its NUL */
    CHECK_FAILS(sr_record("[1]", 3), SR_ERROR_INVALID_JSON, "JSON object");
    CHECK_FAILS(sr_record_lines(NULL, 5, &accepted), SR_ERROR_INVALID_ARGUMENT, "json_lines is NULL");
    CHECK(accepted == 0);
    CHECK_FAILS(sr_record_lines(EVENT "\nnonsense\n" EVENT, 2 * strlen(EVENT) + 10, &accepted),
                SR_ERROR_INVALID_JSON, "JSON object");
    CHECK(accepted == 1);
    CHECK(sr_record_lines("\n\n", 2, NULL) == SR_OK);
    lines_are_counted_that_are_not_kept();

    /* Only the worker finds these out; it drops and counts them and delivers the one above. */
    CHECK(sr_record("{\"type\": }", 10) >= 0);
    CHECK(sr_record("{\"a\": \"\xff\xfe\"}", 11) >= 0);
    CHECK(sr_record("{}", 2) >= 0);
    CHECK(sr_flush(within_ms(10000)) == SR_OK);
    CHECK(stat_of("delivered") == 1);
    stats = sr_stats();
    CHECK(strstr(stats, "\"dropped\":") != NULL);
    CHECK(strstr(strstr(stats, "\"dropped\":"), "\"invalidEvent\":3") != NULL);
    sr_string_free(stats);
}

static void too_large_events(void) {
    const size_t length = 10000000;
    char *large = malloc(length);
    CHECK(large != NULL);
    memset(large, ' ', length);
    large[0] = '{';
    large[length - 1] = '}';
    CHECK_FAILS(sr_record(large, length), SR_ERROR_EVENT_TOO_LARGE, "maxSingleEventSizeBytes");
    free(large);
}

static void bad_ids(void) {
    char long_id[600];
    memset(long_id, 'x', sizeof long_id);
    long_id[sizeof long_id - 1] = '\0';
    CHECK_FAILS(sr_set_session_id(0), SR_ERROR_INVALID_ARGUMENT, "greater than 0");
    CHECK_FAILS(sr_set_session_id(INT64_MIN), SR_ERROR_INVALID_ARGUMENT, "greater than 0");
    CHECK_FAILS(sr_set_session_id_string(NULL), SR_ERROR_INVALID_ARGUMENT, "session_id is NULL");
    CHECK_FAILS(sr_set_session_id_string(""), SR_ERROR_INVALID_ARGUMENT, "empty");
    CHECK_FAILS(sr_set_session_id_string("a/b"), SR_ERROR_INVALID_ARGUMENT, "'/'");
    CHECK_FAILS(sr_set_session_id_string("\xc3\xa9"), SR_ERROR_INVALID_ARGUMENT, "\xc3\xa9");
    CHECK_FAILS(sr_set_session_id_string(long_id), SR_ERROR_INVALID_ARGUMENT, "512");
    CHECK_FAILS(sr_capture_now(NULL), SR_ERROR_INVALID_ARGUMENT, "reason is NULL");
    CHECK_FAILS(sr_capture_now("\xff"), SR_ERROR_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(sr_capture_now(""), SR_ERROR_INVALID_ARGUMENT, "the reason has 0 bytes");
    CHECK_FAILS(sr_set_device_id(NULL), SR_ERROR_INVALID_ARGUMENT, "device_id is NULL");
    CHECK_FAILS(sr_set_device_id("\xff"), SR_ERROR_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(sr_set_device_id("a,b"), SR_ERROR_INVALID_ARGUMENT, "','");
    CHECK(sr_get_session_id() == 1732300000000);
}

static void bad_events_for_segment(void) {
    CHECK_FAILS(sr_segment_process(NULL), NULL, "event_json is NULL");
    CHECK_FAILS(sr_segment_process(""), NULL, "not a JSON object");
    sr_string_free(NULL);
    CHECK(strstr(sr_last_error(), "not a JSON object") != NULL);
    CHECK_FAILS(sr_segment_process("[]"), NULL, "not a JSON object");
    CHECK_FAILS(sr_segment_process("{\"a\": \"\xff\"}"), NULL, "UTF-8");
    char *event = sr_segment_process("{\"type\": \"track\", \"integrations\": {\"Actions Amplitude\": {\"session_id\": 5}}}");
    CHECK(event != NULL && strstr(event, "Replay") == NULL); /* an earlier session, of which nothing is known */
    sr_string_free(event);
    CHECK_FAILS(sr_segment_process_for(NULL, 0, NULL), NULL, "event_json is NULL");
    CHECK_FAILS(sr_segment_process_for("{}", 0, "\xff"), NULL, "device_id is not UTF-8");
    event = sr_segment_process_for(TRACK, 1732300000000, "not/usable"); /* but the host gave one */
    CHECK(event != NULL && strstr(event, "\"device-1/1732300000000\"") != NULL);
    sr_string_free(event);
    event = sr_segment_process_for(TRACK, INT64_MIN, NULL);
    CHECK(event != NULL && strstr(event, "\"device-1/1732300000000\"") != NULL);
    sr_string_free(event);
    event = sr_segment_process_for(TRACK, 5, "d");
    CHECK(event != NULL && strstr(event, "Replay") == NULL);
    sr_string_free(event);
    event = sr_segment_process_for(TRACK, INT64_MAX, "d"); /* JavaScript would know another number */
    CHECK(event != NULL && strstr(event, "\"device-1/1732300000000\"") != NULL);
    sr_string_free(event);
    CHECK(sr_get_session_id() == 1732300000000);
}

static volatile int asked;

/* Does what a getter must not do, and what it may. */
static int64_t session_of_the_analytics(void *user_data) {
    CHECK(user_data == (void *)&asked);
    CHECK_FAILS(sr_set_segment_session_getter(NULL, NULL), SR_ERROR_INVALID_ARGUMENT, "can't set a getter");
    sr_string_free(sr_segment_process(TRACK)); /* not asked again */
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    return asked++ == 0 ? INT64_MIN : 1732300000001;
}

static const char *device;
static size_t claimed;

/* As snprintf does, or not at all as it should. */
static size_t device_of_the_analytics(void *user_data, char *buffer, size_t size) {
    CHECK(user_data == NULL && size == 513);
    CHECK_FAILS(sr_set_segment_device_getter(NULL, NULL), SR_ERROR_INVALID_ARGUMENT, "can't set a getter");
    sr_string_free(sr_segment_process(TRACK)); /* not asked again */
    if (claimed != 0)
        return claimed;
    return (size_t)snprintf(buffer, size, "%s", device);
}

static void the_device_is_what_the_getter_tells(void) {
    char longest[513], too_long[600];
    memset(longest, 'a', sizeof longest);
    longest[512] = 0;
    memset(too_long, 'a', sizeof too_long);
    too_long[599] = 0;
    const char *bad[] = {"", "a/b", "\xff", too_long};
    CHECK(sr_init("key", options_with(server, ", \"deviceId\": null, \"segment\": {\"mode\": \"classic-device\"}")) == SR_OK);
    CHECK(sr_set_segment_device_getter(device_of_the_analytics, NULL) == SR_OK);
    for (const char *good[] = {"one", longest, "two", NULL}, **next = good; *next != NULL; next++) {
        device = *next;
        char *event = sr_segment_process("{\"type\": \"track\", \"anonymousId\": \"not me\"}");
        CHECK(event != NULL && strstr(event, device) != NULL);
        sr_string_free(event);
    }
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        device = bad[n];
        char *event = sr_segment_process("{\"type\": \"track\", \"anonymousId\": \"not me\"}");
        CHECK(event != NULL && strstr(event, "Replay") == NULL);
        sr_string_free(event);
    }
    for (claimed = 513; claimed != 0; claimed = claimed == 513 ? SIZE_MAX : 0) {
        char *event = sr_segment_process(TRACK);
        CHECK(event != NULL && strstr(event, "Replay") == NULL);
        sr_string_free(event);
    }
    CHECK(sr_set_segment_device_getter(NULL, NULL) == SR_OK);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
}

static void the_getter_may_call_back(void) {
    CHECK(sr_init("key", options_with(server, ", \"segment\": {\"mode\": \"classic-device\"}")) == SR_OK);
    CHECK(sr_set_segment_session_getter(session_of_the_analytics, (void *)&asked) == SR_OK);
    sr_string_free(sr_segment_process(TRACK));
    CHECK(sr_get_session_id() == 1732300000000);
    sr_string_free(sr_segment_process(TRACK));
    CHECK(sr_get_session_id() == 1732300000001);
    CHECK(sr_set_segment_session_getter(NULL, NULL) == SR_OK);
    sr_string_free(sr_segment_process(TRACK));
    CHECK(asked == 2);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
}

static void bad_answers(void) {
    CHECK_FAILS(sr_respond(1, 99, NULL, NULL, 0), SR_ERROR_INVALID_ARGUMENT, "http_status");
    CHECK_FAILS(sr_respond(1, 70000, NULL, NULL, 0), SR_ERROR_INVALID_ARGUMENT, "http_status");
    CHECK_FAILS(sr_respond(1, 200, "[", NULL, 0), SR_ERROR_INVALID_ARGUMENT, "headers_json");
    CHECK_FAILS(sr_respond(1, 200, NULL, NULL, 5), SR_ERROR_INVALID_ARGUMENT, "body is NULL");
}

static void the_log_may_be_taken(void) {
    sr_string_free(sr_take_log());
    CHECK(sr_record("{\"type\": }", 10) >= 0);
    CHECK(sr_flush(within_ms(10000)) == SR_OK);
    char *lines = sr_take_log();
    CHECK(lines != NULL && strstr(lines, "{\"level\":\"warn\",\"message\":\"dropped an invalid event") != NULL);
    sr_string_free(lines);
    CHECK(sr_take_log() == NULL);
}

static void *other_thread(void *unused) {
    (void)unused;
    CHECK(strcmp(sr_last_error(), "") == 0);
    return NULL;
}

static void each_thread_has_its_own_last_error(void) {
    pthread_t thread;
    CHECK_FAILS(sr_set_session_id(0), SR_ERROR_INVALID_ARGUMENT, "greater than 0");
    CHECK(pthread_create(&thread, NULL, other_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(strstr(sr_last_error(), "greater than 0") != NULL);
    CHECK(sr_set_session_id(1732300000000) == SR_OK);
    CHECK(strcmp(sr_last_error(), "") == 0);
}

/* Each frame is a good one with one thing wrong; it is refused, and shows nothing. */
static void bad_frames(void) {
    static uint8_t pixels[4 * 16 * 16];
    const sr_rect part = {-5, -5, INT32_MAX, INT32_MIN};
    const sr_mask mask = {.size = sizeof mask, .rect = {2, 2, 4, 4}};
    const sr_frame good = {.size = sizeof good, .format = SR_PIXELS_RGBA, .view = 5, .width = 16, .height = 16,
                           .pixels = pixels, .length = sizeof pixels, .damage = &part, .damage_count = 1,
                           .masks = &mask, .mask_count = 1, .timestamp_ms = INT64_MIN};
    const sr_mask of_no_kind = {.size = sizeof mask, .kind = 7}, of_no_size = {0};
    static sr_mask many[1025];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        many[i].size = sizeof *many;
    }
    struct {
        sr_frame frame;
        const char *named;
    } bad[] = {
        {good, "frame.size is 0"}, {good, "frame.size is 4294967295"}, {good, "frame.format (0)"}, {good, "frame.format (9)"},
        {good, "0×16 pixels"}, {good, "16×16385 pixels"}, {good, "scale"}, {good, "scale"}, {good, "sr_frame_flag"},
        {good, "stride is 63"}, {good, "1023 bytes"}, {good, "frame.pixels is NULL"}, {good, "frame.pixels"},
        {good, "frame.damage is NULL"}, {good, "too many"}, {good, "frame.masks[0].kind (7)"}, {good, "frame.masks[0].size is 0"},
        {good, "frame.masks[0] is NULL"}, {good, "1025 masks"}, {good, "frame.mime is NULL"}, {good, "image/gif"},
        {good, "frame.mime is not UTF-8"}, {good, "view 0 is the desk"}, {good, "not of the MIME type"}, {good, "can't be masked"},
    };
    size_t at = 0;
    bad[at++].frame.size = 0;
    bad[at++].frame.size = UINT32_MAX;
    bad[at++].frame.format = 0;
    bad[at++].frame.format = 9;
    bad[at++].frame.width = 0;
    bad[at++].frame.height = 16385;
    bad[at++].frame.scale = -1;
    bad[at++].frame.scale = 1e308 * 10;
    bad[at++].frame.flags = 4;
    bad[at++].frame.stride = 63;
    bad[at++].frame.length--;
    bad[at++].frame.pixels = NULL;
    bad[at++].frame.length = SIZE_MAX;
    bad[at++].frame.damage = NULL;
    bad[at++].frame.damage_count = SIZE_MAX;
    bad[at++].frame.masks = &of_no_kind;
    bad[at++].frame.masks = &of_no_size;
    bad[at++].frame.masks = NULL;
    bad[at].frame.masks = many;
    bad[at++].frame.mask_count = 1025;
    bad[at++].frame.format = SR_PIXELS_ENCODED;
    bad[at].frame.mime = "image/gif";
    bad[at++].frame.format = SR_PIXELS_ENCODED;
    bad[at++].frame.mime = "\xff";
    bad[at++].frame.view = 0;
    bad[at].frame.mask_count = 0;
    bad[at].frame.mime = "image/png";
    bad[at++].frame.format = SR_PIXELS_ENCODED;
    bad[at].frame.mime = "image/png";
    bad[at++].frame.format = SR_PIXELS_ENCODED;
    CHECK(at == sizeof bad / sizeof *bad);
    CHECK_FAILS(sr_view_frame(NULL), SR_ERROR_INVALID_ARGUMENT, "frame is NULL");
    for (size_t i = 0; i < at; i++) {
        CHECK_FAILS(sr_view_frame(&bad[i].frame), SR_ERROR_INVALID_ARGUMENT, bad[i].named);
        CHECK_FAILS(sr_view_close(5), SR_ERROR_INVALID_ARGUMENT, "view 5 is not there");
    }
    CHECK(sr_view_next_frame_ms(5) == 0);
    CHECK(sr_view_frame(&good) == SR_OK);
    /* A longer struct, of a later header. */
    struct {
        sr_frame known;
        uint64_t later;
    } longer = {good, UINT64_MAX};
    longer.known.size = sizeof longer;
    CHECK(sr_view_frame(&longer.known) == SR_OK);
    CHECK(sr_view_next_frame_ms(5) <= 500);
    CHECK(sr_view_close(5) == SR_OK);
}

/* In a program with views. */
static void log_lines_and_requests(void) {
    CHECK_FAILS(sr_record_log(SR_LOG_INFO, NULL), SR_ERROR_INVALID_ARGUMENT, "message is NULL");
    CHECK_FAILS(sr_record_log(SR_LOG_INFO, "a\xff"), SR_ERROR_INVALID_ARGUMENT, "message is not UTF-8 (byte 1)");
    CHECK_FAILS(sr_record_log(0, "a"), SR_ERROR_INVALID_ARGUMENT, "level (0) is none");
    CHECK_FAILS(sr_record_log(5, "a"), SR_ERROR_INVALID_ARGUMENT, "level (5) is none");
    for (uint32_t level = SR_LOG_ERROR; level <= SR_LOG_DEBUG; level++) CHECK(sr_record_log(level, "") == SR_OK);

    sr_request_info request = {0};
    CHECK_FAILS(sr_record_request(NULL), SR_ERROR_INVALID_ARGUMENT, "request is NULL");
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.size is 0");
    request.size = sizeof request;
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.url is NULL or empty");
    request.url = "";
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.url is NULL or empty");
    request.url = "\xff";
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.url is not UTF-8");
    request.url = "no URL";
    request.request_headers = "a: \xff";
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.request_headers is not UTF-8");
    request.request_headers = "nonsense";
    request.response_body = "\xff";
    request.response_body_length = (size_t)-1;
    CHECK_FAILS(sr_record_request(&request), SR_ERROR_INVALID_ARGUMENT, "request.response_body");
    request.response_body_length = 1;
    request.request_body_length = 7;
    request.started_ms = INT64_MIN;
    request.duration_ms = UINT64_MAX;
    request.status = UINT32_MAX;
    CHECK(sr_record_request(&request) == SR_OK);
}

static void bad_views(void) {
    /* In a session of its own, in which there is nothing but views. */
    CHECK(sr_set_session_id(1732300000002) >= 0);
    sr_view_info view = {0};
    CHECK_FAILS(sr_view_place(NULL), SR_ERROR_INVALID_ARGUMENT, "view is NULL");
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "view.size is 0");
    view.size = UINT32_MAX;
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "view.size is 4294967295");
    view = (sr_view_info){.size = sizeof view, .view = 1, .width = -1};
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "impossible rectangle");
    view = (sr_view_info){.size = sizeof view, .view = 1, .title = "\xff"};
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "view.title is not UTF-8");
    view = (sr_view_info){.size = sizeof view, .view = 1, .parent = 1};
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "view 1 is not there");
    view = (sr_view_info){.size = sizeof view, .view = 1, .flags = 0x80};
    CHECK_FAILS(sr_view_place(&view), SR_ERROR_INVALID_ARGUMENT, "sr_view_flag");
    CHECK_FAILS(sr_view_close(1), SR_ERROR_INVALID_ARGUMENT, "view 1 is not there");
    CHECK_FAILS(sr_view_record(1, EVENT, strlen(EVENT), NULL), SR_ERROR_INVALID_ARGUMENT, "view 1 is not there");
    view = (sr_view_info){.size = sizeof view, .view = 1, .width = 100, .height = 100, .title = "\x01 <b>&"};
    CHECK(sr_view_place(&view) == SR_OK);

    /* A program that was built with a later header, whose structs are longer. */
    struct {
        sr_view_info known;
        uint64_t later;
    } longer = {view, UINT64_MAX};
    longer.known.size = sizeof longer;
    CHECK(sr_view_place(&longer.known) == SR_OK);
    struct {
        sr_node known;
        uint64_t later;
    } nodes[3];
    memset(nodes, 0xff, sizeof nodes);
    for (int i = 0; i < 3; i++) {
        nodes[i].known = (sr_node){.size = sizeof nodes[0], .kind = SR_NODE_TEXT, .text = "text"};
    }
    CHECK(sr_view_nodes(1, &nodes[0].known, 3) == SR_OK);

    static const struct {
        sr_node node;
        const char *named;
    } bad[] = {
        {{.size = 0}, "nodes[0].size is 0"},
        {{.size = sizeof(sr_node)}, "nodes[0].kind (0)"},
        {{.size = sizeof(sr_node), .kind = 77}, "nodes[0].kind (77)"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .flags = 1u << 31}, "sr_node_flag"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .clip = 1}, "nodes[0].clip (1)"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .x = 1e30f}, "impossible rectangle"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .font_size = 1e30f}, "font_size"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .text = "\xff"}, "nodes[0].text is not UTF-8"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_IMAGE, .image = "\xff"}, "nodes[0].image is not UTF-8"},
        {{.size = sizeof(sr_node), .kind = SR_NODE_IMAGE, .image = "file:///"}, "data:image/"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_FAILS(sr_view_nodes(1, &bad[i].node, 1), SR_ERROR_INVALID_ARGUMENT, bad[i].named);
    }
    const sr_node mixed[] = {{.size = sizeof(sr_node), .kind = SR_NODE_TEXT}, {.size = 8}};
    CHECK_FAILS(sr_view_nodes(1, mixed, 2), SR_ERROR_INVALID_ARGUMENT, "nodes[1].size is 8");
    CHECK_FAILS(sr_view_nodes(1, NULL, 1), SR_ERROR_INVALID_ARGUMENT, "nodes[0] is NULL");
    CHECK_FAILS(sr_view_nodes(1, mixed, SIZE_MAX), SR_ERROR_INVALID_ARGUMENT, "too many");
    CHECK_FAILS(sr_view_nodes(0, mixed, 1), SR_ERROR_INVALID_ARGUMENT, "view 0 is the desk");
    CHECK(sr_view_nodes(1, NULL, 0) == SR_OK);

    CHECK_FAILS(sr_view_pointer(1, 0, 0, 0, 0), SR_ERROR_INVALID_ARGUMENT, "sr_pointer");
    CHECK_FAILS(sr_view_pointer(2, SR_POINTER_UP, 0, 0, 0), SR_ERROR_INVALID_ARGUMENT, "view 2 is not there");
    CHECK_FAILS(sr_view_pointer(1, SR_POINTER_UP, 1e308 * 10, 0, 0), SR_ERROR_INVALID_ARGUMENT, "finite");
    CHECK(sr_view_pointer(1, SR_POINTER_UP, -1e308, 1e308, INT64_MIN) == SR_OK);
    CHECK(sr_view_pointer(1, SR_POINTER_UP, 1, 1, INT64_MAX) == SR_OK);
    CHECK_FAILS(sr_view_key(1, NULL, 0), SR_ERROR_INVALID_ARGUMENT, "name is NULL");
    CHECK_FAILS(sr_view_key(1, "s", 0), SR_ERROR_INVALID_ARGUMENT, "what is typed");
    CHECK_FAILS(sr_view_key(2, "Enter", 0), SR_ERROR_INVALID_ARGUMENT, "view 2 is not there");
    CHECK(sr_view_key(1, "Ctrl+S", 0) == SR_OK);

    size_t accepted = 99;
    CHECK_FAILS(sr_view_record(1, NULL, 5, &accepted), SR_ERROR_INVALID_ARGUMENT, "json_lines is NULL");
    CHECK(accepted == 0);
    CHECK_FAILS(sr_view_record(1, EVENT "\nnonsense", strlen(EVENT) + 9, &accepted), SR_ERROR_INVALID_JSON, "JSON object");
    CHECK(accepted == 1);
    CHECK(sr_view_record(1, "", 0, &accepted) == SR_OK && accepted == 0);
    CHECK(sr_view_record(1, "{\"type\": }", 10, NULL) == SR_NEEDS_FULL_SNAPSHOT);

    CHECK_FAILS(sr_record_custom(NULL, NULL), SR_ERROR_INVALID_ARGUMENT, "tag is NULL");
    CHECK_FAILS(sr_record_custom("", NULL), SR_ERROR_INVALID_ARGUMENT, "tag has 0 bytes");
    CHECK_FAILS(sr_record_custom("tag", "nonsense"), SR_ERROR_INVALID_JSON, "payload is not JSON");
    CHECK_FAILS(sr_record_custom("tag", "1,2"), SR_ERROR_INVALID_JSON, "payload is not JSON");
    CHECK(sr_record_custom("tag\"\\", " [1e400, \"\\ud800\"] ") == SR_OK);
    contexts_of_targeting();
    CHECK_FAILS(sr_record_interaction(NULL), SR_ERROR_INVALID_ARGUMENT, "event_json is NULL");
    CHECK_FAILS(sr_record_interaction("\xff"), SR_ERROR_INVALID_ARGUMENT, "not UTF-8");
    CHECK_FAILS(sr_record_interaction(""), SR_ERROR_INVALID_JSON, "not a JSON object");
    CHECK_FAILS(sr_record_interaction("{}"), SR_ERROR_INVALID_JSON, "\"click\" or \"scroll\"");
    CHECK_FAILS(sr_record_interaction("{\"type\":\"click\",\"x\":1}"), SR_ERROR_INVALID_JSON, "a number in \"y\"");
    CHECK(sr_record_interaction(CLICK) == SR_NOT_CAPTURED);
    log_lines_and_requests();
    CHECK(sr_view_close(1) == SR_OK);
    CHECK_FAILS(sr_view_close(1), SR_ERROR_INVALID_ARGUMENT, "view 1 is not there");
    CHECK(sr_set_session_id(1732300000000) >= 0);
}

static volatile int heard;

/* Runs on a thread of the library, which can't wait for itself. */
static void hear(void *user_data, sr_log_level level, const char *message) {
    CHECK(user_data == (void *)&heard);
    CHECK(level >= SR_LOG_ERROR && level <= SR_LOG_DEBUG && message[0] != '\0');
    CHECK_FAILS(sr_shutdown(1000), SR_ERROR_INVALID_ARGUMENT, "another thread");
    CHECK_FAILS(sr_flush(1000), SR_ERROR_INVALID_ARGUMENT, "another thread");
    CHECK(sr_flush(0) == SR_OK);
    sr_string_free(sr_stats());
    if (heard < 3) {
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    }
    heard++;
}

static void the_log_callback_may_call_back(void) {
    sr_set_log_callback(hear, (void *)&heard);
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    for (int i = 0; i < 100 && heard < 3; i++) {
        CHECK(sr_flush(within_ms(10000)) == SR_OK);
    }
    CHECK(heard >= 3);
    sr_set_log_callback(NULL, NULL);
    const int before = heard;
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    CHECK(sr_flush(within_ms(10000)) == SR_OK);
    CHECK(heard == before);
}

/* Recording has ended for every caller, and is still to be shut down. */
static void an_end_that_does_not_wait(void) {
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    const int64_t flush = sr_shutdown_begin();
    CHECK(flush > 0);
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_flush(1), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK_FAILS(sr_shutdown_begin(), -1, "sr_init");
    CHECK_FAILS(sr_init("key", NULL), SR_ERROR_INVALID_ARGUMENT, "sr_shutdown");
    CHECK(sr_stats() == NULL);
    CHECK(sr_flush_begin() >= flush);
    sr_status status;
    while ((status = sr_flush_poll(flush)) == SR_ERROR_TIMEOUT) {
    }
    CHECK(status == SR_OK);
    CHECK(sr_shutdown(0) == SR_OK);
    CHECK_FAILS(sr_flush_poll(flush), SR_ERROR_NOT_INITIALIZED, "sr_init");
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    server = arguments[1];

    nothing_is_initialized();
    bad_keys_and_options();
    defaults_capture_nothing();

    CHECK(sr_init("key", options_with(server, ", \"logLevel\": \"debug\"")) == SR_OK);
    CHECK_FAILS(sr_init("key", NULL), SR_ERROR_INVALID_ARGUMENT, "sr_init was called before");
    bad_events();
    too_large_events();
    bad_ids();
    bad_answers();
    bad_events_for_segment();
    the_log_may_be_taken();
    each_thread_has_its_own_last_error();
    the_log_callback_may_call_back();
    bad_views();
    bad_frames();
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    CHECK_FAILS(sr_shutdown(10000), SR_ERROR_NOT_INITIALIZED, "sr_init");

    the_getter_may_call_back();
    an_end_that_does_not_wait();
    the_device_is_what_the_getter_tells();
    nothing_is_initialized();
    return 0;
}
