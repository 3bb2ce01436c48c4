/* What the recorder in a page says of itself reaches sr_stats(), through sr_record and sr_record_lines alike, also while the
 * host's thread takes the short way. */
#include "check.h"

#define META "{\"type\":4,\"data\":{\"href\":\"app://x\",\"width\":1,\"height\":1},\"timestamp\":1732300000000}"
#define FULL "{\"type\":2,\"data\":{\"node\":{\"type\":0,\"childNodes\":[{\"type\":2,\"tagName\":\"html\",\"childNodes\":[]}],\"id\":1}},\"timestamp\":1732300000001}"
#define STATUS(problems)                                                                          \
    "{\"type\":5,\"data\":{\"tag\":\"session-replay-recorder\",\"payload\":{\"problems\":[" problems \
    "]}},\"timestamp\":1732300000002}"

static void record(const char *event) {
    CHECK(sr_record(event, strlen(event)) >= 0);
}

static int advises(const char *text) {
    char *stats = sr_stats();
    const char *advice = stats == NULL ? NULL : strstr(stats, "\"advice\":\"the page's recorder: ");
    const int found = text == NULL ? advice == NULL : advice != NULL && strstr(advice, text) != NULL;
    sr_string_free(stats);
    return found;
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
    record(META);
    record(FULL);
    for (int i = 0; i < 100; i++) record(EVENT);
    CHECK(advises(NULL));
    record(STATUS("\"no full snapshot for 7 s\""));
    CHECK(advises("no full snapshot for 7 s"));
    for (int i = 0; i < 100; i++) record(EVENT);
    CHECK(advises("no full snapshot for 7 s"));
    record(STATUS(""));
    CHECK(advises(NULL));
    const char *lines = STATUS("\"first\"") "\n" EVENT "\n" STATUS("\"second\"") "\n";
    CHECK(sr_record_lines(lines, strlen(lines), NULL) >= 0);
    CHECK(advises("second"));
    /* A full snapshot is on its way: it begins anew. */
    record(META);
    CHECK(advises(NULL));
    CHECK(stat_of("invalidEvent") == 0);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
