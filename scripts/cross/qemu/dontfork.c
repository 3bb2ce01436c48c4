/* Does a child of fork get memory that was kept from it with MADV_DONTFORK? Then it holds the lock of the file behind it, too.
 * Ends well where the system keeps its word. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    char path[] = "/tmp/dontfork-XXXXXX";
    const int file = mkstemp(path);
    int gone[2], status = 1;
    if (file < 0 || ftruncate(file, 4096) != 0 || pipe(gone) != 0) {
        return 2;
    }
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page == MAP_FAILED || madvise(page, 4096, MADV_DONTFORK) != 0 || flock(file, LOCK_EX) != 0) {
        return 2;
    }
    const pid_t child = fork();
    if (child == 0) {
        char byte;
        close(file);
        close(gone[1]);
        /* Until the parent has let go of the file. */
        if (read(gone[0], &byte, 1) != 0) {
            _exit(2);
        }
        _exit(flock(open(path, O_RDWR), LOCK_EX | LOCK_NB) == 0 ? 0 : 1);
    }
    munmap(page, 4096);
    close(file);
    close(gone[1]);
    waitpid(child, &status, 0);
    unlink(path);
    printf("a child holds the lock of a file that was kept from it: %s\n", status == 0 ? "no" : "yes");
    return status == 0 ? 0 : 1;
}
