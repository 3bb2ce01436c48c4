/* Two threads show one view: a frame that is passed over, since the other one's is compared, names a mask. The frame after it names none
 * yet, as a list of masks may be older than the pixels: it is masked all the same.
 *
 *   frame_masks URL SESSION
 */
#define _GNU_SOURCE

#include "check.h"
#include "portable.h"

enum { WIDTH = 3000, HEIGHT = 2000, ROUNDS = 4 };

static uint8_t plain[HEIGHT][WIDTH][4], secret[HEIGHT][WIDTH][4];
static const sr_mask field = {.size = sizeof field, .rect = {512, 512, 512, 192}};
static int is_in;

static void show(const void *pixels, size_t masks) {
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = 1, .width = WIDTH, .height = HEIGHT,
                            .pixels = pixels, .length = sizeof plain, .flags = SR_FRAME_MASKS_KNOWN, .masks = &field, .mask_count = masks};
    CHECK(sr_view_frame(&frame) >= 0);
}

static void show_when_wanted(const void *pixels) {
    while (sr_view_next_frame_ms(1) > 0) {
        sleep_us(1000);
    }
    show(pixels, 0);
}

static void *show_plain(void *unused) {
    (void)unused;
    while (sr_view_next_frame_ms(1) > 0) {
        sleep_us(1000);
    }
    __atomic_store_n(&is_in, 1, __ATOMIC_SEQ_CST);
    show(plain, 0);
    return NULL;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    memset(plain, 100, sizeof plain);
    memcpy(secret, plain, sizeof plain);
    for (int y = field.rect.y; y < field.rect.y + field.rect.height; y++) {
        for (int x = field.rect.x; x < field.rect.x + field.rect.width; x++) {
            const uint8_t color[4] = {255, 0, 255, 255};
            memcpy(secret[y][x], color, 4);
        }
    }
    char more[256];
    snprintf(more, sizeof more, ", \"sessionId\": %s, \"frameIntervalMs\": 300, \"frameBytesPerSecond\": 10000000", argv[2]);
    CHECK(sr_init("test-api-key", options_with(argv[1], more)) == SR_OK);
    for (int round = 0; round < ROUNDS; round++) {
        show_when_wanted(plain);
        __atomic_store_n(&is_in, 0, __ATOMIC_SEQ_CST);
        pthread_t other;
        CHECK(pthread_create(&other, NULL, show_plain, NULL) == 0);
        while (!__atomic_load_n(&is_in, __ATOMIC_SEQ_CST)) {
        }
        sleep_us(1000);
        show(secret, 1);
        CHECK(pthread_join(other, NULL) == 0);
        show_when_wanted(secret);
    }
    show_when_wanted(plain);
    CHECK(sr_shutdown(within_ms(30000)) == SR_OK);
    return 0;
}
