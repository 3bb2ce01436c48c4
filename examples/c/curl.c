/* A request of libcurl that stands in the replay: ./curl SERVER URL */
#include "session_replay_curl.h"

#include <stdio.h>

/* The beginning of the response, as large as loggingConfig lets it be kept. */
typedef struct {
    char bytes[10240];
    size_t length;
} body;

static size_t keep(char *bytes, size_t one, size_t count, void *user_data) {
    body *kept = (body *)user_data;
    const size_t room = sizeof kept->bytes - kept->length, length = one * count;
    memcpy(kept->bytes + kept->length, bytes, length < room ? length : room);
    kept->length += length < room ? length : room;
    return length;
}

int main(int count, char **arguments) {
    static body received;
    char options[512];
    if (count != 3) return 2;
    snprintf(options, sizeof options,
             "{\"deviceId\": \"device-1\", \"sessionId\": 1732300000000, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\","
             " \"loggingConfig\": {\"network\": {\"enabled\": true, \"body\": {\"request\": true, \"response\": true}}}}",
             arguments[1]);
    if (sr_init("my-api-key", options) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    CURL *easy = curl_easy_init();
    const char *sent = "{\"name\": \"ann\", \"password\": \"hunter2\"}";
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Authorization: Bearer hunter2");
    curl_easy_setopt(easy, CURLOPT_URL, arguments[2]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, sent);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received);

    CURLcode result = curl_easy_perform(easy);
    sr_request_info request = {0};
    request.request_body = sent;
    request.request_body_length = strlen(sent);
    request.response_body = received.bytes;
    request.response_body_length = received.length;
    if (record_curl(easy, result, headers, request) < 0) fprintf(stderr, "%s\n", sr_last_error());

    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    if (sr_shutdown(5000) == SR_OK) return 0;
    fprintf(stderr, "%s\n", sr_last_error());
    return 1;
}
