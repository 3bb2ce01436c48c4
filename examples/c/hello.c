#include <session_replay.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const char *options = "{\"deviceId\": \"device-1\", \"sampleRate\": 1, \"enableRemoteConfig\": false,"
                          " \"trackServerUrl\": \"http://127.0.0.1:8787/sessions/v2/track\"}";
    const char *event = "{\"type\": 5, \"timestamp\": 1700000000000,"
                        " \"data\": {\"tag\": \"hello\", \"payload\": \"from C\"}}";

    if (sr_init("my-api-key", options) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    sr_set_session_id(1700000000000);   /* the analytics session, whenever it changes */
    sr_record(event, strlen(event));    /* any rrweb event, from any thread */
    sr_status status = sr_shutdown(5000);
    puts(status == SR_OK ? "delivered" : sr_last_error());
    return status == SR_OK ? 0 : 1;
}
