/* A process that forks while it records: the child has no recorder until it starts one, the parent goes on. Again and
 * again, since what a child inherits depends on what the parent's threads are at in that moment. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

static const uint32_t pixels[64 * 64] = {1, 2, 3};
static const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = 1, .width = 64, .height = 64, .pixels = pixels, .length = sizeof pixels};

static void child(const char *server) {
    CHECK_FAILS(sr_record(EVENT, strlen(EVENT)), SR_ERROR_FORKED, "sr_init");
    CHECK(!sr_is_capturing());
    CHECK_FAILS(sr_view_nodes(1, NULL, 0), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_view_record(1, EVENT, strlen(EVENT), NULL), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_FORKED, "sr_init");
    CHECK(sr_view_next_frame_ms(1) == 1000);
    CHECK_FAILS(sr_set_session_id(5), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_evaluate_targeting(NULL), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_flush(1000), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_shutdown(1000), SR_ERROR_FORKED, "sr_init");
    CHECK_FAILS(sr_set_transport(NULL, NULL), SR_ERROR_FORKED, "sr_init");
    sr_set_log_callback(NULL, NULL);
    CHECK(sr_stats() == NULL);
    CHECK(sr_take_log() == NULL);
    CHECK(sr_take_request() == NULL);
    CHECK_FAILS(sr_request_body(1, NULL, 0), SR_ERROR_FORKED, "sr_init");
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    CHECK(sr_set_device_id("child") == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_record(EVENT, strlen(EVENT)) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_view_frame(&frame) == SR_OK);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 4);
    char storage[1024];
    snprintf(storage, sizeof storage, ", \"storageDir\": \"%s\"", arguments[2]);
    for (int rounds = atoi(arguments[3]); rounds > 0; rounds--) {
        CHECK(sr_init("key", options_with(arguments[1], storage)) == SR_OK);
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
        /* What sr-encoder is at in that moment, the child inherits too. */
        CHECK(sr_view_frame(&frame) == SR_OK);
        const pid_t pid = fork();
        if (pid == 0) {
            child(arguments[1]);
            return 0;
        }
        int status = 1;
        CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
        CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    }
    return 0;
}
