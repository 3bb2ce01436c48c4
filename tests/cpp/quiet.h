/* The headers as they are meant to be included, to be compiled by itself with every warning. Twice: the second time nothing
 * may happen, not even to the warnings that the first switched off and on. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#include <session_replay.hpp>
#include <session_replay.hpp>
inline int all(const sr::Options &options);
inline int all(const sr::Options &options) {
    auto replay = sr::SessionReplay::start("key", options);
    return replay ? replay->shutdown(std::chrono::milliseconds(0)).code() : replay.error().status.code();
}
/* Some warnings come only where a constructor that nobody wrote is used: each structure once, with no initializer, with an
 * empty one and copied. */
template <class Struct>
inline Struct one() {
    Struct plain;
    plain = Struct{};
    Struct copy(plain);
    return copy;
}
inline void each();
inline void each() {
    (void)one<sr::Callbacks>();
    (void)one<sr::Options>();
    (void)one<sr::PrivacyConfig>();
    (void)one<sr::Request>();
    (void)one<sr::UrlMaskLevel>();
    (void)sr::Lines{sr::StatusCode::ok, 0};
    (void)sr::Result<int>(sr::Error{sr::StatusCode::internal, "text"});
    (void)sr::SessionId(1);
    (void)sr::Exception(sr::Error{sr::StatusCode::internal, "text"});
    (void)sr::value_or_throw(sr::Result<int>(1));
}
#else
#include <session_replay.h>
#include <session_replay.h>
sr_status all(const sr_request *request);
sr_status all(const sr_request *request) { return sr_flush(request->timeout_ms); }
#endif
#if SR_VERSION_NUMBER != SR_VERSION_MAJOR * 1000000 + SR_VERSION_MINOR * 1000 + SR_VERSION_PATCH
#error "the number of the version"
#endif
