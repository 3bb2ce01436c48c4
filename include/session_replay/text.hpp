// Text on its way to C and back. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_TEXT_HPP
#define SESSION_REPLAY_TEXT_HPP

#include "../session_replay.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sr {

namespace detail {

struct FreeString {
    void operator()(char *string) const noexcept { sr_string_free(string); }
};

/// Takes over a text that the library gave; none for NULL.
inline std::optional<std::string> take(char *string) {
    const std::unique_ptr<char, FreeString> owned(string);
    if (owned == nullptr) {
        return std::nullopt;
    }
    return std::string(owned.get());
}

/// A text that ends in NUL. A NUL inside would end it early: in its place stands a character that is allowed nowhere,
/// so that the library refuses the text and says why.
inline std::string c_text(std::string_view text) {
    std::string copy(text);
    for (char &character : copy) {
        character = character == '\0' ? '\x01' : character;
    }
    return copy;
}

/// Milliseconds as the C functions take them: none are less than 0.
inline std::uint32_t timeout(std::chrono::milliseconds time) noexcept {
    constexpr std::chrono::milliseconds::rep most = UINT32_MAX;
    return static_cast<std::uint32_t>(time.count() < 0 ? 0 : time.count() > most ? most : time.count());
}

/// A text as JSON writes it. Bytes that are not UTF-8 stay: the library names their place when it refuses them.
inline std::string quoted(std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    std::string json = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte == '"' || byte == '\\') {
            json += '\\';
            json += character;
        } else if (byte < 0x20) {
            json += "\\u00";
            json += digits[byte >> 4];
            json += digits[byte & 15];
        } else {
            json += character;
        }
    }
    return json += '"';
}

} // namespace detail

} // namespace sr

#endif
