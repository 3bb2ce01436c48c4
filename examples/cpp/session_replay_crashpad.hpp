// Session replay in the reports of Crashpad: an annotation with the address of the last moment that was told. Copy this file, and
// call session_replay_crashpad_update() where recording has started and a session has begun, and now and then. In the handler
// of a crash nothing may be asked of a library, so a report has what was told before.
#ifndef SESSION_REPLAY_CRASHPAD_HPP
#define SESSION_REPLAY_CRASHPAD_HPP

#include <client/annotation.h>
#include <session_replay.h>

#include <string_view>

/// Room for the address: of a longer one the report has nothing, as a part of it leads nowhere.
constexpr crashpad::Annotation::ValueSizeType session_replay_max_url = 2048;

/// The annotation, which Crashpad wants to live as long as the program.
inline crashpad::StringAnnotation<session_replay_max_url> session_replay_annotation("session_replay_url");

/// Tells the address of this moment; nothing where nothing is captured.
inline void session_replay_crashpad_update() {
    char *url = sr_get_session_replay_url();
    if (url == nullptr || std::string_view(url).size() > session_replay_max_url) {
        session_replay_annotation.Clear();
    } else {
        session_replay_annotation.Set(std::string_view(url));
    }
    sr_string_free(url);
}

#endif
