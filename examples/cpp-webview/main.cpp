// A desktop program whose window is a web view (WebKitGTK): what happens in the page is recorded.
//
//     webview PAGE RECORDER SERVER [STORAGE_DIR]
//
// PAGE: a URL. RECORDER: bindings/web/dist/session-replay-recorder.js. SERVER: where to deliver, such as
// http://127.0.0.1:8787. It ends when its window is closed, or with SIGTERM.
#include <session_replay.hpp>

#include <glib-unix.h>
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

/// The name that the recorder looks for among the page's message handlers.
constexpr const char *handler = "sessionReplay";

struct Free {
    void operator()(void *memory) const { g_free(memory); }
};
using Text = std::unique_ptr<char, Free>;

/// What the callbacks of GTK share.
struct Window {
    sr::SessionReplay &replay;
    WebKitWebView *view;
};

void run(WebKitWebView *view, const char *script) {
    webkit_web_view_evaluate_javascript(view, script, -1, nullptr, nullptr, nullptr, nullptr, nullptr);
}

/// Takes what the recorder sends: rrweb events, one a line. Every script of the page may send whatever it likes: what is no
/// text is none of the recorder's, and may not even become one.
void take(WebKitUserContentManager *, WebKitJavascriptResult *message, gpointer data) {
    const auto &window = *static_cast<Window *>(data);
    JSCValue *value = webkit_javascript_result_get_js_value(message);
    const Text lines(jsc_value_is_string(value) ? jsc_value_to_string(value) : nullptr);
    if (lines == nullptr) {
        return;
    }
    const sr::Lines taken = window.replay.record_lines(lines.get());
    if (taken.status.failed()) {
        std::fprintf(stderr, "%s: %s\n", taken.status.name(), sr::last_error().c_str());
    }
    if (taken.status == sr::StatusCode::needs_full_snapshot) {
        run(window.view, "sessionReplayRecorder.takeFullSnapshot()");
    }
}

/// Has a script run in every page, before any of the page's own.
void inject(WebKitUserContentManager *content, const std::string &source) {
    WebKitUserScript *script = webkit_user_script_new(source.c_str(), WEBKIT_USER_CONTENT_INJECT_TOP_FRAME,
                                                      WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_START, nullptr, nullptr);
    webkit_user_content_manager_add_script(content, script);
    webkit_user_script_unref(script);
}

void leave() {
    if (gtk_main_level() > 0) {
        gtk_main_quit();
    }
}

/// Asks the page for its last events, and quits once they are here; or soon, for a page may be busy for ever.
gboolean quit(gpointer data) {
    const auto flushed = [](GObject *, GAsyncResult *, gpointer) { leave(); };
    webkit_web_view_evaluate_javascript(static_cast<Window *>(data)->view, "sessionReplayRecorder.flush()", -1, nullptr,
                                        nullptr, nullptr, flushed, nullptr);
    const auto waited = [](gpointer) -> gboolean { return leave(), G_SOURCE_REMOVE; };
    g_timeout_add_seconds(2, waited, nullptr);
    return TRUE;
}

gboolean closed(GtkWidget *, GdkEvent *, gpointer data) { return quit(data); }

sr::Options options_for(const std::string &server, const char *storage) {
    sr::Options options;
    options.device_id = "webview";
    options.session_id = g_get_real_time() / 1000; // that of your analytics library
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = server + "/sessions/v2/track";
    options.privacy_config.mask_selector = {".private"};
    if (storage != nullptr) {
        options.storage_dir = storage;
    }
    return options;
}

} // namespace

int main(int count, char **arguments) {
    gtk_init(&count, &arguments);
    if (count < 4) {
        std::fputs("usage: webview PAGE RECORDER SERVER [STORAGE_DIR]\n", stderr);
        return 2;
    }
    char *script = nullptr;
    if (!g_file_get_contents(arguments[2], &script, nullptr, nullptr)) {
        std::fprintf(stderr, "%s can't be read: build bindings/web first\n", arguments[2]);
        return 1;
    }
    const Text recorder(script);

    auto replay = sr::SessionReplay::start("demo-key", options_for(arguments[3], count > 4 ? arguments[4] : nullptr));
    if (!replay) {
        std::fprintf(stderr, "%s\n", replay.error().message.c_str());
        return 1;
    }

    WebKitUserContentManager *content = webkit_user_content_manager_new();
    GtkWidget *view = webkit_web_view_new_with_user_content_manager(content);
    Window shared{*replay, WEBKIT_WEB_VIEW(view)};
    g_signal_connect(content, "script-message-received::sessionReplay", G_CALLBACK(take), &shared);
    webkit_user_content_manager_register_script_message_handler(content, handler);
    inject(content, "window.sessionReplayRecorderOptions = { privacyConfig: " + *replay->privacy_config() + " };");
    inject(content, recorder.get());

    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_default_size(GTK_WINDOW(window), 800, 600);
    gtk_container_add(GTK_CONTAINER(window), view);
    g_signal_connect(window, "delete-event", G_CALLBACK(closed), &shared);
    g_unix_signal_add(SIGTERM, quit, &shared);
    webkit_web_view_load_uri(WEBKIT_WEB_VIEW(view), arguments[1]);
    gtk_widget_show_all(window);
    gtk_main();

    gtk_widget_destroy(window);
    const sr::StatusCode status = replay->shutdown(5s);
    std::puts(status == sr::StatusCode::ok ? "delivered" : sr::last_error().c_str());
    return status == sr::StatusCode::ok ? 0 : 1;
}
