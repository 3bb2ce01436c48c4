// One widget of each kind, shown to be compared with the replay; each picture of the screen is a moment.
//   gallery SERVER SESSION FOLDER ltr|rtl light|dark
#include "gallery_widgets.h"
#include "screen.h"
#include "texts.h"

#include <session_replay.h>
#include <session_replay_gtk.h>

static char *folder;
static GString *moments;

static void moment(const char *name, GtkWidget *window) {
    hand("mousemove 1010 755");
    wait_ms(1500);
    char *payload = g_strdup_printf("\"%s\"", name), *path = g_strdup_printf("%s/%s.png", folder, name);
    sr_record_custom("moment", payload);
    screenshot(path);
    const GdkRectangle place = on_screen(window);
    char *texts = texts_of(window);
    g_string_append_printf(moments, "%s\"%s\":{\"place\":[%d,%d,%d,%d],\"texts\":%s,\"marks\":[", moments->len > 1 ? "," : "", name, place.x, place.y, place.width,
                           place.height, texts);
    for (gsize at = 0; at < marked_count; ++at) {
        const GdkRectangle it = place_of_mark(at);
        g_string_append_printf(moments, "%s[\"%s\",[%d,%d,%d,%d]]", at ? "," : "", marked[at].name, it.x, it.y, it.width, it.height);
    }
    g_string_append(moments, "]}");
    marked_count = 0;
    g_free(texts);
    g_free(payload);
    g_free(path);
    wait_ms(50);
}

static void start(char **arguments) {
    char *options = g_strdup_printf("{\"deviceId\":\"gtk-gallery\",\"sampleRate\":1,\"enableRemoteConfig\":false,\"sessionId\":%s,"
                                    "\"privacyConfig\":{\"defaultMaskLevel\":\"light\"},\"trackServerUrl\":\"%s/sessions/v2/track\"}",
                                    arguments[2], arguments[1]);
    if (sr_init("api-key", options) != SR_OK || !sr_gtk_attach()) {
        g_printerr("%s\n", sr_last_error());
        exit(1);
    }
    g_free(options);
}

int main(int count, char **arguments) {
    g_assert(count == 6);
    folder = arguments[3];
    moments = g_string_new("{");
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_init();
#else
    gtk_init(NULL, NULL);
#endif
    gtk_widget_set_default_direction(strcmp(arguments[4], "rtl") == 0 ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
    g_object_set(gtk_settings_get_default(), "gtk-cursor-blink", FALSE, "gtk-enable-animations", FALSE, NULL);
    g_object_set(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", strcmp(arguments[5], "dark") == 0, NULL);
    start(arguments);
    const struct {
        const char *name;
        GtkWidget *(*make)(void);
    } pages[] = {{"controls", new_controls}, {"lists", new_lists}, {"words", new_words}, {"focus", new_focus}};
    for (gsize at = 0; at < G_N_ELEMENTS(pages); ++at) {
        GtkWidget *window = new_gallery_window(pages[at].make());
        wait_ms(500);
        hand("search --sync --onlyvisible --name ^Gallery$ windowmove 60 50");
        if (focused) {
            gtk_widget_grab_focus(focused);
            hand("key Tab key shift+Tab"); // A key makes it seen.
        }
        moment(pages[at].name, window);
        close_window(window);
        wait_ms(700);
    }
    g_string_append_c(moments, '}');
    char *path = g_strdup_printf("%s/moments.json", folder);
    g_file_set_contents(path, moments->str, -1, NULL);
    g_free(path);
    sr_gtk_detach();
    return sr_shutdown(10000) != SR_OK;
}
