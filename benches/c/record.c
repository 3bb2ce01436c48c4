/* Times one event on the caller's thread, next to the floors: a copy into a warm ring in memory, and one into a mapped
 * file. They take turns, burst by burst, so that whatever else the machine does hits them alike.
 *
 *     record THREADS BYTES EVENTS PACE_US SCRATCH_DIR OPTIONS_JSON
 *
 * EVENTS: of each thread and each contender. PACE_US: from one burst to the next, which bounds the rate at which events
 * come. Prints a line for each contender: `name samples p50 p99 p99.9 max mean` in nanoseconds, the clock's own time
 * included, which `clock` shows. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CLOCK, RING, MAPPED, FRESH, RECORD, CONTENDERS };
static const char *const NAMES[CONTENDERS] = {"clock", "memcpy-ring", "memcpy-mapped", "memcpy-fresh-mapped", "sr_record"};

enum { BURST = 20, RING_BYTES = 128 * 1024, MAX_THREADS = 64 };

static size_t event_bytes, events;
static double pace_ns;
static const char *scratch;

typedef struct {
    char *event;
    char *ring, *mapped;
    size_t ring_bytes, ring_at, mapped_at;
    int number;
    size_t refused;
    uint32_t *samples[CONTENDERS];
    /* The same per event over a whole burst, in hundredths of a tick: finer than the clock. */
    uint32_t *bursts[CONTENDERS];
} worker;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* A file of so many bytes, mapped, each page of it touched if it is to be warm. */
static char *map_file(const char *name, int number, size_t bytes, bool warm) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s-%d-%d", scratch, name, (int)getpid(), number);
    const int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || posix_fallocate(file, 0, (off_t)bytes) != 0) {
        fail(path);
    }
    char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) {
        fail("mmap");
    }
    unlink(path);
    close(file);
    for (size_t at = 0; warm && at < bytes; at += 4096) {
        map[at] = 1;
    }
    return map;
}

static void copy_around(char *to, size_t size, size_t *at, const char *event) {
    if (*at + event_bytes > size) {
        *at = 0;
    }
    memcpy(to + *at, event, event_bytes);
    *at += (event_bytes + 7) & ~(size_t)7;
}

static void one(worker *w, int contender) {
    switch (contender) {
    case RING:
        copy_around(w->ring, w->ring_bytes, &w->ring_at, w->event);
        break;
    case MAPPED:
        copy_around(w->mapped, w->ring_bytes, &w->mapped_at, w->event);
        break;
    case RECORD:
        if (sr_record(w->event, event_bytes) < 0) {
            w->refused++;
        }
        break;
    default:
        break;
    }
}

/* Large events: into a file that was made and mapped just now, as a host without a buffer would do it. */
static uint64_t one_fresh(const worker *w) {
    char *map = map_file("fresh", w->number, event_bytes, false);
    const uint64_t began = ticks();
    memcpy(map, w->event, event_bytes);
    const uint64_t took = ticks() - began;
    munmap(map, event_bytes);
    return took;
}

static size_t burst_of(size_t bytes) {
    return bytes > 100000 ? 1 : BURST;
}

static void *run(void *argument) {
    worker *w = argument;
    const size_t burst = burst_of(event_bytes);
    for (size_t done = 0; done < events;) {
        const double began = now_ns();
        const size_t now = done + burst < events ? burst : events - done;
        for (int contender = 0; contender < CONTENDERS; contender++) {
            if (contender != FRESH) {
                const uint64_t before = ticks();
                for (size_t i = 0; i < now; i++) {
                    one(w, contender);
                }
                w->bursts[contender][done / burst] = (uint32_t)((ticks() - before) * 100 / now);
            }
            for (size_t i = 0; i < now; i++) {
                uint64_t took;
                if (contender == FRESH) {
                    took = event_bytes > 100000 ? one_fresh(w) : 0;
                } else {
                    const uint64_t before = ticks();
                    one(w, contender);
                    took = ticks() - before;
                }
                w->samples[contender][done + i] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
            }
        }
        done += now;
        const double left = began + pace_ns - now_ns();
        if (left > 0) {
            spin_ns(left);
        }
    }
    return NULL;
}

/* An rrweb event of exactly so many bytes. */
static char *make_event(size_t bytes, int number) {
    static const char head[] = "{\"type\":3,\"timestamp\":1732300000000,\"data\":{\"source\":0,\"text\":\"", tail[] = "\"}}";
    char *event = malloc(bytes + 1);
    memcpy(event, head, sizeof head - 1);
    uint32_t random = 2463534242u + (uint32_t)number;
    for (size_t at = sizeof head - 1; at < bytes; at++) {
        random ^= random << 13, random ^= random >> 17, random ^= random << 5;
        event[at] = "abcdefghij klmno"[random % 16];
    }
    memcpy(event + bytes - (sizeof tail - 1), tail, sizeof tail);
    return event;
}

int main(int count, char **arguments) {
    if (count != 7) {
        return 2;
    }
    const int threads = atoi(arguments[1]);
    event_bytes = strtoul(arguments[2], NULL, 10);
    events = strtoul(arguments[3], NULL, 10);
    pace_ns = atof(arguments[4]) * 1000;
    scratch = arguments[5];
    if (threads < 1 || threads > MAX_THREADS || event_bytes < 100 || events < 1) {
        return 2;
    }
    const double per_ns = ticks_per_ns();
    if (sr_init("bench-key", arguments[6]) != SR_OK) {
        fprintf(stderr, "sr_init: %s\n", sr_last_error());
        return 1;
    }
    static const char snapshot[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}";
    sr_record(snapshot, sizeof snapshot - 1);

    static worker workers[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    for (int i = 0; i < threads; i++) {
        worker *w = &workers[i];
        w->number = i;
        w->event = make_event(event_bytes, i);
        w->ring_bytes = event_bytes < RING_BYTES ? RING_BYTES : event_bytes;
        w->ring = malloc(w->ring_bytes);
        memset(w->ring, 1, w->ring_bytes);
        w->mapped = map_file("mapped", i, w->ring_bytes, true);
        for (int contender = 0; contender < CONTENDERS; contender++) {
            w->samples[contender] = malloc(events * sizeof(uint32_t));
            memset(w->samples[contender], 0, events * sizeof(uint32_t));
            w->bursts[contender] = calloc(events + 1, sizeof(uint32_t));
        }
    }
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, run, &workers[i]) != 0) {
            fail("pthread_create");
        }
    }
    size_t refused = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        refused += workers[i].refused;
    }
    uint32_t *all = malloc(events * (size_t)threads * sizeof *all);
    for (int contender = 0; contender < CONTENDERS; contender++) {
        if (contender == FRESH && event_bytes <= 100000) {
            continue;
        }
        for (int i = 0; i < threads; i++) {
            memcpy(all + (size_t)i * events, workers[i].samples[contender], events * sizeof *all);
        }
        print_samples(NAMES[contender], all, events * (size_t)threads, per_ns);
        if (contender == FRESH || contender == CLOCK) {
            continue;
        }
        const size_t bursts = (events + burst_of(event_bytes) - 1) / burst_of(event_bytes);
        for (int i = 0; i < threads; i++) {
            memcpy(all + (size_t)i * bursts, workers[i].bursts[contender], bursts * sizeof *all);
        }
        char name[64];
        snprintf(name, sizeof name, "%s/burst", NAMES[contender]);
        print_samples(name, all, bursts * (size_t)threads, per_ns * 100);
    }
    printf("refused %zu\n", refused);
    char *stats = sr_stats();
    printf("stats %s\n", stats);
    sr_string_free(stats);
    (void)sr_shutdown(0);
    return 0;
}
