// Uses the example's window as a person would, and at each moment keeps a picture of the screen and the texts that are seen.
//   drive SERVER SESSION FOLDER PASSWORD [LEVEL [RECORDER PAGE OTHER_PAGE]]   the level of masking: "medium" without it
#include "orders_window.h"
#include "screen.h"
#include "texts.h"

#include <session_replay.h>
#include <session_replay_gtk.h>

static char *folder;
static GString *moments;

static GtkWidget *plot;

static void moment(const char *name, GtkWidget *window) {
    hand("mousemove 1000 740");
    wait_ms(1500);
    char *payload = g_strdup_printf("\"%s\"", name), *path = g_strdup_printf("%s/%s.png", folder, name);
    sr_record_custom("moment", payload);
    screenshot(path);
    const GdkRectangle place = on_screen(window);
    char *texts = texts_of(window);
    g_string_append_printf(moments, "%s\"%s\":{\"place\":[%d,%d,%d,%d],\"texts\":%s", moments->len > 1 ? "," : "", name, place.x, place.y, place.width,
                           place.height, texts);
    if (gtk_widget_get_mapped(plot)) {
        const GdkRectangle part = on_screen(plot);
        const int title = 24; // It is text, as the player sets it.
        g_string_append_printf(moments, ",\"plot\":[%d,%d,%d,%d]", part.x, part.y + title, part.width, part.height - title);
    }
    g_string_append_c(moments, '}');
    g_free(texts);
    g_free(payload);
    g_free(path);
    wait_ms(50);
}

static void turn_to(OrdersWindow *orders, int tab) {
    GtkNotebook *tabs = GTK_NOTEBOOK(orders->tabs);
    click(gtk_notebook_get_tab_label(tabs, gtk_notebook_get_nth_page(tabs, tab)));
}

static void scroll_down(GtkWidget *list) {
    const GdkRectangle place = on_screen(list);
    hand("mousemove %d %d click --repeat 3 --delay 60 5", place.x + 100, place.y + 150);
}

#ifdef SR_GTK_WEBKIT
static gboolean is_loaded;

static void load_changed(WebKitWebView *page, WebKitLoadEvent event, gpointer data) {
    (void)page, (void)data;
    is_loaded = is_loaded || event == WEBKIT_LOAD_FINISHED;
}

/// WebKit starts processes of its own, which takes seconds on a busy machine; and then until it is painted, and recorded.
static void wait_for_page(void) {
    for (int turns = 0; !is_loaded && turns < 600; ++turns) {
        wait_ms(100);
    }
    is_loaded = FALSE;
    wait_ms(2000);
}
#endif

static void use_web_view(OrdersWindow *orders, char **pages) {
#ifdef SR_GTK_WEBKIT
    g_signal_connect(orders->page, "load-changed", G_CALLBACK(load_changed), NULL);
    webkit_web_view_load_uri(WEBKIT_WEB_VIEW(orders->page), pages[0]);
    turn_to(orders, 2);
    wait_for_page();
    moment("page", orders->window);
    webkit_web_view_load_uri(WEBKIT_WEB_VIEW(orders->page), pages[1]);
    wait_for_page();
    moment("navigated", orders->window);
    webkit_web_view_reload(WEBKIT_WEB_VIEW(orders->page));
    wait_for_page();
    turn_to(orders, 0);
    wait_ms(600);
    turn_to(orders, 2);
    moment("returned", orders->window);
#else
    (void)orders, (void)pages;
#endif
}

static void use(OrdersWindow *orders, const char *password) {
    moment("start", orders->window);
    type(orders->search, "Hopper");
    type(orders->card, password);
    click(orders->paid);
    type(orders->note, "Call before noon");
    click_at(orders->list, 60, 90);
    scroll_down(orders->list);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(orders->progress), 0.8);
    moment("form", orders->window);
    click(orders->menu);
    moment("menu", orders->window);
    hand("key Escape");
    turn_to(orders, 1);
    moment("more", orders->window);
    orders->value = 1;
    gtk_widget_queue_draw(orders->plot);
    moment("plot", orders->window);
    turn_to(orders, 0);

    click(orders->pay);
    wait_ms(500);
    type(orders->dialog.user, "grace@example.com");
    type(orders->dialog.password, password);
    moment("dialog", orders->dialog.window);
    click(orders->dialog.shown);
    moment("shown", orders->dialog.window);
    click(orders->dialog.cancel);
    gtk_label_set_text(GTK_LABEL(orders->status), "1 paid");
    moment("end", orders->window);
}

static void activate(GtkApplication *application, gpointer data) {
    char **arguments = data;
    char *level = arguments[5], **pages = level && arguments[6] ? arguments + 6 : NULL;
    char *options = g_strdup_printf("{\"deviceId\":\"gtk-app\",\"sampleRate\":1,\"enableRemoteConfig\":false,\"sessionId\":%s,\"storageDir\":\"%s/storage\","
                                    "\"privacyConfig\":{\"defaultMaskLevel\":\"%s\"},\"trackServerUrl\":\"%s/sessions/v2/track\"}",
                                    arguments[2], folder, level ? level : "medium", arguments[1]);
    if (sr_init("api-key", options) != SR_OK) {
        g_printerr("%s\n", sr_last_error());
        exit(1);
    }
    g_free(options);
    char *script = NULL;
    if (pages && !(g_file_get_contents(pages[0], &script, NULL, NULL) && sr_gtk_record_web_views(script))) {
        g_printerr("%s: the recorder is not there\n", pages[0]);
        exit(1);
    }
    g_free(script);
    if (!sr_gtk_attach()) {
        g_printerr("not attached\n");
        exit(1);
    }
    g_object_set(gtk_settings_get_default(), "gtk-cursor-blink", FALSE, "gtk-enable-animations", FALSE, NULL);
    OrdersWindow *orders = orders_window_new(application);
    plot = orders->plot;
    if (level && !pages) {
        gtk_label_set_text(GTK_LABEL(orders->status), "token-4711-of-a-label");
        g_assert(sr_gtk_mask(orders->status, true));
    }
    gtk_window_present(GTK_WINDOW(orders->window));
    wait_ms(1000);
    hand("search --sync --onlyvisible --name ^Orders$ windowactivate --sync windowmove 60 70");
    use(orders, arguments[4]);
    if (pages) {
        use_web_view(orders, pages + 1);
    }
    g_string_append_c(moments, '}');
    char *path = g_strdup_printf("%s/moments.json", folder);
    g_file_set_contents(path, moments->str, -1, NULL);
    g_free(path);
    close_window(orders->window);
}

int main(int count, char **arguments) {
    g_assert(count > 4);
    folder = arguments[3];
    moments = g_string_new("{");
    GtkApplication *application = gtk_application_new("com.example.Drive", G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(activate), arguments);
    const int status = g_application_run(G_APPLICATION(application), 1, arguments);
    sr_gtk_detach();
    sr_shutdown(10000);
    g_object_unref(application);
    return status;
}
