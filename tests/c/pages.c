/* Pages in views side by side: ./pages <server> <session> <file>. Each line of the file is a view's number, a space, and an event
   of its page; views are placed as they are first named. What the library asks for, the file has answered already. */
#include "check.h"

int main(int count, char **arguments) {
    CHECK(count == 4);
    char options[512];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"pages\", \"sessionId\": %s, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             arguments[2], arguments[1]);
    CHECK(sr_init("test-api-key", options) == SR_OK);
    FILE *file = fopen(arguments[3], "r");
    CHECK(file != NULL);
    static char line[1 << 20];
    unsigned placed = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *event = NULL;
        const unsigned view = (unsigned)strtoul(line, &event, 10);
        CHECK(view > 0 && view <= 31);
        if ((placed & 1u << view) == 0) {
            placed |= 1u << view;
            const sr_view_info info = {.size = sizeof info, .view = view, .x = 20 + 420 * (view - 1), .y = 40, .width = 400, .height = 300, .title = "A page"};
            CHECK(sr_view_place(&info) == SR_OK);
        }
        CHECK(sr_view_record(view, event, strlen(event), NULL) >= 0);
    }
    fclose(file);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
