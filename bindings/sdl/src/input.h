/* The pointer and the keys, where they happened. What is typed is never told. */
#ifndef SESSION_REPLAY_SDL_INPUT_H
#define SESSION_REPLAY_SDL_INPUT_H

#include "windows.h"

#include <stdio.h>

static void tell_pointer(Uint32 id, enum sr_pointer kind, double x, double y) {
    const Window *window = windows_with_id(id);
    if (window) {
        sr_view_pointer(window_view(window), (uint32_t)kind, x, y, 0);
    }
}

static void input_button(const SDL_MouseButtonEvent *event) {
    if (event->which == SDL_TOUCH_MOUSEID) {
        return; /* The touch was told. */
    }
    const bool is_down = event->type == SDL_MOUSEBUTTONDOWN;
    tell_pointer(event->windowID, is_down ? SR_POINTER_DOWN : SR_POINTER_UP, event->x, event->y);
    if (!is_down && event->clicks > 0) {
        const bool is_menu = event->button == SDL_BUTTON_RIGHT;
        tell_pointer(event->windowID, is_menu ? SR_POINTER_CONTEXT_MENU : SR_POINTER_CLICK, event->x, event->y);
        if (!is_menu && event->clicks == 2) {
            tell_pointer(event->windowID, SR_POINTER_DOUBLE_CLICK, event->x, event->y);
        }
    }
}

static void input_touch(const SDL_TouchFingerEvent *event) {
    const Window *window = windows_with_id(event->windowID);
    int width = 0, height = 0;
    if (window) {
        SDL_GetWindowSize(window->window, &width, &height);
        const enum sr_pointer kind = event->type == SDL_FINGERDOWN ? SR_POINTER_TOUCH_START
                                     : event->type == SDL_FINGERUP ? SR_POINTER_TOUCH_END
                                                                   : SR_POINTER_TOUCH_MOVE;
        tell_pointer(event->windowID, kind, (double)event->x * width, (double)event->y * height);
    }
}

/** The name of a key that is no text; NULL for others. */
static const char *key_name(SDL_Keycode key) {
    static const struct {
        SDL_Keycode key;
        const char *name;
    } keys[] = {
        {SDLK_RETURN, "Enter"},         {SDLK_KP_ENTER, "Enter"},        {SDLK_TAB, "Tab"},
        {SDLK_ESCAPE, "Escape"},        {SDLK_BACKSPACE, "Backspace"},   {SDLK_DELETE, "Delete"},
        {SDLK_INSERT, "Insert"},        {SDLK_HOME, "Home"},             {SDLK_END, "End"},
        {SDLK_PAGEUP, "PageUp"},        {SDLK_PAGEDOWN, "PageDown"},     {SDLK_UP, "ArrowUp"},
        {SDLK_DOWN, "ArrowDown"},       {SDLK_LEFT, "ArrowLeft"},        {SDLK_RIGHT, "ArrowRight"},
        {SDLK_APPLICATION, "ContextMenu"}, {SDLK_PRINTSCREEN, "PrintScreen"}, {SDLK_PAUSE, "Pause"},
        {SDLK_CAPSLOCK, "CapsLock"},    {SDLK_NUMLOCKCLEAR, "NumLock"},  {SDLK_SCROLLLOCK, "ScrollLock"},
    };
    for (size_t at = 0; at < SDL_arraysize(keys); ++at) {
        if (keys[at].key == key) {
            return keys[at].name;
        }
    }
    return NULL;
}

/** Writes "Ctrl+S" and the like; false for what may be text, which the library refuses, too. */
static bool key_text(const SDL_Keysym *key, char *text, size_t size) {
    const bool has_control = key->mod & KMOD_CTRL, has_meta = key->mod & KMOD_GUI, has_alt = key->mod & (KMOD_ALT | KMOD_MODE);
    const char *name = key_name(key->sym);
    char own[16];
    if (!name) {
        const int function = key->sym >= SDLK_F1 && key->sym <= SDLK_F12    ? (int)(key->sym - SDLK_F1) + 1
                             : key->sym >= SDLK_F13 && key->sym <= SDLK_F24 ? (int)(key->sym - SDLK_F13) + 13
                                                                            : 0;
        const bool is_letter = (key->sym >= SDLK_a && key->sym <= SDLK_z) || (key->sym >= SDLK_0 && key->sym <= SDLK_9);
        if (function) {
            snprintf(own, sizeof own, "F%d", function);
        } else if (is_letter && (has_control || has_meta) && !has_alt) {
            const bool is_upper = (key->mod & KMOD_SHIFT) && key->sym >= SDLK_a;
            snprintf(own, sizeof own, "%c", (char)(key->sym - (is_upper ? 'a' - 'A' : 0)));
        } else {
            return false;
        }
        name = own;
    }
    snprintf(text, size, "%s%s%s%s%s", has_control ? "Ctrl+" : "", key->mod & KMOD_ALT ? "Alt+" : "", key->mod & KMOD_SHIFT ? "Shift+" : "",
             has_meta ? "Meta+" : "", name);
    return true;
}

static void input_key(const SDL_KeyboardEvent *event) {
    const Window *window = windows_with_id(event->windowID);
    char text[48];
    if (window && !event->repeat && key_text(&event->keysym, text, sizeof text)) {
        sr_view_key(window_view(window), text, 0);
    }
}

static void input_window(const SDL_WindowEvent *event) {
    Window *window = windows_with_id(event->windowID);
    if (!window || event->event == SDL_WINDOWEVENT_ENTER || event->event == SDL_WINDOWEVENT_LEAVE || event->event == SDL_WINDOWEVENT_EXPOSED) {
        return;
    }
    if (event->event == SDL_WINDOWEVENT_FOCUS_GAINED || event->event == SDL_WINDOWEVENT_SHOWN) {
        window->z = ++windows.top;
    }
    window_place(window);
}

/** Told of each event by SDL, when it arrives. */
static void input_event(const SDL_Event *event) {
    switch (event->type) {
    case SDL_MOUSEMOTION:
        if (event->motion.which != SDL_TOUCH_MOUSEID && !SDL_GetRelativeMouseMode()) {
            tell_pointer(event->motion.windowID, SR_POINTER_MOVE, event->motion.x, event->motion.y);
        }
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        input_button(&event->button);
        break;
    case SDL_FINGERDOWN:
    case SDL_FINGERMOTION:
    case SDL_FINGERUP:
        input_touch(&event->tfinger);
        break;
    case SDL_KEYDOWN:
        input_key(&event->key);
        break;
    case SDL_WINDOWEVENT:
        windows_sweep();
        input_window(&event->window);
        break;
    case SDL_DISPLAYEVENT:
        windows_place_desk();
        break;
    default:
        break;
    }
}

#endif
