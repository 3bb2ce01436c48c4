/* A host that forks children, which only sleep, while another thread of it starts recording; then it is killed. Prints the
 * children's numbers. */
#define _GNU_SOURCE

#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#define CHILDREN 25
#define SNAPSHOT                                                                                  \
    "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {\"node\": {\"type\": 0, \"id\": 1,"        \
    " \"childNodes\": [{\"type\": 2, \"id\": 2, \"tagName\": \"html\", \"attributes\": {},"           \
    " \"childNodes\": []}]}, \"initialOffset\": {\"left\": 0, \"top\": 0}}}"

static atomic_bool forking, over;

static void *fork_children(void *unused) {
    for (int i = 0; i < CHILDREN && !atomic_load(&over); i++) {
        atomic_store(&forking, true);
        const pid_t pid = fork();
        if (pid == 0) {
            close(0);
            close(1);
            close(2);
            sleep(30);
            _exit(0);
        }
        char line[32];
        const int length = snprintf(line, sizeof line, "%ld\n", (long)pid);
        CHECK(write(1, line, (size_t)length) == length);
        usleep(50);
    }
    return unused;
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    const char *options = options_with(arguments[1], arguments[2]);
    /* The library minds forks from the first start on. */
    CHECK(sr_init("test-api-key", "{\"enableRemoteConfig\": false}") == SR_OK && sr_shutdown(0) == SR_OK);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fork_children, NULL) == 0);
    /* On a busy machine the thread may take its time to begin. */
    while (!atomic_load(&forking)) {
        usleep(50);
    }
    CHECK(sr_init("test-api-key", options) == SR_OK);
    CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) >= 0);
    atomic_store(&over, true);
    CHECK(pthread_join(thread, NULL) == 0);
    raise(SIGKILL);
    return 0;
}
