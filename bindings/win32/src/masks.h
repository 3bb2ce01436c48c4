/* What is to be masked in a window: its edit controls. */
#ifndef SESSION_REPLAY_WIN32_MASKS_H
#define SESSION_REPLAY_WIN32_MASKS_H

#include "passwords.h"

#include <session_replay.h>

enum { SR_WIN32_MAX_MASKS = 1024, SR_WIN32_MAX_DEPTH = 32 };

static const WCHAR mask_property[] = L"SessionReplayMask";

typedef struct {
    sr_mask list[SR_WIN32_MAX_MASKS];
    size_t count;
    POINT origin;   /* Of the frame, on the screen. */
    bool is_light;  /* Passwords alone. */
    bool is_broken; /* Not all of it can be masked: nothing may be kept. */
} Masks;

static void masks_add(Masks *masks, uint32_t kind, const RECT *area) {
    if (masks->count == SR_WIN32_MAX_MASKS) {
        masks->is_broken = true;
        return;
    }
    sr_mask *mask = &masks->list[masks->count++];
    memset(mask, 0, sizeof *mask);
    mask->size = sizeof *mask;
    mask->kind = kind;
    mask->rect.x = area->left - masks->origin.x;
    mask->rect.y = area->top - masks->origin.y;
    mask->rect.width = area->right - area->left;
    mask->rect.height = area->bottom - area->top;
}

/** A child window of an MDI frame, which covers those behind it: their masks end at its edges. */
static bool is_document(HWND window) {
    const LONG_PTR style = GetWindowLongPtrW(window, GWL_EXSTYLE);
    RECT shape;
    return (style & WS_EX_MDICHILD) && !(style & (WS_EX_TRANSPARENT | WS_EX_LAYERED)) && GetWindowRgnBox(window, &shape) == ERROR;
}

/** A control and those in it, from the back to the front; `clip` is what is seen of its parent. What else lies on top of a mask is masked with it. */
static void masks_find(Masks *masks, HWND control, const RECT *clip, int depth) {
    RECT area, seen;
    if (!IsWindowVisible(control) || !GetWindowRect(control, &area) || !IntersectRect(&seen, &area, clip)) {
        return;
    }
    const bool is_named = GetPropW(control, mask_property) != NULL, is_field = is_edit(control);
    /* Asked of each edit control, so that it is known later. */
    const bool is_secret = is_field && is_password(control);
    if (masks->count > 0 && is_document(control)) {
        masks_add(masks, SR_MASK_ON_TOP, &seen);
    }
    if (is_named || is_secret || (is_field && !masks->is_light)) {
        masks_add(masks, SR_MASK_HIDE, &seen);
        return;
    }
    if (depth == SR_WIN32_MAX_DEPTH) {
        masks->is_broken = true;
        return;
    }
    HWND child = GetWindow(control, GW_CHILD);
    for (child = child ? GetWindow(child, GW_HWNDLAST) : NULL; child; child = GetWindow(child, GW_HWNDPREV)) {
        masks_find(masks, child, &seen, depth + 1);
    }
}

#endif
