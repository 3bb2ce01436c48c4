#include "session_replay_win32.h"

#include "src/input.h"

#ifndef PW_RENDERFULLCONTENT
#define PW_RENDERFULLCONTENT 2
#endif

/* Wine's PrintWindow() leaves out child windows: there the window's own pixels are read. */
#ifndef SR_WIN32_READS_WINDOW
#define SR_WIN32_READS_WINDOW (GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") != NULL)
#endif

enum { SR_WIN32_LOOK_MS = 50 };

/* All of it belongs to the thread that attached. */
static struct {
    DWORD thread; /* 0: nothing is attached. */
    UINT_PTR timer;
    HHOOK hook;
    bool is_looking; /* What a window does while it paints may run a message loop, and the timer in it. */
    HDC device;
    HBITMAP bitmap;
    HGDIOBJ bitmap_before;
    void *pixels;
    int width, height;
    Masks masks;
} self;

static void free_bitmap(void) {
    if (self.bitmap) {
        SelectObject(self.device, self.bitmap_before);
        DeleteObject(self.bitmap);
    }
    if (self.device) {
        DeleteDC(self.device);
    }
    self.device = NULL;
    self.bitmap = NULL;
    self.width = self.height = 0;
}

/** A bitmap that a window of this size can paint itself into, its first row first. */
static bool make_bitmap(int width, int height) {
    if (self.bitmap && self.width >= width && self.height >= height) {
        return true;
    }
    free_bitmap();
    BITMAPINFO info;
    memset(&info, 0, sizeof info);
    info.bmiHeader.biSize = sizeof info.bmiHeader;
    info.bmiHeader.biWidth = width;
    info.bmiHeader.biHeight = -height;
    info.bmiHeader.biPlanes = 1;
    info.bmiHeader.biBitCount = 32;
    info.bmiHeader.biCompression = BI_RGB;
    self.device = CreateCompatibleDC(NULL);
    self.bitmap = self.device ? CreateDIBSection(self.device, &info, DIB_RGB_COLORS, &self.pixels, NULL, 0) : NULL;
    if (!self.bitmap) {
        free_bitmap();
        return false;
    }
    self.bitmap_before = SelectObject(self.device, self.bitmap);
    self.width = width;
    self.height = height;
    return true;
}

/** "light" or not, or that no frame may be taken. While the remote configuration is awaited the level may become "conservative" yet. */
static bool read_level(bool *is_light) {
    const sr_masking_level level = sr_mask_level();
    *is_light = level == SR_MASK_LEVEL_LIGHT;
    return level != SR_MASK_LEVEL_CONSERVATIVE;
}

static void show(HWND hwnd, const RECT *area, const RECT *whole) {
    const int left = area->left - whole->left, top = area->top - whole->top;
    const int width = area->right - area->left, height = area->bottom - area->top;
    if (left < 0 || top < 0 || width <= 0 || height <= 0 || left + width > self.width || top + height > self.height) {
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
    frame.stride = (uint32_t)self.width * 4;
    frame.pixels = (const char *)self.pixels + ((size_t)top * (size_t)self.width + (size_t)left) * 4;
    frame.length = ((size_t)(height - 1) * (size_t)self.width + (size_t)width) * 4;
    frame.masks = self.masks.list;
    frame.mask_count = self.masks.count;
    sr_view_frame(&frame);
}

/** What the window shows, into the bitmap. Its handlers run: it may be gone afterwards, or have moved. */
static bool paint(HWND hwnd, const RECT *whole) {
    const RECT all = {0, 0, self.width, self.height};
    FillRect(self.device, &all, (HBRUSH)GetStockObject(BLACK_BRUSH));
    if (!SR_WIN32_READS_WINDOW && PrintWindow(hwnd, self.device, PW_RENDERFULLCONTENT)) {
        return IsWindow(hwnd) != 0;
    }
    HDC window = IsWindow(hwnd) ? GetDCEx(hwnd, NULL, DCX_WINDOW | DCX_CACHE) : NULL;
    if (!window) {
        return false;
    }
    const bool is_read = BitBlt(self.device, 0, 0, whole->right - whole->left, whole->bottom - whole->top, window, 0, 0, SRCCOPY) != 0;
    ReleaseDC(hwnd, window);
    return is_read;
}

/** Looks at a window, and shows it. */
static void look_at(HWND hwnd) {
    RECT whole, area, after;
    bool is_light;
    if (!read_level(&is_light) || !GetWindowRect(hwnd, &whole) || !make_bitmap(whole.right - whole.left, whole.bottom - whole.top)) {
        return;
    }
    area = area_of(hwnd);
    if (!paint(hwnd, &whole) || !self.thread || !windows_find(hwnd)) {
        return; /* While it painted it was destroyed, or detached: its view is closed. */
    }
    GdiFlush();
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
    for (int at = 0; at < count && self.thread; ++at) {
        if (IsWindow(wanted[at]) && windows_find(wanted[at])) {
            look_at(wanted[at]);
        }
    }
    self.is_looking = false;
    if (!self.thread) { /* It was detached while a window painted. */
        free_bitmap();
    }
}

static LRESULT CALLBACK see_message(int code, WPARAM is_removed, LPARAM message) {
    if (code == HC_ACTION && is_removed == PM_REMOVE && sr_is_capturing()) {
        input_message((const MSG *)message);
    }
    return CallNextHookEx(NULL, code, is_removed, message);
}

bool sr_win32_attach(HWND hwnd) {
    const DWORD thread = GetCurrentThreadId();
    if (!IsWindow(hwnd) || GetWindowThreadProcessId(hwnd, NULL) != thread || (self.thread && self.thread != thread)) {
        return false;
    }
    if (!self.thread) {
        self.timer = SetTimer(NULL, 0, SR_WIN32_LOOK_MS, look);
        self.hook = SetWindowsHookExW(WH_GETMESSAGE, see_message, NULL, thread);
        self.thread = thread;
        if (!self.timer || !self.hook) {
            sr_win32_detach();
            return false;
        }
    }
    return true;
}

void sr_win32_detach(void) {
    if (self.thread != GetCurrentThreadId()) {
        return;
    }
    if (self.timer) {
        KillTimer(NULL, self.timer);
    }
    if (self.hook) {
        UnhookWindowsHookEx(self.hook);
    }
    self.thread = 0;
    self.timer = 0;
    self.hook = NULL;
    windows_close_all();
    if (!self.is_looking) {
        free_bitmap();
    }
}

bool sr_win32_mask(HWND control, bool is_masked) {
    if (!is_masked) {
        RemovePropW(control, mask_property);
        return IsWindow(control) != 0;
    }
    return SetPropW(control, mask_property, (HANDLE)1) != 0;
}

uint64_t sr_win32_view_of(HWND hwnd) { return windows_find(hwnd) ? window_view(hwnd) : 0; }
