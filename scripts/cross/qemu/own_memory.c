/* Does /proc/self/mem hold this program's memory, at its own addresses? Ends well where it does. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    enum { BYTES = 1 << 20 };
    char *memory = malloc(BYTES), *read_back = calloc(1, BYTES);
    const int file = open("/proc/self/mem", O_RDONLY);
    if (memory == NULL || read_back == NULL || file < 0) {
        return 2;
    }
    memset(memory, 7, BYTES);
    const ssize_t count = pread(file, read_back, BYTES, (off_t)(uintptr_t)memory);
    const int is_it = count == BYTES && memcmp(memory, read_back, BYTES) == 0;
    printf("/proc/self/mem is this program's memory: %s\n", is_it ? "yes" : "no");
    return is_it ? 0 : 1;
}
