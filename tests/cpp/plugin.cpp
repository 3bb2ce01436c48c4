// A plugin that records: plugins.c loads several of them.
#include <session_replay.hpp>

namespace {
std::optional<sr::SessionReplay> replay;
}

#define EXPORTED extern "C" __attribute__((visibility("default")))
EXPORTED int plugin_start(const char *server, const char *device);
EXPORTED int plugin_go();
EXPORTED int plugin_logged();
EXPORTED int plugin_stop();
EXPORTED void plugin_forget();

namespace {
std::atomic<int> logged{0};
}

int plugin_start(const char *server, const char *device) {
    sr::Options options;
    options.device_id = device;
    options.session_id = 1732300000000;
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = std::string(server) + "/sessions/v2/track";
    options.log_level = sr::LogLevel::debug;
    sr::Callbacks callbacks;
    callbacks.log = [](sr::LogLevel, std::string_view) { ++logged; };
    auto result = sr::SessionReplay::start("key", options, std::move(callbacks));
    if (!result) {
        return result.error().status.code();
    }
    replay.emplace(std::move(*result));
    return 0;
}

int plugin_go() {
    return replay->record(R"({"type":4,"timestamp":1732300000000,"data":{"href":"a","width":4,"height":3}})").code();
}

int plugin_logged() { return logged; }

int plugin_stop() { return replay->shutdown(std::chrono::seconds(20)).code(); }

void plugin_forget() { replay.reset(); }
