/* LD_PRELOAD: calls that touch files below FAULTS_DIR fail at random: of a thousand, FAULTS_RATE; now and then, for some hundred
 * calls, twenty times as many, as on a disk that is full or gone. They fail with what such a call may fail with on a real system;
 * some are interrupted (EINTR), and of some that read or write only a part is done. FAULTS_SEED says which. FAULTS_COUNT names a
 * file of 8 bytes: how many failed.
 *
 * The rest goes to the system, past the C library: nothing of it is looked up before it is there. */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PHASE 300

static const char *dir;
static uint64_t seed;
static unsigned long rate;
static _Atomic uint64_t calls, *failed;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULTS_SEED");
    seed = text == NULL ? 0 : strtoull(text, NULL, 10);
    text = getenv("FAULTS_RATE");
    rate = text == NULL ? 0 : strtoul(text, NULL, 10);
    text = getenv("FAULTS_COUNT");
    if (text != NULL) {
        const int file = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDWR | O_CLOEXEC);
        void *map = (void *)syscall(SYS_mmap, NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        failed = map == MAP_FAILED ? NULL : map;
        syscall(SYS_close, file);
    }
    dir = getenv("FAULTS_DIR");
}

static uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/* Whether the path, relative to a directory, lies below FAULTS_DIR; NULL: whether the file itself does. */
static int is_ours(int at, const char *path) {
    char link[40], own[PATH_MAX];
    if (dir == NULL) {
        return 0;
    }
    if (path != NULL && path[0] == '/') {
        return strncmp(path, dir, strlen(dir)) == 0;
    }
    if (at < 0) {
        return 0;
    }
    const int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    const long length = syscall(SYS_readlinkat, AT_FDCWD, link, own, sizeof own);
    errno = before;
    return length > 0 && (size_t)length >= strlen(dir) && memcmp(own, dir, strlen(dir)) == 0;
}

/* 0: this call is to be made; else the error that it ends with. */
static int fault(const int *errors, size_t count) {
    const uint64_t call = atomic_fetch_add(&calls, 1);
    const uint64_t now = mixed(seed + (call + 1) * 0x9e3779b97f4a7c15);
    const int is_bad = mixed(seed ^ ~(call / PHASE)) % 8 == 0;
    if (now % 1000 >= (is_bad ? rate * 20 : rate)) {
        return 0;
    }
    if (failed != NULL) {
        atomic_fetch_add(failed, 1);
    }
    return errors[(now >> 32) % count];
}

#define FAIL_WITH(at, path, result, ...)                                        \
    do {                                                                        \
        static const int errors[] = {__VA_ARGS__};                              \
        const int error = is_ours(at, path) ? fault(errors, sizeof errors / sizeof *errors) : 0; \
        if (error != 0) {                                                       \
            errno = error;                                                      \
            return result;                                                      \
        }                                                                       \
    } while (0)

/* A part of what was asked for, in place of all; stands among the errors. */
#define PART (-1)

static int open_at(int at, const char *path, int flags, mode_t mode) {
    if ((flags & O_CREAT) != 0) {
        FAIL_WITH(at, path, -1, EIO, ENOSPC, EMFILE, EACCES, EDQUOT, EINTR, EROFS);
    } else {
        FAIL_WITH(at, path, -1, EIO, EMFILE, ENFILE, EACCES, EINTR, ENOMEM);
    }
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

#define OPEN(name, before, at)                                                  \
    int name before {                                                           \
        va_list more;                                                           \
        va_start(more, flags);                                                  \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                           \
        return open_at(at, path, flags, mode);                                  \
    }

OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int at, const char *path, int flags, ...), at)
OPEN(openat64, (int at, const char *path, int flags, ...), at)

static size_t part_of(size_t bytes) {
    return bytes > 1 ? 1 + (size_t)mixed(atomic_load(&calls)) % (bytes - 1) : bytes;
}

#define TRANSFER(name, parameters, call, ...)                                   \
    ssize_t name parameters {                                                   \
        static const int errors[] = {__VA_ARGS__, EINTR, PART, PART};           \
        const int error = is_ours(file, NULL) ? fault(errors, sizeof errors / sizeof *errors) : 0; \
        if (error > 0) {                                                        \
            errno = error;                                                      \
            return -1;                                                          \
        }                                                                       \
        if (error == PART) {                                                    \
            bytes = part_of(bytes);                                             \
        }                                                                       \
        return syscall call;                                                    \
    }

TRANSFER(write, (int file, const void *from, size_t bytes), (SYS_write, file, from, bytes), EIO, ENOSPC, EDQUOT)
TRANSFER(pwrite, (int file, const void *from, size_t bytes, off_t at), (SYS_pwrite64, file, from, bytes, at), EIO, ENOSPC, EDQUOT)
TRANSFER(pwrite64, (int file, const void *from, size_t bytes, off_t at), (SYS_pwrite64, file, from, bytes, at), EIO, ENOSPC, EDQUOT)
TRANSFER(read, (int file, void *to, size_t bytes), (SYS_read, file, to, bytes), EIO)
TRANSFER(pread, (int file, void *to, size_t bytes, off_t at), (SYS_pread64, file, to, bytes, at), EIO)
TRANSFER(pread64, (int file, void *to, size_t bytes, off_t at), (SYS_pread64, file, to, bytes, at), EIO)

int fallocate(int file, int mode, off_t at, off_t bytes) {
    FAIL_WITH(file, NULL, -1, EIO, ENOSPC, EDQUOT, EINTR, EOPNOTSUPP);
    return (int)syscall(SYS_fallocate, file, mode, at, bytes);
}

int fallocate64(int file, int mode, off_t at, off_t bytes) {
    return fallocate(file, mode, at, bytes);
}

int ftruncate(int file, off_t bytes) {
    FAIL_WITH(file, NULL, -1, EIO, ENOSPC, EDQUOT, EINTR);
    return (int)syscall(SYS_ftruncate, file, bytes);
}

int ftruncate64(int file, off_t bytes) {
    return ftruncate(file, bytes);
}

void *mmap(void *place, size_t bytes, int protection, int flags, int file, off_t at) {
    FAIL_WITH(file, NULL, MAP_FAILED, ENOMEM, EACCES, ENODEV, EAGAIN);
    return (void *)syscall(SYS_mmap, place, bytes, protection, flags, file, at);
}

void *mmap64(void *place, size_t bytes, int protection, int flags, int file, off_t at) {
    return mmap(place, bytes, protection, flags, file, at);
}

int renameat(int from, const char *old, int to, const char *name) {
    FAIL_WITH(from, old, -1, EIO, ENOSPC, EACCES, EDQUOT, EBUSY);
    return (int)syscall(SYS_renameat2, from, old, to, name, 0);
}

int rename(const char *old, const char *name) {
    return renameat(AT_FDCWD, old, AT_FDCWD, name);
}

int unlinkat(int at, const char *path, int flags) {
    FAIL_WITH(at, path, -1, EIO, EACCES, EBUSY, EROFS);
    return (int)syscall(SYS_unlinkat, at, path, flags);
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int mkdirat(int at, const char *path, mode_t mode) {
    FAIL_WITH(at, path, -1, EIO, ENOSPC, EACCES, EDQUOT);
    return (int)syscall(SYS_mkdirat, at, path, mode);
}

int fsync(int file) {
    FAIL_WITH(file, NULL, -1, EIO, ENOSPC, EDQUOT, EINTR);
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    FAIL_WITH(file, NULL, -1, EIO, ENOSPC, EDQUOT, EINTR);
    return (int)syscall(SYS_fdatasync, file);
}

int flock(int file, int what) {
    FAIL_WITH(file, NULL, -1, EINTR, ENOLCK, EIO);
    return (int)syscall(SYS_flock, file, what);
}

/* Of what it may do, only a duplicate can fail for no fault of the caller's. */
static int control(int file, int command, void *argument) {
    if (command == F_DUPFD_CLOEXEC || command == F_DUPFD) {
        FAIL_WITH(file, NULL, -1, EMFILE);
    }
    return (int)syscall(SYS_fcntl, file, command, argument);
}

int fcntl(int file, int command, ...) {
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    return control(file, command, argument);
}

int fcntl64(int file, int command, ...) {
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    return control(file, command, argument);
}

/* Only the library flushes maps. */
int msync(void *place, size_t bytes, int flags) {
    static const int errors[] = {EIO, ENOMEM};
    const int error = dir == NULL ? 0 : fault(errors, sizeof errors / sizeof *errors);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return (int)syscall(SYS_msync, place, bytes, flags);
}
