/* Two documents of an MDI frame that overlap, a button that draws itself, fields that become passwords late, and a dialog.
 *   parts.exe SERVER SESSION LEVEL PASSWORD */
#include "driving.h"

#include <string.h>

static HWND front, late;

static HWND add(HWND parent, const char *class_name, const char *text, DWORD style, int x, int y, int width, int height) {
    return CreateWindowA(class_name, text, WS_CHILD | WS_VISIBLE | style, x, y, width, height, parent, NULL, GetModuleHandle(NULL), NULL);
}

static void draw_button(const DRAWITEMSTRUCT *item) {
    RECT right = item->rcItem;
    HBRUSH orange = CreateSolidBrush(RGB(230, 120, 20)), blue = CreateSolidBrush(RGB(20, 60, 200));
    FillRect(item->hDC, &item->rcItem, orange);
    right.left += (right.right - right.left) / 2;
    FillRect(item->hDC, &right, blue);
    DeleteObject(orange);
    DeleteObject(blue);
}

static LRESULT CALLBACK document(HWND window, UINT message, WPARAM word, LPARAM more) {
    if (message == WM_DRAWITEM) {
        draw_button((const DRAWITEMSTRUCT *)more);
        return TRUE;
    }
    return DefMDIChildProcA(window, message, word, more);
}

static LRESULT CALLBACK frame(HWND window, UINT message, WPARAM word, LPARAM more) {
    return DefFrameProcA(window, (HWND)GetWindowLongPtrA(window, GWLP_USERDATA), message, word, more);
}

static void make_class(const char *name, WNDPROC handler, int color) {
    WNDCLASSA kind;
    memset(&kind, 0, sizeof kind);
    kind.lpfnWndProc = handler;
    kind.hInstance = GetModuleHandle(NULL);
    kind.lpszClassName = name;
    kind.hbrBackground = (HBRUSH)(INT_PTR)(color + 1);
    kind.hCursor = LoadCursor(NULL, IDC_ARROW);
    RegisterClassA(&kind);
}

static HWND new_document(HWND client, const char *title, int x, int y, int width, int height) {
    return CreateMDIWindowA("Document", title, 0, x, y, width, height, client, GetModuleHandle(NULL), 0);
}

/* Behind, a password, of which the other document covers the right half; in it a button that draws itself. */
static HWND make_window(const char *password) {
    make_class("Frame", frame, COLOR_APPWORKSPACE);
    make_class("Document", document, COLOR_WINDOW);
    HWND window = CreateWindowA("Frame", "Documents", WS_OVERLAPPEDWINDOW | WS_CLIPCHILDREN, 60, 70, 600, 420, NULL, NULL, GetModuleHandle(NULL), NULL);
    CLIENTCREATESTRUCT many = {NULL, 100};
    HWND client = CreateWindowA("MDICLIENT", NULL, WS_CHILD | WS_CLIPCHILDREN | WS_VISIBLE, 0, 0, 580, 380, window, NULL, GetModuleHandle(NULL), &many);
    SetWindowLongPtrA(window, GWLP_USERDATA, (LONG_PTR)client);
    HWND back = new_document(client, "Back", 10, 10, 400, 300);
    add(back, "EDIT", password, ES_PASSWORD | WS_BORDER, 20, 40, 340, 24);
    late = add(back, "EDIT", "", WS_BORDER, 20, 80, 150, 24);
    add(back, "EDIT", "Grace Hopper", WS_BORDER, 20, 120, 150, 24);
    front = new_document(client, "Front", 220, 30, 300, 300);
    add(front, "BUTTON", "", BS_OWNERDRAW, 20, 10, 240, 60);
    ShowWindow(window, SW_SHOW);
    return window;
}

/* A template for a dialog with a field for a password. */
static void show_dialog(HWND owner, DLGPROC handler) {
    static const struct {
        DLGTEMPLATE dialog;
        WORD menu, window_class;
        WCHAR title[8];
    } sign_in = {{WS_POPUP | WS_CAPTION | WS_SYSMENU | WS_VISIBLE | DS_MODALFRAME, 0, 0, 20, 20, 150, 60}, 0, 0, L"Sign in"};
    DialogBoxIndirectParamA(GetModuleHandle(NULL), &sign_in.dialog, owner, handler, 0);
}

static INT_PTR CALLBACK in_dialog(HWND dialog, UINT message, WPARAM word, LPARAM more) {
    (void)word, (void)more;
    if (message == WM_INITDIALOG) {
        add(dialog, "EDIT", "a-secret-of-a-dialog", ES_PASSWORD | WS_BORDER, 20, 20, 200, 24);
        SetTimer(dialog, 1, 500, NULL);
    } else if (message == WM_TIMER) {
        KillTimer(dialog, 1);
        CHECK(sr_win32_view_of(dialog) != 0); /* The dialog's own loop is running. */
        moment("dialog", dialog);
        EndDialog(dialog, 0);
    }
    return FALSE;
}

int main(int count, char **arguments) {
    CHECK(count > 4);
    start(arguments);
    CHECK(sr_win32_attach()); /* Before there is a window. */
    HWND window = make_window(arguments[4]);
    /* A password for a moment, between two looks. */
    SendMessageA(late, EM_SETPASSWORDCHAR, '*', 0);
    SendMessageA(late, EM_SETPASSWORDCHAR, 0, 0);
    SetWindowTextA(late, arguments[4]);
    moment("documents", window);
    show_dialog(window, in_dialog);
    DestroyWindow(window);
    sr_win32_detach();
    CHECK(sr_shutdown(10000) == SR_OK);
    puts("done");
    return 0;
}
