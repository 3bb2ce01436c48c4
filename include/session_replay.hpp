// session-replay for C++17: a header over the C ABI, whose own header, session_replay.h, says what each call does.
//
// - Every call returns an sr::StatusCode or an sr::Result; none throws, except std::bad_alloc where text is copied.
//   sr::value_or_throw is for those who prefer exceptions. Compiles with -fno-exceptions and -fno-rtti too.
// - All text is UTF-8. Arguments are copied; nothing passed in needs to outlive its call.
// - There is one recording per process; the one sr::SessionReplay owns it and its callbacks.
#ifndef SESSION_REPLAY_HPP
#define SESSION_REPLAY_HPP

#if !(__cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L))
#error "session_replay.hpp needs C++17; session_replay.h is for C, and for C++11 and later"
#endif

#include "session_replay.h"

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#include <stdexcept>
#define SESSION_REPLAY_EXCEPTIONS 1
#else
#define SESSION_REPLAY_EXCEPTIONS 0
#endif

// <X11/Xlib.h> has a macro of this name: a program that includes it writes sr::StatusCode.
#pragma push_macro("Status")
#undef Status

// A plugin with the static library in it must not share this header's own variables with another one (as inline variables
// are shared, with GNU's tools even where symbols are not), nor may a function that uses them be taken from there: its
// recorder is another. So these variables, and every function that touches them, stay inside each program and shared library.
#if defined(__GNUC__) && !defined(_WIN32)
#define SESSION_REPLAY_LOCAL __attribute__((visibility("hidden")))
#else
#define SESSION_REPLAY_LOCAL
#endif

// What clang's -Weverything says of these headers is no fault of theirs.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang diagnostic ignored "-Wweak-vtables"
#pragma clang diagnostic ignored "-Wunsafe-buffer-usage"
#endif

#include "session_replay/callbacks.hpp"
#include "session_replay/companions.hpp"
#include "session_replay/options.hpp"
#include "session_replay/result.hpp"
#include "session_replay/text.hpp"
#include "session_replay/views.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Everything of this header.
namespace sr {

/// The version of the library, like "1.2.3".
inline const char *version() noexcept { return sr_version(); }

/// The last error of this thread: what is wrong and what to do; empty after a call that succeeded.
inline std::string last_error() { return sr_last_error(); }

/// How far SessionReplay::record_lines came.
struct Lines {
    StatusCode status;        ///< Why it stopped, or the status of the events.
    std::size_t accepted; ///< How many events were recorded.
};

namespace detail {

/// Whether this thread is inside SessionReplay::start.
SESSION_REPLAY_LOCAL inline std::atomic<bool> starting{false};

/// Until this is gone.
struct Starting {
    Starting() = default;
    Starting(const Starting &) = delete;
    Starting &operator=(const Starting &) = delete;
    SESSION_REPLAY_LOCAL ~Starting() { starting = false; }
};

} // namespace detail

/// Recording, from start() to shutdown() or the end of this object. Moves, and is not copied. Its calls are safe from
/// any thread at any time; moving and destroying it are not.
class SessionReplay {
public:
    /// Starts recording: sr_init. StatusCode::not_stored is no error: "storage" in stats() tells about it.
    SESSION_REPLAY_LOCAL static Result<SessionReplay> start(std::string_view api_key, const Options &options = {},
                                                            Callbacks callbacks = {}) {
        // What it starts as another recording ends could not be ended there.
        if (detail::in_callback) {
            return Error{StatusCode::invalid_argument, "SessionReplay::start was called in a callback: start elsewhere"};
        }
        // In a child forked in the middle of a start, nobody is left to finish it.
        if (detail::starting.exchange(true) && sr_flush(0) != SR_ERROR_FORKED) {
            return Error{StatusCode::invalid_argument, "SessionReplay::start is running in another thread: call it once"};
        }
        const detail::Starting done;
        // A start that will be refused must not take away the callbacks of the recording there is.
        if (detail::take(sr_get_session_replay_properties())) {
            return Error{StatusCode::invalid_argument, "recording was started before: end that SessionReplay first"};
        }
        const std::string key = detail::c_text(api_key), json = options.to_json();
        auto owner = std::make_shared<detail::CallbackOwner>(std::move(callbacks));
        detail::Attached attached(*owner);
        const StatusCode status = sr_init(key.c_str(), json.c_str());
        if (status.failed()) {
            return Error{status, last_error()};
        }
        attached.keep();
        owner->attach_getter();
        return SessionReplay(sr_start_count(), std::move(owner), options.shutdown_timeout);
    }

    /// Takes ownership from the other one.
    SessionReplay(SessionReplay &&other) noexcept { take(other); }
    /// Ends its own recording as the destructor does, then takes ownership from the other one.
    SessionReplay &operator=(SessionReplay &&other) noexcept {
        if (this != &other) {
            end();
            take(other);
        }
        return *this;
    }
    SessionReplay(const SessionReplay &) = delete;
    SessionReplay &operator=(const SessionReplay &) = delete;
    /// As shutdown(), with Options::shutdown_timeout. Blocks as that does, and while a callback is running.
    ~SessionReplay() { end(); }

    /// Records one rrweb event, a JSON object: sr_record. Never blocks.
    StatusCode record(std::string_view event_json) const noexcept {
        return sr_record(event_json.empty() ? "" : event_json.data(), event_json.size());
    }
    /// Records a click or a scroll depth for heatmaps: sr_record_interaction.
    StatusCode record_interaction(std::string_view event_json) const {
        return sr_record_interaction(detail::c_text(event_json).c_str());
    }
    /// Records many, one per line: sr_record_lines.
    Lines record_lines(std::string_view json_lines) const noexcept {
        std::size_t accepted = 0;
        const char *lines = json_lines.empty() ? "" : json_lines.data();
        const StatusCode status = sr_record_lines(lines, json_lines.size(), &accepted);
        return {status, accepted};
    }

    /// Sets the analytics session, in milliseconds since 1970, whenever another begins: sr_set_session_id.
    StatusCode set_session_id(std::int64_t milliseconds) const noexcept { return sr_set_session_id(milliseconds); }
    /// The same with a text of your own: sr_set_session_id_string.
    StatusCode set_session_id(std::string_view text) const {
        return sr_set_session_id_string(detail::c_text(text).c_str());
    }
    /// Sets the device id of the analytics events: sr_set_device_id.
    StatusCode set_device_id(std::string_view device_id) const {
        return sr_set_device_id(detail::c_text(device_id).c_str());
    }
    /// Stops recording because the user opted out, or resumes it: sr_set_opt_out.
    StatusCode set_opt_out(bool opt_out) const noexcept { return sr_set_opt_out(opt_out); }
    /// Pauses recording, whatever the user's choice is: sr_pause. A second call changes nothing.
    StatusCode pause() const noexcept { return sr_pause(); }
    /// Ends a pause, and no opt-out: sr_resume.
    StatusCode resume() const noexcept { return sr_resume(); }
    /// Deletes what was recorded and is not delivered, of this run and of those that have ended: sr_delete_stored.
    StatusCode delete_stored() const noexcept { return sr_delete_stored(); }

    /// Makes the current session a captured one, if it is held: sr_capture_now.
    StatusCode capture_now(std::string_view reason) const {
        return sr_capture_now(detail::c_text(reason).c_str());
    }

    /// The session id; none when there is none or it is not a number: sr_get_session_id.
    [[nodiscard]] std::optional<std::int64_t> session_id() const noexcept {
        const std::int64_t id = sr_get_session_id();
        return id < 0 ? std::nullopt : std::optional(id);
    }
    /// "<device id>/<session id>", or none: sr_get_session_replay_id.
    [[nodiscard]] std::optional<std::string> replay_id() const { return detail::take(sr_get_session_replay_id()); }
    /// The address of this moment in the replay, for a ticket or a crash report; none where there is none, and last_error() says why:
    /// sr_get_session_replay_url.
    [[nodiscard]] std::optional<std::string> replay_url() const { return detail::take(sr_get_session_replay_url()); }
    /// The properties to add to each analytics event, a JSON object; none after shutdown: sr_get_session_replay_properties.
    [[nodiscard]] std::optional<std::string> properties() const { return detail::take(sr_get_session_replay_properties()); }
    /// What the recorder in a page must mask and block, a JSON object; none after shutdown: sr_get_privacy_config.
    [[nodiscard]] std::optional<std::string> privacy_config() const { return detail::take(sr_get_privacy_config()); }

    /// Whether a full snapshot is wanted now, for hosts that can't be called back: sr_wants_full_snapshot. 0: of any page.
    [[nodiscard]] bool wants_full_snapshot(std::uint64_t view = 0) const noexcept { return sr_wants_full_snapshot(view); }

    /// All that the recorder in a page is told, a JSON object; none after shutdown: sr_get_page_config.
    [[nodiscard]] std::optional<std::string> page_config() const { return detail::take(sr_get_page_config()); }
    /// Statistics, a JSON object; none after shutdown: sr_stats.
    [[nodiscard]] std::optional<std::string> stats() const { return detail::take(sr_stats()); }

    /// Processes an event before it is sent to Segment, and returns the event to send instead: sr_segment_process. None
    /// when it is not a JSON object, and after shutdown: then send the event as it is.
    [[nodiscard]] std::optional<std::string> segment_process(std::string_view event_json) const {
        return detail::take(sr_segment_process(detail::c_text(event_json).c_str()));
    }
    /// The same, where you know the analytics session and device: sr_segment_process_for. 0: no session; no device: the
    /// event gets no replay, unless you set one.
    std::optional<std::string> segment_process(std::string_view event_json, std::int64_t session_id,
                                               const std::optional<std::string> &device_id) const {
        return detail::take(sr_segment_process_for(detail::c_text(event_json).c_str(), session_id,
                                                   device_id ? detail::c_text(*device_id).c_str() : nullptr));
    }

    /// Sends what is recorded and waits for at most this long: sr_flush. 0 only starts it.
    StatusCode flush(std::chrono::milliseconds timeout) const noexcept { return sr_flush(detail::timeout(timeout)); }

    /// Ends recording and sends what is left, for at most this long: sr_shutdown. Blocks up to 200 ms more, to cut off a
    /// request in progress, and while Callbacks::segment_session is running. StatusCode::not_initialized when this
    /// object has no recording any more; refused inside Callbacks::log and transport. While it waits, another thread's
    /// shutdown(0ms) ends its wait.
    StatusCode shutdown(std::chrono::milliseconds timeout) noexcept {
        if (!is_latest()) {
            return StatusCode::not_initialized;
        }
        recording_ = false;
        // The others stay: asking the library to let go of them would wipe out what last_error() has to say.
        detail::CallbackOwner::detach_getter();
        const StatusCode status = sr_shutdown(detail::timeout(timeout));
        if (status == StatusCode::invalid_argument) {
            recording_ = true;
            callbacks_->attach_getter();
        }
        return status;
    }

private:
    SessionReplay(std::uint64_t start, std::shared_ptr<detail::CallbackOwner> callbacks, std::chrono::milliseconds end)
        : start_(start), recording_(true), callbacks_(std::move(callbacks)), shutdown_timeout_(end) {}

    /// Otherwise the recording and the callbacks there are belong to another object, or to a forked child.
    bool is_latest() const noexcept { return start_ != 0 && start_ == sr_start_count(); }

    void take(SessionReplay &other) noexcept {
        start_ = std::exchange(other.start_, 0);
        recording_ = other.recording_.exchange(false);
        callbacks_ = std::move(other.callbacks_);
        shutdown_timeout_ = other.shutdown_timeout_;
    }

    void end() noexcept {
        if (recording_) {
            (void)shutdown(shutdown_timeout_);
        }
        if (is_latest() && callbacks_ != nullptr) {
            callbacks_->detach();
        }
        callbacks_.reset();
    }

    std::uint64_t start_ = 0;
    std::atomic<bool> recording_{false};
    std::shared_ptr<detail::CallbackOwner> callbacks_{};
    std::chrono::milliseconds shutdown_timeout_{0};
};

/// The lines of the log since the last call, a JSON array, for hosts that can't be called back; none when there are none:
/// sr_take_log. Lines are kept from the first call on: make it before SessionReplay::start.
inline std::optional<std::string> take_log() { return detail::take(sr_take_log()); }

} // namespace sr

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#pragma pop_macro("Status")
#undef SESSION_REPLAY_LOCAL
#undef SESSION_REPLAY_EXCEPTIONS
#endif
