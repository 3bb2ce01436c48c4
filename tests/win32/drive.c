/* The example's window, used by a script of its own; its replay is compared with what it paints.
 *   drive.exe SERVER SESSION LEVEL PASSWORD */
#define SR_DRIVEN
#include "../../examples/win32/main.c"
#include "../c/check_plain.h"

#include <stdlib.h>

/* Runs the message loop for so long. */
static void wait_ms(DWORD milliseconds) {
    for (const ULONGLONG end = GetTickCount64() + milliseconds; GetTickCount64() < end;) {
        MSG message;
        while (PeekMessage(&message, NULL, 0, 0, PM_REMOVE)) {
            TranslateMessage(&message);
            DispatchMessage(&message);
        }
        Sleep(5);
    }
}

static void moment(const char *name, HWND window) {
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

static void type(HWND edit, const char *text) {
    for (; *text; ++text) {
        PostMessageA(edit, WM_CHAR, (WPARAM)*text, 1);
    }
    wait_ms(100);
}

static void click(HWND control) {
    PostMessageA(control, WM_LBUTTONDOWN, MK_LBUTTON, MAKELPARAM(8, 8));
    PostMessageA(control, WM_LBUTTONUP, 0, MAKELPARAM(8, 8));
    wait_ms(100);
}

static void start(char **arguments) {
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

/* A window that destroys itself, or ends the recording, while it paints. */
static LRESULT CALLBACK paint_badly(HWND window, UINT message, WPARAM word, LPARAM more) {
    if (message == WM_PRINT || message == WM_PRINTCLIENT) {
        if (GetWindowLongPtrA(window, GWLP_USERDATA) == 1) {
            DestroyWindow(window);
        } else {
            sr_win32_detach();
        }
        return 0;
    }
    return DefWindowProcA(window, message, word, more);
}

static void hostile(void) {
    WNDCLASSA kind;
    memset(&kind, 0, sizeof kind);
    kind.lpfnWndProc = paint_badly;
    kind.hInstance = GetModuleHandle(NULL);
    kind.lpszClassName = "Hostile";
    RegisterClassA(&kind);
    for (int deed = 1; deed <= 2; ++deed) {
        HWND window = CreateWindowA("Hostile", "Hostile", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 10, 10, 200, 200, NULL, NULL, kind.hInstance, NULL);
        SetWindowLongPtrA(window, GWLP_USERDATA, deed);
        CHECK(sr_win32_attach(window));
        wait_ms(1500);
        if (IsWindow(window)) {
            DestroyWindow(window);
        }
    }
    sr_win32_detach();
    sr_win32_detach();
    CHECK(!sr_win32_attach(NULL) && !sr_win32_attach(GetDesktopWindow()));
}

int main(int count, char **arguments) {
    CHECK(count > 4);
    start(arguments);
    HWND window = make_window();
    ShowWindow(window, SW_SHOW);
    CHECK(sr_win32_attach(window) && sr_win32_attach(window));
    moment("start", window);
    CHECK(sr_win32_view_of(window) != 0);
    HWND password = GetDlgItem(window, PASSWORD);
    type(GetDlgItem(window, NAME), "Grace Hopper");
    type(password, arguments[4]);
    moment("typed", window);
    SendMessageA(password, EM_SETPASSWORDCHAR, 0, 0); /* It shows what it holds. */
    InvalidateRect(password, NULL, TRUE);
    click(GetDlgItem(window, SIGN_IN));
    CHECK(sr_win32_mask(GetDlgItem(window, ORDERS), true));
    PostMessageA(window, WM_KEYDOWN, VK_F5, 1);
    MoveWindow(window, 120, 40, 500, 320, TRUE);
    moment("shown", window);
    ShowWindow(window, SW_MINIMIZE);
    moment("minimized", window);
    DestroyWindow(window);
    wait_ms(300);
    hostile();
    CHECK(sr_shutdown(10000) == SR_OK);
    puts("done");
    return 0;
}
