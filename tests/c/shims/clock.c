/* LD_PRELOAD: the wall clock is CLOCK_STEP seconds ahead; every other clock is as it was. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    const int answer = real(clock, time);
    const char *step = getenv("CLOCK_STEP");
    if (answer == 0 && clock == CLOCK_REALTIME && step != NULL) {
        time->tv_sec += strtol(step, NULL, 10);
    }
    return answer;
}
