/* The top-level windows of a thread, each as a view at its place. */
#ifndef SESSION_REPLAY_WIN32_WINDOWS_H
#define SESSION_REPLAY_WIN32_WINDOWS_H

#include "masks.h"

enum { SR_WIN32_MAX_WINDOWS = 64 };

typedef struct {
    HWND hwnd;
    RECT area; /* What the view shows, on the screen: the client area, and the menu bar above it. */
    bool is_there;
} Window;

static struct {
    Window list[SR_WIN32_MAX_WINDOWS];
    int count;
    int32_t z; /* Of the next one that is found: from the front to the back. */
} windows;

/** Views are numbered from here, so that an app, or the adapter for GTK, may have its own beside them. */
static uint64_t window_view(HWND hwnd) { return ((uint64_t)1 << 51) + (uint32_t)(uintptr_t)hwnd; }

/** Pixels of the screen in one unit of the replay: the same for all windows, so that they lie where they lay. */
static double desk_scale(void) {
    HDC screen = GetDC(NULL);
    const int dpi = screen ? GetDeviceCaps(screen, LOGPIXELSX) : 96;
    if (screen) {
        ReleaseDC(NULL, screen);
    }
    return dpi >= 96 && dpi <= 960 ? dpi / 96.0 : 1;
}

static void place_desk(void) {
    const double scale = desk_scale();
    sr_view_info desk;
    memset(&desk, 0, sizeof desk);
    desk.size = sizeof desk;
    desk.x = GetSystemMetrics(SM_XVIRTUALSCREEN) / scale;
    desk.y = GetSystemMetrics(SM_YVIRTUALSCREEN) / scale;
    desk.width = GetSystemMetrics(SM_CXVIRTUALSCREEN) / scale;
    desk.height = GetSystemMetrics(SM_CYVIRTUALSCREEN) / scale;
    sr_view_place(&desk);
}

static RECT area_of(HWND hwnd) {
    RECT area = {0, 0, 0, 0};
    POINT origin = {0, 0};
    MENUBARINFO bar;
    GetClientRect(hwnd, &area);
    ClientToScreen(hwnd, &origin);
    OffsetRect(&area, origin.x, origin.y);
    memset(&bar, 0, sizeof bar);
    bar.cbSize = sizeof bar;
    if (GetMenu(hwnd) && GetMenuBarInfo(hwnd, OBJID_MENU, 0, &bar) && bar.rcBar.bottom > bar.rcBar.top && bar.rcBar.top < area.top) {
        area.top = bar.rcBar.top;
    }
    return area;
}

static void window_place(const Window *window) {
    const double scale = desk_scale();
    WCHAR wide[256] = {0};
    char title[1024] = {0};
    InternalGetWindowText(window->hwnd, wide, 255);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, title, sizeof title - 1, NULL, NULL);
    sr_view_info info;
    memset(&info, 0, sizeof info);
    info.size = sizeof info;
    info.view = window_view(window->hwnd);
    info.x = window->area.left / scale;
    info.y = window->area.top / scale;
    info.width = (window->area.right - window->area.left) / scale;
    info.height = (window->area.bottom - window->area.top) / scale;
    info.z = windows.z;
    info.flags = (IsIconic(window->hwnd) ? (uint32_t)SR_VIEW_HIDDEN : 0) | (GetForegroundWindow() == window->hwnd ? (uint32_t)SR_VIEW_FOCUSED : 0);
    info.title = (GetWindowLongPtrW(window->hwnd, GWL_STYLE) & WS_CAPTION) == WS_CAPTION ? title : NULL;
    sr_view_place(&info);
}

static Window *windows_find(HWND hwnd) {
    for (int at = 0; at < windows.count; ++at) {
        if (windows.list[at].hwnd == hwnd) {
            return &windows.list[at];
        }
    }
    return NULL;
}

static BOOL CALLBACK note_window(HWND hwnd, LPARAM unused) {
    (void)unused;
    WCHAR name[32] = {0};
    GetClassNameW(hwnd, name, 31);
    Window *window = windows_find(hwnd);
    if (!IsWindowVisible(hwnd) || lstrcmpiW(name, L"tooltips_class32") == 0 || (!window && windows.count == SR_WIN32_MAX_WINDOWS)) {
        return TRUE;
    }
    if (!window) {
        window = &windows.list[windows.count++];
        memset(window, 0, sizeof *window);
        window->hwnd = hwnd;
        EnumChildWindows(hwnd, note_password, 0);
    }
    window->is_there = true;
    if (!IsIconic(hwnd)) {
        window->area = area_of(hwnd);
    }
    window_place(window);
    windows.z--;
    return TRUE;
}

/** Finds which windows are there, places them, and closes those that are gone. */
static void windows_update(void) {
    place_desk();
    windows.z = SR_WIN32_MAX_WINDOWS;
    for (int at = 0; at < windows.count; ++at) {
        windows.list[at].is_there = false;
    }
    EnumThreadWindows(GetCurrentThreadId(), note_window, 0);
    for (int at = windows.count; at-- > 0;) {
        if (!windows.list[at].is_there) {
            sr_view_close(window_view(windows.list[at].hwnd));
            windows.list[at] = windows.list[--windows.count];
        }
    }
}

static void windows_close_all(void) {
    while (windows.count > 0) {
        sr_view_close(window_view(windows.list[--windows.count].hwnd));
    }
}

#endif
