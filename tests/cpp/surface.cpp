// Every call of the C++ header, before and after recording, with Xlib's macro in the way. Also built without exceptions
// and run-time type information.
#define Status int
#include <session_replay.hpp>
#include <session_replay.hpp>
#undef Status

#include "../c/check.h"
#include "recording.hpp"

using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<sr::SessionReplay> && !std::is_copy_assignable_v<sr::SessionReplay>);
static_assert(std::is_nothrow_move_constructible_v<sr::SessionReplay> &&
              std::is_nothrow_move_assignable_v<sr::SessionReplay>);
static_assert(!std::is_default_constructible_v<sr::SessionReplay>);
static_assert(std::is_trivially_copyable_v<sr::StatusCode> && sizeof(sr::StatusCode) == sizeof(sr_status));
static_assert(sr::StatusCode(sr::StatusCode::not_stored) && !sr::StatusCode(SR_ERROR_TIMEOUT));
static_assert(sr::StatusCode(SR_NEEDS_FULL_SNAPSHOT) == sr::StatusCode::needs_full_snapshot);

namespace {

void a_status_tells_its_name() {
    for (std::int32_t code = -9; code <= 3; code++) {
        const std::string name = sr::StatusCode(static_cast<sr_status>(code)).name();
        CHECK(name.rfind(code < 0 ? "SR_ERROR_" : "SR_", 0) == 0 && name != "SR_?");
    }
    CHECK(sr::StatusCode(static_cast<sr_status>(77)).name() == std::string("SR_?"));
}

void every_call_works(sr::SessionReplay &replay) {
    CHECK(replay.session_id() == 1732300000000);
    CHECK(replay.replay_id() == "device-1/1732300000000");
    CHECK(replay.properties()->find("[Amplitude] Session Replay ID") != std::string::npos);
    CHECK(replay.privacy_config()->find("\"defaultMaskLevel\":\"medium\"") != std::string::npos);
    CHECK(replay.record(EVENT) == sr::StatusCode::needs_full_snapshot);
    const sr::Lines lines = replay.record_lines(EVENT "\n" EVENT "\nnonsense");
    CHECK(lines.status == sr::StatusCode::invalid_json && lines.accepted == 2);
    const auto tracked = replay.segment_process(R"({"type":"track","event":"e"})");
    CHECK(tracked->find("device-1/1732300000000") != std::string::npos);
    CHECK(!replay.segment_process("[]") && !sr::last_error().empty());
    CHECK(replay.set_session_id(std::int64_t{1732300000001}) == sr::StatusCode::needs_full_snapshot);
    CHECK(replay.set_session_id("a-text") == sr::StatusCode::needs_full_snapshot);
    CHECK(!replay.session_id());
    CHECK(replay.set_device_id("device-2") == sr::StatusCode::needs_full_snapshot);
    CHECK(replay.set_opt_out(true) == sr::StatusCode::not_captured);
    CHECK(replay.set_opt_out(false) == sr::StatusCode::needs_full_snapshot);
    CHECK(replay.flush(0ms) == sr::StatusCode::ok);
    CHECK(replay.flush(20s) == sr::StatusCode::ok);
    CHECK(replay.stats()->find("\"delivered\":3") != std::string::npos);
}

void texts_that_c_can_not_hold_are_refused(const sr::SessionReplay &replay) {
    using namespace std::string_view_literals;
    CHECK(replay.set_device_id("a\0b"sv) == sr::StatusCode::invalid_argument);
    CHECK(sr::last_error().find("device id") != std::string::npos);
    CHECK(replay.set_session_id("a\0b"sv) == sr::StatusCode::invalid_argument);
    CHECK(replay.set_device_id({}) == sr::StatusCode::invalid_argument);
    CHECK(replay.record({}) == sr::StatusCode::invalid_json);
    CHECK(replay.record(std::string_view(EVENT).substr(0, 5)) == sr::StatusCode::invalid_json);
    CHECK(replay.record_lines({}).status == sr::StatusCode::ok);
    CHECK(replay.flush(-5ms) == sr::StatusCode::ok);
}

void nothing_is_recorded_any_more(const sr::SessionReplay &replay) {
    CHECK(replay.record(EVENT) == sr::StatusCode::not_initialized);
    CHECK(!replay.session_id() && !replay.replay_id() && !replay.properties());
    CHECK(!replay.privacy_config() && !replay.stats());
    CHECK(replay.flush(1s) == sr::StatusCode::not_initialized);
}

} // namespace

int main(int count, char **arguments) {
    CHECK(count == 2);
    a_status_tells_its_name();
    (void)sr::take_log();
    auto replay = sr::SessionReplay::start("key", recording_to(arguments[1]));
    CHECK(replay.has_value());
    every_call_works(*replay);
    texts_that_c_can_not_hold_are_refused(*replay);
    CHECK(replay->record("{\"type\": }") == sr::StatusCode::ok || sr::last_error().empty());
    CHECK(replay->shutdown(20s) == sr::StatusCode::ok);
    CHECK(sr::take_log()->find("dropped an invalid event") != std::string::npos);
    CHECK(!sr::take_log());
    CHECK(replay->shutdown(20s) == sr::StatusCode::not_initialized);
    nothing_is_recorded_any_more(*replay);
    std::puts(sr::version());
}
