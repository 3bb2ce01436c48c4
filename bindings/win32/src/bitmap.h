/* A bitmap that windows paint themselves into. */
#ifndef SESSION_REPLAY_WIN32_BITMAP_H
#define SESSION_REPLAY_WIN32_BITMAP_H

#include <windows.h>

#include <stdbool.h>
#include <string.h>

#ifndef PW_RENDERFULLCONTENT
#define PW_RENDERFULLCONTENT 2
#endif

/* Wine's PrintWindow() leaves out child windows: there the window's own pixels are read. */
#ifndef SR_WIN32_READS_WINDOW
#define SR_WIN32_READS_WINDOW (GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") != NULL)
#endif

static struct {
    HDC device;
    HBITMAP handle;
    HGDIOBJ before;
    void *pixels;
    int width, height;
} bitmap;

static void free_bitmap(void) {
    if (bitmap.handle) {
        SelectObject(bitmap.device, bitmap.before);
        DeleteObject(bitmap.handle);
    }
    if (bitmap.device) {
        DeleteDC(bitmap.device);
    }
    bitmap.device = NULL;
    bitmap.handle = NULL;
    bitmap.width = bitmap.height = 0;
}

/** A bitmap that a window of this size can paint itself into, its first row first. */
static bool make_bitmap(int width, int height) {
    if (bitmap.handle && bitmap.width >= width && bitmap.height >= height) {
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
    bitmap.device = CreateCompatibleDC(NULL);
    bitmap.handle = bitmap.device ? CreateDIBSection(bitmap.device, &info, DIB_RGB_COLORS, &bitmap.pixels, NULL, 0) : NULL;
    if (!bitmap.handle) {
        free_bitmap();
        return false;
    }
    bitmap.before = SelectObject(bitmap.device, bitmap.handle);
    bitmap.width = width;
    bitmap.height = height;
    return true;
}

/** What the window shows, into the bitmap. Its handlers run: it may be gone afterwards, or have moved. */
static bool paint(HWND hwnd, const RECT *whole) {
    const RECT all = {0, 0, bitmap.width, bitmap.height};
    FillRect(bitmap.device, &all, (HBRUSH)GetStockObject(BLACK_BRUSH));
    if (!SR_WIN32_READS_WINDOW && PrintWindow(hwnd, bitmap.device, PW_RENDERFULLCONTENT)) {
        return IsWindow(hwnd) != 0;
    }
    HDC window = IsWindow(hwnd) ? GetDCEx(hwnd, NULL, DCX_WINDOW | DCX_CACHE) : NULL;
    if (!window) {
        return false;
    }
    const bool is_read = BitBlt(bitmap.device, 0, 0, whole->right - whole->left, whole->bottom - whole->top, window, 0, 0, SRCCOPY) != 0;
    ReleaseDC(hwnd, window);
    return is_read;
}

#endif
