// A program's log in the replay: ./spdlog SERVER
#include "session_replay_spdlog.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

int main(int count, char **arguments) {
    if (count != 2) return 2;
    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1732300000000;
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    auto started = sr::SessionReplay::start("my-api-key", options);
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
        return 1;
    }
    spdlog::default_logger()->sinks().push_back(std::make_shared<session_replay_sink_mt>());
    spdlog::set_level(spdlog::level::trace);

    spdlog::info("order {} is open", 7);
    spdlog::debug("signed in with password={}", "hunter2");
    spdlog::warn("<b>half</b> of the stock is left");
    spdlog::critical("the printer is gone");
    return started->shutdown(std::chrono::seconds(5)) == sr::StatusCode::ok ? 0 : 1;
}
