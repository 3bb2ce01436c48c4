/* Records the top-level windows of a Win32 program (Windows 8.1 and later): compile session_replay_win32.c beside it, or link
 * SessionReplay::Win32 of the CMakeLists.txt here; it wants user32 and gdi32. docs/guide/win32.md shows a program.
 *
 * Threads: all calls from the one that made the window and runs its message loop. */
#ifndef SESSION_REPLAY_WIN32_H
#define SESSION_REPLAY_WIN32_H

#include <session_replay.h>

#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Shows this window, and every other top-level window of its thread (dialogs, message boxes, menus), as views from now on, as long as
 * sr_is_capturing(): before or after sr_init. A timer on the window's thread looks at them: PrintWindow() has each paint itself into a bitmap, when
 * the library wants a frame. Pointer and keys are found by a hook of the thread's messages, never what is typed.
 *
 * Edit controls with ES_PASSWORD are masked, also while EM_SETPASSWORDCHAR shows what they hold; in another mask level than "light" each edit control, and
 * the edit control of a combo box. In the level "conservative" no frame is taken: the texts of other controls are not known.
 * Returns true, also when it is attached already; false when hwnd is no window of this thread, another thread has attached
 * one, or Windows has no timer or hook left.
 */
bool sr_win32_attach(HWND hwnd);

/** Ends what sr_win32_attach() began, and closes the views. A window that is destroyed has its view closed by itself. */
void sr_win32_detach(void);

/**
 * Masks a control, and all that lies in it, until it is destroyed; or, with false, no longer. The same as its property
 * "SessionReplayMask" (SetProp). Returns false when it is no window, or Windows has no room for the property: then hide it.
 */
bool sr_win32_mask(HWND control, bool is_masked);

/** The number of the view that shows a top-level window (sr_view_info.parent of your own views in it); 0: none. */
uint64_t sr_win32_view_of(HWND hwnd);

#ifdef __cplusplus
}
#endif

#endif
