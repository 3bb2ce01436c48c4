/* Shows frames of a file in a view, each when one is wanted, and ends as told.
 *
 *   frames URL SESSION STORAGE FRAMES MASKED END
 *
 * STORAGE: a directory, or "" for none. FRAMES: width, height and count as uint32_t, then count frames of three bytes a pixel.
 * MASKED: "masked" hides the rectangle at 300, 200 of 400 by 150 pixels; "open" hides nothing. END: "shutdown"; "begin", right
 * after the last frame, with sr_shutdown_begin; "abort" and "kill" some time after it.
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

static void wait_ms(uint32_t ms) {
    sleep_us((long)ms * 1000);
}

/* Ends without waiting: what was recorded before is delivered, and nothing is recorded after it. */
static void shut_down_from_a_timer(void) {
    const char event[] = "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"event\",\"payload\":null}}";
    const int64_t flush = sr_shutdown_begin();
    CHECK(flush > 0);
    sr_status status;
    do {
        CHECK_FAILS(sr_record(event, strlen(event)), SR_ERROR_NOT_INITIALIZED, "shutting down");
        CHECK_FAILS(sr_record_custom("late", NULL), SR_ERROR_NOT_INITIALIZED, "shutting down");
        status = sr_flush_poll(flush);
        wait_ms(1);
    } while (status == SR_ERROR_TIMEOUT);
    CHECK(status == SR_OK);
    CHECK(sr_shutdown(0) == SR_OK);
}

int main(int count, char **arguments) {
    CHECK(count == 7);
    quiet_end();
    char options[2048];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": %s, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\", \"frameIntervalMs\": 100, \"frameBytesPerSecond\": 1000000%s%s%s}",
             arguments[2], arguments[1], *arguments[3] ? ", \"storageDir\": \"" : "", arguments[3], *arguments[3] ? "\"" : "");
    CHECK(sr_init("test-api-key", options) == SR_OK);
    FILE *file = fopen(arguments[4], "rb");
    uint32_t head[3];
    CHECK(file != NULL && fread(head, sizeof head, 1, file) == 1);
    const size_t length = (size_t)head[0] * head[1] * 3;
    uint8_t *pixels = malloc(length);
    CHECK(pixels != NULL);
    const sr_mask mask = {.size = sizeof mask, .rect = {300, 200, 400, 150}};
    const size_t masks = strcmp(arguments[5], "masked") == 0;
    const int begins = strcmp(arguments[6], "begin") == 0;
    for (uint32_t number = 0; number < head[2]; number++) {
        CHECK(fread(pixels, length, 1, file) == 1);
        /* Twice: what a mask held for one frame longer is shown by the next. */
        for (int turn = begins && number + 1 == head[2]; turn < 2; turn++) {
            for (uint32_t wait; (wait = sr_view_next_frame_ms(1)) > 0;) {
                wait_ms(wait);
            }
            const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGB, .view = 1, .width = head[0], .height = head[1],
                                    .pixels = pixels, .length = length, .masks = &mask, .mask_count = masks};
            CHECK(sr_view_frame(&frame) == SR_OK);
        }
        if (strcmp(arguments[6], "shutdown") == 0) {
            char payload[16];
            snprintf(payload, sizeof payload, "%u", number);
            CHECK(sr_flush(within_ms(30000)) == SR_OK);
            CHECK(sr_record_custom("frame", payload) == SR_OK);
        }
    }
    free(pixels);
    fclose(file);
    if (begins) {
        shut_down_from_a_timer();
        return 0;
    }
    if (strcmp(arguments[6], "shutdown") == 0) {
        CHECK(sr_shutdown(within_ms(30000)) == SR_OK);
        return 0;
    }
    /* Long enough for the encoder; nothing else ends it. */
    wait_ms(3000);
    if (strcmp(arguments[6], "kill") == 0) {
        kill_itself();
    }
    raise(SIGABRT);
    return 1;
}
