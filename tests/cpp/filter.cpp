// sr::Callbacks::filter and snapshot_wanted: what is kept, dropped and replaced, one that throws, and who owns them.
#include <session_replay.hpp>

#include "../c/check.h"
#include "recording.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

std::string tagged(const std::string &tag) {
    return R"({"type":5,"timestamp":1732300000000,"data":{"tag":")" + tag + R"(","payload":1}})";
}

sr::Verdict look(std::string_view event) {
    if (event.find("throw") != std::string_view::npos) {
        throw std::runtime_error("no");
    }
    if (event.find("drop") != std::string_view::npos) {
        return sr::Verdict::drop();
    }
    if (event.find("broken") != std::string_view::npos) {
        return sr::Verdict::replace("{");
    }
    return event.find("replace") == std::string_view::npos ? sr::Verdict::keep() : sr::Verdict::replace(tagged("changed"));
}

} // namespace

int main(int count, char **arguments) {
    CHECK(count == 2);
    // One that was set in C stays where C++ has none.
    CHECK(sr_set_filter([](void *, const char *, std::size_t) -> std::int32_t { return SR_FILTER_DROP; }, nullptr) == SR_OK);
    {
        auto replay = sr::SessionReplay::start("key", recording_to(arguments[1]));
        CHECK(replay.has_value() && replay->record(tagged("drop")) == sr::StatusCode::not_captured);
    }
    CHECK(sr_set_filter(nullptr, nullptr) == SR_OK);

    const auto held = std::make_shared<int>(0);
    const auto wanted = std::make_shared<std::atomic<int>>(0);
    {
        sr::Callbacks callbacks;
        callbacks.filter = [held](std::string_view event) { return look(event); };
        callbacks.snapshot_wanted = [wanted](std::uint64_t view) { *wanted += view == 0 ? 1 : 100; };
        auto replay = sr::SessionReplay::start("key", recording_to(arguments[1]), std::move(callbacks));
        CHECK(replay.has_value());
        CHECK(replay->wants_full_snapshot() && !replay->wants_full_snapshot(1));
        for (int i = 0; i < 60000 && *wanted == 0; i++) {
            std::this_thread::sleep_for(1ms);
        }
        CHECK(*wanted == 1);
        for (const char *word : {"keep", "replace"}) {
            CHECK(replay->record(tagged(word)) == sr::StatusCode::needs_full_snapshot);
        }
        for (const char *word : {"drop", "throw", "broken"}) {
            CHECK(replay->record(tagged(word)) == sr::StatusCode::not_captured);
        }
        CHECK(replay->shutdown(20s) == sr::StatusCode::ok);
        CHECK(held.use_count() == 2);
    }
    CHECK(held.use_count() == 1 && wanted.use_count() == 1);
    // Nobody filters what comes after it.
    CHECK(sr_init("key", options_with(arguments[1], "")) == SR_OK);
    CHECK(sr_record(tagged("after-drop").data(), tagged("after-drop").size()) == SR_NEEDS_FULL_SNAPSHOT);
    CHECK(sr_shutdown(within_ms(20000)) == SR_OK);
    return 0;
}
