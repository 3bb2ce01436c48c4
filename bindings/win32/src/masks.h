/* What is to be masked in a window: its edit controls. */
#ifndef SESSION_REPLAY_WIN32_MASKS_H
#define SESSION_REPLAY_WIN32_MASKS_H

#include <session_replay.h>

#include <windows.h>

#include <string.h>

enum { SR_WIN32_MAX_MASKS = 1024, SR_WIN32_MAX_DEPTH = 32 };

static const WCHAR mask_property[] = L"SessionReplayMask", password_property[] = L"SessionReplayPassword";

typedef struct {
    sr_mask list[SR_WIN32_MAX_MASKS];
    size_t count;
    POINT origin;   /* Of the frame, on the screen. */
    bool is_light;  /* Passwords alone. */
    bool is_broken; /* Not all of it can be masked: nothing may be kept. */
} Masks;

/** Also of a class of one's own that is made of it, and of rich edit controls: all have it in their name. */
static bool is_edit(HWND control) {
    WCHAR names[2][128] = {{0}, {0}};
    GetClassNameW(control, names[0], 127);
    RealGetWindowClassW(control, names[1], 127);
    for (int at = 0; at < 2; ++at) {
        CharLowerW(names[at]);
        if (wcsstr(names[at], L"edit")) {
            return true;
        }
    }
    return false;
}

/** One that has been a password stays one: to show what it holds, its style is taken away. */
static bool is_password(HWND edit) {
    if (GetPropW(edit, password_property)) {
        return true;
    }
    if (!(GetWindowLongPtrW(edit, GWL_STYLE) & ES_PASSWORD) && !SendMessageW(edit, EM_GETPASSWORDCHAR, 0, 0)) {
        return false;
    }
    SetPropW(edit, password_property, (HANDLE)1);
    return true;
}

/** Of a window that is new: what is a password in it is known before anything can show what it holds. */
static BOOL CALLBACK note_password(HWND control, LPARAM unused) {
    (void)unused;
    if (is_edit(control)) {
        is_password(control);
    }
    return TRUE;
}

static void masks_hide(Masks *masks, const RECT *area) {
    if (masks->count == SR_WIN32_MAX_MASKS) {
        masks->is_broken = true;
        return;
    }
    sr_mask *mask = &masks->list[masks->count++];
    memset(mask, 0, sizeof *mask);
    mask->size = sizeof *mask;
    mask->kind = SR_MASK_HIDE;
    mask->rect.x = area->left - masks->origin.x;
    mask->rect.y = area->top - masks->origin.y;
    mask->rect.width = area->right - area->left;
    mask->rect.height = area->bottom - area->top;
}

/** A control and those in it; `clip` is what is seen of its parent. What lies on top of a mask is masked with it. */
static void masks_find(Masks *masks, HWND control, const RECT *clip, int depth) {
    RECT area, seen;
    if (!IsWindowVisible(control) || !GetWindowRect(control, &area) || !IntersectRect(&seen, &area, clip)) {
        return;
    }
    const bool is_named = GetPropW(control, mask_property) != NULL, is_field = is_edit(control);
    /* Asked of each edit control, so that it is known later. */
    const bool is_secret = is_field && is_password(control);
    if (is_named || is_secret || (is_field && !masks->is_light)) {
        masks_hide(masks, &seen);
        return;
    }
    if (depth == SR_WIN32_MAX_DEPTH) {
        masks->is_broken = true;
        return;
    }
    for (HWND child = GetWindow(control, GW_CHILD); child; child = GetWindow(child, GW_HWNDNEXT)) {
        masks_find(masks, child, &seen, depth + 1);
    }
}

#endif
