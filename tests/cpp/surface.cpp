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
    CHECK(!replay.replay_url() && sr::last_error().find("replayUrlTemplate") != std::string::npos);
    CHECK(replay.wants_full_snapshot() && !replay.wants_full_snapshot(1));
    CHECK(replay.privacy_config()->find("\"defaultMaskLevel\":\"medium\"") != std::string::npos);
    CHECK(replay.page_config() == "{\"privacyConfig\":" + *replay.privacy_config() + "}");
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
    CHECK(replay.capture_now("the user opted out") == sr::StatusCode::not_captured);
    CHECK(replay.set_opt_out(false) == sr::StatusCode::needs_full_snapshot);
    CHECK(sr::evaluate_targeting() == sr::StatusCode::needs_full_snapshot);
    CHECK(sr::evaluate_targeting(R"({"userProperties": {"plan": "paid"}})") == sr::StatusCode::needs_full_snapshot);
    CHECK(sr::evaluate_targeting("{") == sr::StatusCode::invalid_json);
    CHECK(replay.pause() == sr::StatusCode::not_captured && replay.pause() == sr::StatusCode::ok);
    CHECK(replay.resume() == sr::StatusCode::needs_full_snapshot && replay.resume() == sr::StatusCode::ok);
    CHECK(replay.flush(0ms) == sr::StatusCode::ok);
    CHECK(replay.flush(20s) == sr::StatusCode::ok);
    CHECK(replay.stats()->find("\"delivered\":3") != std::string::npos);
    CHECK(replay.delete_stored() == sr::StatusCode::needs_full_snapshot);
}

// In a session of its own.
void views_are_shown(const sr::SessionReplay &replay) {
    static_assert(!std::is_copy_constructible_v<sr::View> && std::is_nothrow_move_assignable_v<sr::View>);
    CHECK(replay.set_session_id("views") == sr::StatusCode::needs_full_snapshot);
    CHECK(sr::is_capturing());
    CHECK(sr::mask_level() == SR_MASK_LEVEL_MEDIUM);
    CHECK(sr::record_custom("screen", R"({"name": "start"})") == sr::StatusCode::needs_full_snapshot);
    CHECK(replay.record_interaction("nonsense") == sr::StatusCode::invalid_json);
    sr::View window(7);
    sr::ViewPlace place;
    place.width = 300;
    place.height = 200;
    CHECK(window.place(place) == sr::StatusCode::ok);
    place.title = "A window";
    CHECK(window.place(place) == sr::StatusCode::ok);
    std::vector<sr::Node> nodes(2);
    nodes[0].kind = sr::NodeKind::text;
    nodes[0].text = "a label";
    nodes[1].kind = sr::NodeKind::password;
    nodes[1].text = "secret";
    CHECK(window.show(nodes) == sr::StatusCode::ok);
    nodes[1].clip = 2;
    CHECK(window.show(nodes) == sr::StatusCode::invalid_argument);
    CHECK(sr::last_error().find("nodes[1].clip") != std::string::npos);
    CHECK(window.pointer(sr::Pointer::click, 1, 2) == sr::StatusCode::ok);
    CHECK(window.key("Enter") == sr::StatusCode::ok);
    CHECK(window.key("s") == sr::StatusCode::invalid_argument);
    CHECK(sr::record_custom("screen") == sr::StatusCode::ok);
    CHECK(sr::record_log(sr::LogLevel::debug, "a line") == sr::StatusCode::ok);
    CHECK(sr::record_log(sr::LogLevel::none, "a line") == sr::StatusCode::invalid_argument);
    sr::RequestInfo request;
    CHECK(sr::record_request(request) == sr::StatusCode::invalid_argument);
    request.url = "https://example.com/";
    request.request_body = "";
    CHECK(sr::record_request(request) == sr::StatusCode::ok);
    const std::vector<std::uint32_t> pixels(64 * 32, 0xff102030);
    const sr::View picture(9);
    CHECK(picture.next_frame_ms() == 0);
    sr::Frame frame;
    frame.pixels = pixels.data();
    frame.length = pixels.size() * sizeof pixels[0];
    frame.width = 64;
    frame.height = 33;
    CHECK(picture.frame(frame) == sr::StatusCode::invalid_argument && sr::last_error().find("8448") != std::string::npos);
    frame.height = 32;
    frame.format = sr::PixelFormat::bgra;
    frame.damage = {sr::Rect{0, 0, 64, 32}};
    frame.masks = {sr::Mask{{8, 8, 16, 16}, false}, sr::Mask{{10, 10, 4, 4}, true}};
    CHECK(picture.frame(frame) == sr::StatusCode::ok && picture.next_frame_ms() > 0);
    frame.format = sr::PixelFormat::encoded;
    frame.mime = "image/gif";
    CHECK(picture.frame(frame) == sr::StatusCode::invalid_argument && sr::last_error().find("image/gif") != std::string::npos);
    sr::View page(8);
    CHECK(page.record(EVENT) == sr::StatusCode::invalid_argument);
    CHECK(page.place(place) == sr::StatusCode::ok);
    std::size_t accepted = 0;
    CHECK(page.record(EVENT, &accepted) == sr::StatusCode::needs_full_snapshot && accepted == 1);
    const sr::View moved(std::move(page));
    CHECK(page.id() == 0 && moved.id() == 8 && page.place(place) == sr::StatusCode::invalid_argument);
    CHECK(sr::last_error().find("view 0") != std::string::npos);
    CHECK(window.close() == sr::StatusCode::ok && sr::last_error().empty());
    CHECK(window.close() == sr::StatusCode::invalid_argument && sr::last_error().find("view 0") != std::string::npos);
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
    CHECK(!sr::is_capturing() && sr::mask_level() == SR_MASK_LEVEL_CONSERVATIVE);
    CHECK(sr::View(1).place({}) == sr::StatusCode::not_initialized);
    CHECK(sr::View(1).show(std::vector<sr::Node>()) == sr::StatusCode::not_initialized);
    CHECK(sr::View(1).frame({}) == sr::StatusCode::not_initialized && sr::View(1).next_frame_ms() == 1000);
    CHECK(replay.record(EVENT) == sr::StatusCode::not_initialized);
    CHECK(!replay.session_id() && !replay.replay_id() && !replay.properties());
    CHECK(!replay.privacy_config() && !replay.page_config() && !replay.stats());
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
    views_are_shown(*replay);
    texts_that_c_can_not_hold_are_refused(*replay);
    CHECK(replay->record("{\"type\": }") == sr::StatusCode::ok || sr::last_error().empty());
    CHECK(replay->shutdown(20s) == sr::StatusCode::ok);
    CHECK(sr::take_log()->find("dropped an invalid event") != std::string::npos);
    CHECK(!sr::take_log());
    CHECK(replay->shutdown(20s) == sr::StatusCode::not_initialized);
    nothing_is_recorded_any_more(*replay);
    std::puts(sr::version());
}
