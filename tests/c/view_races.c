/* Views from many threads at once, while sessions roll over and recording begins and ends. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define THREADS 6

static atomic_bool over;

static void expect_no_fault(sr_status status) {
    CHECK(status >= 0 || status == SR_ERROR_NOT_INITIALIZED || status == SR_ERROR_INVALID_ARGUMENT);
}

/* Windows that come and go: what another thread closed is not there, and that is said. */
static void *show(void *number) {
    const uint64_t view = (uint64_t)(size_t)number;
    char text[32];
    for (unsigned turn = 0; !atomic_load(&over); turn++) {
        snprintf(text, sizeof text, "turn %u", turn);
        const sr_view_info info = {.size = sizeof info, .view = view, .x = turn % 50, .width = 300, .height = 200, .title = text};
        expect_no_fault(sr_view_place(&info));
        const sr_node nodes[] = {
            {.size = sizeof nodes[0], .kind = SR_NODE_TEXT, .id = 1, .width = 50, .height = 20, .text = text},
            {.size = sizeof nodes[0], .kind = SR_NODE_BUTTON, .id = 2 + turn % 3, .y = 30, .width = 50, .height = 20, .text = "OK"},
        };
        expect_no_fault(sr_view_nodes(view, nodes, 1 + turn % 2));
        expect_no_fault(sr_view_pointer(view, SR_POINTER_CLICK, 5, 5, 0));
        expect_no_fault(sr_view_key(view, "Enter", 0));
        if (turn % 16 == 0) {
            expect_no_fault(sr_view_close(1 + turn % 3));
        }
        (void)sr_is_capturing();
        (void)sr_mask_level();
        (void)sr_view_next_frame_ms(view + 10);
        uint32_t pixels[80 * 40];
        for (size_t i = 0; i < sizeof pixels / sizeof *pixels; i++) {
            pixels[i] = turn * 77 + (uint32_t)i % 80;
        }
        const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = view + 10 * (turn % 2), .width = 80, .height = 40,
                                .pixels = pixels, .length = sizeof pixels};
        expect_no_fault(sr_view_frame(&frame));
        if (turn % 24 == 0) {
            expect_no_fault(sr_view_close(view + 10));
        }
    }
    return NULL;
}

#define META "{\"type\":4,\"timestamp\":1732300000000,\"data\":{\"href\":\"https://a\",\"width\":9,\"height\":9}}"
#define DOCUMENT                                                                                                          \
    "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,"             \
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[],\"id\":2}]},\"initialOffset\":{\"left\":0,\"top\":0}}}"

/* Pages that navigate, two threads in one of them. */
static void *record(void *number) {
    static const char lines[] = META "\n" DOCUMENT "\n" EVENT;
    const uint64_t view = (uint64_t)(size_t)number % 2 + 5;
    const sr_view_info info = {.size = sizeof info, .view = view, .width = 300, .height = 200};
    while (!atomic_load(&over)) {
        expect_no_fault(sr_view_place(&info));
        for (int i = 0; i < 50; i++) {
            expect_no_fault(sr_view_record(view + (unsigned)i % 2, EVENT, strlen(EVENT), NULL));
            if (i % 10 == 0) {
                expect_no_fault(sr_view_record(view, lines, strlen(lines), NULL));
            }
        }
        expect_no_fault(sr_record_custom("tag", NULL));
        expect_no_fault(sr_record_log(SR_LOG_INFO, "a line"));
    }
    return NULL;
}

static void *roll_over(void *unused) {
    (void)unused;
    for (int64_t session = 1; !atomic_load(&over); session++) {
        expect_no_fault(sr_set_session_id(1732300000000 + session % 7));
        expect_no_fault(sr_set_opt_out(session % 5 == 0));
        expect_no_fault(session % 3 == 0 ? sr_pause() : sr_resume());
        if (session % 16 == 0) {
            expect_no_fault(sr_delete_stored());
        }
    }
    return NULL;
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    void *(*const bodies[THREADS])(void *) = {show, show, show, record, record, roll_over};
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, bodies[i], (void *)(i + 1)) == 0);
    }
    for (int round = atoi(arguments[2]); round > 0; round--) {
        CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
        sleep_us(3000);
        CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    }
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    return 0;
}
