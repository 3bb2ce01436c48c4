// The host's own HTTP in C++: answers from other threads, copies, answers that never come, exceptions.
#include <session_replay.hpp>

#include "../c/check.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

/// The threads that answer, waited for at the end.
class Answering {
public:
    void begin(std::function<void()> answer) {
        const std::lock_guard<std::mutex> lock(mutex_);
        threads_.emplace_back(std::move(answer));
    }
    ~Answering() {
        for (auto &thread : threads_) {
            thread.join();
        }
    }

private:
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

void check(const sr::Request &request) {
    CHECK(request.method == "POST");
    CHECK(request.url.rfind("https://example.invalid/sessions/v2/track?", 0) == 0);
    CHECK(request.headers_json.find("\"Authorization\":\"Bearer key\"") != std::string_view::npos);
    CHECK(!request.body.empty());
    CHECK(request.timeout == 10s);
}

void answer(int attempt, const sr::Responder &responder) {
    switch (attempt) {
    case 2:
        CHECK(responder.fail("no network") == sr::StatusCode::ok);
        break;
    case 3:
        CHECK(responder.answer(99, {}, {}) == sr::StatusCode::invalid_argument); // and may still be answered
        CHECK(responder.answer(200, "[", {}) == sr::StatusCode::invalid_argument);
        CHECK(responder.answer(503, "{}", "busy") == sr::StatusCode::ok);
        break;
    default:
        CHECK(responder.answer(200, R"({"x-session-replay-event-skipped": "4005"})", "{}") == sr::StatusCode::ok);
    }
    CHECK(responder.answer(200, {}, {}) == sr::StatusCode::timeout);
}

} // namespace

int main() {
    Answering answering;
    std::atomic<int> attempts{0};
    std::optional<sr::Responder> kept;
    sr::Callbacks callbacks;
    callbacks.transport = [&](const sr::Request &request, sr::Responder responder) {
        check(request);
        const int attempt = ++attempts;
        if (attempt == 1) {
            throw std::runtime_error("the responder goes without an answer");
        }
        if (attempt == 4) {
            kept = responder;
        }
        answering.begin([attempt, responder] { answer(attempt, responder); });
    };

    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1732300000000;
    options.sample_rate = 1.0;
    options.enable_remote_config = false;
    options.track_server_url = "https://example.invalid/sessions/v2/track";
    options.flush_max_retries = 5;
    auto replay = sr::SessionReplay::start("key", options, std::move(callbacks));
    CHECK(replay.has_value());
    CHECK(replay->record(EVENT) == sr::StatusCode::needs_full_snapshot);
    CHECK(replay->flush(20s) == sr::StatusCode::ok);
    CHECK(attempts == 4);
    CHECK(stat_of("sessionEndedByServer") == 1);
    CHECK(replay->record(EVENT) == sr::StatusCode::not_captured);
    CHECK(replay->shutdown(1s) == sr::StatusCode::ok);
    CHECK(kept->answer(200, {}, {}) == sr::StatusCode::timeout);
}
