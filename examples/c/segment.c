/* Events on their way to Segment's HTTP API, with the replay they belong to: track, process, POST (libcurl).
 *
 *     segment MODE VIEWER_URL SEGMENT_URL
 *
 * MODE is how Amplitude is connected in Segment: actions, classic-device or classic-cloud (docs/guide/segment.md).
 */
#include <session_replay.h>

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_JSON 4096

static const char *mode, *segment_url;

/* The analytics session of this program. In cloud-mode session replay has it instead. */
static int64_t session_ms = 1700000000000;

static int64_t current_session(void *unused) {
    (void)unused;
    return session_ms;
}

static bool post(const char *path, const char *json) {
    char url[1024];
    snprintf(url, sizeof url, "%s%s", segment_url, path);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERPWD, "my-write-key:");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    const CURLcode sent = curl_easy_perform(curl);
    if (sent != CURLE_OK) {
        fprintf(stderr, "%s: %s\n", url, curl_easy_strerror(sent));
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return sent == CURLE_OK;
}

/* Every event takes this way. Where it can't be processed it is sent as it is: analytics come first. */
static bool send_event(const char *path, const char *event) {
    char *processed = sr_segment_process(event);
    if (processed == NULL) {
        fprintf(stderr, "%s\n", sr_last_error());
    }
    const bool sent = post(path, processed != NULL ? processed : event);
    sr_string_free(processed);
    return sent;
}

static bool track(const char *name) {
    char event[MAX_JSON], integrations[256] = "{}";
    if (strcmp(mode, "actions") == 0) {
        snprintf(integrations, sizeof integrations, "{\"Actions Amplitude\": {\"session_id\": %" PRId64 "}}",
                 session_ms);
    }
    snprintf(event, sizeof event,
             "{\"type\": \"track\", \"event\": \"%s\", \"anonymousId\": \"anonymous-1\","
             " \"properties\": {\"total\": 25.50}, \"integrations\": %s}",
             name, integrations);
    return send_event("/v1/track", event);
}

/* What a recorder would give: here one custom event, so that there is something to see. */
static bool record(const char *tag) {
    char event[MAX_JSON];
    const int length = snprintf(event, sizeof event,
                                "{\"type\": 5, \"timestamp\": %" PRId64 ", \"data\": {\"tag\": \"%s\", \"payload\": {}}}",
                                session_ms, tag);
    return sr_record(event, (size_t)length) >= 0;
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: segment actions|classic-device|classic-cloud VIEWER_URL SEGMENT_URL\n");
        return 2;
    }
    mode = arguments[1];
    segment_url = arguments[3];

    char options[MAX_JSON];
    snprintf(options, sizeof options,
             "{\"sampleRate\": 1, \"enableRemoteConfig\": false, \"trackServerUrl\": \"%s/sessions/v2/track\","
             " \"segment\": {\"mode\": \"%s\"}, \"sessionTimeoutMs\": %d}",
             arguments[2], mode, strcmp(mode, "classic-cloud") == 0 ? 1800000 : 0);
    if (sr_init("my-amplitude-api-key", options) < 0) { /* the key that Segment's destination has */
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    if (strcmp(mode, "classic-device") == 0) {
        sr_set_segment_session_getter(current_session, NULL);
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);

    bool good = track("Cart Viewed") && record("cart");
    session_ms += 600000; /* the analytics began another session */
    good = good && track("Order Completed") && record("order");
    good = good && send_event("/v1/identify", "{\"type\": \"identify\", \"userId\": \"user-1\","
                                              " \"anonymousId\": \"anonymous-1\", \"traits\": {}}");

    curl_global_cleanup();
    const sr_status status = sr_shutdown(5000);
    puts(good && status == SR_OK ? "delivered" : "not all was delivered");
    return good && status == SR_OK ? 0 : 1;
}
