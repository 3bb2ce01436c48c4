// A thread of the host that ends in Callbacks::segment_session, by pthread_cancel: its stack is unwound, and nothing of the
// library or of the header is left behind. What it throws otherwise is dropped.
#include <session_replay.hpp>

#include <pthread.h>
#include <cstdlib>
#include <stdexcept>

namespace {

enum class What { answer, end, fail };
std::atomic<What> what{What::answer};
std::atomic<int> unwound{0};

struct Unwound {
    ~Unwound() { ++unwound; }
};

std::int64_t session() {
    const Unwound counted;
    switch (what) {
    case What::end:
        (void)pthread_cancel(pthread_self());
        pthread_testcancel();
        return 1;
    case What::fail: throw std::runtime_error("no");
    case What::answer: break;
    }
    return 1732300000005;
}

void *process(void *replay) {
    const Unwound counted;
    (void)static_cast<sr::SessionReplay *>(replay)->segment_process(R"({"type":"track"})");
    return nullptr;
}

void *run(sr::SessionReplay &replay, What next) {
    what = next;
    unwound = 0;
    pthread_t thread;
    void *result = nullptr;
    if (pthread_create(&thread, nullptr, process, &replay) != 0 || pthread_join(thread, &result) != 0 || unwound != 2) {
        std::abort();
    }
    return result;
}

} // namespace

int main() {
    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1732300000000;
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = "http://127.0.0.1:9/";
    options.segment_mode = sr::SegmentMode::classic_device;
    options.shutdown_timeout = std::chrono::milliseconds(0);
    sr::Callbacks callbacks;
    callbacks.segment_session = session;
    auto replay = sr::value_or_throw(sr::SessionReplay::start("key", options, std::move(callbacks)));
    const bool ended = run(replay, What::end) == PTHREAD_CANCELED;
    const bool failed = run(replay, What::fail) == nullptr && replay.session_id() == 1732300000000;
    const bool answered = run(replay, What::answer) == nullptr && replay.session_id() == 1732300000005;
    // This thread is in no callback, and the next start is not refused.
    { const sr::SessionReplay gone = std::move(replay); }
    const bool again = sr::SessionReplay::start("key", options).has_value();
    return ended && failed && answered && again ? 0 : 1;
}
