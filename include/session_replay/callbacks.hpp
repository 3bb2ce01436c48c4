// The host's callbacks: log, HTTP, Segment getters, the filter of events, full snapshots. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_CALLBACKS_HPP
#define SESSION_REPLAY_CALLBACKS_HPP

#include "options.hpp"
#include "result.hpp"
#include "text.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#if SESSION_REPLAY_EXCEPTIONS && defined(__GLIBCXX__)
#include <cxxabi.h>
#endif

namespace sr {

namespace detail {
struct CallbackOwner;
}

/// An HTTP request for the host to make. Its texts are valid during the callback only.
struct Request {
    std::string_view method{};           ///< "POST" or "GET".
    std::string_view url{};              ///< The URL.
    std::string_view headers_json{};     ///< The headers as a JSON object of texts. Send exactly these.
    std::string_view body{};             ///< May be empty, may hold zeros.
    std::chrono::milliseconds timeout{}; ///< A later response is ignored.
};

/// Passes the response to a Request, once, from any thread, now or later. Copies belong to the same request; when the last
/// one is destroyed without a response, the library is told that there was none.
class Responder {
public:
    /// The response of the server: its status (100 to 599), its headers as a JSON object, its body. StatusCode::timeout when
    /// the request is not in progress any more.
    StatusCode answer(std::uint32_t http_status, std::string_view headers_json, std::string_view body) const {
        const std::string headers = detail::c_text(headers_json);
        return respond(http_status, headers_json.empty() ? nullptr : headers.c_str(), body);
    }
    /// There was no response, and why. The library retries later.
    StatusCode fail(std::string_view reason) const noexcept { return respond(0, nullptr, reason); }

private:
    friend struct detail::CallbackOwner;

    struct Pending {
        explicit Pending(std::uint64_t id) noexcept : request(id) {}
        Pending(const Pending &) = delete;
        Pending &operator=(const Pending &) = delete;
        ~Pending() {
            if (!answered) {
                constexpr std::string_view reason = "the host's transport gave no answer";
                sr_respond(request, 0, nullptr, reason.data(), reason.size());
            }
        }
        const std::uint64_t request;
        std::atomic<bool> answered{false};
    };

    explicit Responder(std::uint64_t request) : pending_(std::make_shared<Pending>(request)) {}

    StatusCode respond(std::uint32_t status, const char *headers, std::string_view body) const noexcept {
        const StatusCode answer =
            sr_respond(pending_->request, status, headers, body.empty() ? nullptr : body.data(), body.size());
        // A response that is refused, for its headers say, leaves the request open.
        if (answer != StatusCode::invalid_argument) {
            pending_->answered = true;
        }
        return answer;
    }

    std::shared_ptr<Pending> pending_;
};

/// What a filter says about an event: sr_filter_verdict.
class Verdict {
public:
    /// It is recorded.
    static Verdict keep() noexcept { return Verdict(true); }
    /// It is not recorded.
    static Verdict drop() noexcept { return Verdict(false); }
    /// This one is recorded in its place: an event of the same type, which a player can play. What is none is dropped, as is the
    /// event itself.
    static Verdict replace(std::string event_json) {
        Verdict verdict(true);
        verdict.replacement_ = std::move(event_json);
        return verdict;
    }

private:
    friend struct detail::CallbackOwner;

    explicit Verdict(bool keeps) noexcept : keeps_(keeps) {}

    bool keeps_;
    std::optional<std::string> replacement_{};
};

/// The callbacks of the host. Each is called on a thread of the library, one call at a time, never
/// once the SessionReplay is gone, whose end waits for a call that is running and lets go of them. (Of a shutdown() that
/// a call took longer than, some may be left.) It may call everything but SessionReplay::start and shutdown, and flush
/// only with a time of 0; it must not end the SessionReplay. What it throws is dropped. A longjmp must not leave it, and
/// pthread_exit only segment_session and segment_device, with libstdc++: docs/guide/threads.md.
struct Callbacks {
    /// A line of the log. The text is valid during the call only.
    std::function<void(LogLevel level, std::string_view message)> log{};
    /// Makes the library's HTTP requests, or starts them. It must not follow redirects.
    std::function<void(const Request &request, Responder responder)> transport{};
    /// Returns the analytics library's session id, 0 for none, for SegmentMode::classic_device. Unlike the others it runs
    /// on the threads that call SessionReplay::segment_process, several at once if they do.
    std::function<std::int64_t()> segment_session{};
    /// Returns the analytics library's device id, "" for none, for SegmentMode::classic_device. Runs as segment_session
    /// does, after it.
    std::function<std::string()> segment_device{};
    /// Keeps, drops or replaces each event before it is stored: sr_set_filter says which. Unlike the others it runs on the threads
    /// that record, several at once if they do; what it throws drops the event. The text is valid during the call only.
    std::function<Verdict(std::string_view event_json)> filter{};
    /// Called when a full snapshot is wanted, also while nothing is recorded: sr_set_snapshot_callback. `view`: the view whose page has
    /// to take it; 0: the page that is the whole replay.
    std::function<void(std::uint64_t view)> snapshot_wanted{};
};

namespace detail {

/// Whether this thread is inside a callback.
SESSION_REPLAY_LOCAL inline thread_local bool in_callback = false;

/// This thread is inside one until this is gone, also when the host cancels the thread in it.
class InCallback {
public:
    SESSION_REPLAY_LOCAL InCallback() noexcept : nested_(std::exchange(in_callback, true)) {}
    SESSION_REPLAY_LOCAL ~InCallback() { in_callback = nested_; }
    InCallback(const InCallback &) = delete;
    InCallback &operator=(const InCallback &) = delete;

private:
    bool nested_;
};

/// Between the C callbacks and the host's functions. A call holds on to it, so that even a function that ends its own
/// SessionReplay returns into memory that is there.
struct CallbackOwner : std::enable_shared_from_this<CallbackOwner> {
    /// Owns these.
    explicit CallbackOwner(Callbacks owned) : callbacks(std::move(owned)) {}

    /// Makes the library call them. StatusCode::forked in a child that has not started.
    SESSION_REPLAY_LOCAL StatusCode attach() {
        sr_set_log_callback(callbacks.log ? &CallbackOwner::log : nullptr, this);
        // Where this has none, one that was set in C stays.
        if (callbacks.filter) {
            (void)sr_set_filter(&CallbackOwner::filter, this);
        }
        if (callbacks.snapshot_wanted) {
            (void)sr_set_snapshot_callback(&CallbackOwner::snapshot_wanted, this);
        }
        return sr_set_transport(callbacks.transport ? &CallbackOwner::transport : nullptr, this);
    }

    /// The same for those that only what is being recorded has.
    SESSION_REPLAY_LOCAL void attach_getter() noexcept {
        if (callbacks.segment_session) {
            (void)sr_set_segment_session_getter(&CallbackOwner::segment_session, this);
        }
        if (callbacks.segment_device) {
            (void)sr_set_segment_device_getter(&CallbackOwner::segment_device, this);
        }
    }

    /// When it returns, the library does not call those any more.
    static void detach_getter() noexcept {
        (void)sr_set_segment_session_getter(nullptr, nullptr);
        (void)sr_set_segment_device_getter(nullptr, nullptr);
    }

    /// When it returns, the library does not call the others any more.
    void detach() const noexcept {
        if (callbacks.filter) {
            (void)sr_set_filter(nullptr, nullptr);
        }
        if (callbacks.snapshot_wanted) {
            (void)sr_set_snapshot_callback(nullptr, nullptr);
        }
        (void)sr_set_transport(nullptr, nullptr);
        sr_set_log_callback(nullptr, nullptr);
    }

private:
    SESSION_REPLAY_LOCAL static void SR_CALL log(void *self, sr_log_level level, const char *message) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        guarded([&] { owner->callbacks.log(static_cast<LogLevel>(level), message); });
    }

    SESSION_REPLAY_LOCAL static void SR_CALL transport(void *self, const sr_request *request) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        const auto text = [](const char *c_text) { return c_text == nullptr ? "" : std::string_view(c_text); };
        guarded([&] {
            const std::string_view body(request->body, request->body == nullptr ? 0 : request->body_length);
            const std::chrono::milliseconds timeout(request->timeout_ms);
            owner->callbacks.transport(
                Request{text(request->method), text(request->url), text(request->headers_json), body, timeout},
                Responder(request->id));
        });
    }

    SESSION_REPLAY_LOCAL static std::int64_t SR_CALL segment_session(void *self) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        std::int64_t session = 0;
        guarded([&] { session = owner->callbacks.segment_session(); });
        return session;
    }

    SESSION_REPLAY_LOCAL static std::size_t SR_CALL segment_device(void *self, char *buffer, std::size_t size) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        std::size_t length = 0;
        guarded([&] {
            const std::string device = owner->callbacks.segment_device();
            length = device.copy(buffer, size) == device.size() ? device.size() : size;
        });
        return length;
    }

    SESSION_REPLAY_LOCAL static std::int32_t SR_CALL filter(void *self, const char *event, std::size_t length) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        std::int32_t told = SR_FILTER_DROP;
        guarded([&] {
            const Verdict verdict = owner->callbacks.filter(std::string_view(event, length));
            const auto &other = verdict.replacement_;
            // Where it is refused, the library drops both.
            if (other) {
                (void)sr_filter_replace(other->data(), other->size());
            }
            told = verdict.keeps_ ? SR_FILTER_KEEP : SR_FILTER_DROP;
        });
        return told;
    }

    SESSION_REPLAY_LOCAL static void SR_CALL snapshot_wanted(void *self, std::uint64_t view) {
        const auto owner = static_cast<CallbackOwner *>(self)->shared_from_this();
        guarded([&] { owner->callbacks.snapshot_wanted(view); });
    }

    /// An exception must not cross C. A thread of the host that is cancelled in one of the getters is unwound
    /// as by an exception with glibc, and that one must be let through. Only libstdc++ tells it from others.
    template <class Function>
    SESSION_REPLAY_LOCAL static void guarded(const Function &function) {
        const InCallback inside;
#if SESSION_REPLAY_EXCEPTIONS
        try {
            function();
        }
#if defined(__GLIBCXX__)
        catch (const abi::__forced_unwind &) {
            throw;
        }
#endif
        catch (...) {
        }
#else
        function();
#endif
    }

    Callbacks callbacks;
};

/// Callbacks that the library knows during a start, and after one that succeeded. A start that fails, or in
/// which there is no memory, must leave none behind that are gone.
class Attached {
public:
    SESSION_REPLAY_LOCAL explicit Attached(CallbackOwner &owner) : owner_(&owner), status_(owner.attach()) {}
    Attached(const Attached &) = delete;
    Attached &operator=(const Attached &) = delete;
    ~Attached() {
        if (owner_ != nullptr) {
            owner_->detach();
        }
    }

    /// The start succeeded.
    SESSION_REPLAY_LOCAL void keep() {
        // A forked child has no callbacks before its sr_init.
        if (status_ == StatusCode::forked) {
            (void)owner_->attach();
        }
        owner_ = nullptr;
    }

private:
    CallbackOwner *owner_;
    StatusCode status_;
};

} // namespace detail

} // namespace sr

#endif
