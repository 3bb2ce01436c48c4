/* What the programs here need of the system: the time, a pause, threads. POSIX has pthreads for it, Windows its own. */
#ifndef EXAMPLES_SYSTEM_H
#define EXAMPLES_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

/* A thread: fill in what it runs and with what, and start it. It must stay where it is until it was joined. */
typedef struct thread thread;

/* Milliseconds since 1970. */
static inline int64_t wall_ms(void);
/* Milliseconds of a clock that nobody sets. */
static inline int64_t steady_ms(void);
/* Waits so long. */
static inline void pause_ms(int64_t milliseconds);
/* Starts a thread; false where there is none to be had. */
static inline bool thread_start(thread *thread);
/* Waits for its end. */
static inline void thread_join(thread *thread);

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

struct thread {
    void (*run)(void *argument);
    void *argument;
    HANDLE handle;
};

static inline int64_t wall_ms(void) {
    FILETIME now; /* in 100 ns since 1601 */
    GetSystemTimeAsFileTime(&now);
    const uint64_t ticks = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    return (int64_t)(ticks / 10000) - 11644473600000;
}

static inline int64_t steady_ms(void) { return (int64_t)GetTickCount64(); }

static inline void pause_ms(int64_t milliseconds) { Sleep((DWORD)milliseconds); }

static inline DWORD WINAPI thread_main(void *argument) {
    const thread *self = argument;
    self->run(self->argument);
    return 0;
}

/* (A program that shares much with its C runtime takes _beginthreadex.) */
static inline bool thread_start(thread *thread) {
    thread->handle = CreateThread(NULL, 0, thread_main, thread, 0, NULL);
    return thread->handle != NULL;
}

static inline void thread_join(thread *thread) {
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
}

#else
#include <errno.h>
#include <pthread.h>
#include <time.h>

struct thread {
    void (*run)(void *argument);
    void *argument;
    pthread_t handle;
};

static inline int64_t time_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t wall_ms(void) { return time_of(CLOCK_REALTIME); }

static inline int64_t steady_ms(void) { return time_of(CLOCK_MONOTONIC); }

static inline void pause_ms(int64_t milliseconds) {
    struct timespec pause = {(time_t)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&pause, &pause) != 0 && errno == EINTR) {
    }
}

static inline void *thread_main(void *argument) {
    const thread *self = argument;
    self->run(self->argument);
    return NULL;
}

static inline bool thread_start(thread *thread) {
    return pthread_create(&thread->handle, NULL, thread_main, thread) == 0;
}

static inline void thread_join(thread *thread) { pthread_join(thread->handle, NULL); }

#endif
#endif
