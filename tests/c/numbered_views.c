/* Shows views with pages, nodes and frames from several threads until it ends, in one way or another, and says of each thing that it
 * was accepted, once it was:
 *
 *     numbered_views URL STORAGE_DIR DEVICE RUN LIFE_MS ROLL_MS END
 *
 * A session lasts ROLL_MS. END, after LIFE_MS: "shutdown", "exit", "_exit", "abort", "segv"; "nothing" shows nothing, shuts down and
 * prints how many damaged places were found. Each line on standard output is `kind thread number status`; what was shown says
 * `kind-run-thread-number`: p, an event of a page; c, a custom event; n, a list of nodes. f is a frame of one color, which is 0xA00000
 * and the run times 65536 and the number; g is one of many colors. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "portable.h"

#include <stdatomic.h>

#define PAGES 2
/* The names of views. */
#define NODES 1
#define ONE_COLOR 2
#define MANY_COLORS 3
#define FIRST_PAGE 10

static int run;
static atomic_bool over;

static void say(char kind, int thread, int number, sr_status status) {
    char line[80];
    CHECK(status == SR_OK || status == SR_NEEDS_FULL_SNAPSHOT);
    const int length = snprintf(line, sizeof line, "%c %d %d %d\n", kind, thread, number, (int)status);
    CHECK(write_line(line, length));
}

/* What a page's recorder says when it begins: the document is `<html>` with a text, node 4. */
static sr_status begin_page(uint64_t view) {
    static const char begin[] =
        "{\"type\":4,\"timestamp\":1732300000000,\"data\":{\"href\":\"https://page\",\"width\":300,\"height\":200}}\n"
        "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":40},\"node\":{\"type\":0,\"id\":1,"
        "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"
        "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":4,\"textContent\":\"begin\"}]}]}]}}}";
    return sr_view_record(view, begin, sizeof begin - 1, NULL);
}

static int page_event(char *text, size_t size, int thread, int number) {
    return snprintf(text, size,
                    "{\"type\":3,\"timestamp\":1732300000000,\"data\":{\"source\":0,\"texts\":[{\"id\":4,\"value\":\"p-%d-%d-%d\"}],"
                    "\"attributes\":[],\"removes\":[],\"adds\":[]}}\n",
                    run, thread, number);
}

static void *show_page(void *argument) {
    const int thread = (int)(intptr_t)argument;
    const sr_view_info info = {.size = sizeof info, .view = FIRST_PAGE + (uint64_t)thread, .x = 40.0 * thread, .width = 300, .height = 200};
    for (int number = 0; !atomic_load(&over);) {
        CHECK(sr_view_place(&info) >= 0);
        CHECK(begin_page(info.view) >= 0);
        /* Then it navigates. */
        for (int end = number + 40; number < end && !atomic_load(&over);) {
            char lines[1024];
            const int count = 1 + number % 2;
            int length = page_event(lines, sizeof lines, thread, number);
            if (count == 2) {
                length += page_event(lines + length, sizeof lines - (size_t)length, thread, number + 1);
            }
            size_t accepted = 0;
            const sr_status status = sr_view_record(info.view, lines, (size_t)length, &accepted);
            CHECK(accepted == (size_t)count);
            for (int i = 0; i < count; i++) {
                say('p', thread, number++, status);
            }
            if (status == SR_NEEDS_FULL_SNAPSHOT) {
                CHECK(begin_page(info.view) >= 0);
            }
            sleep_us(300);
        }
        CHECK(sr_view_close(info.view) >= 0);
    }
    return NULL;
}

static void *show_nodes(void *unused) {
    (void)unused;
    for (int number = 0; !atomic_load(&over); number++) {
        char text[40], custom[60];
        snprintf(text, sizeof text, "n-%d-0-%d", run, number);
        const sr_node nodes[] = {
            {.size = sizeof nodes[0], .kind = SR_NODE_TEXT, .id = 1, .width = 50, .height = 20, .text = text},
            {.size = sizeof nodes[0], .kind = SR_NODE_BUTTON, .id = 2 + (uint64_t)number % 3, .y = 30, .width = 50, .height = 20, .text = "OK"},
        };
        say('n', 0, number, sr_view_nodes(NODES, nodes, 1 + (size_t)number % 2));
        CHECK(sr_view_pointer(NODES, SR_POINTER_CLICK, 5, 5, 0) >= 0);
        snprintf(custom, sizeof custom, "{\"is\": \"c-%d-0-%d\"}", run, number);
        say('c', 0, number, sr_record_custom("screen", custom));
        sleep_us(2000);
    }
    return NULL;
}

/* Alone with its frames: so each is taken that is wanted. */
static void *show_frames(void *unused) {
    (void)unused;
    static uint32_t one[64 * 16], many[480 * 300];
    uint32_t noise = 1;
    for (int number = 0; !atomic_load(&over); number++) {
        while (sr_view_next_frame_ms(ONE_COLOR) > 0 && !atomic_load(&over)) {
            sleep_us(500);
        }
        for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
            one[i] = 0xA00000u + (uint32_t)run * 65536u + (uint32_t)number;
        }
        sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = ONE_COLOR, .width = 64, .height = 16,
                          .pixels = one, .length = sizeof one};
        const bool was_wanted = sr_view_next_frame_ms(ONE_COLOR) == 0;
        const sr_status status = sr_view_frame(&frame);
        if (was_wanted) {
            say('f', 0, number, status);
        }
        if (sr_view_next_frame_ms(MANY_COLORS) > 0) {
            continue;
        }
        for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
            noise = noise * 1664525 + 1013904223;
            many[i] = noise & 0x3F3F3F;
        }
        frame.view = MANY_COLORS;
        frame.width = 480;
        frame.height = 300;
        frame.pixels = many;
        frame.length = sizeof many;
        say('g', 0, number, sr_view_frame(&frame));
        if (number % 5 == 4) {
            CHECK(sr_view_close(MANY_COLORS) >= 0);
        }
    }
    return NULL;
}

static void end(const char *how) {
    if (strcmp(how, "exit") == 0) {
        exit(0);
    } else if (strcmp(how, "_exit") == 0) {
        _exit(0);
    } else if (strcmp(how, "abort") == 0) {
        abort();
    } else if (strcmp(how, "segv") == 0) {
        raise(SIGSEGV);
    }
}

int main(int count, char **arguments) {
    CHECK(count == 8);
    run = atoi(arguments[4]);
    const long roll_ms = atol(arguments[6]), life_ms = atol(arguments[5]);
    quiet_end();
    char options[2048];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"%s\", \"sessionId\": %ld, \"sampleRate\": 1, \"enableRemoteConfig\": false, \"flushMaxRetries\": 2, \"sendTimeoutMs\": 120000,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\", \"storageDir\": \"%s\", \"storageLimitBytes\": 1000000000,"
             " \"frameIntervalMs\": 50, \"frameBytesPerSecond\": 10000000,"
             " \"flushIntervalConfig\": {\"minIntervalMs\": 10, \"maxIntervalMs\": 20}}",
             arguments[3], run * 1000000L + 1, arguments[1], arguments[2]);
    CHECK(sr_init("crash-test-key", options) == SR_OK);
    if (strcmp(arguments[7], "nothing") == 0) {
        (void)sr_flush(within_ms(10000));
        printf("%ld\n", stat_of("damaged"));
        (void)sr_shutdown(within_ms(10000));
        return 0;
    }
    pthread_t threads[PAGES + 2];
    for (intptr_t i = 0; i < PAGES; i++) {
        CHECK(pthread_create(&threads[i], NULL, show_page, (void *)i) == 0);
    }
    CHECK(pthread_create(&threads[PAGES], NULL, show_nodes, NULL) == 0);
    CHECK(pthread_create(&threads[PAGES + 1], NULL, show_frames, NULL) == 0);
    long lived = 0;
    for (int session = 2; lived < life_ms; session++) {
        const long next = roll_ms < life_ms - lived ? roll_ms : life_ms - lived;
        sleep_us(next * 1000);
        lived += next;
        if (lived < life_ms) {
            CHECK(sr_set_session_id(run * 1000000L + session) >= 0);
        }
    }
    end(arguments[7]);
    atomic_store(&over, true);
    for (int i = 0; i < PAGES + 2; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    (void)sr_shutdown(1000);
    return 0;
}
