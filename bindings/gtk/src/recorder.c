#include "recorder.h"

#include "input.h"
#include "page.h"
#include "parts.h"
#include "walk.h"
#include "windows.h"

/* Between two looks, in milliseconds. */
#define MIN_MS 250
/* How soon a window that moved is noticed, and what the library says, while nothing is painted. */
#define WATCH_MS 500

static gboolean is_attached, is_looking;
static guint generation; /* of what is attached: a look may find that it is another one */
static guint next, watch;
static gint64 looked_at; /* in microseconds */
static char *situation;
static gulong map_hook, event_hook;

static gboolean look(gpointer data);

static void look_in(guint milliseconds) {
    if (next == 0 && is_attached) {
        /* Behind GTK's own painting. */
        next = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, milliseconds, look, NULL, NULL);
        g_source_set_name_by_id(next, "[session-replay] look"); /* For profilers. */
    }
}

static void look_soon(void) {
    if (next == 0 && sr_is_capturing()) {
        const gint64 since = (g_get_monotonic_time() - looked_at) / 1000;
        look_in((guint)CLAMP(MIN_MS - since, 1, MIN_MS));
    }
}

/* A list of drawn widgets, each of which is held. */
static void release(gpointer data) { g_object_unref(((SrgDrawn *)data)->widget); }

/* The app's code runs during the walk (models, cells): it may end the window, or all this. */
static void show(GtkWidget *widget) {
    const guint mine = generation;
    const SrgWindow *window = srg_window_of(widget);
    if (!window || !gtk_widget_get_mapped(widget)) {
        return;
    }
    const guint64 view = window->view;
    SrgLook seen = {.root = widget, .origin = window->inside, .drawn = g_array_new(FALSE, FALSE, sizeof(SrgDrawn))};
    const SrgBox size = srg_box(0, 0, window->inside.width, window->inside.height);
    const SrgBox damage = srg_box(window->damage.x - window->inside.x, window->damage.y - window->inside.y, window->damage.width, window->damage.height);
    g_array_set_clear_func(seen.drawn, release);
    srg_nodes_init(&seen.nodes);
    srg_walk(&seen, &size, srg_window_background(widget));
    SrgWindow *still = is_attached && mine == generation ? srg_window_of(widget) : NULL;
    if (still && still->view == view) {
        still->damage = srg_box(0, 0, 0, 0);
        srg_window_show(still, &seen.nodes);
        srg_parts_show(view, seen.drawn, &damage);
    }
    srg_nodes_clear(&seen.nodes);
    g_array_free(seen.drawn, TRUE);
}

static void look_at_all(void) {
    GPtrArray *dirty = g_ptr_array_new_with_free_func(g_object_unref);
    srg_windows_update();
    srg_parts_tidy();
    for (guint at = 0; at < srg_windows()->len; ++at) {
        SrgWindow *window = srg_windows()->pdata[at];
        if (window->is_dirty && !window->is_hidden) {
            window->is_dirty = FALSE;
            g_ptr_array_add(dirty, g_object_ref(window->widget));
        }
    }
    const guint mine = generation;
    for (guint at = 0; at < dirty->len && is_attached && mine == generation; ++at) {
        show(dirty->pdata[at]);
    }
    const guint wait = is_attached && mine == generation ? srg_parts_frames() : 0;
    if (wait != 0) {
        look_in(wait);
    }
    g_ptr_array_free(dirty, TRUE);
}

static gboolean look(gpointer data) {
    (void)data;
    next = 0;
    /* What an app's model does while it is asked may run a main loop, and this timer in it. */
    if (!is_looking && sr_is_capturing()) {
        is_looking = TRUE;
        looked_at = g_get_monotonic_time();
        look_at_all();
        is_looking = FALSE;
    }
    return G_SOURCE_REMOVE;
}

/* Once capturing begins, and once what is masked has changed, all is shown again: the library keeps neither what it was not to
 * capture, nor what it masked. */
static void look_again_if_told(void) {
    char *now = NULL;
    if (sr_is_capturing()) {
        char *config = sr_get_privacy_config();
        now = g_strdup_printf("%s %u", config ? config : "", (unsigned)sr_mask_level());
        srg_pages_set_privacy(config);
        sr_string_free(config);
    }
    if (g_strcmp0(now, situation) != 0) {
        srg_windows_all_are_dirty();
        srg_parts_all_are_dirty();
    }
    g_free(situation);
    situation = now;
}

static gboolean watching(gpointer data) {
    (void)data;
    if (!is_looking) {
        look_again_if_told();
        look_soon();
    }
    return G_SOURCE_CONTINUE;
}

/* Sees each widget that is shown. */
static gboolean mapped(GSignalInvocationHint *hint, guint count, const GValue *values, gpointer data) {
    (void)hint, (void)count, (void)data;
    GtkWidget *widget = g_value_get_object(values);
    srg_password_note(widget);
    if (GTK_IS_POPOVER(widget)) {
        srg_windows_note_popover(widget);
    }
    if (srg_is_root(widget)) {
        look_soon();
    } else if (srg_is_web_view(widget) && sr_is_capturing()) {
        look_again_if_told();
        srg_page_prepare(widget);
    }
    return TRUE;
}

static void happened(SrgWindow *window, GdkEvent *event) {
    if (sr_is_capturing()) {
        srg_input(window, event);
    }
}

#if !SRG_GTK4
/* An event comes to each widget that may take it: it is told once, by the first. */
static gboolean event_seen(GSignalInvocationHint *hint, guint count, const GValue *values, gpointer data) {
    static const void *last;
    static guint32 last_time;
    static int last_type;
    (void)hint, (void)data;
    GdkEvent *event = count > 1 ? g_value_get_boxed(values + 1) : NULL;
    const int type = event ? (int)event->type : 0;
    const gboolean is_input = type == GDK_MOTION_NOTIFY || type == GDK_BUTTON_PRESS || type == GDK_2BUTTON_PRESS || type == GDK_BUTTON_RELEASE ||
                              type == GDK_KEY_PRESS || (type >= GDK_TOUCH_BEGIN && type <= GDK_TOUCH_END);
    if (is_input && (event != last || type != last_type || gdk_event_get_time(event) != last_time)) {
        last = event;
        last_type = type;
        last_time = gdk_event_get_time(event);
        GtkWidget *target = type == GDK_KEY_PRESS ? g_value_get_object(values) : gtk_get_event_widget(event);
        SrgWindow *window = srg_window_of(srg_root_of(target ? target : g_value_get_object(values)));
        if (window) {
            happened(window, event);
        }
    }
    return TRUE;
}
#endif

static void note_all(GtkWidget *widget) {
    GPtrArray *list = srg_children(widget);
    srg_password_note(widget);
    if (GTK_IS_POPOVER(widget) && gtk_widget_get_mapped(widget)) {
        srg_windows_note_popover(widget);
    }
    for (guint at = 0; at < list->len; ++at) {
        note_all(list->pdata[at]);
    }
    g_ptr_array_free(list, TRUE);
}

gboolean srg_begin(void) {
    if (!gdk_display_get_default()) {
        srg_say("not attached: GTK is not initialized");
        return FALSE;
    }
    if (!g_main_context_acquire(NULL)) {
        srg_say("not attached: another thread runs GTK's main loop");
        return FALSE;
    }
    g_main_context_release(NULL);
    if (is_attached) {
        return TRUE;
    }
    static const SrgListener listener = {look_soon, happened};
    is_attached = TRUE;
    ++generation;
    srg_windows_begin(&listener);
    g_type_class_unref(g_type_class_ref(GTK_TYPE_WIDGET)); /* Its signals are there once the class is. */
    srg_parts_begin();
    map_hook = g_signal_add_emission_hook(g_signal_lookup("map", GTK_TYPE_WIDGET), 0, mapped, NULL, NULL);
#if !SRG_GTK4
    event_hook = g_signal_add_emission_hook(g_signal_lookup("event", GTK_TYPE_WIDGET), 0, event_seen, NULL, NULL);
#endif
    GList *windows = gtk_window_list_toplevels();
    g_list_foreach(windows, (GFunc)(void (*)(void))note_all, NULL);
    g_list_free(windows);
    watch = g_timeout_add(WATCH_MS, watching, NULL);
    look_again_if_told();
    look_soon();
    return TRUE;
}

void srg_end(void) {
    if (!is_attached) {
        return;
    }
    is_attached = FALSE;
    ++generation;
    g_signal_remove_emission_hook(g_signal_lookup("map", GTK_TYPE_WIDGET), map_hook);
    if (event_hook) {
        g_signal_remove_emission_hook(g_signal_lookup("event", GTK_TYPE_WIDGET), event_hook);
        event_hook = 0;
    }
    g_clear_handle_id(&watch, g_source_remove);
    g_clear_handle_id(&next, g_source_remove);
    g_clear_pointer(&situation, g_free);
    srg_parts_end();
    srg_windows_end();
}
