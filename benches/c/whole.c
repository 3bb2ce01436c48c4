/* From the call to bytes that the server accepted: what it costs the processor, all threads of the process together.
 *
 *     whole sr|view|curl RECORDING BYTES URL OPTIONS_JSON
 *
 * Hands over the events of a recording, again and again up to BYTES: to sr_record, to sr_view_record, or to the pipeline that one would
 * write by hand: escape into a body, gzip it at level 6, post it over a connection that is kept. Both close a body at
 * the same size. Prints `event-bytes cpu-ms elapsed-ms wire-bytes`. */
#define _GNU_SOURCE
#include "clock.h"
#include "session_replay.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

/* The library's maxPersistedEventsSizeBytes. */
enum { BODY_EVENT_BYTES = 6000000 };

typedef struct {
    char *text;
    size_t bytes;
} line;

static line *lines;
static size_t line_count;

static void fail(const char *what) {
    fprintf(stderr, "whole: %s\n", what);
    exit(1);
}

static void read_recording(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    ssize_t bytes;
    if (file == NULL) {
        fail(path);
    }
    while ((bytes = getline(&text, &room, file)) > 1) {
        lines = realloc(lines, (line_count + 1) * sizeof *lines);
        lines[line_count++] = (line){strndup(text, (size_t)bytes - 1), (size_t)bytes - 1};
    }
    free(text);
    fclose(file);
}

static double cpu_ms(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* The body by hand. */
static char *body;
static size_t body_bytes, body_events, body_event_bytes, wire_bytes;
static unsigned char *packed;
static CURL *curl;
static struct curl_slist *headers;

static size_t ignore_answer(char *text, size_t size, size_t count, void *data) {
    (void)text, (void)data;
    return size * count;
}

static void open_curl(const char *url) {
    body = malloc(BODY_EVENT_BYTES * 2 + 1024);
    packed = malloc(compressBound(BODY_EVENT_BYTES * 2 + 1024) + 64);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Content-Encoding: gzip");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_answer);
}

static void post_body(void) {
    if (body_events == 0) {
        return;
    }
    memcpy(body + body_bytes, "]}", 2);
    z_stream zip = {0};
    deflateInit2(&zip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    zip.next_in = (unsigned char *)body, zip.avail_in = (unsigned)(body_bytes + 2);
    zip.next_out = packed, zip.avail_out = (unsigned)(compressBound(body_bytes + 2) + 64);
    if (deflate(&zip, Z_FINISH) != Z_STREAM_END) {
        fail("deflate");
    }
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)zip.total_out);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, packed);
    long status = 0;
    if (curl_easy_perform(curl) != CURLE_OK ||
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200) {
        fail("the server does not take it");
    }
    wire_bytes += zip.total_out;
    deflateEnd(&zip);
    body_events = 0;
}

static void add_to_body(const line *event) {
    if (body_events > 0 && body_event_bytes + event->bytes > BODY_EVENT_BYTES) {
        post_body();
    }
    if (body_events == 0) {
        body_bytes = (size_t)sprintf(body, "{\"version\":1,\"events\":[");
        body_event_bytes = 0;
    } else {
        body[body_bytes++] = ',';
    }
    char *to = body + body_bytes;
    *to++ = '"';
    for (size_t at = 0; at < event->bytes; at++) {
        const char c = event->text[at];
        if (c == '"' || c == '\\') {
            *to++ = '\\';
        }
        *to++ = c;
    }
    *to++ = '"';
    body_bytes = (size_t)(to - body);
    body_events++;
    body_event_bytes += event->bytes;
}

static size_t number_in(const char *json, const char *name) {
    const char *found = strstr(json, name);
    if (found == NULL) {
        fail(name);
    }
    return strtoul(found + strlen(name), NULL, 10);
}

int main(int count, char **arguments) {
    if (count != 6) {
        return 2;
    }
    const int in_view = strcmp(arguments[1], "view") == 0, ours = in_view || strcmp(arguments[1], "sr") == 0;
    const size_t wanted = strtoul(arguments[3], NULL, 10);
    read_recording(arguments[2]);
    if (line_count == 0) {
        fail("an empty recording");
    }
    if (!ours) {
        open_curl(arguments[4]);
    } else if (sr_init("bench-key", arguments[5]) != SR_OK) {
        fail(sr_last_error());
    }
    const sr_view_info window = {.size = sizeof window, .view = 1, .width = 1000, .height = 800};
    if (in_view && sr_view_place(&window) < 0) {
        fail(sr_last_error());
    }
    size_t bytes = 0, accepted;
    const double cpu_before = cpu_ms(), began = now_ns();
    for (size_t i = 0; bytes < wanted; i = (i + 1) % line_count) {
        if (!ours) {
            add_to_body(&lines[i]);
        } else if ((in_view ? sr_view_record(1, lines[i].text, lines[i].bytes, &accepted)
                            : sr_record(lines[i].text, lines[i].bytes)) < 0) {
            fail(sr_last_error());
        }
        bytes += lines[i].bytes;
    }
    if (!ours) {
        post_body();
    } else if (sr_flush(60000) != SR_OK) {
        fail("sr_flush");
    }
    const double cpu = cpu_ms() - cpu_before, elapsed = (now_ns() - began) / 1e6;
    if (ours) {
        char *stats = sr_stats();
        wire_bytes = number_in(stats, "\"onTheWire\":");
        sr_string_free(stats);
        (void)sr_shutdown(1000);
    }
    printf("%zu %.3f %.3f %zu\n", bytes, cpu, elapsed, wire_bytes);
    return 0;
}
