// The header behind everything that may stand before it: the whole standard library, functions of the host's that argument-
// dependent lookup would find, and macros of <X11/Xlib.h> and <windows.h>.
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <bitset>
#include <cassert>
#include <ccomplex>
#include <cctype>
#include <cerrno>
#include <cfenv>
#include <cfloat>
#include <charconv>
#include <chrono>
#include <cinttypes>
#include <climits>
#include <clocale>
#include <cmath>
#include <codecvt>
#include <complex>
#include <condition_variable>
#include <csetjmp>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cuchar>
#include <cwchar>
#include <cwctype>
#include <deque>
#include <exception>
#include <execution>
#include <filesystem>
#include <forward_list>
#include <fstream>
#include <functional>
#include <future>
#include <initializer_list>
#include <iomanip>
#include <ios>
#include <iosfwd>
#include <iostream>
#include <istream>
#include <iterator>
#include <limits>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <new>
#include <numeric>
#include <optional>
#include <ostream>
#include <queue>
#include <random>
#include <ratio>
#include <regex>
#include <scoped_allocator>
#include <set>
#include <shared_mutex>
#include <sstream>
#include <stack>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <valarray>
#include <variant>
#include <vector>
// Those of C++20 and 23, where they are there.
#if __has_include(<version>)
#include <version>
#endif
#if __cplusplus > 201703L
#if __has_include(<barrier>)
#include <barrier>
#endif
#if __has_include(<bit>)
#include <bit>
#endif
#if __has_include(<compare>)
#include <compare>
#endif
#if __has_include(<concepts>)
#include <concepts>
#endif
#if __has_include(<coroutine>) && defined(__cpp_impl_coroutine)
#include <coroutine>
#endif
#if __has_include(<expected>)
#include <expected>
#endif
#if __has_include(<format>)
#include <format>
#endif
#if __has_include(<latch>)
#include <latch>
#endif
#if __has_include(<numbers>)
#include <numbers>
#endif
#if __has_include(<ranges>) && (!defined(__clang__) || __clang_major__ > 15)
#include <ranges>
#endif
#if __has_include(<semaphore>)
#include <semaphore>
#endif
#if __has_include(<source_location>)
#include <source_location>
#endif
#if __has_include(<span>)
#include <span>
#endif
#if __has_include(<spanstream>)
#include <spanstream>
#endif
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#if __has_include(<syncstream>)
#include <syncstream>
#endif
#if __has_include(<stacktrace>)
#include <stacktrace>
#endif
#endif

#ifdef HIJACK
// One for every function of the header that takes an argument, better than any conversion: an unqualified call with an
// argument of std's would be ambiguous, or end here. (Only a test may put something into std.)
namespace std {
template <class... Arguments>
void take(Arguments &&...) = delete;
template <class... Arguments>
void c_text(Arguments &&...) = delete;
template <class... Arguments>
void timeout(Arguments &&...) = delete;
template <class... Arguments>
void quoted(Arguments &&...) = delete;
template <class... Arguments>
void value_or_throw(Arguments &&...) = delete;
template <class... Arguments>
void guarded(Arguments &&...) = delete;
template <class... Arguments>
void member(Arguments &&...) = delete;
template <class... Arguments>
void named(Arguments &&...) = delete;
template <class... Arguments>
void decimal(Arguments &&...) = delete;
template <class... Arguments>
void add(Arguments &&...) = delete;
template <class... Arguments>
void respond(Arguments &&...) = delete;
} // namespace std
#endif

#ifdef WITH_XLIB
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/Xatom.h>
#include <X11/keysym.h>
#endif

#ifdef AS_WINDOWS
// What <windows.h> and what it includes define in lower case, and the most usual of the rest.
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define small char
#define hyper __int64
#define interface struct
#define pascal __stdcall
#define cdecl
#define grp1 1
#define ERROR 0
#define NO_ERROR 0L
#define SUCCESS 0
#define DELETE 1
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define CALLBACK
#define STRICT 1
#define TRUE 1
#define FALSE 0
#define IGNORE 0
#define INFINITE 0xFFFFFFFF
#define DEBUG 1
#define TIMEOUT 1
#define STATUS_TIMEOUT 1
#define REQUEST_TIMEOUT 1
#define GetMessage GetMessageW
#define SendMessage SendMessageW
#define GetObject GetObjectW
#define CreateFile CreateFileW
#define Yield()
#define GetCurrentTime() 0
#endif

#include <session_replay.hpp>

// The other way around, too.
#if defined(WITH_XLIB) && !defined(Status)
#error "what <X11/Xlib.h> defines is as it was"
#endif

int main() {
    sr::Options options;
    options.device_id = "d";
    options.sample_rate = 0.5;
    options.privacy_config.url_mask_levels.push_back({"*", sr::MaskLevel::light});
    options.privacy_config.block_selector = {".secret"};
    sr::Callbacks callbacks;
    callbacks.log = [](sr::LogLevel, std::string_view) {};
    callbacks.transport = [](const sr::Request &, sr::Responder responder) { (void)responder.fail("no"); };
    callbacks.segment_session = [] { return std::int64_t(0); };
    auto replay = sr::SessionReplay::start("key", options, std::move(callbacks));
    if (!replay) {
        return replay.error().status.code();
    }
    sr::StatusCode status = replay->record("{}");
    status = replay->record_lines("{}").status;
    status = replay->set_session_id("text");
    (void)replay->properties();
    (void)replay->segment_process("{}");
    sr::SessionReplay moved = sr::value_or_throw(std::move(replay));
    status = moved.shutdown(std::chrono::milliseconds(0));
    return status == sr::StatusCode::internal ? 1 : 0;
}
