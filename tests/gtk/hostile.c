// Apps that do their worst to an adapter that is attached. What is wrong here, sanitizers say, or GLib (G_DEBUG), or expect().
//   hostile SERVER
#include "either_gtk.h"
#include "screen.h"

#include <session_replay.h>
#include <session_replay_gtk.h>

#include <stdio.h>

#define expect(condition)                                                     \
    do {                                                                      \
        if (!(condition)) {                                                   \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
            exit(1);                                                          \
        }                                                                     \
    } while (0)

#define look() wait_ms(600)

static int alive; // widgets that are followed

static void gone(gpointer data, GObject *widget) {
    (void)data, (void)widget;
    --alive;
}

static GtkWidget *followed(GtkWidget *widget) {
    ++alive;
    g_object_weak_ref(G_OBJECT(widget), gone, NULL);
    return widget;
}

static GtkWidget *new_window(GtkWidget *child) {
#if GTK_CHECK_VERSION(4, 0, 0)
    GtkWidget *window = followed(gtk_window_new());
#else
    GtkWidget *window = followed(gtk_window_new(GTK_WINDOW_TOPLEVEL));
#endif
    set_child(window, child);
    gtk_window_present(GTK_WINDOW(window));
    return window;
}

/// What a cell does once it is armed and asked for what it shows.
static struct {
    GtkWidget *window, *view;
    void (*deed)(void);
    gboolean is_armed;
    int done;
} app;

static void ask(GtkTreeViewColumn *column, GtkCellRenderer *cell, GtkTreeModel *model, GtkTreeIter *iter, gpointer data) {
    (void)column, (void)model, (void)iter, (void)data;
    g_object_set(cell, "text", "a cell", NULL);
    // GTK asks, too, and would not bear it.
    GSource *source = g_main_current_source();
    if (app.is_armed && source && g_strcmp0(g_source_get_name(source), "[session-replay] look") == 0) {
        app.is_armed = FALSE;
        ++app.done;
        app.deed();
    }
}

static void take_out_the_view(void) {
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(gtk_widget_get_parent(app.view)), NULL);
#else
    gtk_widget_destroy(app.view);
#endif
    app.view = NULL;
}
static void destroy_the_window(void) {
    close_window(app.window);
    app.window = app.view = NULL;
}
static void take_away_the_model(void) { gtk_tree_view_set_model(GTK_TREE_VIEW(app.view), NULL); }
static void run_a_loop(void) { wait_ms(700); }
static void attach_again(void) {
    sr_gtk_detach();
    expect(sr_gtk_attach());
}
static void detach(void) { sr_gtk_detach(); }

static void with_model(void (*deed)(void)) {
    GtkListStore *rows = gtk_list_store_new(1, G_TYPE_STRING);
    for (int row = 0; row < 50; ++row) {
        gtk_list_store_insert_with_values(rows, NULL, -1, 0, "row", -1);
    }
    app.view = followed(gtk_tree_view_new_with_model(GTK_TREE_MODEL(rows)));
    app.deed = deed;
    app.done = 0;
    g_object_unref(rows);
    gtk_tree_view_insert_column_with_data_func(GTK_TREE_VIEW(app.view), -1, "Column", gtk_cell_renderer_text_new(), ask, NULL, NULL);
    GtkWidget *area = scrolled(app.view);
    gtk_widget_set_size_request(area, 200, 200);
    app.window = new_window(area);
    look();
    for (int round = 0; round < 20 && app.done == 0; ++round) {
        app.is_armed = TRUE;
        gtk_widget_queue_draw(app.view);
        look();
    }
    app.is_armed = FALSE;
    expect(app.done > 0);
    if (app.window) {
        close_window(app.window);
    }
    look();
}

/// Ends things while it paints.
static GtkWidget *painted_window;
static int paintings;

static void paint(cairo_t *cairo) {
    cairo_set_source_rgb(cairo, 1, 0, 0);
    cairo_paint(cairo);
    ++paintings;
}

#if GTK_CHECK_VERSION(4, 0, 0)
static void draw(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data) {
    (void)area, (void)width, (void)height, (void)data;
    paint(cairo);
}
#else
static gboolean draw(GtkWidget *area, cairo_t *cairo, gpointer data) {
    (void)area, (void)data;
    paint(cairo);
    if (cairo_surface_get_type(cairo_get_target(cairo)) == CAIRO_SURFACE_TYPE_IMAGE && painted_window) {
        sr_gtk_detach(); // It is asked for a frame.
        close_window(painted_window);
        painted_window = NULL;
    }
    return TRUE;
}
#endif

static void paints_and_ends(void) {
    GtkWidget *area = followed(gtk_drawing_area_new());
    gtk_widget_set_size_request(area, 200, 100);
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, NULL, NULL);
#else
    g_signal_connect(area, "draw", G_CALLBACK(draw), NULL);
#endif
    painted_window = new_window(area);
    for (int round = 0; round < 6; ++round) {
        look();
        if (painted_window) {
            gtk_widget_queue_draw(area);
        }
    }
    expect(paintings > 0);
    if (painted_window) {
        close_window(painted_window);
    }
    expect(sr_gtk_attach());
    look();
}

static guint dice(guint sides) {
    static guint seed = 7;
    return (seed = seed * 1103515245u + 12345u) / 65536u % sides;
}

static void many_windows_come_and_go(void) {
    GPtrArray *windows = g_ptr_array_new();
    const gint64 end = g_get_monotonic_time() + 6 * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < end) {
        GtkWidget *window = windows->len ? windows->pdata[dice(windows->len)] : NULL;
        if (windows->len < 10 && dice(2)) {
            GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *inner = box;
            for (int depth = 0; depth < 10; ++depth) {
                add(inner, gtk_button_new_with_label("Push"), FALSE);
                GtkWidget *deeper = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
                add(inner, deeper, TRUE);
                inner = deeper;
            }
            add(box, gtk_entry_new(), FALSE);
            g_ptr_array_add(windows, new_window(box));
        } else if (window) {
            switch (dice(6)) {
            case 0: g_ptr_array_remove_fast(windows, window), close_window(window); break;
            case 1: gtk_widget_set_visible(window, FALSE); break;
            case 2: gtk_window_present(GTK_WINDOW(window)); break;
            case 3: gtk_window_set_transient_for(GTK_WINDOW(window), windows->pdata[0] == window ? NULL : windows->pdata[0]); break;
            case 4: dice(4) ? (void)0 : attach_again(); break;
            default: expect(sr_gtk_mask(window, true) && sr_gtk_mask(window, false));
            }
        }
        wait_ms(1 + dice(20));
    }
    for (guint at = 0; at < windows->len; ++at) {
        close_window(windows->pdata[at]);
    }
    g_ptr_array_free(windows, TRUE);
}

static void too_much_to_show(void) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *deep = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    add(box, deep, FALSE);
    for (int at = 0; at < 5000; ++at) {
        char text[16];
        g_snprintf(text, sizeof text, "%d", at);
        add(box, gtk_label_new(text), FALSE);
    }
    for (int at = 0; at < 150; ++at) {
        GtkWidget *next = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
        add(deep, next, FALSE);
        deep = next;
    }
    GtkWidget *text = gtk_text_view_new(), *both = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GString *much = g_string_new(NULL);
    for (int line = 0; line < 20000; ++line) {
        g_string_append(much, "a line of a long text\n");
    }
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(text)), much->str, -1);
    gtk_text_view_set_editable(GTK_TEXT_VIEW(text), FALSE);
    g_string_free(much, TRUE);
    add(both, scrolled(box), TRUE);
    add(both, scrolled(text), TRUE);
    GtkWidget *window = new_window(both);
    look();
    look();
    close_window(window);
}

#if GTK_CHECK_VERSION(4, 0, 0)
/// GTK 4.8 complains by itself, without an adapter, too, when a window with an editable label closes: that ends no program here.
static void a_label_is_edited(void) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *label = gtk_editable_label_new("a label"), *entry = gtk_entry_new();
    add(box, entry, FALSE);
    add(box, label, FALSE);
    GtkWidget *window = new_window(box);
    look();
    for (int round = 0; round < 3; ++round) {
        gtk_editable_label_start_editing(GTK_EDITABLE_LABEL(label));
        look();
        set_text(label, "edited");
        look();
        gtk_widget_grab_focus(entry);
        gtk_editable_label_stop_editing(GTK_EDITABLE_LABEL(label), round % 2);
        look();
    }
    const GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    close_window(window);
    look();
    g_log_set_always_fatal(fatal);
}
#endif

static gboolean resize_all(gpointer widgets) {
    for (GtkWidget **it = widgets; *it; ++it) {
        gtk_widget_queue_resize(*it);
    }
    return G_SOURCE_CONTINUE;
}

/// A look comes when sizes are awaited.
static void sizes_change_all_the_time(void) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    GtkWidget *all[] = {gtk_label_new("1"), gtk_switch_new(), gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 9, 1),
                        icon_button("document-open-symbolic"), gtk_drawing_area_new(), NULL};
    for (GtkWidget **it = all; *it; ++it) {
        add(box, *it, TRUE);
    }
    GtkWidget *window = new_window(box);
    const guint timer = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE - 1, 1, resize_all, all, NULL);
    for (int round = 0; round < 5; ++round) {
        look();
    }
    g_source_remove(timer);
    close_window(window);
}

static void *from_elsewhere(void *answer) {
    *(gboolean *)answer = sr_gtk_attach();
    return NULL;
}

static void session(const char *server) {
    char *options = g_strdup_printf("{\"deviceId\":\"hostile\",\"sampleRate\":1,\"enableRemoteConfig\":false,\"sessionId\":1732300000000,"
                                    "\"trackServerUrl\":\"%s/sessions/v2/track\"}", server);
    expect(sr_init("api-key", options) == SR_OK);
    g_free(options);
    void (*const deeds[])(void) = {take_out_the_view, destroy_the_window, take_away_the_model, run_a_loop, attach_again, detach};
    for (gsize at = 0; at < G_N_ELEMENTS(deeds); ++at) {
        with_model(deeds[at]);
        expect(sr_gtk_attach());
    }
    paints_and_ends();
    many_windows_come_and_go();
    too_much_to_show();
#if GTK_CHECK_VERSION(4, 0, 0)
    a_label_is_edited();
#endif
    sizes_change_all_the_time();
    look();
    expect(alive == 0); // Nothing is held past its life.

    // The recorder ends first: its calls fail from then on.
    GtkWidget *field = gtk_entry_new(), *window = new_window(field);
    look();
    look();
    expect(sr_gtk_view_of(field) != 0);
    expect(sr_shutdown(10000) == SR_OK);
    set_text(field, "typed");
    look();
    close_window(window);
}

int main(int count, char **arguments) {
    expect(count == 2);
    expect(!sr_gtk_attach()); // GTK is not there yet.
    sr_gtk_detach();
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_init();
#else
    gtk_init(&count, &arguments);
#endif
    expect(!sr_gtk_mask(NULL, true));
    expect(sr_gtk_view_of(NULL) == 0);
    expect(!sr_gtk_record_web_views(NULL));
    g_main_context_acquire(NULL);
    gboolean is_attached = TRUE;
    g_thread_join(g_thread_new("elsewhere", from_elsewhere, &is_attached));
    expect(!is_attached);
    g_main_context_release(NULL);
    expect(sr_gtk_attach() && sr_gtk_attach());
    GtkWidget *window = new_window(gtk_label_new("shown before anything is recorded"));
    look();
    expect(sr_gtk_view_of(window) == 0);
    close_window(window);
    session(arguments[1]);
    sr_gtk_detach();
    sr_gtk_detach();
    look();
    expect(alive == 0);
    puts("done");
    return 0;
}
