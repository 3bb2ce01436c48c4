/* A program that starts recording and then becomes a daemon: the child goes on, the parent ends with events that no server
 * took. The child takes them over. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms) {
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* Waits until nobody can write into the pipe any more. */
static void wait_for_end_of(const int ends[2]) {
    char byte;
    close(ends[1]);
    CHECK(read(ends[0], &byte, 1) == 0);
}

static void go_on(const char *server, const char *storage) {
    CHECK(sr_init("key", options_with(server, storage)) == SR_OK);
    for (int i = 0; i < 200 && stat_of("adopted") != 1; i++) {
        sleep_ms(50);
    }
    CHECK(stat_of("adopted") == 1);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    char storage[1024], answer;
    snprintf(storage, sizeof storage, ", \"storageDir\": \"%s\", \"flushMaxRetries\": 1", arguments[2]);
    /* What the parent and the daemon hold as long as they live, and the daemon's word that it went well. */
    int parent[2], daemon[2], word[2];
    CHECK(pipe(parent) == 0 && pipe(daemon) == 0 && pipe(word) == 0);
    if (fork() == 0) {
        CHECK(sr_init("key", options_with("http://127.0.0.1:9", storage)) == SR_OK);
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
        if (fork() == 0) {
            wait_for_end_of(parent);
            go_on(arguments[1], storage);
            CHECK(write(word[1], "y", 1) == 1);
            _exit(0);
        }
        if (fork() == 0) {
            /* Another child, as servers have, which never records. */
            close(parent[1]);
            close(word[1]);
            wait_for_end_of(daemon);
            _exit(0);
        }
        _exit(0);
    }
    close(parent[1]);
    close(daemon[1]);
    close(word[1]);
    CHECK(read(word[0], &answer, 1) == 1);
    return 0;
}
