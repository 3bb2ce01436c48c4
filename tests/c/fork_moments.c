/* Forks at moments that a host does not choose: while another thread is in the first sr_init of the process, and from a
 * thread whose events take the short cut. */
#define _DEFAULT_SOURCE

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define SNAPSHOT "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {\"node\": {\"type\": 0, \"childNodes\": [{\"type\": 2, \"tagName\": \"html\", \"childNodes\": []}], \"id\": 1}}}"

/* Processes that fork during their first sr_init: enough that some do it in the middle. A sanitizer's own allocator does
 * not outlive that. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define PROCESSES 0
#endif
#endif
#ifndef PROCESSES
#define PROCESSES 30
#endif

static atomic_bool started;

static void wait_for(pid_t pid) {
    int status = 1;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *fork_meanwhile(void *options) {
    while (!atomic_load(&started)) {
        const pid_t pid = fork();
        if (pid == 0) {
            CHECK(sr_init("key", options) == SR_OK);
            CHECK(sr_shutdown(0) == SR_OK);
            _exit(0);
        }
        wait_for(pid);
    }
    return NULL;
}

static void start_while_forking(const char *options, int number) {
    const pid_t pid = fork();
    if (pid == 0) {
        pthread_t forking;
        CHECK(pthread_create(&forking, NULL, fork_meanwhile, (void *)options) == 0);
        usleep((useconds_t)(number * 50));
        CHECK(sr_init("key", options) == SR_OK);
        atomic_store(&started, true);
        CHECK(pthread_join(forking, NULL) == 0);
        CHECK(sr_shutdown(0) == SR_OK);
        _exit(0);
    }
    wait_for(pid);
}

static void fork_in_the_short_cut(const char *options) {
    CHECK(sr_init("key", options) == SR_OK);
    CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
    const pid_t pid = fork();
    if (pid == 0) {
        CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_FORKED, "sr_init");
        CHECK(sr_init("key", options) == SR_OK);
        CHECK(sr_set_device_id("child") == SR_NEEDS_FULL_SNAPSHOT);
        CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
        CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
        CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
        _exit(0);
    }
    wait_for(pid);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    char storage[1024];
    snprintf(storage, sizeof storage, ", \"storageDir\": \"%s\"", arguments[2]);
    const char *options = options_with(arguments[1], storage);
    for (int number = 0; number < PROCESSES; number++) {
        start_while_forking(options, number);
    }
    fork_in_the_short_cut(options);
    return 0;
}
