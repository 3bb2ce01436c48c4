/* Replays a recording (rrweb events, one a line) into session-replay, as a program that records would.
 *
 * Half-way it begins another analytics session, as an analytics library would after a long pause. A recorder in a
 * page would then take a new full snapshot; this program can only give the one that the recording holds again.
 *
 *     replay RECORDING --server http://127.0.0.1:8787
 */
#define _POSIX_C_SOURCE 200809L

#include <session_replay.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording.h"
#include "system.h"

#define MAX_THREADS 64
#define MAX_OPTIONS 8192

static const char usage[] =
    "usage: replay RECORDING --server URL [options]\n"
    "\n"
    "  --server URL      where to deliver, such as http://127.0.0.1:8787\n"
    "  --key KEY         API key (demo-key)\n"
    "  --device ID       device id (c-host)\n"
    "  --session ID      session id, in milliseconds since 1970 (now)\n"
    "  --storage DIR     keep what is not delivered yet in this directory (in memory)\n"
    "  --speed FACTOR    1 keeps the recording's timing, 10 is ten times as fast, 0 does not wait (1)\n"
    "  --threads N       record from N threads, event i from thread i modulo N (1)\n"
    "  --wait SECONDS    how long delivery may take at the end (30)\n"
    "  --no-rollover     keep to one session\n"
    "  --verbose         print what the library logs\n";

typedef struct {
    const char *recording;
    const char *server;
    const char *key;
    const char *device;
    const char *storage;
    int64_t session;
    double speed;
    int threads;
    uint32_t wait_ms;
    bool rollover;
    bool verbose;
} settings;

/* One thread's share of a part of the recording: every stride-th event from first on, up to end. */
typedef struct {
    const recording *recording;
    const settings *settings;
    int64_t started_ms;
    size_t first, stride, end;
    bool failed;
} share;

static bool fail(const char *call) {
    fprintf(stderr, "%s: %s\n", call, sr_last_error());
    return false;
}

/* Waits until it is time for what happened `after_ms` after the recording began. */
static void wait_for(const share *share, double after_ms) {
    if (share->settings->speed <= 0) {
        return;
    }
    const int64_t at = share->started_ms + (int64_t)(after_ms / share->settings->speed);
    const int64_t left = at - steady_ms();
    if (left > 0) {
        pause_ms(left);
    }
}

/* Records one event; false when the library did not take it. */
static bool record(const event *event) {
    switch (sr_record(event->json, event->length)) {
    case SR_OK:
    case SR_NEEDS_FULL_SNAPSHOT: /* taken; the snapshot comes with the recording, maybe from another thread */
        return true;
    case SR_NOT_CAPTURED:
        fprintf(stderr, "sr_record: this session is not captured\n");
        return false;
    default:
        return fail("sr_record");
    }
}

static void record_share(void *argument) {
    share *share = argument;
    const recording *recording = share->recording;
    for (size_t i = share->first; i < share->end && !share->failed; i += share->stride) {
        const event *event = &recording->events[i];
        wait_for(share, event->timestamp - recording->events[0].timestamp);
        share->failed = !record(event);
    }
}

/* Records events first to end (without end) from as many threads as asked for, and waits for them. */
static bool record_part(const recording *recording, const settings *settings, int64_t started_ms,
                        size_t first, size_t end) {
    thread threads[MAX_THREADS];
    share shares[MAX_THREADS];
    bool taken = true;
    int running = 0;
    for (; running < settings->threads; running++) {
        share *share = &shares[running];
        memset(share, 0, sizeof *share);
        share->recording = recording;
        share->settings = settings;
        share->started_ms = started_ms;
        share->first = first + (size_t)running;
        share->stride = (size_t)settings->threads;
        share->end = end;
        threads[running].run = record_share;
        threads[running].argument = share;
        if (!thread_start(&threads[running])) {
            fprintf(stderr, "no thread to be had\n");
            taken = false;
            break;
        }
    }
    for (int i = 0; i < running; i++) {
        thread_join(&threads[i]);
        taken = taken && !shares[i].failed;
    }
    return taken;
}

/* Gives the new session the page's last description and full snapshot before `end`: it can't be drawn without. */
static bool record_snapshot(const recording *recording, size_t end) {
    const int types[] = {RRWEB_META, RRWEB_FULL_SNAPSHOT};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const event *event = last_of_type(recording, types[t], end);
        if (event != NULL && !record(event)) {
            return false;
        }
    }
    return true;
}

static bool record_all(const recording *recording, const settings *settings) {
    const int64_t started = steady_ms();
    const size_t half = settings->rollover ? recording->count / 2 : recording->count;
    if (!record_part(recording, settings, started, 0, half)) {
        return false;
    }
    if (!settings->rollover) {
        return true;
    }
    switch (sr_set_session_id(settings->session + 1)) {
    case SR_OK:
        break;
    case SR_NEEDS_FULL_SNAPSHOT:
        if (!record_snapshot(recording, half)) {
            return false;
        }
        break;
    case SR_NOT_CAPTURED:
        fprintf(stderr, "sr_set_session_id: the new session is not captured\n");
        return false;
    default:
        return fail("sr_set_session_id");
    }
    return record_part(recording, settings, started, half, recording->count);
}

/* Appends formatted text; false when there is no room left. */
static bool append_member(char *json, const char *name, const char *value) {
    const size_t used = strlen(json);
    const int added = snprintf(json + used, MAX_OPTIONS - used, ", \"%s\": \"", name);
    if (added < 0 || (size_t)added >= MAX_OPTIONS - used) {
        return false;
    }
    char *out = json + used + added;
    char *const end = json + MAX_OPTIONS - 3; /* room for an escaped character, the quote and NUL */
    for (; *value != '\0'; value++) {
        if (out >= end) {
            return false;
        }
        if (*value == '"' || *value == '\\') {
            *out++ = '\\';
        }
        *out++ = *value;
    }
    strcpy(out, "\"");
    return true;
}

static bool start(const settings *settings) {
    char options[MAX_OPTIONS], track[MAX_OPTIONS / 4], config[MAX_OPTIONS / 4];
    bool fits = snprintf(track, sizeof track, "%s/sessions/v2/track", settings->server) < (int)sizeof track;
    fits = snprintf(config, sizeof config, "%s/config", settings->server) < (int)sizeof config && fits;
    snprintf(options, sizeof options, "{\"sampleRate\": 1, \"sessionId\": %" PRId64 ", \"logLevel\": \"%s\"",
             settings->session, settings->verbose ? "debug" : "warn");
    fits = fits && append_member(options, "deviceId", settings->device) &&
           append_member(options, "trackServerUrl", track) && append_member(options, "configServerUrl", config) &&
           (settings->storage == NULL || append_member(options, "storageDir", settings->storage));
    const size_t used = strlen(options);
    fits = fits && used + 2 <= sizeof options;
    if (!fits) {
        fprintf(stderr, "an option is too long\n");
        return false;
    }
    strcpy(options + used, "}");
    return sr_init(settings->key, options) >= 0 || fail("sr_init");
}

static bool print_stats(void) {
    char *stats = sr_stats();
    if (stats == NULL) {
        return fail("sr_stats");
    }
    const bool printed = puts(stats) >= 0;
    sr_string_free(stats);
    return printed;
}

static bool replay(const recording *recording, const settings *settings) {
    if (!start(settings)) {
        return false;
    }
    const bool recorded = record_all(recording, settings);
    const bool delivered = sr_flush(settings->wait_ms) == SR_OK || fail("sr_flush");
    const bool printed = print_stats();
    const bool ended = sr_shutdown(settings->wait_ms) == SR_OK || fail("sr_shutdown");
    return recorded && delivered && printed && ended;
}

static void SR_CALL print_log(void *user_data, sr_log_level level, const char *message) {
    (void)user_data;
    static const char *const names[] = {"", "error", "warn", "info", "debug"};
    fprintf(stderr, "%s: %s\n", level >= SR_LOG_ERROR && level <= SR_LOG_DEBUG ? names[level] : "log", message);
}

/* Reads the command line; false when it can't be understood. */
static bool read_arguments(int count, char **arguments, settings *settings) {
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i];
        if (strncmp(name, "--", 2) != 0 && settings->recording == NULL) {
            settings->recording = name;
            continue;
        }
        if (strcmp(name, "--no-rollover") == 0) {
            settings->rollover = false;
            continue;
        }
        if (strcmp(name, "--verbose") == 0) {
            settings->verbose = true;
            continue;
        }
        const char *value = i + 1 < count ? arguments[++i] : NULL;
        if (value == NULL) {
            return false;
        }
        char *rest = "";
        if (strcmp(name, "--server") == 0) {
            settings->server = value;
        } else if (strcmp(name, "--key") == 0) {
            settings->key = value;
        } else if (strcmp(name, "--device") == 0) {
            settings->device = value;
        } else if (strcmp(name, "--storage") == 0) {
            settings->storage = value;
        } else if (strcmp(name, "--session") == 0) {
            settings->session = (int64_t)strtoll(value, &rest, 10);
        } else if (strcmp(name, "--speed") == 0) {
            settings->speed = strtod(value, &rest);
        } else if (strcmp(name, "--threads") == 0) {
            settings->threads = (int)strtol(value, &rest, 10);
        } else if (strcmp(name, "--wait") == 0) {
            settings->wait_ms = (uint32_t)strtoul(value, &rest, 10) * 1000;
        } else {
            return false;
        }
        if (*rest != '\0') {
            return false;
        }
    }
    return settings->recording != NULL && settings->server != NULL && settings->session > 0 &&
           settings->session < INT64_MAX && settings->speed >= 0 && settings->threads >= 1 &&
           settings->threads <= MAX_THREADS;
}

int main(int count, char **arguments) {
    settings settings = {.key = "demo-key", .device = "c-host", .session = wall_ms(), .speed = 1, .threads = 1,
                         .wait_ms = 30000, .rollover = true};
    if (!read_arguments(count, arguments, &settings)) {
        fputs(usage, stderr);
        return 2;
    }
    recording recording;
    if (!read_recording(settings.recording, &recording)) {
        return 1;
    }
    if (settings.verbose) {
        sr_set_log_callback(print_log, NULL);
    }
    const bool replayed = replay(&recording, &settings);
    free_recording(&recording);
    return replayed ? 0 : 1;
}
