/* What all the timed programs share: a clock that reads in a few nanoseconds, and percentiles. C99 and C++11. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Reads the clock: on x86 the time stamp counter, after everything before it has been executed. */
static inline uint64_t ticks(void) {
#if defined(__x86_64__)
    uint32_t low, high, core;
    __asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(core)::"memory");
    return (uint64_t)high << 32 | low;
#else
    return (uint64_t)now_ns();
#endif
}

/* Ticks of a nanosecond, measured over 50 ms. */
static inline double ticks_per_ns(void) {
    const double began = now_ns();
    const uint64_t first = ticks();
    while (now_ns() - began < 50e6) {
    }
    return (double)(ticks() - first) / (now_ns() - began);
}

/* Keeps busy for so long: a sleeping core would have cold caches and a slow clock. */
static inline void spin_ns(double ns) {
    const double end = now_ns() + ns;
    while (now_ns() < end) {
#if defined(__x86_64__)
        __asm__ volatile("pause");
#endif
    }
}

static int compare_samples(const void *a, const void *b) {
    const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

/* Sorts the samples and prints `name samples p50 p99 p99.9 max mean`, in nanoseconds. */
static inline void print_samples(const char *name, uint32_t *samples, size_t count, double per_ns) {
    double sum = 0;
    qsort(samples, count, sizeof *samples, compare_samples);
    for (size_t i = 0; i < count; i++) {
        sum += samples[i];
    }
    printf("%s %zu %.1f %.1f %.1f %.1f %.1f\n", name, count, samples[count / 2] / per_ns,
           samples[count - 1 - count / 100] / per_ns, samples[count - 1 - count / 1000] / per_ns,
           samples[count - 1] / per_ns, sum / (double)count / per_ns);
}

#endif
