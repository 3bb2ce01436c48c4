// A server-like host, as its owner runs it under ThreadSanitizer with the released library. With "race" it has one of its own,
// with "race-in-core" one in a function whose name Rust might have given.
#include "recording.hpp"

#include <cstring>
#include <functional>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static int plain = 0;

namespace core {
void increase(int &number);
void increase(int &number) { number++; }
} // namespace core

int main(int count, char **arguments) {
    if (count < 4) {
        return 2;
    }
    auto options = recording_to(arguments[1]);
    options.storage_dir = arguments[2];
    std::string heard;
    sr::Callbacks callbacks;
    callbacks.log = [&heard](sr::LogLevel, std::string_view line) { heard = line; };
    auto replay = sr::value_or_throw(sr::SessionReplay::start("key", options, std::move(callbacks)));
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; i++) {
        threads.emplace_back([&] {
            while (!stop) {
                const std::string event = R"({"type":5,"timestamp":1732300000000,"data":{"tag":"t","payload":1}})";
                (void)replay.record(event);
                std::this_thread::sleep_for(100us);
            }
        });
    }
    threads.emplace_back([&] {
        for (std::int64_t id = 1732300000001; !stop; id++) {
            (void)replay.set_session_id(id);
            (void)replay.stats();
            (void)replay.flush(0ms);
            std::this_thread::sleep_for(5ms);
        }
    });
    if (std::strcmp(arguments[3], "race") == 0) {
        threads.emplace_back([] { plain++; });
        plain++;
    }
    if (std::strcmp(arguments[3], "race-in-core") == 0) {
        threads.emplace_back(core::increase, std::ref(plain));
        core::increase(plain);
    }
    std::this_thread::sleep_for(1500ms);
    stop = true;
    for (std::thread &thread : threads) {
        thread.join();
    }
    (void)replay.shutdown(10s);
    return 0;
}
