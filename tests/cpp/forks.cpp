// A forked child starts its own recording; what it inherits from its parent does nothing.
#include <session_replay.hpp>

#include "../c/check.h"
#include "recording.hpp"

#include <atomic>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

const char *server;

sr::Options recording(const char *device) { return recording_to(server, device); }

} // namespace

int main(int count, char **arguments) {
    CHECK(count == 2);
    server = arguments[1];
    auto replay = sr::SessionReplay::start("key", recording("device-1"));
    CHECK(replay.has_value());
    const pid_t child = fork();
    if (child == 0) {
        CHECK(replay->record(EVENT) == sr::StatusCode::forked);
        std::atomic<int> heard{0};
        sr::Callbacks callbacks;
        callbacks.log = [&heard](sr::LogLevel, std::string_view) { heard++; };
        auto own = sr::SessionReplay::start("key", recording("child"), std::move(callbacks));
        CHECK(own.has_value() && own->record(EVENT) && own->flush(20s));
        CHECK(heard > 0);
        { const auto inherited = std::move(replay); } // ends nothing of ours
        CHECK(own->record(EVENT));
        CHECK(own->shutdown(20s) == sr::StatusCode::ok);
        std::exit(0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(replay->record(EVENT));
    CHECK(replay->shutdown(20s) == sr::StatusCode::ok);
}
