/* Every call of views in every state of the library, and frames that are as awkward as a host can make them:
 *
 *     view_states URL STORAGE_DIR states | forked | shapes | flood | atexit | last | one
 *
 * "shapes" and "flood" print how many kilobytes of memory the largest frame, and many frames, took.
 */
#define _GNU_SOURCE

#include "check.h"
#include "portable_memory.h"

#include <math.h>
#ifndef _WIN32
#include <sys/wait.h>
#endif

#define PAGE_EVENT "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"t\",\"payload\":1}}"

static const char *server, *storage;
static uint32_t noise[512 * 512];

static sr_status place(void) {
    const sr_view_info info = {.size = sizeof info, .view = 1, .width = 100, .height = 100, .title = "title"};
    return sr_view_place(&info);
}

static sr_status show_nodes(void) {
    const sr_node node = {.size = sizeof node, .kind = SR_NODE_TEXT, .id = 1, .width = 50, .height = 20, .text = "text"};
    return sr_view_nodes(1, &node, 1);
}

static sr_status show_frame(void) {
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = 2, .width = 512, .height = 512, .pixels = noise,
                            .length = sizeof noise, .flags = SR_FRAME_MASKS_KNOWN};
    noise[0]++;
    return sr_view_frame(&frame);
}

static sr_status record_page(void) {
    size_t accepted = 99;
    const sr_status status = sr_view_record(1, PAGE_EVENT, strlen(PAGE_EVENT), &accepted);
    CHECK(accepted == (status == SR_OK || status == SR_NEEDS_FULL_SNAPSHOT));
    return status;
}

static sr_status point(void) {
    return sr_view_pointer(1, SR_POINTER_CLICK, 5, 5, 0);
}

static sr_status press(void) {
    return sr_view_key(1, "Enter", 0);
}

static sr_status custom(void) {
    return sr_record_custom("tag", "{}");
}

static sr_status close_view(void) {
    return sr_view_close(1);
}

/* In this order: what is shown last in view 1 is a page. */
static const struct {
    const char *name;
    sr_status (*call)(void);
} calls[] = {
    {"sr_view_place", place},         {"sr_view_nodes", show_nodes}, {"sr_view_frame", show_frame}, {"sr_view_pointer", point},
    {"sr_view_key", press},           {"sr_view_record", record_page}, {"sr_record_custom", custom}, {"sr_view_close", close_view},
};

#define CALLS (sizeof calls / sizeof *calls)

/* All calls return this, and where it is an error say so. A page that has no document yet may ask for one. */
static void all_return(const char *state, sr_status expected) {
    CHECK(sr_is_capturing() == (expected == SR_OK));
    CHECK((sr_view_next_frame_ms(2) == 1000) == (expected != SR_OK));
    for (size_t i = 0; i < CALLS; i++) {
        const sr_status status = calls[i].call();
        const bool is_page = calls[i].call == record_page && status == SR_NEEDS_FULL_SNAPSHOT && expected == SR_OK;
        if (!(status == expected || is_page) || (*sr_last_error() != '\0') != (expected < 0)) {
            fprintf(stderr, "%s, %s: %d (%s)\n", state, calls[i].name, (int)status, sr_last_error());
            exit(1);
        }
        CHECK(expected != SR_ERROR_NOT_INITIALIZED || strstr(sr_last_error(), "sr_init") != NULL);
    }
    (void)sr_view_close(2);
}

#ifndef _WIN32
static void in_child(void (*body)(void)) {
    const pid_t child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = 1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void in_forked_child(void) {
    all_return("in a forked child", SR_ERROR_FORKED);
    CHECK(sr_init("key", options_with(server, ", \"deviceId\": \"child\"")) == SR_OK);
    all_return("in a child that began anew", SR_OK);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    all_return("in a child that has ended", SR_ERROR_NOT_INITIALIZED);
}

static void forked(void) {
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    for (int i = 0; i < 5; i++) {
        CHECK(show_frame() == SR_OK);
        in_child(in_forked_child);
    }
    all_return("in the parent", SR_OK);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
}
#endif

static void *last_calls(void *unused) {
    (void)unused;
    for (size_t i = 0; i < CALLS; i++) {
        (void)calls[i].call();
    }
    return NULL;
}

static void *end(void *ended) {
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    __atomic_store_n((bool *)ended, true, __ATOMIC_RELEASE);
    return NULL;
}

static void states(void) {
    char more[1500];
    all_return("before sr_init", SR_ERROR_NOT_INITIALIZED);
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    all_return("captured", SR_OK);
    CHECK(sr_set_opt_out(true) >= 0);
    all_return("opted out", SR_NOT_CAPTURED);
    CHECK(sr_set_opt_out(false) >= 0);
    all_return("captured again", SR_OK);
    CHECK(show_frame() == SR_OK);
    CHECK(sr_shutdown_begin() > 0);
    all_return("ending", SR_ERROR_NOT_INITIALIZED);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    all_return("ended", SR_ERROR_NOT_INITIALIZED);

    CHECK(sr_init("key", options_with(server, ", \"sampleRate\": 0")) == SR_OK);
    all_return("not in the sample", SR_NOT_CAPTURED);
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);

    /* The answer is awaited: what is shown is kept until it comes; or it is known that none does. */
    snprintf(more, sizeof more, ", \"enableRemoteConfig\": true, \"configServerUrl\": \"http://127.0.0.1:9/\", \"storageDir\": \"%s\"", storage);
    CHECK(sr_init("key", options_with(server, more)) == SR_OK);
    for (size_t i = 0; i < CALLS; i++) {
        const sr_status one = calls[i].call();
        CHECK(one == SR_OK || one == SR_NEEDS_FULL_SNAPSHOT || one == SR_NOT_CAPTURED);
    }
    (void)sr_shutdown(0);

    /* It ends on another thread, while this one goes on. */
    CHECK(sr_init("key", options_with(server, "")) == SR_OK);
    bool ended = false;
    pthread_t thread;
    CHECK(show_frame() == SR_OK && pthread_create(&thread, NULL, end, &ended) == 0);
    while (!__atomic_load_n(&ended, __ATOMIC_ACQUIRE)) {
        (void)last_calls(NULL);
        (void)sr_view_next_frame_ms(1);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    all_return("ended by another thread", SR_ERROR_NOT_INITIALIZED);

    /* Nothing is sent, and there is no room: what is shown now is refused, and nothing of the host's fails. */
    CHECK(sr_init("key", options_with("http://127.0.0.1:9", ", \"storageLimitBytes\": 4000000, \"frameIntervalMs\": 50,"
                                                            " \"frameBytesPerSecond\": 10000000, \"logLevel\": \"warn\"")) == SR_OK);
    sr_string_free(sr_take_log());
    char *text = malloc(5000);
    CHECK(text != NULL);
    sr_status status = SR_OK;
    for (int i = 0; i < 100000 && status >= 0; i++) {
        snprintf(text, 5000, "%04000d", i);
        const sr_node node = {.size = sizeof node, .kind = SR_NODE_TEXT, .id = 1, .width = 100, .height = 20, .text = text};
        status = sr_view_nodes(1, &node, 1);
    }
    CHECK(status == SR_ERROR_BUFFER_FULL && strstr(sr_last_error(), "storageLimitBytes") != NULL);
    free(text);
    for (size_t i = 0; i < CALLS; i++) {
        status = calls[i].call();
        CHECK(status == SR_OK || status == SR_NEEDS_FULL_SNAPSHOT || status == SR_ERROR_BUFFER_FULL);
    }
    (void)sr_shutdown(0);
}

/* A whole frame as good as any, of these pixels. */
static sr_frame of(uint32_t width, uint32_t height, const void *pixels, size_t length) {
    return (sr_frame){.size = sizeof(sr_frame), .format = SR_PIXELS_RGBA, .view = 5, .width = width, .height = height,
                      .pixels = pixels, .length = length, .timestamp_ms = 1};
}

static void is_taken(const sr_frame *frame) {
    for (uint32_t wait; (wait = sr_view_next_frame_ms(frame->view)) > 0;) {
        sleep_us((long)(wait < 500 ? wait : 500) * 1000);
    }
    CHECK(sr_view_frame(frame) == SR_OK);
}

static void shapes(void) {
    CHECK(sr_init("key", options_with(server, ", \"frameIntervalMs\": 50, \"frameBytesPerSecond\": 10000000, \"logLevel\": \"warn\"")) == SR_OK);
    sr_string_free(sr_take_log());
    /* Nothing behind the last pixel is read: there is no memory. */
    const size_t page = page_bytes();
    uint8_t *edge = map_pages(2 * page);
    CHECK(edge != NULL && forbid_pages(edge + page, page));
    for (uint32_t format = SR_PIXELS_RGBA; format <= SR_PIXELS_RGB565; format++) {
        const uint32_t bytes = format <= SR_PIXELS_ABGR ? 4 : format == SR_PIXELS_RGB565 ? 2 : 3;
        for (uint32_t width = 1; width <= 67; width += 22) {
            for (uint32_t height = 1; height <= 3; height++) {
                /* A stride that is no number of pixels; the last row has no gap behind it. */
                const uint32_t stride = width * bytes + height - 1;
                const size_t length = (size_t)stride * (height - 1) + width * bytes;
                sr_frame frame = of(width, height, edge + page - length, length);
                frame.format = format;
                frame.stride = stride;
                frame.flags = width % 2 != 0 ? SR_FRAME_BOTTOM_UP : 0;
                CHECK(sr_view_frame(&frame) == SR_OK);
                frame.length--;
                CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_INVALID_ARGUMENT, "rows need");
            }
        }
    }
    CHECK(unmap_pages(edge, 2 * page));

    /* Numbers that are none. */
    const double scales[] = {NAN, -NAN, INFINITY, -INFINITY, 1e-300, 17, 0.2};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        sr_frame frame = of(16, 16, noise, 1024);
        frame.scale = scales[i];
        CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_INVALID_ARGUMENT, "scale");
    }
    sr_view_info info = {.size = sizeof info, .view = 6, .x = NAN};
    CHECK_FAILS(sr_view_place(&info), SR_ERROR_INVALID_ARGUMENT, "impossible rectangle");
    CHECK_FAILS(sr_view_pointer(5, SR_POINTER_CLICK, NAN, 1, 0), SR_ERROR_INVALID_ARGUMENT, "finite");

    /* As many masks as are allowed, and damage that overlaps, lies outside, is empty, or turned around. */
    static sr_mask masks[1024];
    for (int i = 0; i < 1024; i++) {
        masks[i] = (sr_mask){.size = sizeof *masks, .kind = (uint32_t)i % 2, .rect = {i % 500, i / 2, 30, 20}};
    }
    const sr_rect damage[] = {{0, 0, 512, 512}, {10, 10, 100, 100}, {10, 10, 100, 100}, {600, 600, 1, 1},
                              {0, 0, 0, 0}, {500, 500, -600, -600}, {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX},
                              {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN}};
    sr_frame frame = of(512, 512, noise, sizeof noise);
    frame.masks = masks;
    frame.mask_count = 1024;
    frame.damage = damage;
    frame.damage_count = sizeof damage / sizeof *damage;
    is_taken(&frame);

    /* Structs and pixels anywhere in memory. */
    static uint8_t odd[1 + sizeof(sr_frame) + 2 * sizeof(sr_mask) + 2 * sizeof(sr_rect) + 2 * sizeof(sr_node) + 8];
    uint8_t *at = odd + 1;
    memcpy(at + sizeof frame, masks, 2 * sizeof *masks);
    memcpy(at + sizeof frame + 2 * sizeof *masks, damage, 2 * sizeof *damage);
    frame.masks = (const sr_mask *)(const void *)(at + sizeof frame);
    frame.mask_count = 2;
    frame.damage = (const sr_rect *)(const void *)(at + sizeof frame + 2 * sizeof *masks);
    frame.damage_count = 2;
    frame.pixels = (const uint8_t *)noise + 1;
    frame.width = 511;
    memcpy(at, &frame, sizeof frame);
    is_taken((const sr_frame *)(const void *)at);
    const sr_node nodes[2] = {{.size = sizeof *nodes, .kind = SR_NODE_TEXT, .id = 1, .text = "one"},
                              {.size = sizeof *nodes, .kind = SR_NODE_TEXT, .id = 2, .text = "two"}};
    memcpy(at, nodes, sizeof nodes);
    CHECK(sr_view_nodes(7, (const sr_node *)(const void *)at, 2) == SR_OK);
    info = (sr_view_info){.size = sizeof info, .view = 7, .width = 10, .height = 10};
    memcpy(at, &info, sizeof info);
    CHECK(sr_view_place((const sr_view_info *)(const void *)at) == SR_OK);

    /* Sizes of structs: none, one that is too short, and a later version's with something behind what is known. */
    for (uint32_t size = 0; size < sizeof frame; size++) {
        frame = of(16, 16, noise, 1024);
        frame.size = size;
        CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_INVALID_ARGUMENT, "frame.size is");
    }
    struct {
        sr_mask known;
        uint64_t later[3];
    } longer[2];
    memset(longer, 0xff, sizeof longer);
    longer[0].known = longer[1].known = (sr_mask){.size = sizeof *longer, .rect = {0, 0, 512, 512}};
    frame = of(512, 512, noise, sizeof noise);
    frame.masks = &longer[0].known;
    frame.mask_count = 2;
    is_taken(&frame);
    longer[1].known.size = sizeof(sr_mask);
    CHECK_FAILS(sr_view_frame(&frame), SR_ERROR_INVALID_ARGUMENT, "frame.masks[1].size is");

    /* The smallest and the largest. */
    frame = of(1, 1, noise, 4);
    frame.view = 8;
    is_taken(&frame);
    CHECK(sr_flush(within_ms(30000)) == SR_OK);
    const size_t length = (size_t)16384 * 16384 * 2;
    /* They are only read. */
    void *large = map_pages(length);
    CHECK(large != NULL);
    const long before = peak_kb();
    frame = of(16384, 16384, large, length);
    frame.view = 8;
    frame.format = SR_PIXELS_RGB565;
    is_taken(&frame);
    CHECK(sr_flush(within_ms(60000)) == SR_OK);
    printf("%ld\n", peak_kb() - before);
    CHECK(unmap_pages(large, length));
    char *log = sr_take_log();
    if (log != NULL) {
        fprintf(stderr, "%s\n", log);
        exit(1);
    }
    CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
}

/* Frames as fast as they come, whether wanted or not: memory is bounded, and the host is never kept waiting for the encoder. */
static void flood(void) {
    const uint32_t width = 1280, height = 800;
    const size_t count = (size_t)width * height;
    uint32_t *pixels = malloc(count * 4);
    CHECK(pixels != NULL);
    CHECK(sr_init("key", options_with(server, ", \"frameIntervalMs\": 50, \"frameBytesPerSecond\": 10000000")) == SR_OK);
    uint32_t random = 1;
    for (size_t i = 0; i < count; i++) {
        pixels[i] = random = random * 1664525 + 1013904223;
    }
    sr_frame frame = of(width, height, pixels, count * 4);
    is_taken(&frame);
    CHECK(sr_flush(within_ms(30000)) == SR_OK);
    const long before = peak_kb();
    for (uint32_t turn = 0; turn < 500; turn++) {
        for (size_t i = turn % 7; i < count; i += 7) {
            pixels[i] += 0x10101 * turn;
        }
        frame.view = 5 + turn % 3;
        CHECK(sr_view_frame(&frame) == SR_OK);
    }
    printf("%ld\n", peak_kb() - before);
    (void)sr_shutdown(10000);
    free(pixels);
}

static void at_exit(void) {
    (void)last_calls(NULL);
    CHECK(sr_view_next_frame_ms(1) <= 1000);
}

static void fill(void) {
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        noise[i] = (uint32_t)i * 2654435761u;
    }
}

static void at_thread_exit(void *unused) {
    (void)last_calls(unused);
}

/* A thread's destructors run when its own memory is gone already. */
static pthread_key_t keys[3];

static void *ends_with_calls(void *unused) {
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_setspecific(keys[i], noise) == 0);
        if (i == 1) {
            (void)last_calls(NULL);
        }
    }
    return unused;
}

int main(int count, char **arguments) {
    CHECK(count == 4);
    server = arguments[1];
    storage = arguments[2];
    fill();
    if (strcmp(arguments[3], "states") == 0) {
        states();
#ifndef _WIN32
    } else if (strcmp(arguments[3], "forked") == 0) {
        forked();
#endif
    } else if (strcmp(arguments[3], "shapes") == 0) {
        shapes();
    } else if (strcmp(arguments[3], "flood") == 0) {
        flood();
    } else if (strcmp(arguments[3], "one") == 0) {
        CHECK(sr_init("key", options_with(server, "")) == SR_OK);
        CHECK(show_frame() == SR_OK);
        CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    } else if (strcmp(arguments[3], "last") == 0) {
        CHECK(pthread_key_create(&keys[0], at_thread_exit) == 0 && pthread_key_create(&keys[1], at_thread_exit) == 0);
        CHECK(sr_init("key", options_with(server, "")) == SR_OK);
        CHECK(pthread_key_create(&keys[2], at_thread_exit) == 0);
        for (int i = 0; i < 20; i++) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, ends_with_calls, NULL) == 0 && pthread_join(thread, NULL) == 0);
        }
        CHECK(sr_shutdown(within_ms(10000)) == SR_OK);
    } else {
        /* It ends while sr-encoder is at work, without a shutdown, and has something to say to the last. */
        CHECK(strcmp(arguments[3], "atexit") == 0 && atexit(at_exit) == 0);
        CHECK(sr_init("key", options_with(server, "")) == SR_OK && atexit(at_exit) == 0);
        CHECK(show_frame() == SR_OK);
    }
    return 0;
}
