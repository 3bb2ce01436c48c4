/* A host that cancels its threads (deferred, as threads are by default): no call of the library is where they end, but a
 * getter of the host's own. Afterwards everything works. */
#define _GNU_SOURCE

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static const char *options;
static char big[60000];
static atomic_int reached, asked;

static int state(void) {
    int before;
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before) == 0);
    CHECK(pthread_setcancelstate(before, NULL) == 0);
    return before;
}

static int64_t none(void *user_data) {
    (void)user_data;
    /* The host's own state, whichever it is: see `every_call`. */
    CHECK(state() == PTHREAD_CANCEL_ENABLE);
    atomic_fetch_add(&asked, 1);
    return 0;
}

/* Every call of the library, by a thread that ends at its next cancellation point. */
static void *every_call(void *unused) {
    CHECK(pthread_cancel(pthread_self()) == 0);
    CHECK(sr_version() != NULL && sr_last_error() != NULL);
    sr_set_log_callback(NULL, NULL);
    sr_string_free(sr_take_log());
    sr_string_free(sr_take_request());
    CHECK(sr_set_transport(NULL, NULL) == SR_OK);
    CHECK(sr_init("key", options) == SR_OK);
    CHECK(sr_init("key", options) == SR_ERROR_INVALID_ARGUMENT);
    CHECK(sr_set_segment_session_getter(none, NULL) == SR_OK);
    CHECK(sr_set_device_id("device-2") == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_set_session_id_string("text") == SR_NEEDS_FULL_SNAPSHOT);
    for (int i = 1; i < 40; i++) {
        /* Faster than chunks are made ready: files are made here. */
        CHECK(sr_set_session_id(1732300000000 + i) == SR_NEEDS_FULL_SNAPSHOT);
        CHECK(sr_record(big, strlen(big)) >= 0);
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
        size_t accepted;
        CHECK(sr_record_lines(EVENT "\n" EVENT, 2 * strlen(EVENT) + 1, &accepted) >= 0 && accepted == 2);
    }
    CHECK(sr_set_opt_out(true) == SR_NOT_CAPTURED && sr_set_opt_out(false) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_get_session_id() > 0);
    sr_string_free(sr_get_session_replay_id());
    sr_string_free(sr_get_session_replay_properties());
    sr_string_free(sr_get_privacy_config());
    sr_string_free(sr_get_page_config());
    sr_string_free(sr_stats());
    sr_string_free(sr_segment_process("{\"type\": \"track\"}"));
    CHECK(atomic_load(&asked) == 1);
    CHECK(sr_respond(1, 200, NULL, NULL, 0) == SR_ERROR_TIMEOUT);
    CHECK(sr_request_body(1, NULL, 0) == SR_ERROR_TIMEOUT);
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = 1, .width = 16, .height = 16, .pixels = big, .length = 1024};
    CHECK(sr_view_frame(&frame) == SR_OK && sr_view_next_frame_ms(1) > 0);
    (void)sr_flush(0);
    (void)sr_flush(20);
    (void)sr_shutdown(20);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_ERROR_NOT_INITIALIZED);
    CHECK(state() == PTHREAD_CANCEL_ENABLE);
    atomic_fetch_add(&reached, 1);
    pthread_testcancel();
    return unused;
}

/* A state that the host set stays as it is, within and after a call. */
static int64_t disabled(void *user_data) {
    CHECK(state() == PTHREAD_CANCEL_DISABLE);
    return *(int64_t *)user_data;
}

static void *of_its_own_state(void *unused) {
    int64_t session = 1732300009000;
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
    CHECK(sr_set_segment_session_getter(disabled, &session) == SR_OK);
    sr_string_free(sr_segment_process("{\"type\": \"track\"}"));
    CHECK(sr_get_session_id() == session);
    CHECK(sr_set_segment_session_getter(NULL, NULL) == SR_OK);
    CHECK(state() == PTHREAD_CANCEL_DISABLE);
    return unused;
}

/* A getter is the host's: there a thread may end. */
static int64_t ends_here(void *user_data) {
    (void)user_data;
    CHECK(pthread_cancel(pthread_self()) == 0);
    pthread_testcancel();
    return 1;
}

static int64_t exits_here(void *user_data) {
    (void)user_data;
    pthread_exit(PTHREAD_CANCELED);
}

static size_t device_ends_here(void *user_data, char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    (void)ends_here(user_data);
    return 0;
}

static void *asks(void *unused) {
    sr_string_free(sr_segment_process("{\"type\": \"track\"}"));
    return unused;
}

static int64_t later(void *user_data) {
    (void)user_data;
    return 1732300010000;
}

/* A thread that was cancelled after its last cancellation point ends here, and lets go of what it recorded into last. */
static void *returns(void *unused) {
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0 && sr_record(EVENT, strlen(EVENT)) >= 0);
    CHECK(sr_set_session_id(atomic_fetch_add(&reached, 1) + 1732300020000) >= 0);
    CHECK(sr_flush(0) == SR_OK);
    CHECK(pthread_cancel(pthread_self()) == 0);
    return unused;
}

static void *goes_on(void *which) {
    uint32_t pixels[64 * 64] = {0};
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = 2, .width = 64, .height = 64, .pixels = pixels, .length = sizeof pixels};
    const sr_view_info page = {.size = sizeof page, .view = 3, .width = 64, .height = 64};
    char text[32];
    for (int64_t session = 1732300030000;; session++) {
        switch (*(int *)which) {
        case 0:
            (void)sr_record(big, strlen(big));
            break;
        case 1:
            (void)sr_flush(50);
            break;
        case 2:
            pixels[session % 4096]++;
            CHECK(sr_view_frame(&frame) >= 0);
            break;
        case 3:
            snprintf(text, sizeof text, "%d", (int)(session % 1000));
            CHECK(sr_view_nodes(4, &(sr_node){.size = sizeof(sr_node), .kind = SR_NODE_TEXT, .text = text}, 1) >= 0);
            CHECK(sr_view_place(&page) >= 0 && sr_view_record(3, EVENT, strlen(EVENT), NULL) >= 0);
            break;
        default:
            (void)sr_set_session_id(session);
            (void)sr_record(big, strlen(big));
            break;
        }
        pthread_testcancel();
    }
    return NULL;
}

/* The library's own threads are nobody's to cancel. */
static void cancels(void *user_data, sr_log_level level, const char *message) {
    (void)user_data;
    (void)level;
    (void)message;
    CHECK(pthread_cancel(pthread_self()) == 0);
    pthread_testcancel();
    atomic_fetch_add(&asked, 1);
}

static void *run(void *(*body)(void *), void *argument) {
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, body, argument) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    return result;
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    char more[1024];
    snprintf(more, sizeof more,
             ", \"storageDir\": \"%s\", \"segment\": {\"mode\": \"classic-device\"}, \"logLevel\": \"debug\"", arguments[2]);
    options = options_with(arguments[1], more);
    snprintf(big, sizeof big, "{\"type\": 3, \"timestamp\": 1732300000000, \"data\": {\"source\": 0, \"pad\": \"%050000d\"}}", 0);

    for (int i = 1; i <= 3; i++) {
        atomic_store(&asked, 0);
        CHECK(run(every_call, NULL) == PTHREAD_CANCELED && atomic_load(&reached) == i);
    }

    atomic_store(&asked, 0);
    sr_set_log_callback(cancels, NULL);
    CHECK(sr_init("key", options) == SR_OK);
    CHECK(run(of_its_own_state, NULL) == NULL);
    CHECK(sr_set_segment_session_getter(ends_here, NULL) == SR_OK);
    CHECK(run(asks, NULL) == PTHREAD_CANCELED);
    CHECK(sr_set_segment_session_getter(exits_here, NULL) == SR_OK);
    CHECK(run(asks, NULL) == PTHREAD_CANCELED);
    CHECK(sr_set_segment_session_getter(NULL, NULL) == SR_OK);
    CHECK(sr_set_segment_device_getter(device_ends_here, NULL) == SR_OK);
    CHECK(run(asks, NULL) == PTHREAD_CANCELED);
    CHECK(sr_set_segment_device_getter(NULL, NULL) == SR_OK);
    /* The thread that never came back is not waited for, and the next is asked. */
    CHECK(sr_set_segment_session_getter(later, NULL) == SR_OK);
    CHECK(run(asks, NULL) == NULL && sr_get_session_id() == 1732300010000);

    for (int i = 0; i < 20; i++) {
        (void)run(returns, NULL);
    }
    for (int i = 0; i < 100; i++) {
        int which = i % 5;
        pthread_t thread;
        void *result;
        CHECK(pthread_create(&thread, NULL, goes_on, &which) == 0);
        usleep((useconds_t)(200 + i * 37 % 4000));
        CHECK(pthread_cancel(thread) == 0);
        CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    }

    CHECK(sr_set_session_id(1732300099000) >= 0 && sr_record(EVENT, strlen(EVENT)) >= 0);
    for (int tries = 0; atomic_load(&asked) == 0; tries++) {
        CHECK((uint32_t)tries * 10 < within_ms(10000));
        usleep(10000);
    }
    deliver_all();
    /* Wherever a thread was when it was cancelled: what it had recorded, in an earlier run too, is lost nowhere. */
    CHECK(stat_of("delivered") == stat_of("adopted") + stat_in("recorded", "events") && stat_of("damaged") == 0);
    CHECK(sr_shutdown(within_ms(5000)) == SR_OK);
    sr_set_log_callback(NULL, NULL);
    return 0;
}
