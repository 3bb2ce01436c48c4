/* Times a full snapshot of 2 MB for which a chunk of its size is ready, beside copies of as many bytes. They take turns.
 *
 *     snapshot ROUNDS OPTIONS_JSON
 *
 * Prints `name samples p50 p99 p99.9 max mean`, in nanoseconds: a copy into memory that was copied into just before (warm), one
 * into memory whose pages are there and that no cache holds (uncached), and sr_record. */
#include "clock.h"
#include "session_replay.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EVENT = 2000000, MAX_ROUNDS = 1000, EVICTING_BYTES = 64 << 20 };

/* Longer than sr-worker takes to make a chunk, and shorter than it keeps one for a large event (1 s). */
static const useconds_t PAUSE_US = 200000;

static char *filled(size_t bytes, int value) {
    char *memory = malloc(bytes);
    if (memory == NULL) {
        exit(1);
    }
    memset(memory, value, bytes);
    return memory;
}

static char *make_event(void) {
    static const char head[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":3,"
                               "\"textContent\":\"",
                      tail[] = "\",\"id\":2}],\"id\":1}}}";
    char *event = filled(EVENT, 'x');
    memcpy(event, head, sizeof head - 1);
    memcpy(event + EVENT - (sizeof tail - 1), tail, sizeof tail - 1);
    return event;
}

static uint32_t copied(char *to, const char *event) {
    const uint64_t before = ticks();
    memcpy(to, event, EVENT);
    __asm__ volatile("" ::: "memory");
    return (uint32_t)(ticks() - before);
}

int main(int count, char **arguments) {
    if (count != 3) {
        return 2;
    }
    const size_t rounds = strtoul(arguments[1], NULL, 10);
    if (rounds < 2 || rounds > MAX_ROUNDS || sr_init("bench-key", arguments[2]) != SR_OK) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    static uint32_t warm[MAX_ROUNDS], uncached[MAX_ROUNDS], record[MAX_ROUNDS];
    char *event = make_event(), *warm_copy = filled(EVENT, 1), *far_copy = filled(EVENT, 1), *evicting = filled(EVICTING_BYTES, 1);
    const double per_ns = ticks_per_ns();
    /* The first finds none ready. */
    sr_status status = sr_record(event, EVENT);
    for (size_t round = 0; round < rounds && status == SR_OK; round++) {
        usleep(PAUSE_US);
        memset(evicting, (int)round, EVICTING_BYTES);
        (void)copied(warm_copy, event);
        uncached[round] = copied(far_copy, event);
        (void)copied(warm_copy, event);
        warm[round] = copied(warm_copy, event);
        const uint64_t before = ticks();
        status = sr_record(event, EVENT);
        record[round] = (uint32_t)(ticks() - before);
    }
    if (status != SR_OK) {
        fprintf(stderr, "sr_record answers %d: %s\n", status, sr_last_error());
        return 1;
    }
    print_samples("warm", warm, rounds, per_ns);
    print_samples("uncached", uncached, rounds, per_ns);
    print_samples("sr_record", record, rounds, per_ns);
    fflush(stdout);
    (void)sr_shutdown(0);
    return 0;
}
