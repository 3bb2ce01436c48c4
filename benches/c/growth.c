/* How the cost of an event grows: with the events recorded, the threads that record, the chunks that wait.
 *
 *     growth OPTIONS_JSON EVENTS THREADS SEQUENCES
 *
 * First makes so many chunks wait, by as many sessions of one full snapshot each, which needs a server that is not there,
 * and lets the library come to rest; then records EVENTS of 300 bytes, all threads together, and, where nothing was to wait,
 * has them delivered. Prints `ns-median ns-cpu`: on the caller's thread, the median over stretches of 100 events; and the
 * processor's time of the whole process, both per event. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { STRETCH = 100, MAX_THREADS = 64 };

static char event[301];
static size_t stretches;

static void fail(const char *what) {
    fprintf(stderr, "growth: %s: %s\n", what, sr_last_error());
    exit(1);
}

static double cpu_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e9 + (double)used.tv_nsec;
}

/* Until the library has done what it does with the sessions that ended: a fifth of a second with next to no work. And then
 * six seconds, since ext4 without a journal passes over the files that were deleted in the last five, one by one, whenever
 * a file is made: that is no cost of ours, and would be taken for one. */
static void rest(void) {
    for (double before = 0, now = cpu_ns(); now - before > 2e6; now = cpu_ns()) {
        before = now;
        usleep(200000);
    }
    usleep(6000000);
}

static void *record(void *argument) {
    uint32_t *samples = argument;
    for (size_t at = 0; at < stretches; at++) {
        const uint64_t before = ticks();
        for (int i = 0; i < STRETCH; i++) {
            if (sr_record(event, sizeof event - 1) < 0) {
                fail("sr_record");
            }
        }
        samples[at] = (uint32_t)(ticks() - before);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 5) {
        return 2;
    }
    const size_t events = strtoul(arguments[2], NULL, 10), chunks = strtoul(arguments[4], NULL, 10);
    const int threads = atoi(arguments[3]);
    if (threads < 1 || threads > MAX_THREADS || events < (size_t)threads * STRETCH) {
        return 2;
    }
    stretches = events / (size_t)threads / STRETCH;
    static const char head[] = "{\"type\":3,\"timestamp\":1732300000000,\"data\":{\"source\":0,\"text\":\"";
    memset(event, 'x', sizeof event - 1);
    memcpy(event, head, sizeof head - 1);
    memcpy(event + sizeof event - 4, "\"}}", 3);
    const double per_ns = ticks_per_ns();
    if (sr_init("bench-key", arguments[1]) != SR_OK) {
        fail("sr_init");
    }
    static const char snapshot[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}";
    for (size_t i = 0; i <= chunks; i++) {
        if (sr_set_session_id(1732300000000 + (int64_t)i) < 0 || sr_record(snapshot, sizeof snapshot - 1) != SR_OK) {
            fail("a session");
        }
    }
    if (chunks > 0) {
        rest();
    }
    uint32_t *samples = calloc(stretches * (size_t)threads, sizeof *samples);
    memset(samples, 1, stretches * (size_t)threads * sizeof *samples);
    pthread_t ids[MAX_THREADS];
    const double before = cpu_ns();
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, record, samples + (size_t)i * stretches) != 0) {
            fail("pthread_create");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
    }
    if (chunks == 0 && sr_flush(600000) != SR_OK) {
        fail("sr_flush");
    }
    const double cpu = cpu_ns() - before;
    const size_t all = stretches * (size_t)threads;
    qsort(samples, all, sizeof *samples, compare_samples);
    printf("%.2f %.1f\n", samples[all / 2] / per_ns / STRETCH, cpu / (double)(all * STRETCH));
    (void)sr_shutdown(0);
    return 0;
}
