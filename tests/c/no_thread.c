/* A system that gives no thread: sr_init says so, which is no fault of the library, and may be called again. */
#define _POSIX_C_SOURCE 200112L

#include "check.h"
#include "portable.h"

int main(void) {
    /* A stack that no address space has room for. */
    const char *stack = sizeof(void *) == 8 ? "140737488355328" : "4026531840";
#ifdef _WIN32
    CHECK(SetEnvironmentVariableA("RUST_MIN_STACK", stack));
#else
    CHECK(setenv("RUST_MIN_STACK", stack, 1) == 0);
#endif
    for (int i = 0; i < 2; i++) {
        CHECK_FAILS(sr_init("key", options_with("http://127.0.0.1:9", "")), SR_ERROR_RESOURCES, "no thread can be started");
        CHECK(sr_start_count() == 0);
        CHECK_FAILS(sr_flush(0), SR_ERROR_NOT_INITIALIZED, "sr_init");
    }
    return 0;
}
