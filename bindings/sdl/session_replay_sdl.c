#include "session_replay_sdl.h"

#include "src/input.h"
#include "src/look.h"

/* Made once, and there until the process ends. SDL's locks may be taken again by the thread that has them. */
static void *lock;

static void enter(void) { SDL_LockMutex((SDL_mutex *)SDL_AtomicGetPtr(&lock)); }

static void leave(void) { SDL_UnlockMutex((SDL_mutex *)SDL_AtomicGetPtr(&lock)); }

/* Why a call failed. */
static bool say(const char *why) {
    SDL_LogWarn(SDL_LOG_CATEGORY_APPLICATION, "session-replay: %s", why);
    return false;
}

static bool make_lock(void) {
    if (!SDL_AtomicGetPtr(&lock)) {
        SDL_mutex *made = SDL_CreateMutex();
        if (made && !SDL_AtomicCASPtr(&lock, NULL, made)) {
            SDL_DestroyMutex(made); /* Another thread was faster. */
        }
    }
    return SDL_AtomicGetPtr(&lock) != NULL;
}

static int SDLCALL watch(void *data, SDL_Event *event) {
    (void)data;
    if (sr_is_capturing()) {
        enter();
        input_event(event);
        leave();
    }
    return 1;
}

/** Enters when the window is attached; the caller leaves then. */
static Window *enter_window(SDL_Window *sdl) {
    if (!sdl || !SDL_AtomicGetPtr(&lock)) {
        return NULL;
    }
    enter();
    Window *window = windows_find(sdl);
    if (!window) {
        leave();
    }
    return window;
}

bool sr_sdl_attach(SDL_Window *sdl) {
    if (!sdl || SDL_GetWindowID(sdl) == 0) {
        return say("not attached: it is no window");
    }
    if (!make_lock()) {
        return say("not attached: memory is short");
    }
    enter();
    Window *window = windows_find(sdl);
    if (!window && (window = windows_add(sdl)) != NULL && sr_is_capturing()) {
        windows_place_desk();
        window_place(window);
    }
    leave();
    /* Again each time: SDL_Quit() forgets it. Not under our lock: SDL holds its own while it calls watch(), which takes ours. */
    SDL_DelEventWatch(watch, NULL);
    SDL_AddEventWatch(watch, NULL);
    return window != NULL || say("not attached: 64 windows are");
}

void sr_sdl_detach(SDL_Window *sdl) {
    Window *window = enter_window(sdl);
    if (window) {
        windows_remove(window);
        const bool was_last = windows.count == 0;
        leave();
        if (was_last) {
            SDL_DelEventWatch(watch, NULL);
        }
    }
}

void sr_sdl_frame(SDL_Window *sdl) {
    Window *window = enter_window(sdl);
    if (window) {
        look_frame(window, NULL);
        leave();
    }
}

void sr_sdl_surface_frame(SDL_Window *sdl, SDL_Surface *surface) {
    Window *window = surface ? enter_window(sdl) : NULL;
    if (window) {
        look_frame(window, surface);
        leave();
    }
}

bool sr_sdl_wants_frame(SDL_Window *sdl) {
    Window *window = enter_window(sdl);
    bool is_wanted = false;
    if (window) {
        is_wanted = look_is_wanted(window);
        window->is_answered = true;
        leave();
    }
    return is_wanted;
}

bool sr_sdl_mask(SDL_Window *sdl, const sr_mask *masks, size_t count, uint32_t flags) {
    Window *window = enter_window(sdl);
    bool is_whole = false;
    if (window) {
        masks_add(&window->masks, masks, count);
        window->masks.are_known |= (flags & SR_FRAME_MASKS_KNOWN) != 0;
        is_whole = !window->masks.is_broken;
        leave();
    }
    return is_whole;
}

int sr_sdl_wait_ms(void) {
    int soonest = -1;
    if (!SDL_AtomicGetPtr(&lock)) {
        return soonest;
    }
    enter();
    windows_sweep();
    for (int at = 0; at < windows.count; ++at) {
        const int wait = look_wait_ms(&windows.list[at]);
        soonest = wait >= 0 && (soonest < 0 || wait < soonest) ? wait : soonest;
    }
    leave();
    return soonest;
}

uint64_t sr_sdl_view_of(SDL_Window *sdl) {
    Window *window = enter_window(sdl);
    uint64_t view = 0;
    if (window) {
        view = window_view(window);
        leave();
    }
    return view;
}
