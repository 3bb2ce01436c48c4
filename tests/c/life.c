/* One life of a host: it records a full snapshot and so many events of about a kilobyte, prints sr_stats(), and ends in one
 * of the ways in which programs end.
 *
 *     life SERVER OPTIONS EVENTS END
 */
#define _GNU_SOURCE

#include "check.h"
#include "portable.h"

#ifdef __linux__
#include <sys/syscall.h>
#endif

#define SNAPSHOT                                                                                  \
    "{\"type\": 2, \"timestamp\": 1732300000000, \"data\": {\"node\": {\"type\": 0, \"id\": 1,"        \
    " \"childNodes\": [{\"type\": 2, \"id\": 2, \"tagName\": \"html\", \"attributes\": {},"           \
    " \"childNodes\": []}]}, \"initialOffset\": {\"left\": 0, \"top\": 0}}}"

static void on_crash(int signal_number) {
    (void)sr_mark_crash(signal_number);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void record(long first, long count) {
    char event[1200];
    for (long n = first; n < first + count; n++) {
        const int length = snprintf(event, sizeof event,
                                    "{\"type\": 3, \"timestamp\": 1732300000000, \"data\": {\"source\": 0, \"texts\": [],"
                                    " \"attributes\": [], \"removes\": [], \"adds\": [], \"n\": %ld, \"pad\": \"%0900ld\"}}",
                                    n, n);
        CHECK(sr_record(event, (size_t)length) >= 0);
    }
}

int main(int count, char **arguments) {
    CHECK(count == 5);
    quiet_end();
    const long events = strtol(arguments[3], NULL, 10);
    const char *end = arguments[4];
    CHECK(sr_init("test-api-key", options_with(arguments[1], arguments[2])) >= 0);
    if (strcmp(end, "crash") == 0) {
        signal(SIGABRT, on_crash);
    }
#ifdef __linux__
    if (strcmp(end, "close") == 0) {
        /* As daemons do, once they run: a descriptor that is closed while the library opens a file would be another
         * test. The lowest number is somebody else's file from now on. */
        sleep_us(500000);
        CHECK(syscall(SYS_close_range, 3, ~0U, 0) == 0);
        CHECK(dup(1) == 3);
    }
#endif
    if (events > 0) {
        CHECK(sr_record(SNAPSHOT, strlen(SNAPSHOT)) >= 0);
    }
    record(1, events);
    if (strcmp(end, "deliver") == 0) {
        /* What earlier lives left comes first. */
        CHECK(sr_flush(within_ms(30000)) == SR_OK);
    }
    if (strcmp(end, "later") == 0) {
        /* Once it has been looked what is there, it is looked again. */
        for (int i = 0; i < 600 && stat_of("damaged") == 0; i++) {
            sleep_us(100000);
        }
        sleep_us(2500000);
    }
    char *stats = sr_stats();
    puts(stats);
    fflush(stdout);
    sr_string_free(stats);
    if (strcmp(end, "kill") == 0) {
        kill_itself();
    }
    if (strcmp(end, "crash") == 0) {
        abort();
    }
    if (strcmp(end, "stay") == 0) {
        /* Recording ends, and this process goes on without it. */
        CHECK(sr_shutdown(0) == SR_ERROR_TIMEOUT);
        CHECK(getchar() == EOF);
        return 0;
    }
    if (strcmp(end, "close") == 0) {
        /* Another life goes by meanwhile; then this one goes on in the same chunks, and in new ones. */
        CHECK(getchar() == '\n');
        record(events + 1, 2000);
        CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
#ifdef __linux__
        CHECK(write(3, "open\n", 5) == 5);
#endif
        return 0;
    }
    (void)sr_shutdown(strcmp(end, "deliver") == 0 ? within_ms(20000) : 0);
    return 0;
}
