/* What the library takes besides time on the caller's thread: prints one `name value` a line.
 *
 *     footprint idle OPTIONS_JSON EVENTS     init-us, the memory before, after and when EVENTS of 300 bytes are gone,
 *                                            threads, and wake-ups in 10 s of idleness
 *     footprint crash OPTIONS_JSON BYTES     records BYTES and is killed
 *     footprint recover OPTIONS_JSON         recover-ms: from sr_init until all of an earlier run is delivered
 *
 * Memory is the anonymous and shared part of the resident set, in KiB: files mapped in are in `rss`. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "footprint: %s: %s\n", what, sr_last_error());
    exit(1);
}

/* The number behind `name` in a file of /proc. */
static long number_in(const char *path, const char *name) {
    char line[512];
    long number = -1;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            number = strtol(line + strlen(name), NULL, 10);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return number;
}

/* How often threads other than this one gave up the processor to wait. */
static long wake_ups(int *threads) {
    long sum = 0;
    struct dirent *entry;
    DIR *tasks = opendir("/proc/self/task");
    *threads = 0;
    while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
        char path[400];
        if (entry->d_name[0] == '.') {
            continue;
        }
        ++*threads;
        if (atoi(entry->d_name) != (int)getpid()) {
            snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
            sum += number_in(path, "voluntary_ctxt_switches:");
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return sum;
}

static void print_memory(const char *when) {
    printf("rss-%s %ld\n", when, number_in("/proc/self/status", "VmRSS:"));
    printf("anonymous-%s %ld\n", when, number_in("/proc/self/status", "RssAnon:"));
}

static char event[301];

static void record(size_t events) {
    for (size_t i = 0; i < events; i++) {
        if (sr_record(event, sizeof event - 1) < 0) {
            fail("sr_record");
        }
        /* The pace of a busy page, so that the threads of the library come along. */
        if (i % 1000 == 999) {
            usleep(1000);
        }
    }
}

static double init(const char *options) {
    static const char snapshot[] = "{\"type\":2,\"timestamp\":1732300000000,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}}}";
    const double began = now_ns();
    if (sr_init("bench-key", options) != SR_OK) {
        fail("sr_init");
    }
    const double took = now_ns() - began;
    if (sr_record(snapshot, sizeof snapshot - 1) != SR_OK) {
        fail("sr_record");
    }
    return took;
}

int main(int count, char **arguments) {
    if (count < 3) {
        return 2;
    }
    const char *mode = arguments[1], *options = arguments[2];
    const size_t number = count > 3 ? strtoul(arguments[3], NULL, 10) : 0;
    static const char head[] = "{\"type\":3,\"timestamp\":1732300000000,\"data\":{\"source\":0,\"text\":\"";
    uint32_t random = 2463534242u;
    for (size_t i = 0; i < sizeof event - 1; i++) {
        random ^= random << 13, random ^= random >> 17, random ^= random << 5;
        event[i] = "abcdefghij klmno"[random % 16];
    }
    memcpy(event, head, sizeof head - 1);
    memcpy(event + sizeof event - 4, "\"}}", 3);

    if (strcmp(mode, "crash") == 0) {
        init(options);
        record(number / (sizeof event - 1));
        kill(getpid(), SIGKILL);
    } else if (strcmp(mode, "recover") == 0) {
        const double began = now_ns();
        init(options);
        for (;;) {
            if (sr_flush(60000) != SR_OK) {
                fail("sr_flush");
            }
            char *stats = sr_stats();
            const char *adopted = strstr(stats, "\"adopted\":");
            const int done = adopted != NULL && strtol(adopted + 10, NULL, 10) > 0;
            sr_string_free(stats);
            if (done) {
                break;
            }
            usleep(1000);
        }
        if (sr_flush(60000) != SR_OK) {
            fail("sr_flush");
        }
        printf("recover-ms %.1f\n", (now_ns() - began) / 1e6);
        sr_shutdown(1000);
    } else {
        int threads = 0;
        print_memory("before");
        const long first = number_in("/proc/self/status", "Threads:");
        printf("init-us %.1f\n", init(options) / 1e3);
        usleep(500000);
        print_memory("after-init");
        record(number);
        if (sr_flush(60000) != SR_OK) {
            fail("sr_flush");
        }
        usleep(500000);
        print_memory("after-events");
        const long before = wake_ups(&threads);
        usleep(10000000);
        const long after = wake_ups(&threads);
        printf("threads %ld\n", threads - first);
        printf("wake-ups %ld\n", after - before);
        (void)sr_shutdown(1000);
        /* What is left of it once the library is stopped is the allocator's. */
        print_memory("after-shutdown");
    }
    return 0;
}
