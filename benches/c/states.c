/* Times sr_record in one of the states that a host meets, beside a copy into a warm ring. They take turns, burst by burst.
 *
 *     states STATE THREADS EVENTS PACE_US OPTIONS_JSON
 *
 * EVENTS: of each thread. PACE_US: from one burst to the next. Prints `name samples p50 p99 p99.9 max mean` of the mean of each
 * burst, in nanoseconds: of the ring, and of sr_record; and the same of single calls of both in the thread's own processor time,
 * less what it takes to ask for that: a chunk's end is seen there, which few of the bursts would show. What interrupts take is in
 * it, too: that is all that the ring's longest are.
 *
 *     valgrind --tool=callgrind --toggle-collect=record_many states STATE 0 EVENTS PACE_US OPTIONS_JSON
 *
 * counts instructions: no thread, no clock, EVENTS calls in record_many, with a pause after each burst. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 20, EVENT = 300, RING_BYTES = 128 * 1024, MAX_THREADS = 64 };

static size_t events;
static double pace_ns;
static bool has_cores;

typedef struct {
    char event[EVENT];
    char *ring;
    size_t ring_at;
    uint32_t *ring_bursts, *record_bursts, *ring_own, *record_own;
} worker;

static const char SNAPSHOT[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":"
                               "\"html\",\"childNodes\":[]}],\"id\":1}}}";

static void make_event(char *event, int number) {
    static const char head[] = "{\"type\":3,\"data\":{\"source\":0,\"text\":\"", tail[] = "\"},\"timestamp\":1732300000000}";
    memcpy(event, head, sizeof head - 1);
    uint32_t random = 2463534242u + (uint32_t)number;
    for (size_t at = sizeof head - 1; at < EVENT; at++) {
        random ^= random << 13, random ^= random >> 17, random ^= random << 5;
        event[at] = "abcdefghij klmno"[random % 16];
    }
    memcpy(event + EVENT - (sizeof tail - 1), tail, sizeof tail - 1);
}

static void copy_around(worker *w) {
    if (w->ring_at + EVENT > RING_BYTES) {
        w->ring_at = 0;
    }
    memcpy(w->ring + w->ring_at, w->event, EVENT);
    __asm__ volatile("" ::: "memory");
    w->ring_at += (EVENT + 7) & ~(size_t)7;
}

static uint64_t own_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void record_many(const char *event, size_t count);

__attribute__((noinline)) void record_many(const char *event, size_t count) {
    for (size_t i = 0; i < count; i++) {
        (void)sr_record(event, EVENT);
    }
}

/* What a clock takes that asks the system, at the least. */
static uint64_t clock_cost(void) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 2000; i++) {
        const uint64_t before = own_ns(), took = own_ns() - before;
        least = took < least ? took : least;
    }
    return least;
}

static uint32_t less(uint64_t took, uint64_t clock) {
    return took > clock ? (uint32_t)(took - clock) : 0;
}

/* Where several threads share a core, one that waits sleeps: spinning would take the others' turns. */
static void wait_ns(double ns) {
    if (has_cores) {
        spin_ns(ns);
    } else if (ns > 0) {
        usleep((useconds_t)(ns / 1000));
    }
}

static void *run(void *argument) {
    worker *w = argument;
    const uint64_t clock = clock_cost();
    for (size_t burst = 0; burst * BURST < events; burst++) {
        const double began = now_ns();
        /* Whoever comes first after a sleep finds cold caches: the ring is to be warm. */
        for (int i = 0; i < BURST; i++) {
            copy_around(w);
        }
        uint64_t before = ticks();
        for (int i = 0; i < BURST; i++) {
            copy_around(w);
        }
        w->ring_bursts[burst] = (uint32_t)((ticks() - before) * 100 / BURST);
        before = ticks();
        for (int i = 0; i < BURST; i++) {
            (void)sr_record(w->event, EVENT);
        }
        w->record_bursts[burst] = (uint32_t)((ticks() - before) * 100 / BURST);
        (void)own_ns(); /* The first one after a while takes several times as long. */
        for (int i = 0; i < BURST; i++) {
            const uint64_t first = own_ns();
            (void)sr_record(w->event, EVENT);
            const uint64_t second = own_ns();
            copy_around(w);
            const uint64_t third = own_ns();
            w->record_own[burst * BURST + (size_t)i] = less(second - first, clock);
            w->ring_own[burst * BURST + (size_t)i] = less(third - second, clock);
        }
        wait_ns(began + pace_ns - now_ns());
    }
    return NULL;
}

static void measure(int threads) {
    const double per_ns = ticks_per_ns();
    has_cores = threads <= sysconf(_SC_NPROCESSORS_ONLN);
    static worker workers[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    const size_t bursts = events / BURST;
    for (int i = 0; i < threads; i++) {
        worker *w = &workers[i];
        make_event(w->event, i);
        w->ring = malloc(RING_BYTES);
        memset(w->ring, 1, RING_BYTES);
        w->ring_bursts = calloc(bursts, sizeof(uint32_t));
        w->record_bursts = calloc(bursts, sizeof(uint32_t));
        w->ring_own = calloc(events, sizeof(uint32_t));
        w->record_own = calloc(events, sizeof(uint32_t));
    }
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, run, &workers[i]) != 0) {
            exit(1);
        }
    }
    uint32_t *ring = malloc(bursts * (size_t)threads * sizeof *ring), *record = malloc(bursts * (size_t)threads * sizeof *record);
    uint32_t *ring_own = malloc(events * (size_t)threads * sizeof *ring_own), *record_own = malloc(events * (size_t)threads * sizeof *record_own);
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        memcpy(ring + (size_t)i * bursts, workers[i].ring_bursts, bursts * sizeof *ring);
        memcpy(record + (size_t)i * bursts, workers[i].record_bursts, bursts * sizeof *record);
        memcpy(ring_own + (size_t)i * events, workers[i].ring_own, events * sizeof *ring_own);
        memcpy(record_own + (size_t)i * events, workers[i].record_own, events * sizeof *record_own);
    }
    print_samples("ring", ring, bursts * (size_t)threads, per_ns * 100);
    print_samples("sr_record", record, bursts * (size_t)threads, per_ns * 100);
    print_samples("ring/own", ring_own, events * (size_t)threads, 1);
    print_samples("sr_record/own", record_own, events * (size_t)threads, 1);
    fflush(stdout);
}

static bool is(const char *state, const char *name) {
    return strcmp(state, name) == 0;
}

/* Brings the recorder into the state. What it answers there, so that no other is measured. */
static sr_status enter(const char *state, const char *event) {
    if (is(state, "recording") || is(state, "session-timeout")) {
        (void)sr_record(SNAPSHOT, sizeof SNAPSHOT - 1);
        return SR_OK;
    }
    if (is(state, "no-snapshot")) {
        return SR_NEEDS_FULL_SNAPSHOT;
    }
    if (is(state, "rolled-over")) {
        (void)sr_record(SNAPSHOT, sizeof SNAPSHOT - 1);
        (void)sr_record(event, EVENT);
        (void)sr_set_session_id(1732300000001);
        return SR_NEEDS_FULL_SNAPSHOT;
    }
    if (is(state, "buffer-full")) {
        while (sr_record(event, EVENT) >= 0) {
        }
        return SR_ERROR_BUFFER_FULL;
    }
    if (is(state, "opted-out")) {
        (void)sr_set_opt_out(true);
        return SR_NOT_CAPTURED;
    }
    if (is(state, "paused")) {
        (void)sr_pause();
        return SR_NOT_CAPTURED;
    }
    if (is(state, "idle")) {
        (void)sr_record(SNAPSHOT, sizeof SNAPSHOT - 1);
        while (sr_record(event, EVENT) != SR_NOT_CAPTURED) {
            spin_ns(1e6);
        }
        return SR_NOT_CAPTURED;
    }
    if (is(state, "not-sampled")) {
        return SR_NOT_CAPTURED;
    }
    if (is(state, "shut-down")) {
        (void)sr_shutdown(0);
        return SR_ERROR_NOT_INITIALIZED;
    }
    if (is(state, "forked")) {
        (void)sr_record(SNAPSHOT, sizeof SNAPSHOT - 1);
        (void)sr_record(event, EVENT);
        const pid_t child = fork();
        if (child > 0) {
            int status = 1;
            (void)waitpid(child, &status, 0);
            (void)sr_shutdown(0);
            exit(status != 0);
        }
        return SR_ERROR_FORKED;
    }
    exit(2);
}

int main(int count, char **arguments) {
    if (count != 6) {
        return 2;
    }
    const int threads = atoi(arguments[2]);
    events = strtoul(arguments[3], NULL, 10) / BURST * BURST;
    pace_ns = atof(arguments[4]) * 1000;
    if (threads < 0 || threads > MAX_THREADS || events < BURST) {
        return 2;
    }
    if (sr_init("bench-key", arguments[5]) != SR_OK) {
        fprintf(stderr, "sr_init: %s\n", sr_last_error());
        return 1;
    }
    static char event[EVENT];
    make_event(event, 0);
    const sr_status expected = enter(arguments[1], event);
    const sr_status answered = sr_record(event, EVENT);
    if (answered != expected) {
        fprintf(stderr, "%s: sr_record answers %d, not %d: %s\n", arguments[1], answered, expected, sr_last_error());
        return 1;
    }
    if (threads == 0) {
        for (size_t done = 0; done < events; done += BURST) {
            record_many(event, BURST);
            usleep((useconds_t)(pace_ns / 1000));
        }
    } else {
        measure(threads);
    }
    if (sr_record(event, EVENT) != expected) {
        fprintf(stderr, "%s: the state did not last\n", arguments[1]);
        return 1;
    }
    if (is(arguments[1], "forked")) {
        _exit(0);
    }
    (void)sr_shutdown(0);
    return 0;
}
