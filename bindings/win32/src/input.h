/* The pointer and the keys, where they happened. What is typed is never told. */
#ifndef SESSION_REPLAY_WIN32_INPUT_H
#define SESSION_REPLAY_WIN32_INPUT_H

#include "windows.h"

#include <stdio.h>

static void tell_pointer(const MSG *message, enum sr_pointer kind) {
    const Window *window = windows_find(GetAncestor(message->hwnd, GA_ROOT));
    if (window) {
        const double scale = desk_scale();
        const double x = (message->pt.x - window->area.left) / scale, y = (message->pt.y - window->area.top) / scale;
        sr_view_pointer(window_view(window->hwnd), (uint32_t)kind, x, y, 0);
    }
}

static const char *key_name(WPARAM key) {
    static const struct {
        WPARAM key;
        const char *name;
    } keys[] = {
        {VK_RETURN, "Enter"},  {VK_TAB, "Tab"},      {VK_ESCAPE, "Escape"},    {VK_BACK, "Backspace"},  {VK_DELETE, "Delete"},
        {VK_INSERT, "Insert"}, {VK_HOME, "Home"},    {VK_END, "End"},          {VK_PRIOR, "PageUp"},    {VK_NEXT, "PageDown"},
        {VK_UP, "ArrowUp"},    {VK_DOWN, "ArrowDown"}, {VK_LEFT, "ArrowLeft"}, {VK_RIGHT, "ArrowRight"}, {VK_APPS, "ContextMenu"},
    };
    for (size_t at = 0; at < sizeof keys / sizeof *keys; ++at) {
        if (keys[at].key == key) {
            return keys[at].name;
        }
    }
    return NULL;
}

static void tell_key(const MSG *message) {
    const Window *window = windows_find(GetAncestor(message->hwnd, GA_ROOT));
    const bool has_control = GetKeyState(VK_CONTROL) < 0, has_alt = GetKeyState(VK_MENU) < 0, has_shift = GetKeyState(VK_SHIFT) < 0;
    const char *name = key_name(message->wParam);
    char own[8], text[48];
    if (!window || (message->lParam & (1 << 30))) { /* Held down, it comes again and again. */
        return;
    }
    if (!name) {
        const WPARAM key = message->wParam;
        const bool is_letter = (key >= 'A' && key <= 'Z') || (key >= '0' && key <= '9');
        if (key >= VK_F1 && key <= VK_F24) {
            snprintf(own, sizeof own, "F%u", (unsigned)(key - VK_F1 + 1) % 100);
        } else if (is_letter && has_control && !has_alt) {
            snprintf(own, sizeof own, "%c", (char)(key >= 'A' && !has_shift ? key + ('a' - 'A') : key));
        } else {
            return;
        }
        name = own;
    }
    snprintf(text, sizeof text, "%s%s%s%s", has_control ? "Ctrl+" : "", has_alt ? "Alt+" : "", has_shift ? "Shift+" : "", name);
    sr_view_key(window_view(window->hwnd), text, 0);
}

static void input_message(const MSG *message) {
    switch (message->message) {
    case WM_MOUSEMOVE:
        tell_pointer(message, SR_POINTER_MOVE);
        break;
    case WM_LBUTTONDOWN:
    case WM_RBUTTONDOWN:
        tell_pointer(message, SR_POINTER_DOWN);
        break;
    case WM_LBUTTONUP:
    case WM_RBUTTONUP:
        tell_pointer(message, SR_POINTER_UP);
        tell_pointer(message, message->message == WM_LBUTTONUP ? SR_POINTER_CLICK : SR_POINTER_CONTEXT_MENU);
        break;
    case WM_LBUTTONDBLCLK:
        tell_pointer(message, SR_POINTER_DOUBLE_CLICK);
        break;
    case WM_KEYDOWN:
    case WM_SYSKEYDOWN:
        tell_key(message);
        break;
    default:
        break;
    }
}

#endif
