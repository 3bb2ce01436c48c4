/* Records a scene of one kind.
 *
 *   scenes URL SESSION KIND [LEVEL]
 *
 * KIND: "nodes", "scroll", "pixels" and "pages" show views of that kind at three moments, each behind a custom event "moment";
 * "empty" shows views in which nothing is seen, each for another reason; "large" shows pixels of which there are too many. LEVEL: how
 * much is masked, "medium".
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define NODE(node_kind, node_id, left, top, wide, high, ...)                                                    \
    {.size = sizeof(sr_node), .kind = SR_NODE_##node_kind, .id = (node_id), .x = (left), .y = (top),            \
     .width = (wide), .height = (high), .text = __VA_ARGS__}

enum { WIDTH = 256, HEIGHT = 160, LARGE = 1500000 };

static void wait_ms(uint32_t ms) {
    sleep_us((long)ms * 1000);
}

static void moment(const char *name) {
    wait_ms(100);
    CHECK(sr_flush(within_ms(30000)) == SR_OK);
    char payload[32];
    snprintf(payload, sizeof payload, "\"%s\"", name);
    CHECK(sr_record_custom("moment", payload) >= 0);
    wait_ms(100);
}

static void place(uint64_t view, uint64_t parent, double x, double y, double width, double height, uint32_t flags, const char *title) {
    const sr_view_info info = {.size = sizeof info, .view = view, .parent = parent, .x = x, .y = y, .width = width,
                               .height = height, .z = (int32_t)view, .flags = flags, .title = title};
    CHECK(sr_view_place(&info) >= 0);
}

static void list(uint64_t view, const char *text, const char *field, bool is_checked) {
    const sr_node nodes[] = {
        NODE(TEXT, 1, 12, 8, 220, 24, text, .flags = SR_NODE_FLAG_BOLD),
        NODE(INPUT, 2, 12, 40, 220, 26, field),
        NODE(CHECKBOX, 3, 12, 74, 220, 22, "Remember", .flags = is_checked ? SR_NODE_FLAG_CHECKED : 0),
        NODE(LIST, 4, 12, 104, 220, 60, NULL),
        NODE(ITEM, 5, 13, 105, 218, 22, "one", .clip = 4),
        NODE(ITEM, 6, 13, 127, 218, 22, "two", .clip = 4, .flags = SR_NODE_FLAG_SELECTED),
        NODE(ITEM, 7, 13, 149, 218, 22, "three", .clip = 4),
        NODE(BUTTON, 8, 132, 172, 100, 26, "Go on", .background = 0xff2f6fde, .color = 0xffffffff),
    };
    CHECK(sr_view_nodes(view, nodes, COUNT(nodes)) >= 0);
}

/* A list whose rows, each of a colour of its own, are scrolled that far. */
static void rows(float scrolled) {
    enum { ROWS = 6 };
    sr_node nodes[1 + ROWS] = {NODE(LIST, 1, 10, 10, 200, 120, NULL)};
    for (uint32_t row = 0; row < ROWS; row++) {
        nodes[1 + row] = (sr_node)NODE(ITEM, 10 + row, 10, 10 + 30 * (float)row - scrolled, 200, 30, "a row", .clip = 1,
                                       .background = 0xff000000 | (40 * row) << 16 | 0x5a00 | (200 - 30 * row));
    }
    CHECK(sr_view_nodes(1, nodes, COUNT(nodes)) >= 0);
}

/* A frame of two colours, parted by a slope. */
static void paint(uint64_t view, uint8_t red, int slope) {
    static uint8_t pixels[HEIGHT][WIDTH][4];
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const bool is_below = y * 4 > x * slope;
            const uint8_t colour[4] = {is_below ? red : 240, is_below ? 90 : 240, is_below ? 160 : 230, 255};
            memcpy(pixels[y][x], colour, 4);
        }
    }
    for (uint32_t wait; (wait = sr_view_next_frame_ms(view)) > 0;) {
        wait_ms(wait);
    }
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = view, .width = WIDTH, .height = HEIGHT,
                            .pixels = pixels, .length = sizeof pixels};
    CHECK(sr_view_frame(&frame) >= 0);
}

static void record(uint64_t view, const char *event) {
    CHECK(sr_view_record(view, event, strlen(event), NULL) >= 0);
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The full snapshot of a page with a heading, 4, and a text, 7, in a paragraph, 6. */
static void load(uint64_t view, const char *heading, const char *text) {
    char event[1024];
    snprintf(event, sizeof event,
             "{\"type\":2,\"timestamp\":%lld,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":\"html\","
             "\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"body\",\"attributes\":{\"style\":\"font:14px sans-serif;"
             "background:#eef4ff\"},\"id\":3,\"childNodes\":[{\"type\":2,\"tagName\":\"h2\",\"attributes\":{},\"id\":4,\"childNodes\":[{"
             "\"type\":3,\"textContent\":\"%s\",\"id\":5}]},{\"type\":2,\"tagName\":\"p\",\"attributes\":{},\"id\":6,\"childNodes\":[{"
             "\"type\":3,\"textContent\":\"%s\",\"id\":7}]}]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}}}",
             now_ms(), heading, text);
    record(view, event);
}

static void say(uint64_t view, const char *text) {
    char event[512];
    snprintf(event, sizeof event,
             "{\"type\":3,\"timestamp\":%lld,\"data\":{\"source\":0,\"texts\":[{\"id\":7,\"value\":\"%s\"}],\"attributes\":[],"
             "\"removes\":[],\"adds\":[]}}",
             now_ms(), text);
    record(view, event);
}

static void nodes(void) {
    place(1, 0, 40, 60, 244, 210, SR_VIEW_FOCUSED, "First");
    list(1, "Who is it?", "Ada", false);
    moment("begin");
    place(2, 0, 200, 120, 244, 210, SR_VIEW_FOCUSED, "Second");
    list(2, "And who else?", "Grace", true);
    moment("middle");
    place(1, 0, 240, 60, 244, 210, SR_VIEW_HIDDEN, "First");
    list(2, "Nobody else", "", false);
    moment("end");
}

static void scroll(void) {
    place(1, 0, 40, 60, 220, 140, SR_VIEW_FOCUSED, "List");
    rows(0);
    moment("begin");
    for (float scrolled = 10; scrolled <= 60; scrolled += 10) {
        rows(scrolled);
        wait_ms(20);
    }
    moment("middle");
    rows(15);
    moment("end");
}

static void pixels(void) {
    place(1, 0, 40, 60, WIDTH, HEIGHT, SR_VIEW_FOCUSED, "Drawn");
    paint(1, 60, 2);
    moment("begin");
    place(2, 1, 20, 20, WIDTH / 2.0, HEIGHT / 2.0, 0, NULL);
    paint(2, 200, 1);
    paint(1, 60, 1);
    moment("middle");
    place(1, 0, 100, 90, WIDTH, HEIGHT, 0, "Drawn, moved");
    paint(1, 20, 3);
    moment("end");
}

static void pages(void) {
    place(1, 0, 40, 60, 280, 160, SR_VIEW_FOCUSED, "Mail");
    load(1, "Inbox", "Nothing new");
    moment("begin");
    place(2, 0, 220, 140, 280, 160, SR_VIEW_FOCUSED, "Calendar");
    load(2, "Today", "Loading");
    say(2, "Lunch at noon");
    moment("middle");
    place(2, 0, 260, 40, 240, 200, 0, "Calendar");
    say(1, "One new letter");
    moment("end");
}

/* What is in each says why nothing is seen. */
static void empty(void) {
    const sr_view_info desk = {.size = sizeof desk, .width = 900, .height = 600};
    CHECK(sr_view_place(&desk) >= 0);
    place(1, 0, 20, 40, 244, 210, SR_VIEW_FOCUSED, "Full");
    list(1, "All is well", "", true);
    place(2, 0, 300, 40, 200, 100, 0, "Only placed");
    place(3, 0, 300, 200, 200, 100, 0, "No nodes");
    CHECK(sr_view_nodes(3, NULL, 0) >= 0);
    place(4, 0, 520, 40, 200, 100, SR_VIEW_HIDDEN, "Minimized");
    list(4, "Not seen", "", false);
    place(5, 4, 10, 10, 100, 50, 0, NULL);
    paint(5, 90, 1);
    place(6, 0, 520, 200, 200, 100, 0, "Page");
    say(6, "before its full snapshot");
    place(7, 0, 20, 300, 0, 100, 0, "Flat");
    list(7, "Not seen", "", false);
    place(8, 0, 2000, 40, 200, 200, 0, "Elsewhere");
    list(8, "Not seen", "", false);
    place(9, 0, 520, 360, WIDTH, HEIGHT, 0, "Pixels");
    paint(9, 120, 2);
    moment("end");
}

/* What begins as an image and is none, in one view and, where there is no room any more, in another. */
static void large(void) {
    static uint8_t bytes[LARGE] = "\x89PNG\r\n\x1a\n";
    for (uint64_t view = 1; view <= 2; view++) {
        place(view, 0, 40 + 300 * (double)view, 60, WIDTH, HEIGHT, 0, view == 1 ? "No image" : "Too large");
        const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_ENCODED, .mime = "image/png", .view = view,
                                .width = WIDTH, .height = HEIGHT, .pixels = bytes, .length = sizeof bytes};
        CHECK(sr_view_frame(&frame) >= 0);
        CHECK(sr_flush(within_ms(30000)) == SR_OK);
    }
    moment("end");
}

int main(int count, char **arguments) {
    CHECK(count == 4 || count == 5);
    char options[1024];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": %s, \"sampleRate\": 1, \"enableRemoteConfig\": false, \"frameIntervalMs\": 50,"
             " \"frameBytesPerSecond\": 10000000,"
             " \"privacyConfig\": {\"defaultMaskLevel\": \"%s\"}, \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             arguments[2], count > 4 ? arguments[4] : "medium", arguments[1]);
    CHECK(sr_init("test-api-key", options) == SR_OK);
    const struct {
        const char *name;
        void (*record)(void);
    } kinds[] = {{"nodes", nodes}, {"scroll", scroll}, {"pixels", pixels}, {"pages", pages}, {"empty", empty}, {"large", large}};
    for (size_t at = 0; at < COUNT(kinds); at++) {
        if (strcmp(kinds[at].name, arguments[3]) == 0) {
            kinds[at].record();
        }
    }
    CHECK(sr_shutdown(within_ms(30000)) == SR_OK);
    return 0;
}
