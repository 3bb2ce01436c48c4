/* Shows what it is told to, while the level of masking changes.
 *
 *   mask_levels URL STORAGE
 *
 * Each line of standard input is a command. It prints a number behind each: a status, or the level.
 *
 *   show NAME RRGGBB   a window with a title, a text, a field and a password that hold NAME, and one with pixels of that color
 *   unknown RRGGBB     pixels that name a mask, and do not say that it is all
 *   page TEXT          a window with a title that holds TEXT, and a page that says TEXT in it: its Meta event and full snapshot
 *   says TEXT          the page says TEXT from now on
 *   level              sr_mask_level()
 *   session NUMBER     sr_set_session_id()
 *   opt-out 0|1        sr_set_opt_out()
 *   flush              sr_flush()
 *   config LEVEL       1: sr_get_privacy_config() says this level
 *   wake               sr_flush_begin()
 *   later              five minutes pass: so long the server is not asked again
 */
#define _GNU_SOURCE

#include "check.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SIDE = 96, FIVE_MINUTES = 301 };

static int passed_s;

/* The library's clock, too: it is ahead of the system's. */
int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    const int answer = real(clock, time);
    if (answer == 0 && clock == CLOCK_MONOTONIC) {
        time->tv_sec += __atomic_load_n(&passed_s, __ATOMIC_SEQ_CST);
    }
    return answer;
}

/* Rust's locks tell the system until when they wait, by that clock. */
long syscall(long number, ...) {
    static long (*real)(long, ...);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "syscall");
    }
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        arguments[i] = va_arg(list, long);
    }
    va_end(list);
    struct timespec until;
    const struct timespec *given = (const struct timespec *)arguments[3];
    const bool waits = number == SYS_futex && (arguments[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && given != NULL;
    if (waits && (arguments[1] & FUTEX_CLOCK_REALTIME) == 0) {
        until = *given;
        until.tv_sec -= __atomic_load_n(&passed_s, __ATOMIC_SEQ_CST);
        arguments[3] = (long)&until;
    }
    return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

static sr_status paint(const char *color, uint32_t flags, const sr_mask *masks, size_t count) {
    static uint8_t pixels[SIDE * SIDE][4];
    const unsigned long value = strtoul(color, NULL, 16);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        const uint8_t pixel[4] = {(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value, 255};
        memcpy(pixels[i], pixel, 4);
    }
    while (sr_is_capturing() && sr_view_next_frame_ms(2) > 0) {
        usleep(1000);
    }
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = 2, .width = SIDE, .height = SIDE,
                            .pixels = pixels, .length = sizeof pixels, .flags = flags, .masks = masks, .mask_count = count};
    return sr_view_frame(&frame);
}

static sr_status show(const char *name, const char *color) {
    char title[64], text[64], typed[64], secret[64];
    snprintf(title, sizeof title, "title-%s", name);
    snprintf(text, sizeof text, "text-%s", name);
    snprintf(typed, sizeof typed, "typed-%s", name);
    snprintf(secret, sizeof secret, "secret-%s", name);
    const sr_view_info window = {.size = sizeof window, .view = 1, .width = 200, .height = 120, .title = title};
    const sr_status status = sr_view_place(&window);
    const sr_node nodes[] = {
        {.size = sizeof nodes[0], .kind = SR_NODE_TEXT, .id = 1, .width = 90, .height = 20, .text = text},
        {.size = sizeof nodes[0], .kind = SR_NODE_INPUT, .id = 2, .y = 30, .width = 90, .height = 20, .text = typed},
        {.size = sizeof nodes[0], .kind = SR_NODE_PASSWORD, .id = 3, .y = 60, .width = 90, .height = 20, .text = secret},
    };
    CHECK(sr_view_nodes(1, nodes, 3) == status);
    CHECK(paint(color, SR_FRAME_MASKS_KNOWN, NULL, 0) == status);
    return status;
}

static int record_page(const char *lines) {
    return sr_view_record(3, lines, strlen(lines), NULL);
}

/* Its recorder masks what is to be masked: the library keeps what it is given. */
static int show_page(const char *text) {
    char title[64], lines[1024];
    snprintf(title, sizeof title, "title-%s", text);
    const sr_view_info window = {.size = sizeof window, .view = 3, .width = 200, .height = 120, .title = title};
    CHECK(sr_view_place(&window) >= 0);
    snprintf(lines, sizeof lines,
             "{\"type\":4,\"timestamp\":1732300000500,\"data\":{\"href\":\"app://x\",\"width\":200,\"height\":120}}\n"
             "{\"type\":2,\"timestamp\":1732300000500,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
             "\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"body\","
             "\"attributes\":{},\"id\":3,\"childNodes\":[{\"type\":3,\"textContent\":\"%s\",\"id\":4}]}]}]}}}",
             text);
    return record_page(lines);
}

static int change_page(const char *text) {
    char line[256];
    snprintf(line, sizeof line,
             "{\"type\":3,\"timestamp\":1732300000600,\"data\":{\"source\":0,\"texts\":[{\"id\":4,\"value\":\"%s\"}],"
             "\"attributes\":[],\"removes\":[],\"adds\":[]}}",
             text);
    return record_page(line);
}

static int run(const char *command, char *first, char *second) {
    const sr_mask corner = {.size = sizeof corner, .rect = {0, 0, 8, 8}};
    if (strcmp(command, "show") == 0) {
        return show(first, second);
    } else if (strcmp(command, "unknown") == 0) {
        return paint(first, 0, &corner, 1);
    } else if (strcmp(command, "page") == 0) {
        return show_page(first);
    } else if (strcmp(command, "says") == 0) {
        return change_page(first);
    } else if (strcmp(command, "level") == 0) {
        return (int)sr_mask_level();
    } else if (strcmp(command, "session") == 0) {
        return sr_set_session_id(strtoll(first, NULL, 10));
    } else if (strcmp(command, "opt-out") == 0) {
        return sr_set_opt_out(first[0] == '1');
    } else if (strcmp(command, "flush") == 0) {
        return sr_flush(within_ms(20000));
    } else if (strcmp(command, "config") == 0) {
        char *config = sr_get_privacy_config();
        const bool says = config != NULL && strstr(config, first) != NULL;
        sr_string_free(config);
        return says;
    } else if (strcmp(command, "wake") == 0) {
        return sr_flush_begin() > 0 ? 0 : -1;
    }
    CHECK(strcmp(command, "later") == 0);
    __atomic_fetch_add(&passed_s, FIVE_MINUTES, __ATOMIC_SEQ_CST);
    return 0;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char options[1024];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": 1732300000000, \"sampleRate\": 1, \"enableRemoteConfig\": true,"
             " \"frameIntervalMs\": 50, \"frameBytesPerSecond\": 10000000, \"trackServerUrl\": \"%s/sessions/v2/track\","
             " \"configServerUrl\": \"%s/config\", \"storageDir\": \"%s\"}",
             argv[1], argv[1], argv[2]);
    CHECK(sr_init("test-api-key", options) == SR_OK);
    for (char line[256]; fgets(line, sizeof line, stdin) != NULL;) {
        char command[32] = "", first[64] = "", second[64] = "";
        CHECK(sscanf(line, "%31s %63s %63s", command, first, second) >= 1);
        printf("%d\n", run(command, first, second));
        fflush(stdout);
    }
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
