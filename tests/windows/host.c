/* A host on Windows, one thing at a time:
 *
 *     host store DIR            records an event with this storageDir and leaves it there; says where events were kept
 *     host send DIR URL         delivers what lies there; says how many events were found
 *     host features URL         the names of the library's threads, and whether a console was opened
 */
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <shellapi.h>
#include <tlhelp32.h>

#include <session_replay.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT "{\"type\": 5, \"timestamp\": 1732300000000, \"data\": {\"tag\": \"windows\", \"payload\": 1}}"

/* A wide text in UTF-8, which the caller frees; NULL where it is not UTF-16. */
static char *utf8(const wchar_t *wide) {
    const int size = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide, -1, NULL, 0, NULL, NULL);
    char *text = size > 0 ? malloc((size_t)size) : NULL;
    if (text != NULL) {
        WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide, -1, text, size, NULL, NULL);
    }
    return text;
}

/* Starts; `more` are further members of the options. */
static void start(const char *more, const char *url) {
    char options[20000];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"windows\", \"sessionId\": 1732300000000, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"%s}",
             url, more);
    if (sr_init("key", options) < 0) {
        fprintf(stderr, "sr_init: %s\n", sr_last_error());
        exit(1);
    }
}

/* The member "storageDir" for a path; in JSON a backslash is two. */
static char *storage_member(const wchar_t *path) {
    char *text = utf8(path), *json = calloc(2, strlen(text) + 32), *out;
    strcpy(json, ", \"storageDir\": \"");
    out = json + strlen(json);
    for (const char *in = text; *in != '\0'; in++) {
        if (*in == '\\') {
            *out++ = '\\';
        }
        *out++ = *in;
    }
    strcpy(out, "\"");
    free(text);
    return json;
}

/* The value of a member of sr_stats(), up to the next comma or bracket. */
static void say(const char *member) {
    char *stats = sr_stats();
    const char *at = stats == NULL ? NULL : strstr(stats, member);
    printf("%.*s\n", at == NULL ? 0 : (int)strcspn(at, ",}"), at == NULL ? "" : at);
    sr_string_free(stats);
}

static int store(const wchar_t *path) {
    char *member = storage_member(path);
    start(member, "http://127.0.0.1:9");
    const sr_status status = sr_record(EVENT, strlen(EVENT));
    printf("record %d\n", status);
    say("\"kind\"");
    say("\"problem\"");
    sr_shutdown(0);
    free(member);
    return 0;
}

static int send_stored(const wchar_t *path, const char *url) {
    char *member = storage_member(path);
    start(member, url);
    const sr_status status = sr_flush(60000);
    say("\"adopted\"");
    sr_shutdown(10000);
    free(member);
    return status == SR_OK ? 0 : 1;
}

typedef HRESULT(WINAPI *get_description)(HANDLE thread, PWSTR *name);

/* The names of all threads of this process. (The headers of MinGW 10 lack the function.) */
static void say_threads(void) {
    const get_description get = (get_description)(void (*)(void))GetProcAddress(GetModuleHandleW(L"kernel32"), "GetThreadDescription");
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    const HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry)) {
        if (entry.th32OwnerProcessID != GetCurrentProcessId()) {
            continue;
        }
        PWSTR name = NULL;
        const HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, entry.th32ThreadID);
        if (get != NULL && SUCCEEDED(get(thread, &name))) {
            printf("thread %ls\n", name);
            LocalFree(name);
        }
        CloseHandle(thread);
    }
    CloseHandle(all);
}

static int children(void) {
    PROCESSENTRY32 entry = {.dwSize = sizeof entry};
    int count = 0;
    const HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    for (BOOL more = Process32First(all, &entry); more; more = Process32Next(all, &entry)) {
        count += entry.th32ParentProcessID == GetCurrentProcessId();
    }
    CloseHandle(all);
    return count;
}

static int features(const char *url) {
    start("", url);
    if (sr_record(EVENT, strlen(EVENT)) < 0 || sr_flush(60000) != SR_OK) {
        fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    say_threads();
    printf("console %s\n", GetConsoleWindow() == NULL ? "none" : "open");
    printf("children %d\n", children());
    return sr_shutdown(10000) == SR_OK ? 0 : 1;
}

/* The arguments of main are in the system's code page, which holds few of the names that a path may have. */
int main(void) {
    int count = 0;
    wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("code page %u\n", GetACP());
    if (count == 3 && wcscmp(arguments[1], L"store") == 0) {
        return store(arguments[2]);
    }
    if (count == 4 && wcscmp(arguments[1], L"send") == 0) {
        return send_stored(arguments[2], utf8(arguments[3]));
    }
    return count == 3 && wcscmp(arguments[1], L"features") == 0 ? features(utf8(arguments[2])) : 2;
}
