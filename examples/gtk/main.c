// A small GTK app that records itself: ./orders http://127.0.0.1:8787 (the viewer's address)
#include "orders_window.h"

#include <session_replay.h>
#include <session_replay_gtk.h>

static void activate(GtkApplication *application, gpointer server) {
    char *options = g_strdup_printf("{\"deviceId\":\"gtk-app\",\"sampleRate\":1,\"enableRemoteConfig\":false,"
                                    "\"sessionId\":%" G_GINT64_FORMAT ",\"trackServerUrl\":\"%s/sessions/v2/track\"}",
                                    g_get_real_time() / 1000, (const char *)server);
    if (sr_init("my-api-key", options) != SR_OK) {
        g_printerr("%s\n", sr_last_error());
    }
    g_free(options);
    sr_gtk_attach();

    OrdersWindow *window = orders_window_new(application);
    gtk_window_present(GTK_WINDOW(window->window));
}

int main(int count, char **arguments) {
    GtkApplication *application = gtk_application_new("com.example.Orders", G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(activate), count > 1 ? arguments[1] : "http://127.0.0.1:8787");
    const int status = g_application_run(G_APPLICATION(application), 1, arguments);
    sr_gtk_detach();
    sr_shutdown(5000);
    return status;
}
