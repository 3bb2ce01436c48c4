/* The example's window, used by a script of its own; its replay is compared with what it paints.
 *   drive.exe SERVER SESSION LEVEL PASSWORD */
#define SR_DRIVEN
#include "../../examples/win32/main.c"
#include "driving.h"

/* How often PrintWindow() runs a handler: not where the window's own pixels are read. */
#ifndef MIN_DEEDS
#define MIN_DEEDS 0
#endif

static void click(HWND control) {
    PostMessageA(control, WM_LBUTTONDOWN, MK_LBUTTON, MAKELPARAM(8, 8));
    PostMessageA(control, WM_LBUTTONUP, 0, MAKELPARAM(8, 8));
    wait_ms(100);
}

static int deeds; /* that were done */

/* A window that does its worst while it paints. */
static LRESULT CALLBACK paint_badly(HWND window, UINT message, WPARAM word, LPARAM more) {
    if (message == WM_PRINT || message == WM_PRINTCLIENT) {
        ++deeds;
        switch (GetWindowLongPtrA(window, GWLP_USERDATA)) {
        case 1:
            DestroyWindow(window);
            break;
        case 2:
            sr_win32_detach();
            break;
        case 3:
            sr_win32_detach();
            CHECK(sr_win32_attach());
            break;
        default:
            wait_ms(300); /* The timer comes in it. */
        }
        return 0;
    }
    return DefWindowProcA(window, message, word, more);
}

static DWORD WINAPI attach_elsewhere(void *answer) {
    sr_win32_detach(); /* Of what this thread has not attached. */
    *(bool *)answer = sr_win32_attach();
    return 0;
}

static void hostile(void) {
    WNDCLASSA kind;
    memset(&kind, 0, sizeof kind);
    kind.lpfnWndProc = paint_badly;
    kind.hInstance = GetModuleHandle(NULL);
    kind.lpszClassName = "Hostile";
    RegisterClassA(&kind);
    for (int deed = 1; deed <= 4; ++deed) {
        HWND window = CreateWindowA("Hostile", "Hostile", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 10, 10, 200, 200, NULL, NULL, kind.hInstance, NULL);
        SetWindowLongPtrA(window, GWLP_USERDATA, deed);
        CHECK(sr_win32_attach());
        wait_ms(1500);
        if (IsWindow(window)) {
            DestroyWindow(window);
        }
    }
    CHECK(deeds >= MIN_DEEDS);
    bool is_attached = true;
    HANDLE other = CreateThread(NULL, 0, attach_elsewhere, &is_attached, 0, NULL);
    CHECK(WaitForSingleObject(other, 10000) == WAIT_OBJECT_0 && !is_attached);
    CloseHandle(other);
    sr_win32_detach();
    sr_win32_detach();
    CHECK(!sr_win32_mask(NULL, true) && !sr_win32_mask(NULL, false) && sr_win32_view_of(NULL) == 0);
}

int main(int count, char **arguments) {
    CHECK(count > 4);
    start(arguments);
    HWND window = make_window();
    ShowWindow(window, SW_SHOW);
    CHECK(sr_win32_attach() && sr_win32_attach());
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
