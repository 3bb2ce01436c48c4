/* LD_PRELOAD: the system has pages of PAGE_BYTES, as many arm64 and ppc64 kernels have: it says so, and gives whole ones. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t page(void) {
    const char *bytes = getenv("PAGE_BYTES");
    return bytes == NULL ? 4096 : strtoul(bytes, NULL, 10);
}

long sysconf(int name) {
    static long (*real)(int);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "sysconf");
    }
    return name == _SC_PAGESIZE ? (long)page() : real(name);
}

static void *map(void *place, size_t length, int protection, int flags, int file, off64_t offset) {
#ifdef SYS_mmap2
    /* In blocks of 4,096 bytes: 32 bits would not do for bytes. */
    return (void *)syscall(SYS_mmap2, place, length, protection, flags, file, (long)(offset / 4096));
#else
    return (void *)syscall(SYS_mmap, place, length, protection, flags, file, offset);
#endif
}

void *mmap64(void *place, size_t length, int protection, int flags, int file, off64_t offset) {
    if (place != NULL || length == 0) {
        return map(place, length, protection, flags, file, offset);
    }
    /* More than is asked for, of which an aligned part is kept. */
    const size_t whole = (length + page() - 1) & ~(page() - 1);
    char *room = map(NULL, whole + page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) {
        return room;
    }
    char *kept = (char *)(((uintptr_t)room + page() - 1) & ~(uintptr_t)(page() - 1));
    if (kept > room) {
        munmap(room, (size_t)(kept - room));
    }
    if (room + page() > kept) {
        munmap(kept + whole, (size_t)(room + page() - kept));
    }
    return map(kept, length, protection, flags | MAP_FIXED, file, offset);
}

void *mmap(void *place, size_t length, int protection, int flags, int file, off_t offset) {
    return mmap64(place, length, protection, flags, file, offset);
}
