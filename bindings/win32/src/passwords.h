/* Which edit controls are passwords: those that are one now, and those that have been one. */
#ifndef SESSION_REPLAY_WIN32_PASSWORDS_H
#define SESSION_REPLAY_WIN32_PASSWORDS_H

#include <windows.h>

#include <stdbool.h>
#include <wchar.h>

static const WCHAR password_property[] = L"SessionReplayPassword";

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

/** One that has been a password stays one: to show what it holds, its style or its character is taken away. */
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

/**
 * A message before its window has it: one that makes a control a password, or may end that it is one. Between two looks both may happen. A window
 * that is still being made is sent nothing: its class may be the app's own.
 */
static void password_message(const CWPSTRUCT *message) {
    HWND edit = message->hwnd;
    const bool is_new = message->message == WM_CREATE, is_character = message->message == EM_SETPASSWORDCHAR;
    const bool is_style = message->message == WM_STYLECHANGING && (int)message->wParam == GWL_STYLE;
    if ((!is_new && !is_character && !is_style) || !is_edit(edit)) {
        return;
    }
    const STYLESTRUCT *change = is_style ? (const STYLESTRUCT *)message->lParam : NULL;
    const DWORD style = change ? change->styleOld | change->styleNew : (DWORD)GetWindowLongPtrW(edit, GWL_STYLE);
    if ((style & ES_PASSWORD) || (is_character && message->wParam != 0)) {
        SetPropW(edit, password_property, (HANDLE)1);
    } else if (is_character) {
        is_password(edit);
    }
}

#endif
