// The options that the tests record with: all of a session's events, to the server of the test.
#include <session_replay.hpp>

inline sr::Options recording_to(const char *server, const char *device = "device-1") {
    sr::Options options;
    options.device_id = device;
    options.session_id = 1732300000000;
    options.sample_rate = 1.0;
    options.enable_remote_config = false;
    options.track_server_url = std::string(server) + "/sessions/v2/track";
    options.log_level = sr::LogLevel::debug;
    return options;
}
