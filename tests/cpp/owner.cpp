// Who owns recording and its callbacks: starts that are refused, moves, ends in any order, callbacks that misbehave.
#include <session_replay.hpp>

#include "../c/check.h"
#include "recording.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

/// How many allocations of this thread's C++ code succeed from here on; all, when it is less than 0.
static thread_local long allocations = -1;

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_ITS_OWN_NEW
#endif
#endif
#ifndef HAS_ITS_OWN_NEW
void *operator new(std::size_t size) {
    void *memory = allocations == 0 ? nullptr : std::malloc(size > 0 ? size : 1);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    allocations -= allocations > 0;
    return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace {

const char *server;

sr::Options recording() { return recording_to(server); }

/// Counts the lines it hears; its memory tells how many copies live.
struct Ear {
    std::shared_ptr<std::atomic<int>> lines = std::make_shared<std::atomic<int>>(0);
    sr::Callbacks callbacks() const {
        sr::Callbacks callbacks;
        callbacks.log = [lines = lines](sr::LogLevel, std::string_view) { ++*lines; };
        return callbacks;
    }
    bool is_let_go() const { return lines.use_count() == 1; }
};

void say_something() {
    CHECK(sr_record(EVENT, std::strlen(EVENT)) >= 0);
    CHECK(sr_flush(within_ms(20000)) == SR_OK);
}

void a_second_start_leaves_the_first_alone() {
    const Ear first, second;
    auto replay = sr::SessionReplay::start("key", recording(), first.callbacks());
    CHECK(replay.has_value());
    const auto refused = sr::SessionReplay::start("key", recording(), second.callbacks());
    CHECK(!refused && refused.error().status == sr::StatusCode::invalid_argument);
    CHECK(second.is_let_go());
    const int before = *first.lines;
    say_something();
    CHECK(*first.lines > before && *second.lines == 0);
}

void the_end_lets_callbacks_go() {
    const Ear ear;
    {
        const auto replay = sr::SessionReplay::start("key", recording(), ear.callbacks());
        CHECK(replay.has_value() && !ear.is_let_go());
        say_something();
    }
    CHECK(*ear.lines > 0 && ear.is_let_go());
    CHECK(sr_record(EVENT, std::strlen(EVENT)) == SR_ERROR_NOT_INITIALIZED);
    auto bad = recording();
    bad.sample_rate = 5.0;
    CHECK(!sr::SessionReplay::start("key", bad, ear.callbacks()));
    CHECK(ear.is_let_go());
}

/// Not under valgrind and ThreadSanitizer, which put their own in the place of ours.
bool allocations_can_fail() {
    allocations = 0;
    try {
        ::operator delete(::operator new(1));
        allocations = -1;
        return false;
    } catch (const std::bad_alloc &) {
        allocations = -1;
        return true;
    }
}

/// Whichever allocation fails: no callback is left with the library that is gone, and no recording that nobody owns.
void a_start_without_memory_leaves_nothing_behind() {
    const std::string key(100, 'k');
    bool started = !allocations_can_fail();
    int failed = 0;
    for (long left = 0; !started; left++) {
        const Ear ear;
        auto callbacks = ear.callbacks();
        const auto options = recording();
        allocations = left;
        try {
            const auto replay = sr::SessionReplay::start(key, options, std::move(callbacks));
            allocations = -1;
            CHECK(replay.has_value());
            started = true;
        } catch (const std::bad_alloc &) {
            allocations = -1;
            failed++;
        }
        callbacks = {};
        CHECK(ear.is_let_go());
        // Who starts next makes the library talk.
        CHECK(sr_init("key", recording().to_json().c_str()) == SR_OK);
        say_something();
        CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
        CHECK(*ear.lines == 0 || started);
    }
    CHECK(failed > 5 || !allocations_can_fail());
}

void what_is_moved_goes_on() {
    const Ear ear;
    auto started = sr::SessionReplay::start("key", recording(), ear.callbacks());
    CHECK(started.has_value());
    std::optional<sr::SessionReplay> owner(std::move(*started));
    CHECK(started->shutdown(1s) == sr::StatusCode::not_initialized);
    CHECK(owner->record(EVENT));
    sr::SessionReplay last(std::move(*owner));
    owner.reset();
    CHECK(last.record(EVENT));
    sr::SessionReplay &itself = last;
    last = std::move(itself);
    CHECK(last.record(EVENT));
    CHECK(last.shutdown(20s) == sr::StatusCode::ok);
}

void another_may_begin_before_the_ended_one_goes() {
    const Ear first, second;
    auto ended = sr::SessionReplay::start("key", recording(), first.callbacks());
    CHECK(ended.has_value() && ended->shutdown(20s) == sr::StatusCode::ok);
    {
        auto next = sr::SessionReplay::start("key", recording(), second.callbacks());
        CHECK(next.has_value());
        const int before = *first.lines;
        *ended = std::move(*next); // and what is assigned takes over
        say_something();
        CHECK(*first.lines == before && *second.lines > 0);
        CHECK(first.is_let_go());
    }
    CHECK(ended->record(EVENT));
    CHECK(ended->shutdown(20s) == sr::StatusCode::ok);
}

void a_timeout_leaves_its_sentence() {
    auto options = recording();
    options.track_server_url = "http://127.0.0.1:9/";
    auto replay = sr::SessionReplay::start("key", options);
    CHECK(replay.has_value() && replay->record(EVENT));
    CHECK(replay->shutdown(10ms) == sr::StatusCode::timeout);
    CHECK(!sr::last_error().empty());
}

void callbacks_may_throw_and_call_back() {
    std::atomic<int> heard{0};
    sr::Callbacks callbacks;
    callbacks.log = [&heard](sr::LogLevel, std::string_view line) {
        CHECK(!line.empty());
        CHECK(sr_flush(1000) == SR_ERROR_INVALID_ARGUMENT);
        sr_string_free(sr_stats());
        const auto inside = sr::SessionReplay::start("key", recording());
        CHECK(!inside && inside.error().message.find("in a callback") != std::string::npos);
        heard++;
        throw std::runtime_error("dropped");
    };
    auto replay = sr::SessionReplay::start("key", recording(), std::move(callbacks));
    CHECK(replay.has_value());
    say_something();
    CHECK(heard > 0);
}

void segment_asks_for_the_session_until_the_end() {
    auto options = recording();
    options.segment_mode = sr::SegmentMode::classic_device;
    const auto captured = std::make_shared<std::atomic<int>>(0);
    sr::Callbacks callbacks;
    callbacks.segment_session = [captured]() -> std::int64_t {
        if (++*captured == 1) {
            throw std::runtime_error("none");
        }
        return 1732300009000;
    };
    auto replay = sr::SessionReplay::start("key", options, std::move(callbacks));
    CHECK(replay.has_value());
    CHECK(replay->segment_process(R"({"type":"track","event":"e"})"));
    CHECK(replay->session_id() == 1732300000000);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&replay] {
            while (replay->segment_process(R"({"type":"track","event":"e"})")) {
            }
        });
    }
    while (*captured < 50) {
        std::this_thread::yield();
    }
    CHECK(replay->session_id() == 1732300009000);
    CHECK(replay->shutdown(20s) == sr::StatusCode::ok);
    for (auto &thread : threads) {
        thread.join();
    }
    { const auto gone = std::move(replay); }
    CHECK(captured.use_count() == 1);
}

void segment_asks_for_the_device() {
    auto options = recording();
    options.segment_mode = sr::SegmentMode::classic_device;
    options.device_id.reset();
    std::string device;
    sr::Callbacks callbacks;
    callbacks.segment_device = [&device] {
        return device == "thrown" ? throw std::runtime_error("none") : device;
    };
    auto replay = sr::SessionReplay::start("key", options, std::move(callbacks));
    CHECK(replay.has_value());
    const auto names = [&](const std::string &text) {
        const auto event = replay->segment_process(R"({"type":"track","event":"e","anonymousId":"not me"})");
        CHECK(event);
        return event->find(text) != std::string::npos;
    };
    for (const auto *good : {"one", "two"}) {
        device = good;
        CHECK(names(device + "/1732300000000"));
    }
    for (const auto &bad : {std::string(), std::string("a/b"), std::string(513, 'a'), std::string("thrown")}) {
        device = bad;
        CHECK(!names("Session Replay ID"));
    }
    const auto event = replay->segment_process(R"({"type":"track"})", 1732300000001, "three");
    CHECK(event && event->find("three/1732300000001") != std::string::npos);
    const auto nobodys = replay->segment_process(R"({"type":"track"})", 0, std::nullopt);
    CHECK(nobodys && nobodys->find("Session Replay ID") == std::string::npos);
    CHECK(replay->shutdown(20s) == sr::Status::ok);
}

/// What the header forbids does no harm either: recording goes on, and ends with the C call.
void a_callback_that_ends_its_owner_returns() {
    std::optional<sr::SessionReplay> owner;
    std::atomic<bool> armed{false}, ended{false};
    std::string captured = "what it captured is there until it returns";
    sr::Callbacks callbacks;
    callbacks.log = [&, captured](sr::LogLevel, std::string_view) {
        if (armed.exchange(false)) {
            CHECK(owner->shutdown(1s) == sr::StatusCode::invalid_argument);
            owner.reset();
            CHECK(captured.find("is there") != std::string::npos);
            ended = true;
        }
    };
    owner.emplace(*sr::SessionReplay::start("key", recording(), std::move(callbacks)));
    armed = true;
    say_something();
    while (!ended) {
        std::this_thread::yield();
    }
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
}

void starts_may_race() {
    for (int round = 0; round < 20; round++) {
        std::atomic<int> started{0};
        std::vector<std::thread> threads;
        std::vector<std::optional<sr::SessionReplay>> owners(4);
        for (auto &owner : owners) {
            threads.emplace_back([&owner, &started] {
                const Ear ear;
                auto replay = sr::SessionReplay::start("key", recording(), ear.callbacks());
                if (replay) {
                    owner.emplace(*std::move(replay));
                    started++;
                }
            });
        }
        for (auto &thread : threads) {
            thread.join();
        }
        CHECK(started == 1);
    }
}

} // namespace

int main(int count, char **arguments) {
    CHECK(count == 2);
    server = arguments[1];
    a_second_start_leaves_the_first_alone();
    the_end_lets_callbacks_go();
    a_start_without_memory_leaves_nothing_behind();
    what_is_moved_goes_on();
    another_may_begin_before_the_ended_one_goes();
    a_timeout_leaves_its_sentence();
    callbacks_may_throw_and_call_back();
    segment_asks_for_the_session_until_the_end();
    segment_asks_for_the_device();
    a_callback_that_ends_its_owner_returns();
    starts_may_race();
}
