/* When a window's frame is read, and how, by what draws it. */
#ifndef SESSION_REPLAY_SDL_LOOK_H
#define SESSION_REPLAY_SDL_LOOK_H

#include "windows.h"

enum {
    /* How long the library's answer holds at most: input leads to a look within 100 ms. */
    SR_SDL_ASK_AGAIN_MS = 50,
    /* How soon it is noticed that capturing has begun. */
    SR_SDL_NOT_CAPTURING_MS = 250,
    /* How long a program that is about to wait for events waits for the GPU. */
    SR_SDL_IDLE_NS = 20 * 1000 * 1000
};

/** Whether a frame is wanted. It stays so until one is drawn; else it looks at the clock, and asks some times a second. */
static bool look_is_wanted(Window *window) {
    const Uint32 now = SDL_GetTicks();
    if (window->is_wanted || !SDL_TICKS_PASSED(now, window->ask_at)) {
        return window->is_wanted;
    }
    if (!sr_is_capturing()) {
        window->ask_at = now + SR_SDL_NOT_CAPTURING_MS;
        return false;
    }
    const uint32_t wait = sr_view_next_frame_ms(window_view(window));
    window->ask_at = now + SDL_min(wait, (uint32_t)SR_SDL_ASK_AGAIN_MS);
    window->is_wanted = wait == 0 && !window->read.is_pending;
    return window->is_wanted;
}

/** Size, scale and masks of what is about to be read; false when it is not to be. */
static bool look_take(Window *window, int width, int height) {
    Shot *shot = &window->read.shot;
    const sr_masking_level level = sr_mask_level();
    int units = 0;
    SDL_GetWindowSize(window->window, &units, NULL);
    if (width <= 0 || height <= 0 || units <= 0 || (!window->masks.are_known && level == SR_MASK_LEVEL_CONSERVATIVE)) {
        return false;
    }
    shot->view = window_view(window);
    shot->width = width;
    shot->height = height;
    shot->scale = (double)width / units;
    shot->level = level;
    shot->flags = 0;
    return !window->masks.is_broken && shot_take_masks(shot, &window->masks);
}

static void look_gl(Window *window) {
    int width = 0, height = 0;
#ifdef __IPHONEOS__
    return; /* There the window's own framebuffer is not number 0. */
#endif
    SDL_GL_GetDrawableSize(window->window, &width, &height);
    /* Another window's framebuffer is never taken for this one's. */
    if (SDL_GL_GetCurrentWindow() == window->window && readback_enter(&window->read) && look_take(window, width, height)) {
        readback_begin(&window->read);
    }
}

static void look_renderer(Window *window, SDL_Renderer *renderer) {
    int width = 0, height = 0, logical = 0;
    float scale_x = 1, scale_y = 1;
    /* With another target this is not the window. */
    if (SDL_GetRenderTarget(renderer) || SDL_GetRendererOutputSize(renderer, &width, &height) != 0 || !look_take(window, width, height)) {
        return;
    }
    Readback *read = &window->read;
    read->shot.format = SR_PIXELS_RGBA;
    read->shot.stride = width * 4;
    void *pixels = readback_memory(read);
    if (!pixels) {
        return;
    }
    /* SDL reads no further than the viewport. It can be put back exactly only where nothing scales it; else the bars beside it
     * are black. */
    const SDL_Rect all = {0, 0, width, height};
    SDL_Rect viewport;
    SDL_RenderGetViewport(renderer, &viewport);
    SDL_RenderGetLogicalSize(renderer, &logical, NULL);
    SDL_RenderGetScale(renderer, &scale_x, &scale_y);
    const bool is_widened = logical == 0 && scale_x == 1 && scale_y == 1 && !SDL_RectEquals(&viewport, &all);
    memset(pixels, 0, (size_t)read->shot.stride * (size_t)height);
    if (is_widened) {
        SDL_RenderSetViewport(renderer, NULL);
    }
    if (SDL_RenderReadPixels(renderer, &all, SDL_PIXELFORMAT_RGBA32, pixels, read->shot.stride) == 0) {
        shot_show(&read->shot, pixels);
    }
    if (is_widened) {
        SDL_RenderSetViewport(renderer, &viewport);
    }
}

/** The surface as it is, where the library knows its format; else a copy. */
static void look_surface(Window *window, SDL_Surface *surface) {
    if (!look_take(window, surface->w, surface->h)) {
        return;
    }
    SDL_Surface *copy = NULL;
    Readback *read = &window->read;
    const Uint32 format = surface->format->format;
    read->shot.format = SR_PIXELS_RGBA;
    if (format == SDL_PIXELFORMAT_BGRA32 || format == SDL_PIXELFORMAT_RGB888) {
        /* RGB888 is 32 bits as ARGB8888 is: in BGRA32's order on little-endian machines, else in ARGB32's. */
        read->shot.format = format == SDL_PIXELFORMAT_BGRA32 || SDL_BYTEORDER == SDL_LIL_ENDIAN ? SR_PIXELS_BGRA : SR_PIXELS_ARGB;
    } else if (format != SDL_PIXELFORMAT_RGBA32) {
        surface = copy = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_RGBA32, 0);
    }
    if (surface && SDL_LockSurface(surface) == 0) {
        read->shot.stride = surface->pitch;
        shot_show(&read->shot, surface->pixels);
        SDL_UnlockSurface(surface);
    }
    SDL_FreeSurface(copy);
}

/** A frame has been drawn. */
static void look_frame(Window *window, SDL_Surface *surface) {
    /* What the host was told holds: it named no masks for a frame that is not wanted. */
    const bool is_wanted = window->is_answered ? window->is_wanted : look_is_wanted(window);
    readback_poll(&window->read, 0);
    readback_leave_other(&window->read, window->window);
    if (is_wanted && !window->read.is_pending) {
        windows_sweep(); /* It may move a window in the list, but not this one, which is alive. */
        window = windows_find(window->window);
        windows_place_desk();
        window_place(window);
        SDL_Renderer *renderer = SDL_GetRenderer(window->window);
        if (surface) {
            look_surface(window, surface);
        } else if (renderer) {
            look_renderer(window, renderer);
        } else if (SDL_GetWindowFlags(window->window) & SDL_WINDOW_OPENGL) {
            look_gl(window);
        }
    }
    window->is_unread = !is_wanted;
    window->is_wanted = window->is_answered = false;
    masks_clear(&window->masks);
}

/** Before the program waits: in how many milliseconds to draw again; -1: not before something happens. */
static int look_wait_ms(Window *window) {
    readback_poll(&window->read, SR_SDL_IDLE_NS);
    if (!sr_is_capturing()) {
        return -1;
    }
    if (window->read.is_pending) {
        return SR_SDL_ASK_AGAIN_MS;
    }
    return window->is_unread ? (int)sr_view_next_frame_ms(window_view(window)) : -1;
}

#endif
