#include "windows.h"

#include "desk.h"

/* How deep dialogs belong to each other. */
#define MAX_DEPTH 16

static GPtrArray *list, *popovers; /* SrgWindow; GtkWidget, which are not held */
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

static void close_window(gpointer data) {
    SrgWindow *window = data;
    sr_view_close(window->view);
    srg_leave(window);
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
    srg_listen(told);
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
        srg_window_is_dirty(list->pdata[at]);
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
        srg_window_is_dirty(window);
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

/* Before any is placed: a dialog may be raised by a window that is behind it in the list. */
static void raise_active(void) {
    for (guint at = 0; at < list->len; ++at) {
        SrgWindow *window = list->pdata[at];
        const gboolean is_active = GTK_IS_WINDOW(window->widget) && gtk_window_is_active(GTK_WINDOW(window->widget));
        if (is_active && !window->is_active) {
            raise_window(window, 0);
        }
        window->is_active = is_active;
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
    raise_active();
    for (guint at = 0; at < list->len; ++at) {
        srg_follow(list->pdata[at]);
        srg_window_place(list->pdata[at]);
    }
}
