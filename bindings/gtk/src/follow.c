#include "follow.h"

static SrgListener listener;

void srg_listen(const SrgListener *told) { listener = *told; }

#if SRG_GTK4

static void painted(GdkFrameClock *clock, gpointer window) {
    (void)clock;
    ((SrgWindow *)window)->is_dirty = TRUE;
    listener.changed();
}

static gboolean happened(GtkEventController *controller, GdkEvent *event, gpointer window) {
    (void)controller;
    listener.happened(window, event);
    return FALSE;
}

/* A clock whose surface is gone has dropped its handlers. */
static void leave_clock(SrgWindow *window) {
    if (window->clock && g_signal_handler_is_connected(window->clock, window->painted)) {
        g_signal_handler_disconnect(window->clock, window->painted);
    }
    g_clear_object(&window->clock);
}

/* A window has a frame clock as long as it has a surface, and may get another one. */
void srg_follow(SrgWindow *window) {
    GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window->widget));
    GdkFrameClock *clock = surface ? gdk_surface_get_frame_clock(surface) : NULL;
    if (clock != window->clock) {
        leave_clock(window);
        g_set_object(&window->clock, clock);
        window->painted = clock ? g_signal_connect(clock, "after-paint", G_CALLBACK(painted), window) : 0;
        window->is_dirty = TRUE;
    }
    if (!window->controller) {
        window->controller = g_object_ref(gtk_event_controller_legacy_new());
        gtk_event_controller_set_propagation_phase(window->controller, GTK_PHASE_CAPTURE);
        g_signal_connect(window->controller, "event", G_CALLBACK(happened), window);
        gtk_widget_add_controller(window->widget, window->controller);
    }
}

void srg_leave(SrgWindow *window) {
    leave_clock(window);
    if (window->controller) {
        g_signal_handlers_disconnect_by_data(window->controller, window);
        if (window->widget) {
            gtk_widget_remove_controller(window->widget, window->controller);
        }
        g_object_unref(window->controller);
    }
}

#else

/* All of a window is painted from its own "draw": the clip is what is painted now. */
static gboolean painted(GtkWidget *widget, cairo_t *cairo, gpointer data) {
    SrgWindow *window = data;
    double left, top, right, bottom;
    (void)widget;
    cairo_clip_extents(cairo, &left, &top, &right, &bottom);
    const SrgBox part = srg_box(left, top, right - left, bottom - top), before = window->damage;
    window->damage = part;
    if (!srg_is_empty(&before)) {
        const double x = MIN(part.x, before.x), y = MIN(part.y, before.y);
        window->damage = srg_box(x, y, MAX(part.x + part.width, before.x + before.width) - x, MAX(part.y + part.height, before.y + before.height) - y);
    }
    window->is_dirty = TRUE;
    listener.changed();
    return FALSE;
}

void srg_follow(SrgWindow *window) {
    if (!window->painted) {
        window->painted = g_signal_connect(window->widget, "draw", G_CALLBACK(painted), window);
    }
}

void srg_leave(SrgWindow *window) {
    if (window->widget && window->painted) {
        g_signal_handler_disconnect(window->widget, window->painted);
    }
}

#endif
