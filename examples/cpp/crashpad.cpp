// A program whose crash reports lead to the replay: ./crashpad SERVER, which is the viewer. Prints what a report would have.
#include "session_replay_crashpad.hpp"

#include <cstdio>
#include <string>

int main(int count, char **arguments) {
    if (count != 2) return 2;
    const std::string server = arguments[1];
    const std::string options = R"({"deviceId": "device-1", "sessionId": 1732300000000, "sampleRate": 1, "enableRemoteConfig": false,)"
                                R"("trackServerUrl": ")" + server + R"(/sessions/v2/track",)"
                                R"("replayUrlTemplate": ")" + server + R"(/sessions/{deviceId}/{sessionId}?at={timeMs}"})";
    if (sr_init("my-api-key", options.c_str()) < 0) {
        std::fprintf(stderr, "%s\n", sr_last_error());
        return 1;
    }
    // Here a program starts Crashpad's handler: CrashpadClient::StartHandler.
    session_replay_crashpad_update();
    (void)sr_record_custom("screen", "\"orders\"");
    const std::string_view annotation = session_replay_annotation.value();
    std::printf("%.*s\n", static_cast<int>(annotation.size()), annotation.data());
    const bool is_delivered = sr_shutdown(5000) == SR_OK;
    session_replay_crashpad_update();
    return is_delivered && !session_replay_annotation.is_set() ? 0 : 1;
}
