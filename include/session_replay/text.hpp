// Text on its way to C and back. Included by session_replay.hpp.
#ifndef SESSION_REPLAY_TEXT_HPP
#define SESSION_REPLAY_TEXT_HPP

#include "../session_replay.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sr {

/// A wide text in UTF-8: UTF-16 as Windows has it, UTF-32 elsewhere. Half of a surrogate pair becomes U+FFFD.
inline std::string utf8(std::wstring_view text) {
    std::string bytes;
    const auto unit = [text](std::size_t at) {
        return at < text.size() ? static_cast<std::uint32_t>(text[at]) : std::uint32_t{0};
    };
    for (std::size_t at = 0; at < text.size(); at++) {
        std::uint32_t code = unit(at);
        const bool is_high = code >= 0xd800 && code < 0xdc00, is_low = unit(at + 1) >= 0xdc00 && unit(at + 1) < 0xe000;
        if (is_high && is_low) {
            code = 0x10000 + ((code - 0xd800) << 10) + (unit(++at) - 0xdc00);
        } else if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff) {
            code = 0xfffd;
        }
        // How many bytes follow the first, and what that begins with.
        const unsigned follow = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        constexpr std::uint32_t first[] = {0, 0xc0, 0xe0, 0xf0};
        bytes += static_cast<char>(first[follow] | code >> 6 * follow);
        for (unsigned left = follow; left > 0; left--) {
            bytes += static_cast<char>(0x80 | (code >> 6 * (left - 1) & 0x3f));
        }
    }
    return bytes;
}

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
