/* A small Win32 app that records itself: orders.exe http://127.0.0.1:8787 (the viewer's address)
 *
 *   x86_64-w64-mingw32-gcc -Iinclude -Ibindings/win32 examples/win32/main.c bindings/win32/session_replay_win32.c \
 *     -L… -lsession_replay -lgdi32 -o orders.exe
 */
#include <session_replay_win32.h>

#include <stdio.h>
#include <string.h>

enum { NAME = 1, PASSWORD, PAID, ORDERS, SIGN_IN, STATUS, QUIT };

static HWND add(HWND window, const char *class_name, const char *text, DWORD style, int x, int y, int width, int height, int id) {
    HWND control = CreateWindowExA(style & WS_TABSTOP && strcmp(class_name, "BUTTON") ? WS_EX_CLIENTEDGE : 0, class_name, text, WS_CHILD | WS_VISIBLE | style,
                                   x, y, width, height, window, (HMENU)(INT_PTR)id, GetModuleHandle(NULL), NULL);
    SendMessage(control, WM_SETFONT, (WPARAM)GetStockObject(DEFAULT_GUI_FONT), TRUE);
    return control;
}

static void fill(HWND window) {
    static const char *const orders[] = {"1041   Ada Lovelace   120.00", "1042   Grace Hopper   80.50", "1043   Alan Turing   9.99"};
    add(window, "STATIC", "Name", 0, 16, 18, 70, 20, 0);
    add(window, "EDIT", "", WS_TABSTOP | ES_AUTOHSCROLL, 90, 16, 200, 22, NAME);
    add(window, "STATIC", "Password", 0, 16, 50, 70, 20, 0);
    add(window, "EDIT", "", WS_TABSTOP | ES_AUTOHSCROLL | ES_PASSWORD, 90, 48, 200, 22, PASSWORD);
    add(window, "BUTTON", "Paid only", WS_TABSTOP | BS_AUTOCHECKBOX, 310, 16, 120, 22, PAID);
    add(window, "BUTTON", "Sign in", WS_TABSTOP, 310, 46, 120, 26, SIGN_IN);
    HWND list = add(window, "LISTBOX", "", WS_TABSTOP | LBS_NOTIFY, 16, 86, 414, 120, ORDERS);
    for (int at = 0; at < 3; ++at) {
        SendMessageA(list, LB_ADDSTRING, 0, (LPARAM)orders[at]);
    }
    add(window, "STATIC", "Not signed in", 0, 16, 216, 414, 20, STATUS);
}

static LRESULT CALLBACK handle(HWND window, UINT message, WPARAM word, LPARAM more) {
    switch (message) {
    case WM_CREATE:
        fill(window);
        return 0;
    case WM_COMMAND:
        if (LOWORD(word) == SIGN_IN) {
            SetWindowTextA(GetDlgItem(window, STATUS), "Signed in, welcome back");
            SetWindowTextA(window, "Orders (signed in)");
        } else if (LOWORD(word) == QUIT) {
            DestroyWindow(window);
        }
        return 0;
    case WM_DESTROY:
        PostQuitMessage(0);
        return 0;
    default:
        return DefWindowProcA(window, message, word, more);
    }
}

/* The app's window, with a menu. */
static HWND make_window(void) {
    WNDCLASSA kind;
    memset(&kind, 0, sizeof kind);
    kind.lpfnWndProc = handle;
    kind.hInstance = GetModuleHandle(NULL);
    kind.lpszClassName = "Orders";
    kind.hbrBackground = (HBRUSH)(COLOR_BTNFACE + 1);
    kind.hCursor = LoadCursor(NULL, IDC_ARROW);
    RegisterClassA(&kind);
    HMENU bar = CreateMenu(), menu = CreatePopupMenu();
    AppendMenuA(menu, MF_STRING, QUIT, "Quit");
    AppendMenuA(bar, MF_POPUP, (UINT_PTR)menu, "File");
    return CreateWindowA("Orders", "Orders", WS_OVERLAPPEDWINDOW, 60, 70, 460, 310, NULL, bar, kind.hInstance, NULL);
}

#ifndef SR_DRIVEN /* tests/win32 has a script in place of a person. */
int main(int count, char **arguments) {
    char options[512];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"win32-app\", \"sampleRate\": 1, \"enableRemoteConfig\": false, \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             count > 1 ? arguments[1] : "http://127.0.0.1:8787");
    if (sr_init("my-api-key", options) < 0) {
        fprintf(stderr, "%s\n", sr_last_error());
    }
    sr_set_session_id((int64_t)GetTickCount64() + 1); /* the analytics session */

    HWND window = make_window();
    ShowWindow(window, SW_SHOW);
    sr_win32_attach();
    for (MSG message; GetMessage(&message, NULL, 0, 0) > 0;) {
        if (!IsDialogMessage(window, &message)) {
            TranslateMessage(&message);
            DispatchMessage(&message);
        }
    }
    sr_win32_detach();
    return sr_shutdown(3000) < 0;
}
#endif
