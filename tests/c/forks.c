/* A process that forks while it records: the child has no recorder until it starts one, the parent goes on. Again and
 * again, since what a child inherits depends on what the parent's threads are at in that moment. */
#define _DEFAULT_SOURCE

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/* Processes that fork during their first sr_init: enough that some do it in the middle. */
#define EARLY 30

#define SNAPSHOT "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {}}"

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

/* Whatever a thread of the parent was in the middle of, the child may start its own. */
static void fork_while_starting(const char *options) {
    for (useconds_t i = 0; i < EARLY; i++) {
        const pid_t pid = fork();
        if (pid == 0) {
            pthread_t forking;
            CHECK(pthread_create(&forking, NULL, fork_meanwhile, (void *)options) == 0);
            usleep(i * 50);
            CHECK(sr_init("key", options) == SR_OK);
            atomic_store(&started, true);
            CHECK(pthread_join(forking, NULL) == 0);
            CHECK(sr_shutdown(0) == SR_OK);
            _exit(0);
        }
        wait_for(pid);
    }
}

static void child(const char *server) {
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_set_session_id(5), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_flush(1000), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_shutdown(1000), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_set_transport(NULL, NULL), SR_ERROR_FORKED, "sr_init");
    sr_set_log_callback(NULL, NULL);
    CHECK(sr_stats() == NULL);
    CHECK(sr_take_log() == NULL);
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    CHECK(sr_set_device_id("child") == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_shutdown(20000) == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 4);
    char storage[1024];
    snprintf(storage, sizeof storage, ", \"storageDir\": \"%s\"", arguments[2]);
    fork_while_starting(options_with(arguments[1], storage));
    for (int rounds = atoi(arguments[3]); rounds > 0; rounds--) {
        CHECK(sr_init("key", options_with(arguments[1], storage)) == SR_OK);
        CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) == SR_OK);
        CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
        const pid_t pid = fork();
        if (pid == 0) {
            child(arguments[1]);
            return 0;
        }
        wait_for(pid);
        CHECK(sr_record(EVENT, strlen(EVENT)) == SR_OK);
        CHECK(sr_shutdown(20000) == SR_OK);
    }
    return 0;
}
