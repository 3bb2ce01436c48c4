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

/// Which of Segment's integrations with Amplitude is used: who owns the session id.
enum class SegmentMode { actions, classic_device, classic_cloud };

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
    std::optional<MaskLevel> default_mask_level{}; ///< defaultMaskLevel
    std::vector<std::string> block_selector{};     ///< blockSelector: CSS selectors
    std::vector<std::string> mask_selector{};      ///< maskSelector
    std::vector<std::string> unmask_selector{};    ///< unmaskSelector
    std::vector<std::string> mask_attributes{};    ///< maskAttributes
    std::vector<UrlMaskLevel> url_mask_levels{};   ///< urlMaskLevels: the first that matches counts
};

/// What to record and where to send it. docs/guide/options.md explains each and gives bounds and defaults; what is not set
/// keeps its default. The library checks them, and names the one that it refuses.
struct Options {
    std::optional<std::string> device_id{};                         ///< deviceId
    std::optional<SessionId> session_id{};                          ///< sessionId
    std::optional<double> sample_rate{};                            ///< sampleRate: 0, the default, to 1
    std::optional<bool> opt_out{};                                  ///< optOut
    std::optional<ServerZone> server_zone{};                        ///< serverZone
    std::optional<std::string> track_server_url{};                  ///< trackServerUrl
    std::optional<std::string> config_server_url{};                 ///< configServerUrl
    std::optional<std::uint64_t> flush_max_retries{};               ///< flushMaxRetries
    std::optional<std::chrono::milliseconds> min_interval{};        ///< flushIntervalConfig.minIntervalMs
    std::optional<std::chrono::milliseconds> max_interval{};        ///< flushIntervalConfig.maxIntervalMs
    std::optional<std::uint64_t> max_persisted_events_size_bytes{}; ///< maxPersistedEventsSizeBytes
    std::optional<std::uint64_t> max_single_event_size_bytes{};     ///< maxSingleEventSizeBytes
    std::optional<bool> enable_transport_compression{};             ///< enableTransportCompression
    std::optional<std::chrono::milliseconds> send_timeout{};        ///< sendTimeoutMs
    std::optional<bool> enable_remote_config{};                     ///< enableRemoteConfig
    std::optional<std::string> storage_dir{};                       ///< storageDir
    std::optional<std::uint64_t> storage_limit_bytes{};             ///< storageLimitBytes
    PrivacyConfig privacy_config{};                                   ///< privacyConfig
    std::optional<std::chrono::milliseconds> session_timeout{};      ///< sessionTimeoutMs
    std::optional<std::chrono::milliseconds> min_session_duration{}; ///< minSessionDurationMs
    std::optional<bool> validate_on_record{};                        ///< validateOnRecord
    std::optional<LogLevel> log_level{};                             ///< logLevel
    std::optional<bool> debug_mode{};                                ///< debugMode
    std::optional<SegmentMode> segment_mode{};                       ///< segment.mode
    std::optional<std::string> library_type{};                       ///< library.type
    std::optional<std::string> library_version{};                    ///< library.version
    std::optional<std::string> client_url{};                         ///< clientUrl

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
    void add(const char *key, std::optional<bool> flag) { flag ? member(key, *flag ? "true" : "false") : void(); }
    void add(const char *key, std::optional<std::uint64_t> number) {
        number ? member(key, std::to_string(*number)) : void();
    }
    void add(const char *key, std::optional<std::chrono::milliseconds> time) {
        time ? member(key, std::to_string(time->count())) : void();
    }
    void add(const char *key, std::optional<double> number) { number ? member(key, decimal(*number)) : void(); }
    void add(const char *key, std::optional<LogLevel> level) {
        named(key, level, {"none", "error", "warn", "info", "debug"});
    }
    void add(const char *key, std::optional<ServerZone> zone) {
        named(key, zone, {"US", "EU"});
    }
    void add(const char *key, std::optional<MaskLevel> level) {
        named(key, level, {"light", "medium", "conservative"});
    }
    void add(const char *key, std::optional<SegmentMode> mode) {
        named(key, mode, {"actions", "classic-device", "classic-cloud"});
    }
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
    detail::JsonObject json, interval, library, privacy, segment;
    segment.add("mode", segment_mode);
    privacy.add("defaultMaskLevel", privacy_config.default_mask_level);
    privacy.add("blockSelector", privacy_config.block_selector);
    privacy.add("maskSelector", privacy_config.mask_selector);
    privacy.add("unmaskSelector", privacy_config.unmask_selector);
    privacy.add("maskAttributes", privacy_config.mask_attributes);
    privacy.add("urlMaskLevels", privacy_config.url_mask_levels);
    interval.add("minIntervalMs", min_interval);
    interval.add("maxIntervalMs", max_interval);
    library.add("type", library_type);
    library.add("version", library_version);
    json.add("deviceId", device_id);
    json.add("sessionId", session_id);
    json.add("sampleRate", sample_rate);
    json.add("optOut", opt_out);
    json.add("serverZone", server_zone);
    json.add("trackServerUrl", track_server_url);
    json.add("configServerUrl", config_server_url);
    json.add("flushMaxRetries", flush_max_retries);
    json.add("flushIntervalConfig", interval);
    json.add("maxPersistedEventsSizeBytes", max_persisted_events_size_bytes);
    json.add("maxSingleEventSizeBytes", max_single_event_size_bytes);
    json.add("enableTransportCompression", enable_transport_compression);
    json.add("sendTimeoutMs", send_timeout);
    json.add("enableRemoteConfig", enable_remote_config);
    json.add("storageDir", storage_dir);
    json.add("storageLimitBytes", storage_limit_bytes);
    json.add("privacyConfig", privacy);
    json.add("sessionTimeoutMs", session_timeout);
    json.add("minSessionDurationMs", min_session_duration);
    json.add("validateOnRecord", validate_on_record);
    json.add("logLevel", log_level);
    json.add("debugMode", debug_mode);
    json.add("segment", segment);
    json.add("library", library);
    json.add("clientUrl", client_url);
    return json.text();
}

} // namespace sr

#endif
