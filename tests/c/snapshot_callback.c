/* A window in which nothing moves learns that a full snapshot is wanted: once for each want, on a thread of the library. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define META "{\"type\":4,\"timestamp\":1732300000000,\"data\":{\"href\":\"app://x\",\"width\":9,\"height\":9}}"
#define SNAPSHOT                                                                                                       \
    "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}"

static atomic_int calls[3];
static atomic_bool answers;
static pthread_t main_thread;

static void SR_CALL wanted(void *user_data, uint64_t view) {
    CHECK(user_data == (void *)calls);
    CHECK(!pthread_equal(pthread_self(), main_thread));
    CHECK(view < 3);
    CHECK(sr_wants_full_snapshot(view));
    CHECK_FAILS(sr_shutdown(0), SR_ERROR_INVALID_ARGUMENT, "thread of the library");
    if (atomic_load(&answers)) {
        CHECK(sr_record(META, strlen(META)) >= 0 && sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    }
    atomic_fetch_add(&calls[view], 1);
}

static void SR_CALL removes_itself(void *user_data, uint64_t view) {
    CHECK(view == 0 && sr_set_snapshot_callback(NULL, NULL) == SR_OK);
    atomic_fetch_add((atomic_int *)user_data, 1);
}

static void wait_for(int view, int count) {
    for (int i = 0; i < 60000 && atomic_load(&calls[view]) < count; i++) {
        sleep_us(1000);
    }
    CHECK(atomic_load(&calls[view]) == count);
}

static void snapshot(void) {
    CHECK(sr_record(META, strlen(META)) == SR_OK && sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
}

/* The thread of the library has looked meanwhile: what it persists with a session is there. */
static void rest(void) {
    sleep_us(700000);
}

int main(void) {
    main_thread = pthread_self();
    CHECK(!sr_wants_full_snapshot(0));
    CHECK(sr_set_snapshot_callback(wanted, (void *)calls) == SR_OK);
    CHECK(sr_init("key", options_with("http://127.0.0.1:9", "")) == SR_OK);
    CHECK(sr_wants_full_snapshot(0) && !sr_wants_full_snapshot(1));
    /* The session that recording begins with, in which nothing is recorded. */
    wait_for(0, 1);
    snapshot();
    CHECK(!sr_wants_full_snapshot(0));

    /* Another session; and the callback may answer itself. */
    atomic_store(&answers, true);
    CHECK(sr_set_session_id(1732300000001) == SR_NEEDS_FULL_SNAPSHOT);
    wait_for(0, 2);
    CHECK(!sr_wants_full_snapshot(0));
    atomic_store(&answers, false);

    /* Opted out, nothing is wanted; then it is. */
    CHECK(sr_set_opt_out(true) == SR_NOT_CAPTURED);
    CHECK(!sr_wants_full_snapshot(0));
    CHECK(sr_set_opt_out(false) == SR_NEEDS_FULL_SNAPSHOT);
    wait_for(0, 3);

    /* Once for each want, also where it is not met and events follow; a host that is faster is not called. */
    for (int i = 0; i < 100; i++) {
        CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    }
    rest();
    CHECK(atomic_load(&calls[0]) == 3);
    snapshot();
    /* A busy machine may make this host a slow one. */
    int turns = 0;
    for (bool is_fast = false; !is_fast; turns++) {
        CHECK(turns < 10);
        const int64_t began = wall_ms();
        CHECK(sr_set_session_id(1732300000100 + turns) == SR_NEEDS_FULL_SNAPSHOT);
        snapshot();
        is_fast = wall_ms() - began < 200;
        rest();
        CHECK(!is_fast || atomic_load(&calls[0]) == 3);
        atomic_store(&calls[0], 3);
    }

    /* Of views the library has the scene; a page in one has to take its own. */
    const sr_view_info views[] = {{.size = sizeof views[0], .view = 1, .width = 90, .height = 90},
                                  {.size = sizeof views[0], .view = 2, .width = 90, .height = 90}};
    CHECK(sr_view_place(&views[0]) == SR_OK && sr_view_place(&views[1]) == SR_OK);
    CHECK(sr_set_session_id(1732300000003) == SR_OK);
    rest();
    CHECK(!sr_wants_full_snapshot(0) && atomic_load(&calls[0]) == 3);
    CHECK(sr_view_record(2, META, strlen(META), NULL) >= 0 && sr_view_record(2, SNAPSHOT, strlen(SNAPSHOT), NULL) == SR_OK);
    CHECK(!sr_wants_full_snapshot(2));
    CHECK(sr_set_session_id(1732300000004) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_wants_full_snapshot(2) && sr_wants_full_snapshot(0) && !sr_wants_full_snapshot(1));
    wait_for(2, 1);
    CHECK(sr_view_record(2, META, strlen(META), NULL) >= 0 && sr_view_record(2, SNAPSHOT, strlen(SNAPSHOT), NULL) == SR_OK);
    CHECK(!sr_wants_full_snapshot(2));
    CHECK(sr_view_close(1) >= 0 && sr_view_close(2) >= 0);
    rest();
    CHECK(atomic_load(&calls[0]) == 3 && atomic_load(&calls[1]) == 0 && atomic_load(&calls[2]) == 1);

    /* One that is set while something is wanted is called, and may remove itself. */
    CHECK(sr_set_snapshot_callback(NULL, NULL) == SR_OK);
    CHECK(sr_set_session_id(1732300000005) == SR_NEEDS_FULL_SNAPSHOT);
    atomic_int removed = 0;
    CHECK(sr_set_snapshot_callback(removes_itself, &removed) == SR_OK);
    for (int i = 0; i < 60000 && atomic_load(&removed) == 0; i++) {
        sleep_us(1000);
    }
    CHECK(sr_wants_full_snapshot(0));
    CHECK(sr_set_session_id(1732300000006) == SR_NEEDS_FULL_SNAPSHOT);
    rest();
    CHECK(atomic_load(&removed) == 1);
    (void)sr_shutdown(0);
    CHECK(!sr_wants_full_snapshot(0));
    return 0;
}
