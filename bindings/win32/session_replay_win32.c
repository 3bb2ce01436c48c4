#include "session_replay_win32.h"

#include "src/bitmap.h"
#include "src/input.h"
#include "src/log.h"

enum { SR_WIN32_LOOK_MS = 50 };

/* All of it belongs to the thread that attached. */
static struct {
    LONG thread; /* 0: nothing is attached. */
    UINT_PTR timer;
    HHOOK posted, sent;
    bool is_looking; /* What a window does while it paints may run a message loop, and the timer in it. */
    Masks masks;
} self;

static bool is_attached(void) { return self.thread == (LONG)GetCurrentThreadId(); }

/** "light" or not, or that no frame may be taken. While the remote configuration is awaited the level may become "conservative" yet. */
static bool read_level(bool *is_light) {
    const sr_masking_level level = sr_mask_level();
    *is_light = level == SR_MASK_LEVEL_LIGHT;
    return level != SR_MASK_LEVEL_CONSERVATIVE;
}

static void show(HWND hwnd, const RECT *area, const RECT *whole) {
    const int left = area->left - whole->left, top = area->top - whole->top;
    const int width = area->right - area->left, height = area->bottom - area->top;
    if (left < 0 || top < 0 || width <= 0 || height <= 0 || left + width > bitmap.width || top + height > bitmap.height) {
        return;
    }
    sr_frame frame;
    memset(&frame, 0, sizeof frame);
    frame.size = sizeof frame;
    frame.format = SR_PIXELS_BGRA;
    frame.view = window_view(hwnd);
    frame.width = (uint32_t)width;
    frame.height = (uint32_t)height;
    frame.scale = desk_scale();
    frame.stride = (uint32_t)bitmap.width * 4;
    frame.pixels = (const char *)bitmap.pixels + ((size_t)top * (size_t)bitmap.width + (size_t)left) * 4;
    frame.length = ((size_t)(height - 1) * (size_t)bitmap.width + (size_t)width) * 4;
    frame.masks = self.masks.list;
    frame.mask_count = self.masks.count;
    sr_view_frame(&frame);
}

/** Looks at a window, and shows it. */
static void look_at(HWND hwnd) {
    RECT whole, area, after;
    bool is_light;
    if (!read_level(&is_light) || !GetWindowRect(hwnd, &whole) || !make_bitmap(whole.right - whole.left, whole.bottom - whole.top)) {
        return;
    }
    area = area_of(hwnd);
    if (!paint(hwnd, &whole) || !is_attached() || !windows_find(hwnd)) {
        return; /* While it painted it was destroyed, or detached: its view is closed. */
    }
    GdiFlush();
    if (!read_level(&is_light)) { /* Its handlers took their time: the level may have become stricter. */
        return;
    }
    self.masks.count = 0;
    self.masks.origin.x = area.left;
    self.masks.origin.y = area.top;
    self.masks.is_light = is_light;
    self.masks.is_broken = false;
    masks_find(&self.masks, hwnd, &whole, 0);
    after = area_of(hwnd);
    if (!self.masks.is_broken && EqualRect(&area, &after)) {
        show(hwnd, &area, &whole);
    }
}

static void CALLBACK look(HWND none, UINT message, UINT_PTR timer, DWORD time) {
    (void)none, (void)message, (void)timer, (void)time;
    if (self.is_looking || !sr_is_capturing()) {
        return;
    }
    HWND wanted[SR_WIN32_MAX_WINDOWS];
    int count = 0;
    self.is_looking = true;
    windows_update();
    for (int at = 0; at < windows.count; ++at) {
        HWND hwnd = windows.list[at].hwnd;
        if (!IsIconic(hwnd) && sr_view_next_frame_ms(window_view(hwnd)) == 0) {
            wanted[count++] = hwnd;
        }
    }
    for (int at = 0; at < count && is_attached(); ++at) {
        if (IsWindow(wanted[at]) && windows_find(wanted[at])) {
            look_at(wanted[at]);
        }
    }
    self.is_looking = false;
    if (!is_attached()) { /* It was detached while a window painted. */
        free_bitmap();
    }
}

static LRESULT CALLBACK see_posted(int code, WPARAM is_removed, LPARAM message) {
    if (code == HC_ACTION && is_removed == PM_REMOVE && sr_is_capturing()) {
        input_message((const MSG *)message);
    }
    return CallNextHookEx(NULL, code, is_removed, message);
}

/* Also while nothing is captured: what is a password then is one later. */
static LRESULT CALLBACK see_sent(int code, WPARAM is_own, LPARAM message) {
    if (code == HC_ACTION) {
        password_message((const CWPSTRUCT *)message);
    }
    return CallNextHookEx(NULL, code, is_own, message);
}

static BOOL CALLBACK note_passwords(HWND hwnd, LPARAM unused) {
    (void)unused;
    EnumChildWindows(hwnd, note_password, 0);
    return TRUE;
}

bool sr_win32_attach(void) {
    const LONG mine = (LONG)GetCurrentThreadId(), owner = InterlockedCompareExchange(&self.thread, mine, 0);
    if (owner == mine) {
        return true;
    }
    if (owner != 0) {
        say("not attached: another thread has attached");
        return false;
    }
    self.timer = SetTimer(NULL, 0, SR_WIN32_LOOK_MS, look);
    self.posted = SetWindowsHookExW(WH_GETMESSAGE, see_posted, NULL, (DWORD)mine);
    self.sent = SetWindowsHookExW(WH_CALLWNDPROC, see_sent, NULL, (DWORD)mine);
    if (!self.timer || !self.posted || !self.sent) {
        say("not attached: Windows has no timer or hook left");
        sr_win32_detach();
        return false;
    }
    EnumThreadWindows((DWORD)mine, note_passwords, 0);
    return true;
}

void sr_win32_detach(void) {
    if (!is_attached()) {
        return;
    }
    if (self.timer) {
        KillTimer(NULL, self.timer);
    }
    if (self.posted) {
        UnhookWindowsHookEx(self.posted);
    }
    if (self.sent) {
        UnhookWindowsHookEx(self.sent);
    }
    self.timer = 0;
    self.posted = self.sent = NULL;
    windows_close_all();
    if (!self.is_looking) {
        free_bitmap();
    }
    InterlockedExchange(&self.thread, 0);
}

bool sr_win32_mask(HWND control, bool is_masked) {
    if (!is_masked) {
        RemovePropW(control, mask_property);
    } else if (SetPropW(control, mask_property, (HANDLE)1)) {
        return true;
    }
    if (!IsWindow(control)) {
        say("what is to be masked is no window");
        return false;
    }
    if (is_masked) {
        say("a control can't be masked: Windows has no room for its property");
    }
    return !is_masked;
}

uint64_t sr_win32_view_of(HWND hwnd) { return windows_find(hwnd) ? window_view(hwnd) : 0; }
