/* Loads the library, records, shuts down and unloads it, again and again. Its threads must be gone by then, also
 * when the server hangs; and it leaves the process as it found it: signals, standard output, threads. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <session_replay.h>

#include "check_plain.h"

#define EVENT "{\"type\": 3, \"timestamp\": 1732300000000, \"data\": {\"source\": 0}}"

static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = -2; /* . and .. */
    CHECK(tasks != NULL);
    while (readdir(tasks) != NULL) {
        count++;
    }
    closedir(tasks);
    return count;
}

/* A thread that was waited for may still be listed for a moment. */
static int comes_to(int count) {
    const struct timespec moment = {0, 1000000};
    for (int i = 0; i < 5000 && threads() != count; i++) {
        nanosleep(&moment, NULL);
    }
    return threads() == count;
}

static void *nothing(void *argument) {
    return argument;
}

static void signal_handlers(struct sigaction handlers[SIGSYS]) {
    memset(handlers, 0, sizeof *handlers * SIGSYS);
    for (int i = 1; i < SIGSYS; i++) {
        sigaction(i, NULL, &handlers[i]);
    }
}

static void *symbol(void *library, const char *name) {
    void *address = dlsym(library, name);
    CHECK(address != NULL);
    return address;
}

/* Its thread is busy with a frame when the library goes: it stays loaded until that is done. */
static void leave_at_work(const char *path, const char *options) {
    const uint32_t side = 4096;
    uint32_t *pixels = malloc((size_t)side * side * 4);
    CHECK(pixels != NULL);
    for (uint32_t i = 0; i < side * side; i++) {
        pixels[i] = i * 2654435761u;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    int32_t (*init)(const char *, const char *);
    int32_t (*show)(const sr_frame *);
    int32_t (*stop)(uint32_t);
    *(void **)&init = symbol(library, "sr_init");
    *(void **)&show = symbol(library, "sr_view_frame");
    *(void **)&stop = symbol(library, "sr_shutdown");
    CHECK(init("key", options) == 0);
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = 1, .width = side, .height = side, .pixels = pixels, .length = (size_t)side * side * 4};
    CHECK(show(&frame) == 0);
    (void)stop(0);
    CHECK(dlclose(library) == 0);
    free(pixels);
}

static void use(const char *path, const char *options, int own) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    int32_t (*init)(const char *, const char *);
    int32_t (*record)(const char *, size_t);
    int32_t (*show)(const sr_frame *);
    int32_t (*stop)(uint32_t);
    *(void **)&init = symbol(library, "sr_init");
    *(void **)&record = symbol(library, "sr_record");
    *(void **)&show = symbol(library, "sr_view_frame");
    *(void **)&stop = symbol(library, "sr_shutdown");
    CHECK(init("key", options) == 0);
    CHECK(threads() == own + 2); /* sr-worker, sr-sender */
    CHECK(record(EVENT, strlen(EVENT)) >= 0);
    static const uint32_t pixels[256 * 256] = {1};
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_RGBA, .view = 1, .width = 256, .height = 256, .pixels = pixels, .length = sizeof pixels};
    CHECK(show(&frame) == 0);
    CHECK(threads() == own + 3); /* and sr-encoder */
    (void)stop(50);
    CHECK(comes_to(own));
    CHECK(dlclose(library) == 0);
}

int main(int count, char **arguments) {
    CHECK(count == 4);
    char options[1024];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"d\", \"sessionId\": 1, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s\", \"frameMaxPixels\": 4000000}",
             arguments[2]);
    /* A sanitizer has a thread of its own from the first other one on. */
    pthread_t first;
    CHECK(pthread_create(&first, NULL, nothing, NULL) == 0 && pthread_join(first, NULL) == 0);
    const int own = comes_to(1) ? 1 : threads();
    struct sigaction before[SIGSYS], after[SIGSYS];
    signal_handlers(before);
    for (int round = atoi(arguments[3]); round > 0; round--) {
        use(arguments[1], options, own);
    }
    leave_at_work(arguments[1], options);
    int tries = 0;
    while (!comes_to(own)) {
        CHECK(++tries < 12);
    }
    signal_handlers(after);
    for (int i = 1; i < SIGSYS; i++) {
        if (before[i].sa_handler != after[i].sa_handler || before[i].sa_flags != after[i].sa_flags) {
            fprintf(stderr, "signal %d is handled otherwise\n", i);
            return 1;
        }
    }
    return 0;
}
