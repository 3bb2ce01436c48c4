/* Does MADV_POPULATE_WRITE say that there is no file behind a page? Ends well where it does. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int main(void) {
    const long page = sysconf(_SC_PAGESIZE);
    FILE *file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), page) != 0) {
        return 2;
    }
    void *pages = mmap(NULL, (size_t)page * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    const int answer = pages == MAP_FAILED ? 0 : madvise(pages, (size_t)page * 4, MADV_POPULATE_WRITE);
    printf("MADV_POPULATE_WRITE over pages without a file: %s\n", answer == 0 ? "no error" : "an error");
    return answer == 0;
}
