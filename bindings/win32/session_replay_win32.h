/* Records the top-level windows of a Win32 program (Windows 8.1 and later): compile session_replay_win32.c beside it, or link
 * SessionReplay::Win32 of the CMakeLists.txt here; it wants user32 and gdi32. docs/guide/win32.md shows a program.
 *
 * Threads: all calls from the one that makes the windows and runs their message loop. What fails returns false or 0, and
 * OutputDebugString() says why. */
#ifndef SESSION_REPLAY_WIN32_H
#define SESSION_REPLAY_WIN32_H

#include <session_replay.h>

#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Shows every top-level window of this thread, those that are there and those that come (dialogs, message boxes, menus), as a view,
 * from now on, as long as sr_is_capturing(): before or after sr_init. A timer on the thread looks at them: PrintWindow() has each paint itself
 * into a bitmap, when the library wants a frame. Pointer and keys are found by a hook of the thread's messages, never what is typed.
 *
 * Edit controls with ES_PASSWORD, or with a password character (EM_SETPASSWORDCHAR), are masked; one that was a password since this call stays one,
 * also while it shows what it holds. In another mask level than "light" each edit control is, and the edit control of a combo box. In the level
 * "conservative" no frame is taken: the texts of other controls are not known. Returns true, also when it is attached already: then nothing changes. Returns
 * false when another thread has attached, or Windows has no timer or hook left: then nothing happens.
 */
bool sr_win32_attach(void);

/**
 * Ends what sr_win32_attach() began, and closes its views. When nothing is attached, or another thread has attached, it does nothing. What was masked stays
 * masked, and what was a password stays one, for the next sr_win32_attach(). Call it before the thread ends.
 */
void sr_win32_detach(void);

/**
 * Masks a control, and all that lies in it, whatever privacyConfig says, until it is destroyed; or, with false, no longer. The same as its property
 * "SessionReplayMask" (SetProp). It may be called before sr_win32_attach(), and again. Returns false when it is no window, or Windows has no room
 * for the property: then hide it.
 */
bool sr_win32_mask(HWND control, bool is_masked);

/** The number of the view that shows a top-level window, for views of your own that lie in it (sr_view_info.parent); 0: it is not shown. */
uint64_t sr_win32_view_of(HWND hwnd);

#ifdef __cplusplus
}
#endif

#endif
