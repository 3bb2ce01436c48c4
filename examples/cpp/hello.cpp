#include <session_replay.hpp>

#include <iostream>

// What a recorder in a web view gives: the page's size, the page, and a change of its text two seconds later.
constexpr char events[] =
    R"({"type":4,"timestamp":1700000000000,"data":{"href":"app://hello","width":400,"height":200}}
{"type":2,"timestamp":1700000000001,"data":{"initialOffset":{"left":0,"top":0},"node":{"type":0,"id":1,"childNodes":[{"type":2,"id":2,"tagName":"html","attributes":{},"childNodes":[{"type":2,"id":3,"tagName":"body","attributes":{},"childNodes":[{"type":3,"id":4,"textContent":"Hello"}]}]}]}}}
{"type":3,"timestamp":1700000002000,"data":{"source":0,"adds":[],"removes":[],"attributes":[],"texts":[{"id":4,"value":"Hello from C++"}]}})";

int main() {
    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1700000000000; // the analytics session; set_session_id() whenever it changes
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = "http://127.0.0.1:8787/sessions/v2/track"; // leave it out to send to Amplitude

    auto replay = sr::SessionReplay::start("my-api-key", options);
    if (!replay) {
        std::cerr << replay.error().message << '\n';
        return 1;
    }
    replay->record_lines(events); // or record(event) for each, from any thread

    const sr::StatusCode status = replay->shutdown(std::chrono::seconds(5));
    std::cout << (status == sr::StatusCode::ok ? "delivered" : sr::last_error()) << '\n';
    return status == sr::StatusCode::ok ? 0 : 1;
}
