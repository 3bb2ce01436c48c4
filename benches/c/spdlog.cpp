/* Times one message of spdlog's asynchronous logger, as long as an event, next to a copy into a warm ring, as record.c
 * does it for sr_record:
 *
 *     spdlog THREADS BYTES EVENTS PACE_US SCRATCH_DIR
 *
 * The logger writes to a file from one thread of its own, and drops the oldest when its queue is full, so that it never
 * blocks. Prints a line for each: `name samples p50 p99 p99.9 max mean` in nanoseconds. */
#include "clock.h"

#include <algorithm>
#include <cstring>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <string>
#include <thread>
#include <vector>

static const size_t BURST = 20, RING_BYTES = 128 * 1024, QUEUE = 8192;

struct samples {
    std::vector<uint32_t> ring, logger;
};

static void measure(spdlog::logger &logger, size_t bytes, size_t events, double pace_ns, samples &out) {
    const std::string event(bytes, 'x');
    std::vector<char> ring(std::max(RING_BYTES, bytes), 1);
    size_t at = 0;
    while (out.logger.size() < events) {
        const double began = now_ns();
        for (size_t i = 0; i < BURST; i++) {
            const uint64_t before = ticks();
            if (at + bytes > ring.size()) {
                at = 0;
            }
            std::memcpy(ring.data() + at, event.data(), bytes);
            at += (bytes + 7) & ~(size_t)7;
            out.ring.push_back((uint32_t)(ticks() - before));
        }
        for (size_t i = 0; i < BURST; i++) {
            const uint64_t before = ticks();
            logger.log(spdlog::level::info, spdlog::string_view_t(event.data(), event.size()));
            out.logger.push_back((uint32_t)(ticks() - before));
        }
        const double left = began + pace_ns - now_ns();
        if (left > 0) {
            spin_ns(left);
        }
    }
}

static void print_all(const char *name, const std::vector<samples> &threads, std::vector<uint32_t> samples::*which,
                      double per_ns) {
    std::vector<uint32_t> all;
    for (const samples &one : threads) {
        all.insert(all.end(), (one.*which).begin(), (one.*which).end());
    }
    print_samples(name, all.data(), all.size(), per_ns);
}

int main(int count, char **arguments) {
    if (count != 6) {
        return 2;
    }
    const size_t threads = std::stoul(arguments[1]), bytes = std::stoul(arguments[2]), events = std::stoul(arguments[3]);
    const double pace_ns = std::stod(arguments[4]) * 1000;
    const double per_ns = ticks_per_ns();
    spdlog::init_thread_pool(QUEUE, 1);
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(std::string(arguments[5]) + "/spdlog.log");
    const auto logger = std::make_shared<spdlog::async_logger>("bench", sink, spdlog::thread_pool(),
                                                               spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    std::vector<samples> all(threads);
    std::vector<std::thread> running;
    for (samples &one : all) {
        one.ring.reserve(events + BURST), one.logger.reserve(events + BURST);
        running.emplace_back([&] { measure(*logger, bytes, events, pace_ns, one); });
    }
    for (std::thread &thread : running) {
        thread.join();
    }
    print_all("memcpy-ring", all, &samples::ring, per_ns);
    print_all("spdlog-async", all, &samples::logger, per_ns);
    spdlog::shutdown();
    return 0;
}
