// The log of spdlog in the replay. Copy this file, and add the sink to your loggers:
//
//     logger->sinks().push_back(std::make_shared<session_replay_sink_mt>());
#ifndef SESSION_REPLAY_SPDLOG_HPP
#define SESSION_REPLAY_SPDLOG_HPP

#include <session_replay.hpp>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

/// Records each line, without time and level: the replay has them. A line that can't be recorded is not told of: that line would
/// be the next one.
template <typename Mutex>
class session_replay_sink final : public spdlog::sinks::base_sink<Mutex> {
public:
    session_replay_sink() { this->set_pattern_("%v"); }

protected:
    void sink_it_(const spdlog::details::log_msg &message) override {
        if (!sr::is_capturing()) return;
        spdlog::memory_buf_t line;
        this->formatter_->format(message, line);
        std::string text(line.data(), line.size());
        // spdlog ends each line with the system's line end.
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        sr::record_log(level_of(message.level), as_utf8(std::move(text)));
    }

    void flush_() override {}

private:
    /// A line may hold anything, as a file name in another encoding: what is not UTF-8, or NUL, becomes '?'.
    static std::string as_utf8(std::string text) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = character_at(text, at);
            if (length == 0) text[at] = '?';
            at += length == 0 ? 1 : length;
        }
        return text;
    }

    /// The bytes of the character that begins there; 0: none does.
    static std::size_t character_at(const std::string &text, std::size_t at) {
        const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
        const unsigned char first = byte(at);
        if (first < 0x80) return first != 0;
        const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || text.size() - at < length) return 0;
        for (std::size_t more = 1; more < length; more++) {
            if ((byte(at + more) & 0xc0) != 0x80) return 0;
        }
        // Longer than needed, half of a surrogate pair, beyond Unicode.
        const unsigned char second = byte(at + 1);
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
        if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
        return length;
    }

    static sr::LogLevel level_of(spdlog::level::level_enum level) {
        switch (level) {
            case spdlog::level::critical:
            case spdlog::level::err: return sr::LogLevel::error;
            case spdlog::level::warn: return sr::LogLevel::warn;
            case spdlog::level::info: return sr::LogLevel::info;
            default: return sr::LogLevel::debug;
        }
    }
};

/// For loggers that several threads use.
using session_replay_sink_mt = session_replay_sink<std::mutex>;
/// For loggers of one thread.
using session_replay_sink_st = session_replay_sink<spdlog::details::null_mutex>;

#endif
