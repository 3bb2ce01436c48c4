/* A script in place of a person, for the programs here. They are called with SERVER SESSION LEVEL PASSWORD. */
#ifndef DRIVING_H
#define DRIVING_H

#include "../c/check_plain.h"

#include <session_replay_win32.h>

/* Runs the message loop for so long. */
static inline void wait_ms(DWORD milliseconds) {
    for (const ULONGLONG end = GetTickCount64() + milliseconds; GetTickCount64() < end;) {
        MSG message;
        while (PeekMessage(&message, NULL, 0, 0, PM_REMOVE)) {
            TranslateMessage(&message);
            DispatchMessage(&message);
        }
        Sleep(5);
    }
}

static inline void moment(const char *name, HWND window) {
    char payload[64];
    RECT client;
    POINT origin = {0, 0};
    wait_ms(2500);
    snprintf(payload, sizeof payload, "\"%s\"", name);
    CHECK(sr_record_custom("moment", payload) >= 0);
    GetClientRect(window, &client);
    ClientToScreen(window, &origin);
    printf("%s %ld %ld %ld %ld\n", name, origin.x, origin.y, client.right, client.bottom);
    fflush(stdout);
    getchar(); /* Until a picture has been taken. */
}

static inline void type(HWND edit, const char *text) {
    for (; *text; ++text) {
        PostMessageA(edit, WM_CHAR, (WPARAM)*text, 1);
    }
    wait_ms(100);
}

static inline void start(char **arguments) {
    char options[512];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"win32-app\", \"sampleRate\": 1, \"enableRemoteConfig\": false, \"privacyConfig\": {\"defaultMaskLevel\": \"%s\"},"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             arguments[3], arguments[1]);
    if (sr_init("api-key", options) < 0) {
        printf("%s\n", sr_last_error());
        exit(1);
    }
    sr_set_session_id(_atoi64(arguments[2]));
}

#endif
