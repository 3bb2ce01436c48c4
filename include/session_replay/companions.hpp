// What a program does beside what it shows: its log, its HTTP requests, and what targeting asks for. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_COMPANIONS_HPP
#define SESSION_REPLAY_COMPANIONS_HPP

#include "../session_replay.h"
#include "options.hpp"
#include "result.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sr {

/// An HTTP request of the program that has ended: ::sr_request_info explains each member. It holds no bodies, it refers to them.
struct RequestInfo {
    std::string url{};                                ///< Where it went.
    std::string method{};                             ///< Empty: "GET".
    std::uint32_t status = 0;                         ///< Of the response; 0: there was none.
    std::int64_t started_ms = 0;                      ///< Milliseconds since 1970; 0: as long ago as it took.
    std::uint64_t duration_ms = 0;                    ///< How long it took.
    std::string request_headers{};                    ///< "Name: value" a line.
    std::string response_headers{};                   ///< The same of the response.
    std::optional<std::string_view> request_body{};   ///< Kept only where loggingConfig says so.
    std::optional<std::string_view> response_body{};  ///< The same.
    std::string error{};                              ///< Why there is no response; empty: there is one.
};

/// Records a line of the program's own log: sr_record_log.
inline StatusCode record_log(LogLevel level, std::string_view message) {
    return sr_record_log(static_cast<std::uint32_t>(level), detail::c_text(message).c_str());
}

/// Records an HTTP request of the program, once it has ended: sr_record_request.
inline StatusCode record_request(const RequestInfo &request) {
    const auto text = [](const std::string &member) { return member.empty() ? nullptr : member.c_str(); };
    // An empty body is one, too: it has an address.
    const auto body = [](const std::optional<std::string_view> &member) {
        return !member ? nullptr : member->empty() ? "" : member->data();
    };
    sr_request_info c{};
    c.size = sizeof c;
    c.status = request.status;
    c.method = text(request.method);
    c.url = request.url.c_str();
    c.started_ms = request.started_ms;
    c.duration_ms = request.duration_ms;
    c.request_headers = text(request.request_headers);
    c.response_headers = text(request.response_headers);
    c.request_body = body(request.request_body);
    c.request_body_length = request.request_body.value_or(std::string_view()).size();
    c.response_body = body(request.response_body);
    c.response_body_length = request.response_body.value_or(std::string_view()).size();
    c.error = text(request.error);
    return sr_record_request(&c);
}

/// Evaluates the rules of the remote configuration that choose sessions, with what you know now: sr_evaluate_targeting. The text
/// is a JSON object: {"event": …, "userProperties": …, "page": {"url": …}}, all optional; empty: with what was given before.
inline StatusCode evaluate_targeting(std::string_view context_json = {}) {
    return sr_evaluate_targeting(detail::c_text(context_json).c_str());
}

}  // namespace sr

#endif
