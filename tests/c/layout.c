/* Prints what a compiled program has taken from the header: the values of the enums, the places of struct members. */
#include <session_replay.h>

#include <stdio.h>

#define VALUE(name) printf(#name " = %d\n", (int)(name))
#define SIZE(type) printf("sizeof(" #type ") = %zu\n", sizeof(type))
#define MEMBER(type, member) \
    printf(#type "." #member " at %zu, %zu bytes\n", offsetof(type, member), sizeof(((type *)NULL)->member))

int main(void) {
    VALUE(SR_OK);
    VALUE(SR_NEEDS_FULL_SNAPSHOT);
    VALUE(SR_NOT_CAPTURED);
    VALUE(SR_NOT_STORED);
    VALUE(SR_ERROR_NOT_INITIALIZED);
    VALUE(SR_ERROR_INVALID_ARGUMENT);
    VALUE(SR_ERROR_INVALID_JSON);
    VALUE(SR_ERROR_EVENT_TOO_LARGE);
    VALUE(SR_ERROR_BUFFER_FULL);
    VALUE(SR_ERROR_STORAGE);
    VALUE(SR_ERROR_FORKED);
    VALUE(SR_ERROR_TIMEOUT);
    VALUE(SR_ERROR_INTERNAL);
    VALUE(SR_ERROR_RESOURCES);
    VALUE(SR_LOG_ERROR);
    VALUE(SR_LOG_WARN);
    VALUE(SR_LOG_INFO);
    VALUE(SR_LOG_DEBUG);
    SIZE(sr_status);
    SIZE(sr_log_level);
    MEMBER(sr_request, id);
    MEMBER(sr_request, method);
    MEMBER(sr_request, url);
    MEMBER(sr_request, headers_json);
    MEMBER(sr_request, body);
    MEMBER(sr_request, body_length);
    MEMBER(sr_request, timeout_ms);
    return 0;
}
