/* Compiled as C99 and as C++11, with every warning: the header stands alone, may be included twice, and declares
 * what the library exports. */
#include <session_replay.h>
#include <session_replay.h>

#include <stdio.h>

static void hear(void *user_data, sr_log_level level, const char *message) {
    (void)user_data;
    (void)level;
    (void)message;
}

static void make(void *user_data, const sr_request *request) {
    (void)user_data;
    (void)sr_respond(request->id, 0, NULL, NULL, 0);
}

int main(void) {
    sr_status status = SR_OK;
    sr_log_level level = SR_LOG_DEBUG;
    size_t accepted = 0;
    bool as_expected = sizeof status == 4 && sizeof level == 4;

    sr_set_log_callback(hear, NULL);
    as_expected = as_expected && sr_set_transport(make, NULL) == SR_OK;
    as_expected = as_expected && sr_set_transport(NULL, NULL) == SR_OK;
    sr_set_log_callback(NULL, NULL);
    status = sr_record_lines("{}", 2, &accepted);
    as_expected = as_expected && status == SR_ERROR_NOT_INITIALIZED;
    puts(sr_version());
    return as_expected ? 0 : 1;
}
