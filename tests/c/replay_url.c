/* The address of a moment: ./replay_url <server> prints the one that the viewer knows, and keeps recording in its session. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

static char *address(void) {
    char *url = sr_get_session_replay_url();
    CHECK(url != NULL && strlen(sr_last_error()) == 0);
    return url;
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    char more[512];
    CHECK_FAILS(sr_get_session_replay_url(), NULL, "sr_init");
    CHECK_FAILS(sr_init("key", "{\"replayUrlTemplate\": \"https://h/{session}\"}"), SR_ERROR_INVALID_ARGUMENT, "{session}");
    CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
    CHECK_FAILS(sr_get_session_replay_url(), NULL, "replayUrlTemplate");
    CHECK(sr_shutdown(0) == SR_OK);

    snprintf(more, sizeof more, ", \"replayUrlTemplate\": \"%s/sessions/{deviceId}/{sessionId}?at={timeMs}\"", arguments[1]);
    CHECK(sr_init("key", options_with(arguments[1], more)) == SR_OK);
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    CHECK(sr_set_opt_out(true) == SR_NOT_CAPTURED);
    CHECK_FAILS(sr_get_session_replay_url(), NULL, "not captured");
    CHECK(sr_set_opt_out(false) >= 0);
    char *first = address(), *later = NULL;
    /* Of another moment. */
    for (int i = 0; i < 60000 && (later == NULL || strcmp(first, later) == 0); i++) {
        sr_string_free(later);
        sleep_us(1000);
        later = address();
    }
    CHECK(strcmp(first, later) != 0);
    sr_string_free(first);
    sr_string_free(later);
    CHECK(sr_set_session_id_string("a|text") >= 0);
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    char *of_text = address();
    puts(of_text);
    sr_string_free(of_text);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    CHECK_FAILS(sr_get_session_replay_url(), NULL, "sr_init");
    return 0;
}
