/* A forked child has its parent's filter, also where a thread of the parent is inside it: ./filter_fork <server> */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_bool inside, leave;

static int32_t SR_CALL drop(void *user_data, const char *event, size_t length) {
    (void)event;
    (void)length;
    if (atomic_load(&leave) || user_data == NULL) {
        return SR_FILTER_DROP;
    }
    atomic_store(&inside, true);
    while (!atomic_load(&leave)) {
        sleep_us(100);
    }
    return SR_FILTER_DROP;
}

static void *record(void *unused) {
    (void)unused;
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NOT_CAPTURED);
    return NULL;
}

/* With the parent's filter, or without one. */
static void in_child(const char *server, int own) {
    CHECK_FAILS(sr_set_snapshot_callback(NULL, NULL), SR_ERROR_FORKED, "fork");
    CHECK(!sr_wants_full_snapshot(0));
    CHECK(own == 0 || sr_set_filter(NULL, NULL) == SR_OK);
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == (own ? SR_NEEDS_FULL_SNAPSHOT : SR_NOT_CAPTURED));
    CHECK(stat_of("filtered") == (own ? 0 : 1));
    CHECK(sr_set_filter(NULL, NULL) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    _exit(0);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    CHECK(sr_set_filter(drop, &inside) == SR_OK);
    CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, record, NULL) == 0);
    while (!atomic_load(&inside)) {
        sleep_us(100);
    }
    for (int own = 0; own < 2; own++) {
        const pid_t child = fork();
        if (child == 0) {
            atomic_store(&leave, true);
            in_child(arguments[1], own);
        }
        int status = 1;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    atomic_store(&leave, true);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
