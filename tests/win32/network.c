/* A program for Windows without a window: `network OPTIONS` records one event, flushes and prints sr_stats();
 * `network trust FILE` has this user trust the authority whose certificate (DER) is in the file. */
#include "../c/check_plain.h"

#include <session_replay.h>

#include <string.h>
#include <windows.h>
#include <wincrypt.h>

static int trust(const char *path) {
    static BYTE der[8192];
    FILE *file = fopen(path, "rb");
    CHECK(file);
    const DWORD size = (DWORD)fread(der, 1, sizeof der, file);
    fclose(file);
    HCERTSTORE roots = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"Root");
    CHECK(roots);
    CHECK(CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, der, size, CERT_STORE_ADD_REPLACE_EXISTING, NULL));
    CHECK(CertCloseStore(roots, 0));
    return 0;
}

int main(int count, char **arguments) {
    static const char event[] = "{\"type\":5,\"timestamp\":1732300000000,\"data\":{\"tag\":\"test\",\"payload\":1}}";
    if (count == 3 && strcmp(arguments[1], "trust") == 0) {
        return trust(arguments[2]);
    }
    CHECK(count == 2);
    if (sr_init("api-key", arguments[1]) < 0) {
        printf("%s\n", sr_last_error());
        return 1;
    }
    CHECK(sr_record(event, sizeof event - 1) >= 0);
    sr_flush(20000);
    char *stats = sr_stats();
    CHECK(stats);
    printf("%s\n", stats);
    sr_string_free(stats);
    sr_shutdown(2000);
    return 0;
}
