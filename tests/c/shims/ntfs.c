/* LD_PRELOAD: files obey the rules of NTFS that a journal of mapped files meets on Windows. NTFS_RULES names some of them, with
 * commas between; "all" is each.
 *
 *   rename    a directory with an open or mapped file in it is not renamed, and a mapped file is not replaced (5: EACCES)
 *   remove    a mapped file is not removed (5, which Windows says of what is in use, too: EBUSY); the name of an open one
 *             stays until that is closed, and opens nothing until then (5, delete pending: EBUSY)
 *   shorten   a mapped file is not made shorter (1224: ETXTBSY), and no file gets holes
 *   lock      a locked file is read through the handle that locked it and no other (33: EBUSY)
 *   scan      a virus scanner opens what was made or written for moments: it is neither renamed nor removed then, and now and
 *             then not opened (32: EBUSY)
 *
 * NTFS_HELD names a file: as long as that is there, a backup holds every chunk, and none is removed (32: EBUSY).
 *
 * NTFS_SHARED names a file: as long as that is there, a scanner has every chunk and packed file open, and lets others remove it:
 * then it can't be opened any more, but stays until that is closed. If the process is killed, which is to stand for a power cut,
 * it is there again.
 *
 * NTFS_FULL names a file: as long as that is there, the disk is full, and no file gets longer (112: ENOSPC).
 *
 * NTFS_REPORT names a file that is told of each view that is flushed ("view") and of each mapped file that is flushed with no
 * flush of its view before ("no view").
 *
 * Files that other processes of the same program have mapped count, too. */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) name##_real
#define FIND(name)                                               \
    do {                                                         \
        if (REAL(name) == NULL) {                                \
            *(void **)&REAL(name) = dlsym(RTLD_NEXT, #name);     \
        }                                                        \
    } while (0)

static int (*REAL(renameat))(int, const char *, int, const char *);
static int (*REAL(unlinkat))(int, const char *, int);
static int (*REAL(openat))(int, const char *, int, ...);
static int (*REAL(close))(int);
static int (*REAL(ftruncate))(int, off_t);
static int (*REAL(fallocate))(int, int, off_t, off_t);
static ssize_t (*REAL(read))(int, void *, size_t);
static ssize_t (*REAL(write))(int, const void *, size_t);
static int (*REAL(msync))(void *, size_t, int);
static int (*REAL(fdatasync))(int);
static int (*REAL(fsync))(int);

static int has_rule(const char *name) {
    const char *rules = getenv("NTFS_RULES");
    return rules != NULL && (strcmp(rules, "all") == 0 || strstr(rules, name) != NULL);
}

/* The library's files have these names; what else the program does with files is its own. */
static int is_ours(const char *name) {
    return strstr(name, "run-") != NULL || strstr(name, "chunk") != NULL || strstr(name, "packed") != NULL ||
           strstr(name, "tmp-") != NULL || strstr(name, "json") != NULL || strcmp(name, "lock") == 0;
}

/* ---- what processes have open and mapped ---- */

static int is_of_this_program(const char *process) {
    char path[64], own[PATH_MAX], other[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%.20s/exe", process);
    const ssize_t mine = readlink("/proc/self/exe", own, sizeof own);
    const ssize_t its = readlink(path, other, sizeof other);
    return mine > 0 && mine == its && memcmp(own, other, (size_t)mine) == 0;
}

static int maps_it(const char *process, ino_t inode) {
    char path[64], line[PATH_MAX + 200];
    snprintf(path, sizeof path, "/proc/%.20s/maps", process);
    FILE *maps = fopen(path, "r");
    int found = 0;
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        unsigned long number;
        found = sscanf(line, "%*s %*s %*s %*s %lu", &number) == 1 && number == (unsigned long)inode;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static int is_mapped(const struct stat *file) {
    if (maps_it("self", file->st_ino)) {
        return 1;
    }
    DIR *processes = opendir("/proc");
    struct dirent *process;
    int found = 0;
    while (processes != NULL && !found && (process = readdir(processes)) != NULL) {
        found = process->d_name[0] >= '1' && process->d_name[0] <= '9' && is_of_this_program(process->d_name) &&
                maps_it(process->d_name, file->st_ino);
    }
    if (processes != NULL) {
        closedir(processes);
    }
    return found;
}

static int path_of(int file, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

static int is_open(const struct stat *file) {
    DIR *descriptors = opendir("/proc/self/fd");
    struct dirent *entry;
    struct stat other;
    int found = 0;
    while (descriptors != NULL && !found && (entry = readdir(descriptors)) != NULL) {
        found = fstat(atoi(entry->d_name), &other) == 0 && entry->d_name[0] != '.' &&
                other.st_ino == file->st_ino && other.st_dev == file->st_dev;
    }
    if (descriptors != NULL) {
        closedir(descriptors);
    }
    return found;
}

/* Whether a file below this directory is open here, or mapped. */
static int has_open_file(const char *directory) {
    char path[PATH_MAX], line[PATH_MAX + 200];
    const size_t length = strlen(directory);
    int found = 0;
    for (int file = 0; file < 1024 && !found; file++) {
        found = path_of(file, path) && strncmp(path, directory, length) == 0 && path[length] == '/';
    }
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        const char *mapped = strchr(line, '/');
        found = mapped != NULL && strncmp(mapped, directory, length) == 0 && mapped[length] == '/';
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

/* ---- what is to be gone once it is closed, what is scanned now, which handles may not read, which views are flushed ---- */

#define MANY 4096

enum kind { FREE, PENDING, SCANNED, BLOCKED, FLUSHED };

static struct note {
    enum kind kind;
    dev_t device;
    ino_t inode;
    int file;
    struct timespec time;
    char path[600];
} notes[MANY];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct note *find(enum kind kind, const struct stat *file) {
    for (int i = 0; i < MANY; i++) {
        if (notes[i].kind == kind && notes[i].inode == file->st_ino && notes[i].device == file->st_dev) {
            return &notes[i];
        }
    }
    return NULL;
}

static struct note *note(enum kind kind, const struct stat *file) {
    struct note *place = find(kind, file);
    for (int i = 0; place == NULL && i < MANY; i++) {
        place = notes[i].kind == FREE ? &notes[i] : NULL;
    }
    if (place == NULL) {
        fputs("ntfs.c: too many files\n", stderr);
        abort();
    }
    *place = (struct note){.kind = kind, .device = file->st_dev, .inode = file->st_ino};
    return place;
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Every other file that is made or written is looked at, for 8 ms. */
static void scan(const struct stat *file) {
    static unsigned count;
    if (has_rule("scan") && count++ % 2 == 0) {
        const long long until = now_ms() + 8;
        struct note *scanned = note(SCANNED, file);
        scanned->time.tv_sec = (time_t)(until / 1000);
        scanned->time.tv_nsec = (long)(until % 1000 * 1000000);
    }
}

static int is_scanned(const struct stat *file) {
    struct note *scanned = find(SCANNED, file);
    if (scanned == NULL) {
        return 0;
    }
    if ((long long)scanned->time.tv_sec * 1000 + scanned->time.tv_nsec / 1000000 <= now_ms()) {
        scanned->kind = FREE;
        return 0;
    }
    return 1;
}

static int refuse(int number) {
    pthread_mutex_unlock(&lock);
    errno = number;
    return -1;
}

static void report(const char *what) {
    const char *name = getenv("NTFS_REPORT");
    FILE *file = name == NULL ? NULL : fopen(name, "a");
    if (file != NULL) {
        fprintf(file, "%s\n", what);
        fclose(file);
    }
}

/* ---- rename ---- */

int renameat(int from, const char *name, int to, const char *new_name) {
    struct stat file, target;
    FIND(renameat);
    if (!is_ours(name) || fstatat(from, name, &file, AT_SYMLINK_NOFOLLOW) != 0) {
        return REAL(renameat)(from, name, to, new_name);
    }
    pthread_mutex_lock(&lock);
    if (has_rule("rename") && S_ISDIR(file.st_mode)) {
        const int directory = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        char path[PATH_MAX];
        const int known = path_of(directory, path);
        FIND(close);
        REAL(close)(directory);
        if (known && has_open_file(path)) {
            return refuse(EACCES);
        }
    }
    const int replaces = fstatat(to, new_name, &target, AT_SYMLINK_NOFOLLOW) == 0;
    if (has_rule("rename") && replaces && is_mapped(&target)) {
        return refuse(EACCES);
    }
    if (is_scanned(&file) || (replaces && is_scanned(&target))) {
        return refuse(EBUSY);
    }
    pthread_mutex_unlock(&lock);
    return REAL(renameat)(from, name, to, new_name);
}

int rename(const char *name, const char *new_name) {
    return renameat(AT_FDCWD, name, AT_FDCWD, new_name);
}

/* ---- remove ---- */

/* Whether a file is there that the environment names. */
static int is_there(const char *variable) {
    const char *path = getenv(variable);
    return path != NULL && access(path, F_OK) == 0;
}

static int is_shared(const char *name) {
    return (strstr(name, ".chunk") != NULL || strstr(name, ".packed") != NULL) && is_there("NTFS_SHARED");
}

int unlinkat(int directory, const char *name, int flags) {
    struct stat file;
    FIND(unlinkat);
    if ((flags & AT_REMOVEDIR) != 0 || !is_ours(name) ||
        fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(file.st_mode)) {
        return REAL(unlinkat)(directory, name, flags);
    }
    pthread_mutex_lock(&lock);
    if (has_rule("remove") && is_mapped(&file)) {
        return refuse(EBUSY);
    }
    const int is_held = strstr(name, ".chunk") != NULL && is_there("NTFS_HELD");
    if (is_held || is_scanned(&file) || find(PENDING, &file) != NULL) {
        return refuse(EBUSY);
    }
    if ((has_rule("remove") && is_open(&file)) || is_shared(name)) {
        struct note *pending = note(PENDING, &file);
        char path[PATH_MAX];
        if (directory == AT_FDCWD) {
            snprintf(pending->path, sizeof pending->path, "%s", name);
        } else if (path_of(directory, path)) {
            snprintf(pending->path, sizeof pending->path, "%.400s/%.180s", path, name);
        }
        pthread_mutex_unlock(&lock);
        return 0;
    }
    pthread_mutex_unlock(&lock);
    return REAL(unlinkat)(directory, name, flags);
}

int unlink(const char *name) {
    return unlinkat(AT_FDCWD, name, 0);
}

/* ---- open, close, read ---- */

/* A new handle on a file that somebody has locked may not read it. */
static void block_if_locked(int file, const char *name, const struct stat *opened) {
    if (!has_rule("lock") || strcmp(name, "lock") != 0) {
        return;
    }
    if (flock(file, LOCK_SH | LOCK_NB) == 0) {
        flock(file, LOCK_UN);
    } else {
        note(BLOCKED, opened)->file = file;
    }
}

static int open_by_rules(int directory, const char *name, int flags, mode_t mode) {
    struct stat file;
    static unsigned count;
    FIND(openat);
    if (!is_ours(name) || (flags & O_DIRECTORY) != 0) {
        return REAL(openat)(directory, name, flags, mode);
    }
    pthread_mutex_lock(&lock);
    const int is_there = fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) == 0;
    if (is_there && (find(PENDING, &file) != NULL || (is_scanned(&file) && count++ % 4 == 0))) {
        return refuse(EBUSY);
    }
    const int opened = REAL(openat)(directory, name, flags, mode);
    const int number = errno;
    if (opened >= 0 && fstat(opened, &file) == 0) {
        if (!is_there) {
            scan(&file);
        }
        block_if_locked(opened, name, &file);
    }
    pthread_mutex_unlock(&lock);
    errno = number;
    return opened;
}

#define MODE(flags, mode)                               \
    mode_t mode = 0;                                    \
    if (((flags) & (O_CREAT | __O_TMPFILE)) != 0) {     \
        va_list rest;                                   \
        va_start(rest, flags);                          \
        mode = (mode_t)va_arg(rest, int);               \
        va_end(rest);                                   \
    }

int openat(int directory, const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_by_rules(directory, name, flags, mode);
}

int openat64(int directory, const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_by_rules(directory, name, flags, mode);
}

int close(int descriptor) {
    struct stat file;
    FIND(close);
    if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode)) {
        return REAL(close)(descriptor);
    }
    pthread_mutex_lock(&lock);
    struct note *blocked = find(BLOCKED, &file);
    if (blocked != NULL && blocked->file == descriptor) {
        blocked->kind = FREE;
    }
    const int answer = REAL(close)(descriptor);
    struct note *pending = find(PENDING, &file);
    if (pending != NULL && !is_open(&file) && !is_shared(pending->path)) {
        FIND(unlinkat);
        REAL(unlinkat)(AT_FDCWD, pending->path, 0);
        pending->kind = FREE;
    }
    pthread_mutex_unlock(&lock);
    return answer;
}

ssize_t read(int descriptor, void *bytes, size_t length) {
    struct stat file;
    FIND(read);
    if (has_rule("lock") && fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode)) {
        pthread_mutex_lock(&lock);
        struct note *blocked = find(BLOCKED, &file);
        if (blocked != NULL && blocked->file == descriptor) {
            return refuse(EBUSY);
        }
        pthread_mutex_unlock(&lock);
    }
    return REAL(read)(descriptor, bytes, length);
}

/* ---- length ---- */

int ftruncate(int descriptor, off_t length) {
    struct stat file;
    FIND(ftruncate);
    if (has_rule("shorten") && fstat(descriptor, &file) == 0 && length < file.st_size && is_mapped(&file)) {
        errno = ETXTBSY;
        return -1;
    }
    return REAL(ftruncate)(descriptor, length);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
    struct stat file;
    char path[PATH_MAX];
    FIND(write);
    if (is_there("NTFS_FULL") && fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && path_of(descriptor, path) &&
        is_ours(path) && lseek(descriptor, 0, SEEK_CUR) + (off_t)length > file.st_size) {
        errno = ENOSPC;
        return -1;
    }
    return REAL(write)(descriptor, bytes, length);
}

int ftruncate64(int descriptor, off_t length) {
    return ftruncate(descriptor, length);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    FIND(fallocate);
    if (mode == 0 && is_there("NTFS_FULL")) {
        errno = ENOSPC;
        return -1;
    }
    if (has_rule("shorten") && mode != 0) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return REAL(fallocate)(descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
    return fallocate(descriptor, mode, offset, length);
}

/* ---- flush ---- */

static int inode_at(const void *place, struct stat *file) {
    char line[PATH_MAX + 200];
    FILE *maps = fopen("/proc/self/maps", "r");
    int found = 0;
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        char *path = strchr(line, '/');
        if (path != NULL && sscanf(line, "%lx-%lx", &from, &to) == 2 && from <= (uintptr_t)place && (uintptr_t)place < to) {
            path[strcspn(path, "\n")] = '\0';
            found = stat(path, file) == 0;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

int msync(void *place, size_t length, int flags) {
    struct stat file;
    FIND(msync);
    if (inode_at(place, &file)) {
        pthread_mutex_lock(&lock);
        note(FLUSHED, &file);
        pthread_mutex_unlock(&lock);
        report("view");
    }
    return REAL(msync)(place, length, flags);
}

static void see_flush(int descriptor) {
    struct stat file;
    if (getenv("NTFS_REPORT") != NULL && fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && is_mapped(&file)) {
        pthread_mutex_lock(&lock);
        const int is_flushed = find(FLUSHED, &file) != NULL;
        pthread_mutex_unlock(&lock);
        if (!is_flushed) {
            report("no view");
        }
    }
}

int fdatasync(int descriptor) {
    FIND(fdatasync);
    see_flush(descriptor);
    return REAL(fdatasync)(descriptor);
}

int fsync(int descriptor) {
    FIND(fsync);
    see_flush(descriptor);
    return REAL(fsync)(descriptor);
}
