/* A program whose reports to Sentry lead to the replay: ./sentry SERVER, which is the viewer. Prints each report. */
#include "session_replay_sentry.h"

#include <stdio.h>

/* In place of Sentry's server, which a program of your own has by sentry_options_set_dsn alone. */
static void print_report(sentry_envelope_t *envelope, void *unused) {
    (void)unused;
    char *report = sentry_value_to_json(sentry_envelope_get_event(envelope));
    if (report != NULL) {
        puts(report);
        sentry_free(report);
    }
    sentry_envelope_free(envelope);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    char options[1024];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": 1732300000000, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\","
             " \"replayUrlTemplate\": \"%s/sessions/{deviceId}/{sessionId}?at={timeMs}\"}",
             arguments[1], arguments[1]);
    if (sr_init("my-api-key", options) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }

    sentry_options_t *sentry = sentry_options_new();
    sentry_options_set_dsn(sentry, "https://key@sentry.invalid/1");
    sentry_options_set_transport(sentry, sentry_transport_new(print_report));
    sentry_options_set_auto_session_tracking(sentry, 0);
    sentry_options_set_before_send(sentry, session_replay_sentry_before_send, NULL);
    sentry_options_set_on_crash(sentry, session_replay_sentry_on_crash, NULL);
    sentry_init(sentry);
    session_replay_sentry_update();

    sr_record_custom("screen", "\"orders\"");
    sentry_capture_event(sentry_value_new_message_event(SENTRY_LEVEL_ERROR, "orders", "the printer is gone"));

    sentry_close();
    return sr_shutdown(5000) == SR_OK ? 0 : 1;
}
