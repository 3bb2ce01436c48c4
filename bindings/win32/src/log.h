/* Why a call failed, for a debugger to show. */
#ifndef SESSION_REPLAY_WIN32_LOG_H
#define SESSION_REPLAY_WIN32_LOG_H

#include <windows.h>

#include <stdio.h>

static void say(const char *why) {
    char line[160];
    snprintf(line, sizeof line, "session-replay: %s\n", why);
    OutputDebugStringA(line);
}

#endif
