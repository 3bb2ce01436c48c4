// Options as JSON: prints what each set gives, one a line, for the test to read with another parser; and has the
// library refuse what is not UTF-8, no number, or no option.
#include <session_replay.hpp>

#include "../c/check.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <locale>

using namespace std::chrono_literals;

namespace {

void print(const sr::Options &options) { std::printf("%s\n", options.to_json().c_str()); }

/// Each option once, with the values that the test expects.
sr::Options every_option() {
    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1732300000000;
    options.sample_rate = 0.125;
    options.opt_out = true;
    options.server_zone = sr::ServerZone::eu;
    options.track_server_url = "http://127.0.0.1:1/track";
    options.config_server_url = "http://127.0.0.1:1/config";
    options.flush_max_retries = 7;
    options.min_interval = 20ms;
    options.max_interval = 30s;
    options.max_persisted_events_size_bytes = 5000;
    options.max_single_event_size_bytes = 4000;
    options.enable_transport_compression = false;
    options.send_timeout = 250ms;
    options.enable_remote_config = false;
    options.storage_limit_bytes = 5'000'000;
    options.session_timeout = 2s;
    options.remember_opt_out = true;
    options.idle_timeout = 4s;
    options.min_session_duration = 3s;
    options.privacy_config.default_mask_level = sr::MaskLevel::conservative;
    options.privacy_config.block_selector = {".secret", "[data-\"x\"]"};
    options.privacy_config.mask_selector = {"p"};
    options.privacy_config.unmask_selector = {"b"};
    options.privacy_config.mask_attributes = {"title"};
    options.privacy_config.url_mask_levels = {{"https://*.example.com/*", sr::MaskLevel::light},
                                              {"*", sr::MaskLevel::medium}};
    options.validate_on_record = true;
    options.log_level = sr::LogLevel::debug;
    options.debug_mode = true;
    options.segment_mode = sr::SegmentMode::classic_device;
    options.library_type = "plugin";
    options.library_version = "2.0.0-beta";
    options.client_url = "app://x";
    options.frame_interval = 250ms;
    options.frame_bytes_per_second = 40000;
    options.frame_max_pixels = 500000;
    options.proxy = "http://user:pass@corp:8080";
    options.logging_config = sr::Json("{\"errors\":{\"enabled\":true}}");
    options.interaction_config = sr::Json("{\"enabled\":true}");
    options.host_requests = sr::HostRequestKind::events;
    options.user_properties = sr::Json("{\"plan\":\"paid\"}");
    options.on_error_sample_rate = 0.5;
    options.on_error_window = 30s;
    options.capture_on_unhandled_error = false;
    options.replay_url_template = "https://h/{replayId}";
    return options;
}

/// Every byte that UTF-8 text may hold below 128, and some of the rest.
std::string awkward_text() {
    std::string text = "\"\\/ é 日本 \U0001F600 \u2028";
    for (char c = 0; c < 127; c++) {
        text += c;
    }
    return text += '\x7f';
}

void refused(const sr::Options &options, const char *named) {
    const auto replay = sr::SessionReplay::start("key", options);
    CHECK(!replay);
    CHECK(replay.error().status == sr::StatusCode::invalid_argument);
    if (replay.error().message.find(named) == std::string::npos) {
        std::fprintf(stderr, "\"%s\" does not name %s\n", replay.error().message.c_str(), named);
        std::exit(1);
    }
}

template <class Set>
void refused_with(Set set, const char *named) {
    sr::Options options;
    set(options);
    refused(options, named);
}

/// A host may have a locale whose decimal point is a comma, and groups of digits.
struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

} // namespace

int main() {
    std::locale::global(std::locale(std::locale::classic(), new Comma));
    print({});
    sr::Options stored = every_option();
    stored.storage_dir = "/var/tmp/replays";
    print(stored);
    // A path in each form that a host may have it in, on Windows and elsewhere; what is wide becomes UTF-8.
    using namespace std::literals;
    const std::filesystem::path folder = std::filesystem::u8path(u8"/var/tmp/Ünïcødé 日本 🎬");
    for (const sr::Path &path : {sr::Path(folder), sr::Path(L"/var/tmp/Ünïcødé 日本 🎬"),
                                 sr::Path("/var/tmp/Ünïcødé 日本 🎬"s), sr::Path("/var/tmp/Ünïcødé 日本 🎬"sv)}) {
        sr::Options options;
        options.storage_dir = path;
        print(options);
    }
    CHECK(sr::utf8(L"\x7f\x80\x7ff\x800\xd7ff\xe000\xffff") == "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf");
    const wchar_t halves[] = {0xd83c, 0xdfac, 0xd83c, L'a', 0xdfac, 0xd83c, 0};
    CHECK(sr::utf8(halves) == "\xf0\x9f\x8e\xac\xef\xbf\xbd" "a\xef\xbf\xbd\xef\xbf\xbd");
    sr::Options awkward;
    awkward.client_url = awkward_text();
    awkward.session_id = awkward_text();
    print(awkward);
    for (const double rate : {0.0, 1.0, 0.1, 1e-7, std::numeric_limits<double>::denorm_min()}) {
        sr::Options options;
        options.sample_rate = rate;
        print(options);
    }

    refused_with([](auto &o) { o.device_id = "d\xff"; }, "UTF-8");
    refused_with([](auto &o) { o.client_url = "\xed\xa0\x80"; }, "UTF-8");     // half of a surrogate pair
    refused_with([](auto &o) { o.client_url = "\xc0\x80"; }, "UTF-8");         // NUL, too long
    refused_with([](auto &o) { o.device_id = "\"}, {\""; }, "deviceId");       // no way out of the text
    refused_with([](auto &o) { o.device_id = std::string("a\0b", 3); }, "deviceId");
    refused_with([](auto &o) { o.client_url = std::string("a\0b", 3); }, "clientUrl");
    refused_with([](auto &o) { o.storage_dir = ""; }, "storageDir");
    refused_with([](auto &o) { o.sample_rate = std::nan(""); }, "sampleRate");
    refused_with([](auto &o) { o.sample_rate = std::numeric_limits<double>::infinity(); }, "sampleRate");
    refused_with([](auto &o) { o.sample_rate = -1.0; }, "sampleRate");
    refused_with([](auto &o) { o.session_id = -1; }, "sessionId");
    refused_with([](auto &o) { o.session_id = "a b"; }, "sessionId");
    refused_with([](auto &o) { o.send_timeout = -1ms; }, "sendTimeoutMs");
    refused_with([](auto &o) { o.flush_max_retries = UINT64_MAX; }, "flushMaxRetries");
    refused_with([](auto &o) { o.min_interval = 1ms; }, "minIntervalMs");
    refused_with([](auto &o) { o.library_type = "x"; }, "library.type");
    refused_with([](auto &o) { o.privacy_config.default_mask_level = sr::MaskLevel(9); }, "defaultMaskLevel");
    refused_with([](auto &o) { o.privacy_config.mask_selector = {""}; }, "maskSelector");
    refused_with([](auto &o) { o.segment_mode = sr::SegmentMode(9); }, "segment.mode");
    refused_with([](auto &o) { o.log_level = static_cast<sr::LogLevel>(99); }, "logLevel");

    using namespace std::string_view_literals;
    CHECK(!sr::SessionReplay::start("k\0ey"sv));
    CHECK(!sr::SessionReplay::start({}));
    CHECK(!sr::SessionReplay::start("k\xff"sv));

    // What was refused left nothing behind; what was printed is taken.
    sr::Options all = every_option();
    auto replay = sr::SessionReplay::start("key", all);
    CHECK(replay.has_value());
    CHECK(replay->shutdown(0ms) == sr::StatusCode::ok);
    try {
        all.sample_rate = 2.0;
        sr::value_or_throw(sr::SessionReplay::start("key", all));
        CHECK(false);
    } catch (const sr::Exception &exception) {
        CHECK(exception.status() == sr::StatusCode::invalid_argument);
        CHECK(std::strstr(exception.what(), "sampleRate") != nullptr);
    }
}
