/* Requests of libcurl (7.83 and later) in the replay. Copy this file, and call record_curl() behind curl_easy_perform(). */
#ifndef SESSION_REPLAY_CURL_H
#define SESSION_REPLAY_CURL_H

#include <curl/curl.h>
#include <session_replay.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows; where there is no memory, it stays as it is. */
typedef struct {
    char *text;
    size_t length;
} record_curl_text;

static void record_curl_add(record_curl_text *to, const char *text) {
    const size_t length = strlen(text);
    char *larger = (char *)realloc(to->text, to->length + length + 1);
    if (!larger) return;
    for (size_t at = 0; at <= length; at++) {
        /* A header may hold bytes that are not UTF-8. */
        larger[to->length + at] = (unsigned char)text[at] < 0x80 ? text[at] : '?';
    }
    to->text = larger;
    to->length += length;
}

/* Records a request that has ended. result: what curl_easy_perform() returned. headers: those that you set, or NULL. more: what
   libcurl does not know, the bodies; all else of it is set here. Returns what sr_record_request() does. */
static sr_status record_curl(CURL *easy, CURLcode result, const struct curl_slist *headers, sr_request_info more) {
    char *url = NULL, *method = NULL;
    long status = 0;
    curl_off_t microseconds = 0;
    record_curl_text sent = {NULL, 0}, received = {NULL, 0};
    if (!sr_is_capturing()) return SR_NOT_CAPTURED;
    curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
    curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_METHOD, &method);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    for (; headers; headers = headers->next) {
        record_curl_add(&sent, headers->data);
        record_curl_add(&sent, "\n");
    }
    for (struct curl_header *header = NULL; (header = curl_easy_nextheader(easy, CURLH_HEADER, -1, header)) != NULL;) {
        record_curl_add(&received, header->name);
        record_curl_add(&received, ": ");
        record_curl_add(&received, header->value);
        record_curl_add(&received, "\n");
    }
    more.size = (uint32_t)sizeof more;
    more.url = url;
    more.method = method;
    more.status = (uint32_t)status;
    more.duration_ms = (uint64_t)(microseconds / 1000);
    more.request_headers = sent.text;
    more.response_headers = received.text;
    more.error = result == CURLE_OK ? NULL : curl_easy_strerror(result);
    const sr_status recorded = sr_record_request(&more);
    free(sent.text);
    free(received.text);
    return recorded;
}

#endif
