/* What Rust's ThreadSanitizer calls and clang's run-time library had not before version 15. Where it has them, its own
 * are taken, since these are weak. The functions behind them are watched in either case. */
#include <string.h>

#define WEAK __attribute__((weak, no_sanitize("thread")))

WEAK void *__tsan_memcpy(void *to, const void *from, size_t size) { return memcpy(to, from, size); }
WEAK void *__tsan_memmove(void *to, const void *from, size_t size) { return memmove(to, from, size); }
WEAK void *__tsan_memset(void *to, int byte, size_t size) { return memset(to, byte, size); }
