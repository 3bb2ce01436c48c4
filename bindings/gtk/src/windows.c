#include "windows.h"

#include "desk.h"

/* Popovers and menus lie above all windows. */
#define ON_TOP 1000000
#define MAX_DEPTH 16

static GPtrArray *list, *popovers; /* SrgWindow; GtkWidget, which are not held */
static SrgListener listener;
static gint32 front;

static gboolean is_shown(GtkWidget *widget) {
    if (!gtk_widget_get_mapped(widget)) {
        return FALSE;
    }
#if SRG_GTK4
    return TRUE;
#else
    const GdkWindowTypeHint hint = GTK_IS_WINDOW(widget) ? gtk_window_get_type_hint(GTK_WINDOW(widget)) : GDK_WINDOW_TYPE_HINT_NORMAL;
    return hint != GDK_WINDOW_TYPE_HINT_TOOLTIP && hint != GDK_WINDOW_TYPE_HINT_DND && !GTK_IS_OFFSCREEN_WINDOW(widget);
#endif
}

static gboolean is_above(GtkWidget *widget) {
#if SRG_GTK4
    return GTK_IS_POPOVER(widget);
#else
    return GTK_IS_POPOVER(widget) || gtk_window_get_window_type(GTK_WINDOW(widget)) == GTK_WINDOW_POPUP;
#endif
}

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
static void follow(SrgWindow *window) {
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

static void let_go(SrgWindow *window) {
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

static void follow(SrgWindow *window) {
    if (!window->painted) {
        window->painted = g_signal_connect(window->widget, "draw", G_CALLBACK(painted), window);
    }
}

static void let_go(SrgWindow *window) {
    if (window->widget && window->painted) {
        g_signal_handler_disconnect(window->widget, window->painted);
    }
}

#endif

static void close_window(gpointer data) {
    SrgWindow *window = data;
    sr_view_close(window->view);
    let_go(window);
    if (window->widget) {
        g_object_remove_weak_pointer(G_OBJECT(window->widget), (gpointer *)&window->widget);
    }
    g_free(window);
}

/* A popover in the list is taken out when it is gone. */
static void forget_popover(gpointer data, GObject *gone) {
    (void)data;
    if (popovers) {
        g_ptr_array_remove_fast(popovers, gone);
    }
}

void srg_windows_begin(const SrgListener *told) {
    listener = *told;
    list = g_ptr_array_new_with_free_func(close_window);
    popovers = g_ptr_array_new();
}

void srg_windows_end(void) {
    g_ptr_array_free(g_steal_pointer(&list), TRUE);
    for (guint at = 0; at < popovers->len; ++at) {
        g_object_weak_unref(popovers->pdata[at], forget_popover, NULL);
    }
    g_ptr_array_free(g_steal_pointer(&popovers), TRUE);
}

GPtrArray *srg_windows(void) { return list; }

SrgWindow *srg_window_of(GtkWidget *widget) {
    for (guint at = 0; list && widget && at < list->len; ++at) {
        SrgWindow *window = list->pdata[at];
        if (window->widget == widget) {
            return window;
        }
    }
    return NULL;
}

void srg_windows_note_popover(GtkWidget *popover) {
    if (popovers && !g_ptr_array_find(popovers, popover, NULL)) {
        g_object_weak_ref(G_OBJECT(popover), forget_popover, NULL);
        g_ptr_array_add(popovers, popover);
    }
}

void srg_windows_all_are_dirty(void) {
    for (guint at = 0; list && at < list->len; ++at) {
        SrgWindow *window = list->pdata[at];
        window->is_dirty = TRUE;
        window->damage = srg_box(0, 0, 100000, 100000);
    }
}

/* Lies in front from now on, and in front of it the dialogs that belong to it. */
static void raise_window(SrgWindow *raised, int depth) {
    raised->z = ++front;
    for (guint at = 0; at < list->len && depth < MAX_DEPTH; ++at) {
        SrgWindow *window = list->pdata[at];
        const gboolean is_other = window != raised && window->widget && raised->widget && GTK_IS_WINDOW(window->widget);
        if (is_other && GTK_WIDGET(gtk_window_get_transient_for(GTK_WINDOW(window->widget))) == raised->widget) {
            raise_window(window, depth + 1);
        }
    }
}

static void add(GtkWidget *widget) {
    if (is_shown(widget) && !srg_window_of(widget)) {
        SrgWindow *window = g_new0(SrgWindow, 1);
        window->widget = widget;
        window->view = srg_new_view();
        window->is_dirty = TRUE;
        window->damage = srg_box(0, 0, 100000, 100000);
        g_object_add_weak_pointer(G_OBJECT(widget), (gpointer *)&window->widget);
        g_ptr_array_add(list, window);
        raise_window(window, 0);
    }
}

static void find(void) {
    GList *windows = gtk_window_list_toplevels();
    for (GList *at = windows; at; at = at->next) {
        add(at->data);
    }
    g_list_free(windows);
    for (guint at = 0; at < popovers->len; ++at) {
        add(popovers->pdata[at]);
    }
}

guint32 srg_window_background(GtkWidget *widget) {
    guint32 background, border;
    srg_colors(widget, &background, &border);
#if SRG_GTK4
    GtkWidget *child = GTK_IS_POPOVER(widget) ? gtk_popover_get_child(GTK_POPOVER(widget)) : NULL;
    if (child && background == SRG_NO_COLOR) {
        srg_colors(gtk_widget_get_parent(child), &background, &border);
    }
#endif
    return background >> 24 > 1 ? background | 0xff000000u : 0xfff6f5f4u;
}

static void place(SrgWindow *window) {
    SrgBox desk;
    GtkWidget *widget = window->widget;
    const gboolean is_window = GTK_IS_WINDOW(widget);
    srg_desk_place(widget, &window->inside, &window->left, &window->top, &desk);
    window->is_hidden = srg_desk_is_minimized(widget);
    const gboolean is_active = is_window && gtk_window_is_active(GTK_WINDOW(widget));
    if (is_active && !window->is_active) {
        raise_window(window, 0);
    }
    window->is_active = is_active;
    sr_view_info info = {.size = sizeof info, .view = window->view, .x = desk.x, .y = desk.y, .width = desk.width, .height = desk.height};
    info.z = window->z + (is_above(widget) ? ON_TOP : 0);
    info.flags = (window->is_hidden ? SR_VIEW_HIDDEN : 0u) | (is_active ? SR_VIEW_FOCUSED : 0u);
    info.background = srg_window_background(widget);
    if (is_window && srg_desk_has_bar(widget)) {
        const char *title = gtk_window_get_title(GTK_WINDOW(widget));
        info.title = title ? title : "";
    }
    sr_view_place(&info);
}

static void show(guint64 view, const SrgNodes *seen) {
    sr_view_nodes(view, (const sr_node *)(const void *)seen->nodes->data, seen->nodes->len);
}

/* Moves the nodes to where they begin: their view is no larger than they are. */
static SrgBox moved(SrgNodes *seen) {
    sr_node *nodes = (sr_node *)(void *)seen->nodes->data;
    double left = 1e6, top = 1e6, right = 0, bottom = 0;
    for (guint at = 0; at < seen->nodes->len; ++at) {
        const sr_node *it = &nodes[at];
        if (it->kind != SR_NODE_CUSTOM || it->background || it->border) { /* It is more than the edges of others. */
            left = MIN(left, (double)it->x);
            top = MIN(top, (double)it->y);
            right = MAX(right, (double)(it->x + it->width));
            bottom = MAX(bottom, (double)(it->y + it->height));
        }
    }
    for (guint at = 0; at < seen->nodes->len; ++at) {
        nodes[at].x -= (float)left;
        nodes[at].y -= (float)top;
    }
    return srg_box(left, top, right - left, bottom - top);
}

void srg_window_show(SrgWindow *window, SrgScene *scene) {
    show(window->view, &scene->below);
    if (scene->above.nodes->len > 0) {
        const SrgBox place = moved(&scene->above);
        window->above = window->above ? window->above : srg_new_view();
        const sr_view_info info = {.size = sizeof info, .view = window->above, .parent = window->view, .x = place.x, .y = place.y,
                                   .width = place.width, .height = place.height, .z = ON_TOP, .background = SRG_NO_COLOR};
        sr_view_place(&info);
        show(window->above, &scene->above);
    } else if (window->above) {
        sr_view_close(window->above);
        window->above = 0;
    }
}

void srg_windows_update(void) {
    find();
    for (guint at = list->len; at-- > 0;) {
        const SrgWindow *window = list->pdata[at];
        if (!window->widget || !is_shown(window->widget)) {
            g_ptr_array_remove_index(list, at);
        }
    }
    const SrgBox all = srg_desk_size();
    const sr_view_info desk = {.size = sizeof desk, .x = all.x, .y = all.y, .width = all.width, .height = all.height};
    if (!srg_is_empty(&all)) {
        sr_view_place(&desk);
    }
    for (guint at = 0; at < list->len; ++at) {
        follow(list->pdata[at]);
        place(list->pdata[at]);
    }
}
