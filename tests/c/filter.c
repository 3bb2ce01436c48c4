/* A filter that keeps, drops and replaces each kind of event: ./filter <server>. What is recorded has "keep", "drop" or "replace"
   in it; of what arrives nothing has "drop" or "replace". */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define META "{\"type\":4,\"timestamp\":1732300000000,\"data\":{\"href\":\"app://x\",\"width\":9,\"height\":9}}"
#define SNAPSHOT                                                                                                       \
    "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}"

static atomic_int calls;
static bool drops_snapshots;

static bool has(const char *event, size_t length, const char *word) {
    for (size_t at = 0; at + strlen(word) <= length; at++) {
        if (memcmp(event + at, word, strlen(word)) == 0) {
            return true;
        }
    }
    return false;
}

/* "replace" as "filter", in a place that is gone when this returns. */
static int replaced(const char *event, size_t length) {
    char other[4096];
    CHECK(length < sizeof other);
    memcpy(other, event, length);
    for (size_t at = 0; at + 7 <= length; at++) {
        if (memcmp(other + at, "replace", 7) == 0) {
            memcpy(other + at, "changed", 7);
        }
    }
    CHECK(sr_filter_replace(other, length) == SR_OK);
    memset(other, 'x', sizeof other);
    return SR_FILTER_KEEP;
}

static int32_t SR_CALL look(void *user_data, const char *event, size_t length) {
    CHECK(user_data == (void *)&calls);
    atomic_fetch_add(&calls, 1);
    /* What would go round for ever, and what would end what this is in the middle of. */
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_INVALID_ARGUMENT, "filter");
    CHECK_FAILS(sr_record_log(SR_LOG_INFO, "drop"), SR_ERROR_INVALID_ARGUMENT, "filter");
    CHECK_FAILS(sr_capture_now("why"), SR_ERROR_INVALID_ARGUMENT, "filter");
    CHECK_FAILS(sr_shutdown(0), SR_ERROR_INVALID_ARGUMENT, "filter");
    sr_string_free(sr_stats());
    if (has(event, length, "refuse")) {
        CHECK_FAILS(sr_filter_replace(event, length - 1), SR_ERROR_INVALID_JSON, "neither");
        CHECK_FAILS(sr_filter_replace(META, strlen(META)), SR_ERROR_INVALID_ARGUMENT, "type");
        CHECK_FAILS(sr_filter_replace(NULL, 3), SR_ERROR_INVALID_ARGUMENT, "NULL");
        return SR_FILTER_KEEP;
    }
    if (has(event, length, "drop") || (drops_snapshots && has(event, length, "\"type\":2"))) {
        return SR_FILTER_DROP;
    }
    return has(event, length, "replace") ? replaced(event, length) : SR_FILTER_KEEP;
}

static int32_t SR_CALL once(void *user_data, const char *event, size_t length) {
    (void)event;
    (void)length;
    atomic_fetch_add((atomic_int *)user_data, 1);
    CHECK(sr_set_filter(NULL, NULL) == SR_OK);
    return 7;
}

static sr_status record(const char *kind, const char *word) {
    char event[256];
    snprintf(event, sizeof event, "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"%s\",\"payload\":\"%s\"}}", kind, word);
    return sr_record(event, strlen(event));
}

static void each_kind(const char *word, sr_status expected) {
    char text[512];
    CHECK(record("record", word) == expected);
    snprintf(text, sizeof text, "\"%s\"", word);
    CHECK(sr_record_custom("custom", text) == expected);
    CHECK(sr_record_log(SR_LOG_ERROR, word) == expected);
    snprintf(text, sizeof text, "https://example.invalid/%s", word);
    const sr_request_info request = {.size = sizeof request, .url = text, .status = 200};
    CHECK(sr_record_request(&request) == expected);
    snprintf(text, sizeof text,
             "{\"type\":\"click\",\"x\":1,\"y\":2,\"selector\":\"%s\",\"viewportWidth\":800,\"viewportHeight\":600,"
             "\"pageUrl\":\"app://x\",\"timestamp\":1732300000000}",
             word);
    CHECK(sr_record_interaction(text) == expected);
    snprintf(text, sizeof text,
             "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"line-%s\",\"payload\":1}}\n\n"
             "{\"type\":5,\"timestamp\":1732300000001,\"data\":{\"tag\":\"line-%s\",\"payload\":2}}\n",
             word, word);
    size_t accepted = 9;
    CHECK(sr_record_lines(text, strlen(text), &accepted) == expected);
    CHECK(accepted == (expected == SR_OK ? 2 : 0));
}

static void *record_on(void *unused) {
    (void)unused;
    for (int i = 0; i < 1000; i++) {
        CHECK(record("thread", i % 2 == 0 ? "keep" : "drop") == (i % 2 == 0 ? SR_OK : SR_NOT_CAPTURED));
    }
    return NULL;
}

/* No event of another thread that begins when the filter is set passes it by, however fast its way was before. */
static void the_fast_path_is_closed(void) {
    for (int i = 0; i < 100; i++) {
        CHECK(sr_set_filter(NULL, NULL) == SR_OK);
        CHECK(record("between", "keep") == SR_OK && record("between", "keep") == SR_OK);
        CHECK(sr_set_filter(look, &calls) == SR_OK);
        CHECK(record("between", "drop") == SR_NOT_CAPTURED);
    }
}

/* Whether a full snapshot is asked for, which the filter drops then. */
static bool asks_in_vain(void) {
    if (record("without", "keep") != SR_NEEDS_FULL_SNAPSHOT) {
        return false;
    }
    CHECK(sr_record(META, strlen(META)) == SR_OK);
    CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_NOT_CAPTURED);
    return true;
}

static void a_dropped_snapshot_is_asked_for_again_but_not_at_each_event(void) {
    CHECK(sr_set_session_id(1732300000001) == SR_NEEDS_FULL_SNAPSHOT);
    drops_snapshots = true;
    /* At the beginning, and once more at once. */
    time_t second = 0;
    for (int i = 0, asked = 0; asked < 2; i++) {
        CHECK(i < 60000);
        const time_t now = time(NULL);
        if (asks_in_vain()) {
            asked++;
        } else {
            second = now; /* or later */
        }
        sleep_us(100);
    }
    /* Then after five seconds, of which four are whole. */
    for (int i = 0; i < 1000; i++) {
        CHECK(!asks_in_vain() || time(NULL) - second >= 4);
    }
    drops_snapshots = false;
    /* After a pause. */
    sr_status status = SR_OK;
    for (int i = 0; i < 60000 && status == SR_OK; i++) {
        sleep_us(1000);
        status = record("after", "drop") == SR_NOT_CAPTURED ? record("after", "keep") : SR_OK;
    }
    CHECK(status == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_record(META, strlen(META)) == SR_OK && sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    CHECK(record("after", "keep") == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    CHECK_FAILS(sr_filter_replace(EVENT, strlen(EVENT)), SR_ERROR_INVALID_ARGUMENT, "outside");
    CHECK(sr_set_filter(look, &calls) == SR_OK);
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_NOT_INITIALIZED, "sr_init");
    CHECK(sr_init("key", options_with(arguments[1], ", \"interactionConfig\": {\"enabled\": true}")) == SR_OK);
    CHECK(atomic_load(&calls) == 0);
    CHECK(sr_record(META, strlen(META)) == SR_OK && sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    each_kind("keep", SR_OK);
    each_kind("drop", SR_NOT_CAPTURED);
    CHECK(stat_of("filtered") == 7);
    each_kind("refuse", SR_NOT_CAPTURED);
    each_kind("replace", SR_OK);
    CHECK(atomic_load(&calls) == 2 + 4 * 7);

    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, record_on, NULL) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    the_fast_path_is_closed();

    /* Where nothing is captured there is nothing to look at. */
    const int before = atomic_load(&calls);
    CHECK(sr_set_opt_out(true) == SR_NOT_CAPTURED);
    each_kind("drop", SR_NOT_CAPTURED);
    CHECK(atomic_load(&calls) == before);
    CHECK(sr_set_opt_out(false) >= 0);

    a_dropped_snapshot_is_asked_for_again_but_not_at_each_event();

    /* One that removes itself, and says what is no verdict. */
    atomic_int of_its_own = 0;
    CHECK(sr_set_filter(once, &of_its_own) == SR_OK);
    CHECK(record("itself", "drop") == SR_NOT_CAPTURED && record("itself", "keep") == SR_OK);
    CHECK(of_its_own == 1);

    CHECK(sr_set_filter(look, &calls) == SR_OK);
    /* What the library makes of views is not filtered; a page's events are. */
    const sr_view_info view = {.size = sizeof view, .view = 1, .width = 90, .height = 90, .title = "replace"};
    CHECK(sr_view_place(&view) == SR_OK);
    const char *page = "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"page-replace\",\"payload\":1}}\n"
                       "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"page-drop\",\"payload\":1}}";
    size_t accepted = 9;
    CHECK(sr_view_record(1, page, strlen(page), &accepted) == SR_NEEDS_FULL_SNAPSHOT && accepted == 1);
    drops_snapshots = true;
    CHECK(sr_view_record(1, SNAPSHOT, strlen(SNAPSHOT), NULL) == SR_NOT_CAPTURED);
    CHECK(sr_view_close(1) >= 0);
    drops_snapshots = false;

    /* It outlives the recording. */
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
    CHECK(record("again", "drop") == SR_NOT_CAPTURED);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
