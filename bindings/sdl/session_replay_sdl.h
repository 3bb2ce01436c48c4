/* Records the windows of a program with SDL2, drawn with OpenGL, OpenGL ES, SDL_Renderer or on a software surface: compile
 * session_replay_sdl.c beside it, or link SessionReplay::Sdl of the CMakeLists.txt here. docs/guide/sdl.md shows a program.
 *
 * Threads: any one at a time; a window's frames belong on the thread that draws it, with its context current. What fails returns false or 0,
 * and SDL's log says why (SDL_LOG_CATEGORY_APPLICATION). */
#ifndef SESSION_REPLAY_SDL_H
#define SESSION_REPLAY_SDL_H

#include <session_replay.h>

#include <SDL.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Shows this window as a view from now on, as long as sr_is_capturing(): before or after sr_init. Its place, title, focus,
 * pointer and keys are found by an SDL event watch. Each window is attached by itself: only what draws it knows when a frame is done.
 *
 * Returns true, also when it is attached already: then nothing changes. Returns false when it is no window, 64 windows are attached, or memory
 * is short: then nothing happens.
 */
bool sr_sdl_attach(SDL_Window *window);

/**
 * Ends what sr_sdl_attach() began, and closes the view. When the window is not attached, it does nothing. A window that was destroyed is found at the next call or event; to
 * destroy its context first, call this before, with the context current: then its buffers are given back.
 */
void sr_sdl_detach(SDL_Window *window);

/**
 * Call it once a frame, after drawing, before SDL_GL_SwapWindow() or SDL_RenderPresent(). While no frame is wanted it looks
 * at the clock and returns. When one is, OpenGL reads it into a pixel buffer, which is handed over one to three frames later:
 * nothing waits for it. Where OpenGL has no pixel buffers (OpenGL ES 2, OpenGL below 2.1) and with an SDL_Renderer, it is
 * read at once. A window that is not attached does nothing, as when the window has neither: see sr_sdl_surface_frame().
 */
void sr_sdl_frame(SDL_Window *window);

/** The same for a window that is drawn on its surface, before SDL_UpdateWindowSurface(): the one that you have drawn on. */
void sr_sdl_surface_frame(SDL_Window *window, SDL_Surface *surface);

/**
 * Whether the next sr_sdl_frame() of this window will read it: ask before work that is only for masks, once all of them are known.
 * The last answer holds: after false that frame is not read.
 */
bool sr_sdl_wants_frame(SDL_Window *window);

/**
 * Masks parts of what the next sr_sdl_frame() sees: passwords, fields, what is secret. Rectangles are in the window's own
 * coordinates, as the mouse has them, in paint order. Several calls add up. They are forgotten after that frame: name them
 * before each one, or each one that sr_sdl_wants_frame().
 *
 * flags: SR_FRAME_MASKS_KNOWN says that with these the list is complete, even if it is empty; without it no frame is read
 * where sr_mask_level() is SR_MASK_LEVEL_CONSERVATIVE, whatever they are. Returns false when the window is not attached; and when the frame has
 * more than 1024 masks, or memory is short: then it is not read.
 */
bool sr_sdl_mask(SDL_Window *window, const sr_mask *masks, size_t count, uint32_t flags);

/**
 * For programs that draw only when something has happened: how long to wait for events, at most, before drawing again, so that
 * what was drawn last is recorded; -1: for ever. Hand it to SDL_WaitEventTimeout(). Hands over what is still being read, and
 * waits up to 20 ms for that. Threads: the one that draws.
 */
int sr_sdl_wait_ms(void);

/** The number of the view that shows this window (sr_view_info.parent of your own views in it); 0: it is not attached. */
uint64_t sr_sdl_view_of(SDL_Window *window);

#ifdef __cplusplus
}
#endif

#endif
