// What a host may ask for, typed. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_OPTIONS_HPP
#define SESSION_REPLAY_OPTIONS_HPP

#include "text.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sr {

/// How much a line of the log matters, and how much of the log is heard.
enum class LogLevel : std::int32_t {
    none = 0,              ///< Hear nothing.
    error = SR_LOG_ERROR,  ///< Needs somebody's hand.
    warn = SR_LOG_WARN,    ///< Something was refused or dropped.
    info = SR_LOG_INFO,    ///< Sessions, batches.
    debug = SR_LOG_DEBUG,  ///< Everything.
};

/// Amplitude's data centre.
enum class ServerZone { us, eu };

/// An analytics session: milliseconds since 1970, or a text of your own (a-z A-Z 0-9 _ - . | @ : =).
class SessionId {
public:
    /// Milliseconds since 1970, greater than 0.
    template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>>>
    SessionId(Integer milliseconds) : json_(std::to_string(milliseconds)) {}
    /// A text of up to 512 bytes.
    SessionId(std::string_view text) : json_(detail::quoted(text)) {}
    /// A text of up to 512 bytes.
    SessionId(const std::string &text) : SessionId(std::string_view(text)) {}
    /// A text of up to 512 bytes, ends in NUL.
    SessionId(const char *text) : SessionId(std::string_view(text)) {}

    /// As JSON writes it.
    const std::string &json() const noexcept { return json_; }

private:
    std::string json_;
};

/// JSON as it is to be passed on: an object of the options that have a shape of their own.
struct Json {
    /// An object, in UTF-8.
    explicit Json(std::string json) : text(std::move(json)) {}

    std::string text;  ///< As it was given.
};

/// A path: a std::filesystem::path, a wide text, or a text in UTF-8. (A std::filesystem::path's string() is none on Windows: it is in
/// the code page of the system.)
class Path {
public:
    /// A text in UTF-8.
    Path(std::string_view text) : utf8_(text) {}
    /// A text in UTF-8.
    Path(std::string text) : utf8_(std::move(text)) {}
    /// A text in UTF-8, ends in NUL.
    Path(const char *text) : utf8_(text) {}
    /// A wide text, as Windows has it.
    Path(std::wstring_view text) : utf8_(sr::utf8(text)) {}
    /// A wide text, as Windows has it.
    Path(const std::wstring &text) : Path(std::wstring_view(text)) {}
    /// A wide text, as Windows has it, ends in NUL.
    Path(const wchar_t *text) : Path(std::wstring_view(text)) {}
    /// A std::filesystem::path.
    template <class FilesystemPath, class = decltype(std::declval<const FilesystemPath &>().lexically_normal())>
    Path(const FilesystemPath &path) : Path(path.native()) {}

    /// As the library takes it.
    const std::string &utf8() const noexcept { return utf8_; }

private:
    std::string utf8_;
};

/// Which of Segment's integrations with Amplitude is used: who owns the session id.
enum class SegmentMode { actions, classic_device, classic_cloud };

/// Which requests wait for sr_take_request, for programs that can't be called back; for all others there is
/// Callbacks::transport.
enum class HostRequestKind { none, events, config, all };

/// How much of a page is masked: the least to the most.
enum class MaskLevel {
    light,        ///< Inputs of sensitive types.
    medium,       ///< All inputs.
    conservative, ///< All inputs and all text.
};

/// A level for the addresses that match a glob.
struct UrlMaskLevel {
    std::string match{}; ///< The glob.
    MaskLevel mask_level{}; ///< The level.
};

/// What the recorder in a page is to mask and block: privacyConfig. SessionReplay::privacy_config hands it on.
struct PrivacyConfig {
    // generated from src: members of PrivacyConfig (`SR_GENERATED=write cargo test --lib generated`)
    /// privacyConfig.defaultMaskLevel: How much is masked where no selector says otherwise. Default "medium".
    std::optional<MaskLevel> default_mask_level{};
    /// privacyConfig.blockSelector: What is left out altogether. Default: none.
    std::vector<std::string> block_selector{};
    /// privacyConfig.maskSelector: What is masked at every level. Default: none.
    std::vector<std::string> mask_selector{};
    /// privacyConfig.unmaskSelector: What is not masked. Default: none.
    std::vector<std::string> unmask_selector{};
    /// privacyConfig.maskAttributes: Attributes that are masked where their element's text would be. Default: none.
    std::vector<std::string> mask_attributes{};
    /// privacyConfig.urlMaskLevels: Levels for some addresses; the first that matches counts. Default: none.
    std::vector<UrlMaskLevel> url_mask_levels{};
    // end of what is generated
};

/// What to record and where to send it. docs/guide/options.md explains each and gives bounds and defaults; what is not set
/// keeps its default. The library checks them, and names the one that it refuses.
struct Options {
    // generated from src: members of Options (`SR_GENERATED=write cargo test --lib generated`)
    /// deviceId: The device id that the analytics events carry. Default: the one kept in `storageDir`, else none.
    std::optional<std::string> device_id{};
    /// sessionId: The current analytics session. Default: the one kept in `storageDir`, else none.
    std::optional<SessionId> session_id{};
    /// sampleRate: The share of sessions to capture. 0 to 1; default 0.
    std::optional<double> sample_rate{};
    /// optOut: The user does not want to be recorded. Default false.
    std::optional<bool> opt_out{};
    /// serverZone: Amplitude's data centre. Default "US".
    std::optional<ServerZone> server_zone{};
    /// trackServerUrl: Where batches go. Default: the zone's.
    std::optional<std::string> track_server_url{};
    /// configServerUrl: Where the remote configuration is asked for. Default: the zone's.
    std::optional<std::string> config_server_url{};
    /// flushMaxRetries: Attempts to send a batch before it is set aside for a while. 1 to 100; default 2.
    std::optional<std::uint64_t> flush_max_retries{};
    /// flushIntervalConfig.minIntervalMs: The interval at first, and by how much it grows. 10 to 600,000; default
    /// 1,000.
    std::optional<std::chrono::milliseconds> min_interval{};
    /// flushIntervalConfig.maxIntervalMs: The longest interval. 10 to 600,000; default 10,000.
    std::optional<std::chrono::milliseconds> max_interval{};
    /// maxPersistedEventsSizeBytes: Bytes of events in one batch. 1,000 to 9,000,000; default 6,000,000.
    std::optional<std::uint64_t> max_persisted_events_size_bytes{};
    /// maxSingleEventSizeBytes: Bytes of one event. 1,000 to 9,000,000; default 9,000,000.
    std::optional<std::uint64_t> max_single_event_size_bytes{};
    /// enableTransportCompression: Gzip request bodies. Default true.
    std::optional<bool> enable_transport_compression{};
    /// sendTimeoutMs: Time for one request. 100 to 120,000; default 10,000.
    std::optional<std::chrono::milliseconds> send_timeout{};
    /// enableRemoteConfig: Ask the server whether and at which rate to capture. Default true.
    std::optional<bool> enable_remote_config{};
    /// storageDir: Directory for what is not delivered yet, made when missing. Only this user may read what is in it.
    /// 1 to 4,096 bytes; default: none.
    std::optional<Path> storage_dir{};
    /// storageLimitBytes: Room for what waits, on disk or in memory. 4,000,000 to 10,000,000,000; default 64,000,000.
    std::optional<std::uint64_t> storage_limit_bytes{};
    /// privacyConfig: What the recorder in a page is to mask and block.
    PrivacyConfig privacy_config{};
    /// sessionTimeoutMs: For hosts without analytics of their own: a new session begins with the first event after so
    /// long a silence. 0, or 1,000 to 86,400,000; default 0.
    std::optional<std::chrono::milliseconds> session_timeout{};
    /// minSessionDurationMs: A session that lasted less is not sent. 0 to 60,000; default 0.
    std::optional<std::chrono::milliseconds> min_session_duration{};
    /// validateOnRecord: Check each event whole when it is recorded. Default false.
    std::optional<bool> validate_on_record{};
    /// logLevel: How much the log tells. Default "warn".
    std::optional<LogLevel> log_level{};
    /// debugMode: Add `[Amplitude] Session Replay Debug` to the session replay properties. Default false.
    std::optional<bool> debug_mode{};
    /// segment.mode: Which of Segment's integrations with Amplitude is used: who owns the session id. Default
    /// "actions".
    std::optional<SegmentMode> segment_mode{};
    /// library.type: How the SDK was brought in. Default "standalone".
    std::optional<std::string> library_type{};
    /// library.version: The version of what brought it in. 1 to 64 characters of printable ASCII, no spaces; default:
    /// this library's version.
    std::optional<std::string> library_version{};
    /// clientUrl: The page's URL or the app's identifier. Up to 65,536 bytes; default: `app://` and the name of the
    /// executable.
    std::optional<std::string> client_url{};
    /// frameIntervalMs: The usual time between two frames of a view with pixels. 50 to 60,000; default 500.
    std::optional<std::chrono::milliseconds> frame_interval{};
    /// frameBytesPerSecond: Bytes of events that the pixels of all views may cost in the long run. 1,000 to
    /// 10,000,000; default 30,000.
    std::optional<std::uint64_t> frame_bytes_per_second{};
    /// frameMaxPixels: Pixels of a view's image: a larger frame is made smaller. 10,000 to 4,000,000; default
    /// 1,048,576.
    std::optional<std::uint64_t> frame_max_pixels{};
    /// proxy: The proxy that requests go through: "system", "none" or a URL. Default "system".
    std::optional<std::string> proxy{};
    /// loggingConfig: What is recorded of the console, of requests and of errors. Default: nothing of pages; what the
    /// program itself tells.
    std::optional<Json> logging_config{};
    /// interactionConfig: Whether clicks and scroll depth are recorded for heatmaps, and how addresses are told.
    /// Default: off.
    std::optional<Json> interaction_config{};
    /// hostRequests: Which requests wait for sr_take_request. Default "none".
    std::optional<HostRequestKind> host_requests{};
    /// userProperties: Properties of the user, for rules of the remote configuration that choose sessions. Default:
    /// none.
    std::optional<Json> user_properties{};
    /// rememberOptOut: sr_set_opt_out holds for later starts, too. Default false.
    std::optional<bool> remember_opt_out{};
    /// idleTimeoutMs: Recording ends after so long without an action of the user. 0, or 1,000 to 86,400,000; default
    /// 0.
    std::optional<std::chrono::milliseconds> idle_timeout{};
    /// onErrorSampleRate: The share of sessions of which the newest minute is kept, and sent only once something goes
    /// wrong. 0 to 1; default 0.
    std::optional<double> on_error_sample_rate{};
    /// onErrorWindowMs: How much of a held session is kept at least. 10,000 to 300,000; default 60,000.
    std::optional<std::chrono::milliseconds> on_error_window{};
    /// captureOnUnhandledError: An unhandled error in a page, or in a process of Node.js, makes a held session a
    /// captured one. Default true.
    std::optional<bool> capture_on_unhandled_error{};
    /// replayUrlTemplate: What sr_get_session_replay_url makes the address of a moment of. Default: none: there is no
    /// address.
    std::optional<std::string> replay_url_template{};
    // end of what is generated

    /// How long the end of the SessionReplay waits for what is left to be sent. Not an option of the library.
    std::chrono::milliseconds shutdown_timeout{2'000};

    /// The JSON object that sr_init takes.
    std::string to_json() const;
};

namespace detail {

/// Gathers the members of a JSON object. A member that is not set is left out.
class JsonObject {
public:
    void add(const char *key, const std::optional<std::string> &text) {
        text ? member(key, detail::quoted(*text)) : void();
    }
    void add(const char *key, const std::optional<SessionId> &id) { id ? member(key, id->json()) : void(); }
    void add(const char *key, const std::optional<Path> &path) {
        path ? member(key, detail::quoted(path->utf8())) : void();
    }
    void add(const char *key, const std::optional<Json> &json) { json ? member(key, json->text) : void(); }
    void add(const char *key, std::optional<bool> flag) { flag ? member(key, *flag ? "true" : "false") : void(); }
    void add(const char *key, std::optional<std::uint64_t> number) {
        number ? member(key, std::to_string(*number)) : void();
    }
    void add(const char *key, std::optional<std::chrono::milliseconds> time) {
        time ? member(key, std::to_string(time->count())) : void();
    }
    void add(const char *key, std::optional<double> number) { number ? member(key, decimal(*number)) : void(); }
    // generated from src: words (`SR_GENERATED=write cargo test --lib generated`)
    void add(const char *key, std::optional<ServerZone> value) {
        named(key, value, {"US", "EU"});
    }
    void add(const char *key, std::optional<MaskLevel> value) {
        named(key, value, {"light", "medium", "conservative"});
    }
    void add(const char *key, std::optional<LogLevel> value) {
        named(key, value, {"none", "error", "warn", "info", "debug"});
    }
    void add(const char *key, std::optional<SegmentMode> value) {
        named(key, value, {"actions", "classic-device", "classic-cloud"});
    }
    void add(const char *key, std::optional<HostRequestKind> value) {
        named(key, value, {"none", "events", "config", "all"});
    }
    // end of what is generated
    void add(const char *key, const std::vector<std::string> &texts) {
        list(key, texts, [](const std::string &text) { return detail::quoted(text); });
    }
    void add(const char *key, const std::vector<UrlMaskLevel> &levels) {
        list(key, levels, [](const UrlMaskLevel &level) {
            JsonObject json;
            json.member("match", detail::quoted(level.match));
            json.add("maskLevel", level.mask_level);
            return json.text();
        });
    }
    void add(const char *key, const JsonObject &object) {
        object.members_.empty() ? void() : member(key, object.text());
    }

    std::string text() const { return "{" + members_ + "}"; }

private:
    /// The name of a value of an enum; of one that has none, a text that the library refuses.
    template <class Enum>
    void named(const char *key, std::optional<Enum> value, std::initializer_list<const char *> names) {
        const auto index = static_cast<std::size_t>(value.value_or(Enum{}));
        value ? member(key, detail::quoted(index < names.size() ? names.begin()[index] : "?")) : void();
    }

    template <class Item, class ToJson>
    void list(const char *key, const std::vector<Item> &items, ToJson to_json) {
        std::string json;
        for (const Item &item : items) {
            json += (json.empty() ? "" : ",") + to_json(item);
        }
        items.empty() ? void() : member(key, "[" + json + "]");
    }

    void member(const char *key, const std::string &json) {
        members_ += members_.empty() ? "" : ",";
        members_ += detail::quoted(key) + ":" + json;
    }

    /// In every locale with a point. JSON has no infinity: as a text it is refused with its key.
    static std::string decimal(double number) {
        if (!std::isfinite(number)) {
            return detail::quoted(std::isnan(number) ? "NaN" : "Infinity");
        }
        std::ostringstream out;
        out.imbue(std::locale::classic());
        out.precision(17);
        out << number;
        return out.str();
    }

    std::string members_{};
};

} // namespace detail

inline std::string Options::to_json() const {
    // generated from src: Options to JSON (`SR_GENERATED=write cargo test --lib generated`)
    detail::JsonObject json;
    json.add("deviceId", device_id);
    json.add("sessionId", session_id);
    json.add("sampleRate", sample_rate);
    json.add("optOut", opt_out);
    json.add("serverZone", server_zone);
    json.add("trackServerUrl", track_server_url);
    json.add("configServerUrl", config_server_url);
    json.add("flushMaxRetries", flush_max_retries);
    detail::JsonObject flush_interval_config_json;
    flush_interval_config_json.add("minIntervalMs", min_interval);
    flush_interval_config_json.add("maxIntervalMs", max_interval);
    json.add("flushIntervalConfig", flush_interval_config_json);
    json.add("maxPersistedEventsSizeBytes", max_persisted_events_size_bytes);
    json.add("maxSingleEventSizeBytes", max_single_event_size_bytes);
    json.add("enableTransportCompression", enable_transport_compression);
    json.add("sendTimeoutMs", send_timeout);
    json.add("enableRemoteConfig", enable_remote_config);
    json.add("storageDir", storage_dir);
    json.add("storageLimitBytes", storage_limit_bytes);
    detail::JsonObject privacy_config_json;
    privacy_config_json.add("defaultMaskLevel", privacy_config.default_mask_level);
    privacy_config_json.add("blockSelector", privacy_config.block_selector);
    privacy_config_json.add("maskSelector", privacy_config.mask_selector);
    privacy_config_json.add("unmaskSelector", privacy_config.unmask_selector);
    privacy_config_json.add("maskAttributes", privacy_config.mask_attributes);
    privacy_config_json.add("urlMaskLevels", privacy_config.url_mask_levels);
    json.add("privacyConfig", privacy_config_json);
    json.add("sessionTimeoutMs", session_timeout);
    json.add("minSessionDurationMs", min_session_duration);
    json.add("validateOnRecord", validate_on_record);
    json.add("logLevel", log_level);
    json.add("debugMode", debug_mode);
    detail::JsonObject segment_json;
    segment_json.add("mode", segment_mode);
    json.add("segment", segment_json);
    detail::JsonObject library_json;
    library_json.add("type", library_type);
    library_json.add("version", library_version);
    json.add("library", library_json);
    json.add("clientUrl", client_url);
    json.add("frameIntervalMs", frame_interval);
    json.add("frameBytesPerSecond", frame_bytes_per_second);
    json.add("frameMaxPixels", frame_max_pixels);
    json.add("proxy", proxy);
    json.add("loggingConfig", logging_config);
    json.add("interactionConfig", interaction_config);
    json.add("hostRequests", host_requests);
    json.add("userProperties", user_properties);
    json.add("rememberOptOut", remember_opt_out);
    json.add("idleTimeoutMs", idle_timeout);
    json.add("onErrorSampleRate", on_error_sample_rate);
    json.add("onErrorWindowMs", on_error_window);
    json.add("captureOnUnhandledError", capture_on_unhandled_error);
    json.add("replayUrlTemplate", replay_url_template);
    return json.text();
    // end of what is generated
}

} // namespace sr

#endif
