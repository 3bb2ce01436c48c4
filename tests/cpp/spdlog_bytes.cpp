// Lines with bytes that are not UTF-8, through the sink of examples/cpp: ./spdlog_bytes SERVER
#include "session_replay_spdlog.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
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
    if (!started) return 1;
    spdlog::default_logger()->sinks() = {std::make_shared<session_replay_sink_mt>()};
    for (const char *line : {
             "caf\xe9 closed",
             "gr\xc3\xb6\xc3\x9f" "er \xe2\x82\xac \xf0\x9f\x98\x80",
             "\xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf",
             "\xed\xa0\x80 \xf4\x90\x80\x80 \xff",
             "cut \xe2\x82",
             "cut \xf0\x9f\x98",
         }) {
        spdlog::info(line);
    }
    spdlog::info(spdlog::string_view_t("a\0b", 3));
    return started->shutdown(std::chrono::seconds(5)) == sr::StatusCode::ok ? 0 : 1;
}
