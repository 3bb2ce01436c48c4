/* The little of POSIX that the test programs use, for Windows too: threads, a mutex, keys with destructors, pauses, the time, and an end
 * that gives nobody a chance. Elsewhere it is the system's own. */
#ifndef PORTABLE_H
#define PORTABLE_H

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <process.h>

#define STDOUT_FILENO 1

typedef HANDLE pthread_t;
typedef SRWLOCK pthread_mutex_t;
typedef DWORD pthread_key_t;
#define PTHREAD_MUTEX_INITIALIZER SRWLOCK_INIT

struct portable_thread {
    void *(*body)(void *);
    void *argument;
};

static inline unsigned __stdcall portable_thread_main(void *started) {
    const struct portable_thread thread = *(struct portable_thread *)started;
    free(started);
    thread.body(thread.argument);
    return 0;
}

static inline int pthread_create(pthread_t *thread, const void *attributes, void *(*body)(void *), void *argument) {
    (void)attributes;
    struct portable_thread *started = malloc(sizeof *started);
    if (started == NULL) {
        return 1;
    }
    started->body = body;
    started->argument = argument;
    *thread = (HANDLE)_beginthreadex(NULL, 0, portable_thread_main, started, 0, NULL);
    return *thread == NULL;
}

/* What the thread returned is not to be had. */
static inline int pthread_join(pthread_t thread, const void *nothing) {
    return nothing != NULL || WaitForSingleObject(thread, INFINITE) != WAIT_OBJECT_0 || !CloseHandle(thread);
}

static inline int pthread_detach(pthread_t thread) {
    return !CloseHandle(thread);
}

/* It is never closed: a test has few threads. */
static inline pthread_t pthread_self(void) {
    return OpenThread(THREAD_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, GetCurrentThreadId());
}

static inline int pthread_equal(pthread_t one, pthread_t other) {
    return GetThreadId(one) == GetThreadId(other);
}

static inline int pthread_mutex_lock(pthread_mutex_t *lock) {
    AcquireSRWLockExclusive(lock);
    return 0;
}

static inline int pthread_mutex_unlock(pthread_mutex_t *lock) {
    ReleaseSRWLockExclusive(lock);
    return 0;
}

static inline int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
    *key = FlsAlloc(destructor);
    return *key == FLS_OUT_OF_INDEXES;
}

static inline int pthread_setspecific(pthread_key_t key, void *value) {
    return !FlsSetValue(key, value);
}

/* In whole milliseconds: there is no shorter pause. */
static inline void sleep_us(long us) {
    Sleep((DWORD)((us + 999) / 1000));
}

/* Since 1970, by the clock that the system's time is told by. */
static inline int64_t wall_ms(void) {
    FILETIME now; /* since 1601, in units of 100 ns */
    GetSystemTimePreciseAsFileTime(&now);
    return (int64_t)(((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) / 10000) - 11644473600000;
}

/* The whole line, or false. */
static inline int write_line(const char *line, int length) {
    return _write(STDOUT_FILENO, line, (unsigned)length) == length;
}

static inline void kill_itself(void) {
    TerminateProcess(GetCurrentProcess(), 9);
}

/* Nobody is there to press a button; and lines end as they do elsewhere. */
static inline void quiet_end(void) {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    _setmode(STDOUT_FILENO, _O_BINARY);
}

#else

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

static inline void sleep_us(long us) {
    const struct timespec pause = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

static inline int64_t wall_ms(void) {
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 : 0;
}

/* The whole line, or false. One shorter than PIPE_BUF is written whole or not at all. */
static inline int write_line(const char *line, int length) {
    return write(STDOUT_FILENO, line, (size_t)length) == length;
}

static inline void kill_itself(void) {
    raise(SIGKILL);
}

/* No file of its memory is left behind. */
static inline void quiet_end(void) {
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

#endif

#endif
