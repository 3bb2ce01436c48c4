/* A program that ends without sr_shutdown: what it recorded is delivered by its next run. */
#include "check.h"

int main(int count, char **arguments) {
    CHECK(count == 4);
    char storage[1024];
    snprintf(storage, sizeof storage, ", \"storageDir\": \"%s\"", arguments[2]);
    CHECK(sr_init("key", options_with(arguments[1], storage)) == SR_OK);
    for (int i = atoi(arguments[3]); i > 0; i--) {
        CHECK(sr_record(EVENT, strlen(EVENT)) >= 0);
    }
    return 0;
}
