/* A callback that ends the library while another thread does: the other thread's wait goes on.
 *
 *   callback_shutdown URL
 */
#include "check.h"

static int is_ending, refused;

static void on_log(void *unused, sr_log_level level, const char *line) {
    (void)unused;
    (void)level;
    (void)line;
    if (__atomic_load_n(&is_ending, __ATOMIC_SEQ_CST)) {
        const sr_status status = sr_shutdown(0);
        refused += status == SR_ERROR_INVALID_ARGUMENT && strstr(sr_last_error(), "thread of the library") != NULL;
    }
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    sr_set_log_callback(on_log, NULL);
    CHECK(sr_init("test-api-key", options_with(argv[1], ", \"logLevel\": \"debug\"")) == SR_OK);
    for (int i = 0; i < 3; i++) {
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    }
    /* Something to be told while the shutdown waits. */
    __atomic_store_n(&is_ending, 1, __ATOMIC_SEQ_CST);
    CHECK(sr_set_session_id(1732300000001) >= 0);
    CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    CHECK(sr_shutdown(within_ms(30000)) == SR_OK);
    sr_set_log_callback(NULL, NULL);
    CHECK(refused > 0);
    return 0;
}
