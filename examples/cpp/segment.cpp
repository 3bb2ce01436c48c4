// Segment's Amplitude Classic destination in device-mode: the analytics library beside Segment owns session and device.
//
//     segment VIEWER_URL
#include <session_replay.hpp>

#include <iostream>

// What your analytics library tells; here it is made up.
std::int64_t my_session_id() { return 1732300000000; }
std::string my_device_id() { return "device-1"; }
// How you send an event to Segment's HTTP API.
void post(const std::string &event) { std::cout << event << '\n'; }

int main(int count, char **arguments) {
    sr::Options options;
    options.sample_rate = 1;
    options.segment_mode = sr::SegmentMode::classic_device;
    if (count > 1) {
        options.enable_remote_config = false;
        options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    }
    sr::Callbacks callbacks;
    callbacks.segment_session = my_session_id;
    callbacks.segment_device = my_device_id;

    auto replay = sr::SessionReplay::start("api-key", options, std::move(callbacks));
    if (!replay) {
        std::cerr << replay.error().message << '\n';
        return 1;
    }
    const std::string event = R"({"type":"track","event":"Order Completed","properties":{"total":25.5}})";
    post(replay->segment_process(event).value_or(event)); // from any thread; each track, page, screen, identify …
    replay->record(R"({"type":4,"timestamp":1732300000001,"data":{"href":"app://shop","width":800,"height":600}})");

    const sr::Status status = replay->shutdown(std::chrono::seconds(5));
    return status == sr::Status::ok ? 0 : 1;
}
