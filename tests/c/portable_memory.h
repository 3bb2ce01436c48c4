/* Pages of memory, and how many there were at most: for Windows too. */
#ifndef PORTABLE_MEMORY_H
#define PORTABLE_MEMORY_H

#include "portable.h"

#include <stddef.h>

#ifdef _WIN32

#define PSAPI_VERSION 2
#include <psapi.h>

static inline size_t page_bytes(void) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
}

static inline void *map_pages(size_t length) {
    return VirtualAlloc(NULL, length, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
}

static inline int forbid_pages(void *pages, size_t length) {
    DWORD before;
    return VirtualProtect(pages, length, PAGE_NOACCESS, &before);
}

static inline int unmap_pages(void *pages, size_t length) {
    (void)length;
    return VirtualFree(pages, 0, MEM_RELEASE);
}

/* What was promised to the process at most: pages of zeros that are only read count from the start, and not again. */
static inline long peak_kb(void) {
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    return GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters) ? (long)(counters.PeakPagefileUsage / 1024) : -1;
}

#else

#include <sys/mman.h>

static inline size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* NULL where there are none. They take room only when they are written to. */
static inline void *map_pages(size_t length) {
    void *pages = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

static inline int forbid_pages(void *pages, size_t length) {
    return mprotect(pages, length, PROT_NONE) == 0;
}

static inline int unmap_pages(void *pages, size_t length) {
    return munmap(pages, length) == 0;
}

/* How much memory the process took at most. */
static inline long peak_kb(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : -1;
}

#endif

#endif
