// webview/webview (0.11 and later): the page calls a function that is bound, with the recorder's text as its argument.
#include <session_replay.hpp>
#include <webview/webview.h>

#include <fstream>
#include <iostream>
#include <iterator>

int main(int count, char **arguments) {
    if (count < 3) {
        std::cerr << "usage: " << arguments[0] << " PAGE RECORDER\n";
        return 2;
    }
    std::ifstream file(arguments[2]); // bindings/web/dist/session-replay-recorder.js
    const std::string recorder{std::istreambuf_iterator<char>(file), {}};

    sr::Options options;
    options.device_id = "device-1";
    options.session_id = 1700000000000; // the analytics session
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = "http://127.0.0.1:8787/sessions/v2/track";
    auto replay = sr::SessionReplay::start("my-api-key", options);
    if (!replay) {
        std::cerr << replay.error().message << '\n';
        return 1;
    }

    webview::webview window(false, nullptr);
    // What is bound gets its arguments as a JSON array: the first is the text.
    window.bind("sessionReplayLines", [&](const std::string &request) -> std::string {
        const std::string lines = webview::detail::json_parse(request, "", 0);
        if (replay->record_lines(lines).status == sr::StatusCode::needs_full_snapshot) {
            window.eval("sessionReplayRecorder.takeFullSnapshot()");
        }
        return "";
    });
    // The recorder is told to use it: it would take webview's own way to the program for the program's.
    window.init("window.sessionReplayRecorderOptions = { privacyConfig: " + *replay->privacy_config() +
                ", postMessage: (lines) => window.sessionReplayLines(lines) };\n" + recorder);
    window.navigate(arguments[1]);
    window.run();
    return replay->shutdown(std::chrono::seconds(5)) ? 0 : 1;
}
