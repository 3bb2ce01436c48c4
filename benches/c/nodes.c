/* What lists of nodes cost: the calls of a recorded program again, and a list in which nothing changes.
 *
 *     nodes CALLS OPTIONS_JSON ROUNDS [paced]
 *
 * CALLS is made by benches/views.mjs of tests/fixtures/frames/qt-designer-nodes.json. With `paced`, each call is made when it
 * was made then. Prints `time NAME p50 p99` in nanoseconds, of `look`, each list of the recording; of `unchanged`, a list of
 * 500 nodes again and again; and beside it of `read`, its bytes read once, and `json`, the list written as JSON;
 * `events unchanged N`, what these lists led to; and `processor MS ELAPSED_MS` of the recording's calls, all threads, and `bytes EVENTS WIRE` of the events. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <string.h>
#include <sys/resource.h>

enum { MAX_NODES = 100000, LIST = 500 };

static sr_node all[MAX_NODES], list[MAX_NODES];
static double times[MAX_NODES];
static char json[4000000];

static void fail(const char *what) {
    fprintf(stderr, "nodes: %s\n", what);
    exit(1);
}

static void check(sr_status status) {
    if (status < 0) {
        fail(sr_last_error());
    }
}

static double cpu_ms(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* A number of sr_stats: that of `name` behind `group`. */
static long stat_of(const char *group, const char *name) {
    char *stats = sr_stats();
    const char *found = strstr(stats, group);
    found = found ? strstr(found, name) : NULL;
    if (found == NULL) {
        fail(name);
    }
    const long number = strtol(found + strlen(name), NULL, 10);
    sr_string_free(stats);
    return number;
}

static long recorded(void) {
    return stat_of("\"recorded\":", "\"events\":");
}

static int by_size(const void *one, const void *other) {
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static void print_times(const char *name, size_t count) {
    qsort(times, count, sizeof *times, by_size);
    printf("time %s %.0f %.0f\n", name, times[count / 2], times[count * 99 / 100]);
}

/* The next part of the line, up to a tab; NULL: it is empty. */
static char *part(char **rest) {
    char *found = strsep(rest, "\t");
    return found == NULL || *found == 0 ? NULL : strdup(found);
}

static double number(char **rest) {
    char *found = strsep(rest, "\t");
    return found == NULL ? 0 : strtod(found, NULL);
}

static sr_node node_of(char *rest) {
    sr_node node = {.size = sizeof node};
    node.kind = (uint32_t)number(&rest), node.id = (uint64_t)number(&rest);
    node.flags = (uint32_t)number(&rest), node.clip = (uint32_t)number(&rest);
    node.x = (float)number(&rest), node.y = (float)number(&rest);
    node.width = (float)number(&rest), node.height = (float)number(&rest);
    node.color = (uint32_t)number(&rest), node.background = (uint32_t)number(&rest);
    node.border = (uint32_t)number(&rest), node.font_size = (float)number(&rest);
    node.text = part(&rest), node.image = part(&rest);
    return node;
}

static size_t longest_count;
static sr_node longest[MAX_NODES];

/* Makes one call of the recording. */
static void make_call(char *rest, size_t *looks) {
    const char *name = strsep(&rest, "\t");
    const uint64_t view = (uint64_t)number(&rest);
    if (strcmp(name, "place") == 0) {
        sr_view_info info = {.size = sizeof info, .view = view};
        info.parent = (uint64_t)number(&rest), info.x = number(&rest), info.y = number(&rest);
        info.width = number(&rest), info.height = number(&rest), info.z = (int32_t)number(&rest);
        info.flags = (uint32_t)number(&rest), info.background = (uint32_t)number(&rest);
        char *title = part(&rest);
        info.title = title;
        check(sr_view_place(&info));
        free(title);
    } else if (strcmp(name, "close") == 0) {
        check(sr_view_close(view));
    } else if (strcmp(name, "pointer") == 0) {
        const uint32_t kind = (uint32_t)number(&rest);
        const double x = number(&rest), y = number(&rest);
        check(sr_view_pointer(view, kind, x, y, 0));
    } else if (strcmp(name, "key") == 0) {
        check(sr_view_key(view, rest, 0));
    } else {
        size_t count = 0;
        while (rest != NULL && count < MAX_NODES) {
            list[count++] = all[(size_t)number(&rest)];
        }
        const double began = now_ns();
        check(sr_view_nodes(view, list, count));
        times[(*looks)++] = now_ns() - began;
        if (count > longest_count) {
            longest_count = count;
            memcpy(longest, list, count * sizeof *list);
        }
    }
}

static void play(const char *path, int paced) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, nodes = 0, looks = 0;
    if (file == NULL) {
        fail(path);
    }
    double cpu = 0, began = 0;
    for (ssize_t bytes; (bytes = getline(&line, &room, file)) > 0;) {
        line[bytes - 1] = 0;
        char *rest = line;
        const char *kind = strsep(&rest, "\t");
        if (strcmp(kind, "node") == 0) {
            all[nodes++] = node_of(rest);
            continue;
        }
        if (began == 0) {
            cpu = cpu_ms(), began = now_ns();
        }
        const double wait = strtod(kind, NULL) * 1e6 - (now_ns() - began);
        if (paced && wait > 0) {
            const struct timespec moment = {(time_t)(wait / 1e9), (long)wait % 1000000000};
            nanosleep(&moment, NULL);
        }
        make_call(rest, &looks);
    }
    check(sr_flush(60000));
    printf("processor %.3f %.3f\n", cpu_ms() - cpu, (now_ns() - began) / 1e6);
    printf("bytes %ld %ld\n", stat_of("\"recorded\":", "\"bytes\":"), stat_of("\"bytes\":{", "\"onTheWire\":"));
    print_times("look", looks);
    fclose(file);
}

static uint64_t sum(const sr_node *nodes, size_t count) {
    uint64_t sum = 0;
    for (size_t at = 0; at < count; at++) {
        for (size_t word = 0; word < sizeof *nodes / 8; word++) {
            sum += ((const uint64_t *)(const void *)&nodes[at])[word];
        }
        for (const char *text = nodes[at].text; text != NULL && *text != 0; text++) {
            sum += (uint8_t)*text;
        }
        for (const char *text = nodes[at].image; text != NULL && *text != 0; text++) {
            sum += (uint8_t)*text;
        }
    }
    return sum;
}

/* What one would write by hand. */
static size_t write_json(const sr_node *nodes, size_t count) {
    char *to = json;
    for (size_t at = 0; at < count; at++) {
        const sr_node *node = &nodes[at];
        to += sprintf(to, "{\"kind\":%u,\"id\":%llu,\"flags\":%u,\"clip\":%u,\"x\":%g,\"y\":%g,\"width\":%g,\"height\":%g,\"color\":%u,"
                      "\"background\":%u,\"border\":%u,\"fontSize\":%g,\"text\":\"",
                      node->kind, (unsigned long long)node->id, node->flags, node->clip, (double)node->x, (double)node->y,
                      (double)node->width, (double)node->height, node->color, node->background, node->border, (double)node->font_size);
        for (const char *text = node->text ? node->text : ""; *text != 0; *to++ = *text++) {
            if (*text == '"' || *text == '\\') {
                *to++ = '\\';
            }
        }
        to += sprintf(to, "\",\"image\":\"%s\"},", node->image ? node->image : "");
    }
    return (size_t)(to - json);
}

/* Contenders take turns. */
static void compare(size_t rounds) {
    static double read[MAX_NODES], unchanged[MAX_NODES], written[MAX_NODES];
    uint64_t unused = 0;
    for (size_t at = 0; at < LIST; at++) {
        list[at] = longest[at % longest_count];
        list[at].id = at + 1, list[at].clip = 0;
        list[at].x += (float)(at / longest_count);
    }
    check(sr_view_nodes(1, list, LIST));
    const long before = recorded();
    for (size_t round = 0; round < rounds; round++) {
        const double began = now_ns();
        unused += sum(list, LIST);
        const double after_read = now_ns();
        check(sr_view_nodes(1, list, LIST));
        const double after_call = now_ns();
        unused += write_json(list, LIST);
        read[round] = after_read - began, unchanged[round] = after_call - after_read;
        written[round] = now_ns() - after_call;
    }
    printf("events unchanged %ld\n", unused == 1 ? -1 : recorded() - before);
    memcpy(times, read, sizeof read), print_times("read", rounds);
    memcpy(times, unchanged, sizeof unchanged), print_times("unchanged", rounds);
    memcpy(times, written, sizeof written), print_times("json", rounds);
}

int main(int count, char **arguments) {
    if (count < 4) {
        return 2;
    }
    const size_t rounds = strtoul(arguments[3], NULL, 10);
    check(sr_init("bench-key", arguments[2]));
    play(arguments[1], count > 4);
    if (rounds > 0) {
        compare(rounds < MAX_NODES ? rounds : MAX_NODES);
    }
    (void)sr_shutdown(1000);
    return 0;
}
