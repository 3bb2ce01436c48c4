// What calls return: a status, or a value. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_RESULT_HPP
#define SESSION_REPLAY_RESULT_HPP

#include "../session_replay.h"

#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace sr {

/// What a call returns: an ::sr_status with names of its own. True unless it is an error.
///
/// An error has a sentence that says what is wrong and what to do: sr::last_error(), right after the call.
class Status {
public:
    /// The values of ::sr_status, which explains them. A library that is newer than this header may return others.
    enum Code : std::int32_t {
        // generated from src: values of Status (`SR_GENERATED=write cargo test --lib generated`)
        /// Done.
        ok = SR_OK,
        /// Done, and the replay can't be drawn without a full snapshot (rrweb event type 2): this session has none yet,
        /// or the one it had was lost on its way to the server.
        needs_full_snapshot = SR_NEEDS_FULL_SNAPSHOT,
        /// Nothing was recorded: the session is not captured.
        not_captured = SR_NOT_CAPTURED,
        /// Done, but storageDir can't be used ("storage" in sr_stats() says why): the event is kept in memory only, and
        /// is lost if the process ends before it is delivered.
        not_stored = SR_NOT_STORED,
        /// sr_init was not called, or sr_shutdown or sr_shutdown_begin was called since.
        not_initialized = SR_ERROR_NOT_INITIALIZED,
        /// An argument is NULL, malformed or out of bounds, or the call is not allowed now, on this thread or in this
        /// build.
        invalid_argument = SR_ERROR_INVALID_ARGUMENT,
        /// The event is not an rrweb event, or not one that a player can play.
        invalid_json = SR_ERROR_INVALID_JSON,
        /// The event is larger than the option maxSingleEventSizeBytes; the interaction is larger than 32,000 bytes.
        event_too_large = SR_ERROR_EVENT_TOO_LARGE,
        /// The undelivered events of the current session have reached the option storageLimitBytes.
        buffer_full = SR_ERROR_BUFFER_FULL,
        /// There is no memory for events, or storageDir can't be used and the limit of events in memory is reached; or a
        /// choice can't be remembered (sr_set_opt_out), or not everything deleted (sr_delete_stored), there.
        storage = SR_ERROR_STORAGE,
        /// This process was forked from one that had called sr_init: call sr_init here too.
        forked = SR_ERROR_FORKED,
        /// Not done within the timeout; from sr_flush_poll: not done yet; from sr_respond: too late.
        timeout = SR_ERROR_TIMEOUT,
        /// A fault of this library.
        internal = SR_ERROR_INTERNAL,
        /// The system refuses a resource: no thread can be started.
        resources = SR_ERROR_RESOURCES,
        // end of what is generated
    };

    /// The status of this code.
    constexpr Status(Code code) noexcept : code_(code) {}
    /// What a C function returned.
    constexpr Status(sr_status status) noexcept : code_(static_cast<Code>(status)) {}

    /// The code, to be switched over.
    constexpr Code code() const noexcept { return code_; }
    /// Whether it is an error.
    constexpr bool failed() const noexcept { return static_cast<std::int32_t>(code_) < 0; }
    /// Whether it is none: success, or informational.
    constexpr explicit operator bool() const noexcept { return !failed(); }

    /// Its name in C, like "SR_OK"; "SR_?" for one that this header does not know.
    constexpr const char *name() const noexcept {
        switch (code_) {
        // generated from src: names of Status (`SR_GENERATED=write cargo test --lib generated`)
        case ok: return "SR_OK";
        case needs_full_snapshot: return "SR_NEEDS_FULL_SNAPSHOT";
        case not_captured: return "SR_NOT_CAPTURED";
        case not_stored: return "SR_NOT_STORED";
        case not_initialized: return "SR_ERROR_NOT_INITIALIZED";
        case invalid_argument: return "SR_ERROR_INVALID_ARGUMENT";
        case invalid_json: return "SR_ERROR_INVALID_JSON";
        case event_too_large: return "SR_ERROR_EVENT_TOO_LARGE";
        case buffer_full: return "SR_ERROR_BUFFER_FULL";
        case storage: return "SR_ERROR_STORAGE";
        case forked: return "SR_ERROR_FORKED";
        case timeout: return "SR_ERROR_TIMEOUT";
        case internal: return "SR_ERROR_INTERNAL";
        case resources: return "SR_ERROR_RESOURCES";
        // end of what is generated
        }
        return "SR_?";
    }

    /// Whether both are the same code.
    friend constexpr bool operator==(Status a, Status b) noexcept { return a.code_ == b.code_; }
    /// Whether they differ.
    friend constexpr bool operator!=(Status a, Status b) noexcept { return a.code_ != b.code_; }

private:
    Code code_;
};

/// The name to write: <X11/Xlib.h> has a macro Status, and so have headers that include it (GDK's, SDL's, webview.h).
using StatusCode = Status;

/// Why a call gave no value.
struct Error {
    StatusCode status;       ///< Which kind of failure.
    std::string message; ///< What is wrong and what to do, in a sentence.
};

/// A value, or the Error in its place: what std::expected<T, Error> is in C++23.
template <class T>
class [[nodiscard]] Result {
public:
    /// With a value.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    /// Without one.
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    /// Whether there is a value.
    bool has_value() const noexcept { return state_.index() == 0; }
    /// Whether there is a value.
    explicit operator bool() const noexcept { return has_value(); }

    /// The value, which must be there.
    T &operator*() & noexcept { return assert(has_value()), *std::get_if<0>(&state_); }
    /// The value, which must be there.
    const T &operator*() const & noexcept { return assert(has_value()), *std::get_if<0>(&state_); }
    /// The value, which must be there.
    T &&operator*() && noexcept { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
    /// A member of the value, which must be there.
    T *operator->() noexcept { return assert(has_value()), std::get_if<0>(&state_); }
    /// A member of the value, which must be there.
    const T *operator->() const noexcept { return assert(has_value()), std::get_if<0>(&state_); }
    /// The error; there must be no value.
    const Error &error() const noexcept { return assert(!has_value()), *std::get_if<1>(&state_); }

private:
    std::variant<T, Error> state_;
};

#if SESSION_REPLAY_EXCEPTIONS
/// An Error, thrown by value_or_throw.
class Exception : public std::runtime_error {
public:
    /// Of this error.
    explicit Exception(const Error &error) : std::runtime_error(error.message), status_(error.status) {}
    /// Which kind of failure.
    StatusCode status() const noexcept { return status_; }

private:
    StatusCode status_;
};

/// The value of a result; an Exception when there is none.
template <class T>
T value_or_throw(Result<T> result) {
    if (!result) {
        throw Exception(result.error());
    }
    return *std::move(result);
}
#endif

} // namespace sr

#endif
