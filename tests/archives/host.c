/* host URL EVENTS: records so many events, delivers them, and prints the library's version. */
#include <session_replay.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    char options[1024], event[256];
    if (argc != 3) {
        return 2;
    }
    snprintf(options, sizeof options,
             "{\"deviceId\": \"archive\", \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             argv[1]);
    if (sr_init("key", options) < 0 || sr_set_session_id(1732300000000) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    for (int i = 0; i < atoi(argv[2]); i++) {
        snprintf(event, sizeof event, "{\"type\": 5, \"timestamp\": 1732300000000, \"data\": {\"tag\": \"n\", \"payload\": %d}}", i);
        if (sr_record(event, strlen(event)) < 0) {
            fprintf(stderr, "%s\n", sr_last_error());
            return 1;
        }
    }
    if (sr_shutdown(60000) != SR_OK) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    puts(sr_version());
    return 0;
}
