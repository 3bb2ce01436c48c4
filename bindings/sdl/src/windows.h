/* The windows that are attached, each as a view at its place. All of it under one lock, which the caller holds. */
#ifndef SESSION_REPLAY_SDL_WINDOWS_H
#define SESSION_REPLAY_SDL_WINDOWS_H

#include "readback.h"

enum {
    SR_SDL_MAX_WINDOWS = 64,
    /* Above it lie windows that are always on top. */
    SR_SDL_ON_TOP = 1 << 24
};

typedef struct {
    SDL_Window *window;
    Uint32 id;     /* SDL gives each number once, but an address again. */
    Uint32 ask_at; /* When to ask the library next whether it wants a frame. */
    int32_t z;
    bool is_wanted; /* The next frame is to be read. */
    bool is_answered; /* The host was told whether: it named masks for that frame, or did not. */
    bool is_unread; /* Something was drawn since it was last read. */
    Masks masks;    /* Of the next frame. */
    Readback read;
} Window;

static struct {
    Window list[SR_SDL_MAX_WINDOWS];
    int count;
    int32_t top;
} windows;

/** Views are numbered from here, so that an app, or an adapter for another toolkit, may have its own beside them. */
static uint64_t window_view(const Window *window) { return (UINT64_C(1) << 49) + window->id; }

static void windows_remove(Window *window) {
    sr_view_close(window_view(window));
    readback_end(&window->read);
    masks_free(&window->masks);
    *window = windows.list[--windows.count];
}

/** Closes the views of windows that were destroyed. */
static void windows_sweep(void) {
    for (int at = windows.count; at-- > 0;) {
        Window *window = &windows.list[at];
        if (SDL_GetWindowFromID(window->id) != window->window) {
            windows_remove(window);
        }
    }
}

static Window *windows_with_id(Uint32 id) {
    for (int at = 0; at < windows.count; ++at) {
        if (windows.list[at].id == id) {
            return &windows.list[at];
        }
    }
    return NULL;
}

static Window *windows_find(SDL_Window *window) {
    for (int at = 0; window && at < windows.count; ++at) {
        if (windows.list[at].window == window) {
            return windows.list[at].id == SDL_GetWindowID(window) ? &windows.list[at] : NULL;
        }
    }
    return NULL;
}

static Window *windows_add(SDL_Window *window) {
    windows_sweep();
    if (windows.count == SR_SDL_MAX_WINDOWS) {
        return NULL;
    }
    Window *added = &windows.list[windows.count++];
    memset(added, 0, sizeof *added);
    added->window = window;
    added->id = SDL_GetWindowID(window);
    added->ask_at = SDL_GetTicks();
    added->z = ++windows.top;
    return added;
}

/** The desk is all displays together. */
static void windows_place_desk(void) {
    SDL_Rect desk = {0, 0, 0, 0}, display;
    for (int at = 0; at < SDL_GetNumVideoDisplays(); ++at) {
        if (SDL_GetDisplayBounds(at, &display) == 0) {
            const SDL_Rect before = desk;
            SDL_UnionRect(&before, &display, &desk);
        }
    }
    sr_view_info info;
    memset(&info, 0, sizeof info);
    info.size = sizeof info;
    info.x = desk.x;
    info.y = desk.y;
    info.width = desk.w;
    info.height = desk.h;
    sr_view_place(&info);
}

static void window_place(const Window *window) {
    int x = 0, y = 0, width = 0, height = 0;
    SDL_GetWindowPosition(window->window, &x, &y);
    SDL_GetWindowSize(window->window, &width, &height);
    const Uint32 flags = SDL_GetWindowFlags(window->window);
    sr_view_info info;
    memset(&info, 0, sizeof info);
    info.size = sizeof info;
    info.view = window_view(window);
    info.x = x;
    info.y = y;
    info.width = width;
    info.height = height;
    info.z = window->z + (flags & SDL_WINDOW_ALWAYS_ON_TOP ? SR_SDL_ON_TOP : 0);
    info.flags = (flags & (SDL_WINDOW_MINIMIZED | SDL_WINDOW_HIDDEN) ? (uint32_t)SR_VIEW_HIDDEN : 0) |
                 (flags & SDL_WINDOW_INPUT_FOCUS ? (uint32_t)SR_VIEW_FOCUSED : 0);
    info.title = flags & (SDL_WINDOW_BORDERLESS | SDL_WINDOW_FULLSCREEN) ? NULL : SDL_GetWindowTitle(window->window);
    sr_view_place(&info);
}

#endif
