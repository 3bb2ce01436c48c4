/* Everything at once: threads that record, roll over, ask and flush, while another begins and ends recording. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define THREADS 13

static atomic_bool over;
static atomic_long recorded;

static void *record(void *unused) {
    (void)unused;
    while (!atomic_load(&over)) {
        const sr_status status = sr_record(EVENT, strlen(EVENT));
        CHECK(status >= 0 || status == SR_ERROR_NOT_INITIALIZED);
        atomic_fetch_add(&recorded, status == SR_OK || status == SR_NEEDS_FULL_SNAPSHOT);
    }
    return NULL;
}

static void *click(void *unused) {
    (void)unused;
    while (!atomic_load(&over)) {
        const sr_status status = sr_record_interaction(CLICK);
        CHECK(status >= 0 || status == SR_ERROR_NOT_INITIALIZED);
    }
    return NULL;
}

static void *roll_over(void *unused) {
    (void)unused;
    for (int64_t session = 1; !atomic_load(&over); session++) {
        const sr_status status = sr_set_session_id(1732300000000 + session % 7);
        CHECK(status >= 0 || status == SR_ERROR_NOT_INITIALIZED);
    }
    return NULL;
}

static int32_t SR_CALL keep(void *user_data, const char *event, size_t length) {
    (void)user_data;
    CHECK(sr_filter_replace(event, length) == SR_OK);
    return SR_FILTER_KEEP;
}

static void SR_CALL wanted(void *user_data, uint64_t view) {
    (void)user_data;
    CHECK(view == 0);
}

static void *ask(void *unused) {
    (void)unused;
    for (unsigned turn = 0; !atomic_load(&over); turn++) {
        const sr_status status = sr_evaluate_targeting("{\"event\": {\"event_type\": \"e\", \"time\": 1}}");
        CHECK(status >= 0 || status == SR_ERROR_NOT_INITIALIZED);
        sr_string_free(sr_stats());
        sr_string_free(sr_get_session_replay_properties());
        sr_string_free(sr_get_session_replay_id());
        const sr_status captured = sr_capture_now("a race");
        CHECK(captured >= 0 || captured == SR_ERROR_NOT_INITIALIZED);
        atomic_fetch_add(&recorded, captured == SR_OK || captured == SR_NEEDS_FULL_SNAPSHOT);
        (void)sr_get_session_id();
        sr_string_free(sr_get_session_replay_url());
        (void)sr_wants_full_snapshot(turn);
        CHECK(sr_set_filter(turn % 3 == 0 ? keep : NULL, NULL) == SR_OK);
        CHECK(sr_set_snapshot_callback(turn % 5 == 0 ? wanted : NULL, NULL) == SR_OK);
        sr_string_free(sr_take_request());
        (void)sr_request_body(turn, NULL, 0);
        (void)sr_flush(0);
        if (turn % 16 == 0) {
            (void)sr_flush_poll(sr_flush_begin());
            (void)sr_pause();
            (void)sr_resume();
        }
    }
    return NULL;
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    const char *server = arguments[1];
    const int rounds = atoi(arguments[2]);
    void *(*const bodies[THREADS])(void *) = {record, record, record, record, record,   record,
                                              record, record, ask,    roll_over, roll_over, click,  click};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, bodies[i], NULL) == 0);
    }
    for (int round = 0; round < rounds; round++) {
        CHECK(sr_init("key", options_with(server, ", \"interactionConfig\": {\"enabled\": true}")) == SR_OK);
        sleep_us(3000);
        if (round % 2 == 0) {
            /* From here on nothing is accepted, and what was is delivered. */
            const int64_t end = sr_shutdown_begin();
            CHECK(end > 0);
            (void)sr_flush_poll(end);
        }
        /* Under valgrind on a busy machine each turn of a thread takes its time. */
        CHECK(sr_shutdown(within_ms(60000)) == SR_OK);
    }
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    /* What a host leaves set is there at its end, and no leak. */
    CHECK(sr_set_filter(keep, NULL) == SR_OK);
    CHECK(sr_set_snapshot_callback(wanted, NULL) == SR_OK);
    /* What was accepted, for the test to compare with what arrived. */
    printf("%ld\n", atomic_load(&recorded));
    return 0;
}
