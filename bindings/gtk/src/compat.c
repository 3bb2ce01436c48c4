#include "compat.h"

#if SRG_GTK4

GPtrArray *srg_children(GtkWidget *widget) {
    GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
        g_ptr_array_add(list, g_object_ref(child));
    }
    return list;
}

gboolean srg_place(GtkWidget *widget, GtkWidget *around, SrgBox *place) {
    graphene_rect_t bounds;
    if (!gtk_widget_compute_bounds(widget, around, &bounds)) {
        return FALSE;
    }
    *place = srg_box(bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height);
    return TRUE;
}

gboolean srg_clips(GtkWidget *widget) {
    return gtk_widget_get_overflow(widget) == GTK_OVERFLOW_HIDDEN || GTK_IS_VIEWPORT(widget) || GTK_IS_SCROLLABLE(widget);
}

#else

static void add_child(GtkWidget *child, gpointer list) { g_ptr_array_add(list, g_object_ref(child)); }

GPtrArray *srg_children(GtkWidget *widget) {
    GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
    if (GTK_IS_CONTAINER(widget)) {
        gtk_container_forall(GTK_CONTAINER(widget), add_child, list);
    }
    return list;
}

gboolean srg_place(GtkWidget *widget, GtkWidget *around, SrgBox *place) {
    int x = 0, y = 0;
    if (widget != around && !gtk_widget_translate_coordinates(widget, around, 0, 0, &x, &y)) {
        return FALSE;
    }
    *place = srg_box(x, y, gtk_widget_get_allocated_width(widget), gtk_widget_get_allocated_height(widget));
    return TRUE;
}

gboolean srg_clips(GtkWidget *widget) {
    return GTK_IS_VIEWPORT(widget) || GTK_IS_SCROLLED_WINDOW(widget) || GTK_IS_SCROLLABLE(widget) || GTK_IS_STACK(widget) || GTK_IS_REVEALER(widget);
}

#endif

gboolean srg_is_rtl(GtkWidget *widget) { return gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL; }

/* Pango names nothing that takes its place. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
PangoDirection srg_direction(const char *text) { return pango_find_base_dir(text, -1); }
G_GNUC_END_IGNORE_DEPRECATIONS

void srg_say(const char *why) { g_log("session-replay", G_LOG_LEVEL_MESSAGE, "%s", why); }

gboolean srg_is_root(GtkWidget *widget) { return GTK_IS_WINDOW(widget) || GTK_IS_POPOVER(widget); }

GtkWidget *srg_root_of(GtkWidget *widget) {
    while (widget && !srg_is_root(widget)) {
        widget = gtk_widget_get_parent(widget);
    }
    return widget;
}

gboolean srg_is_named(GtkWidget *widget, const char *name) {
    const GType type = g_type_from_name(name);
    return type != 0 && g_type_is_a(G_OBJECT_TYPE(widget), type);
}

static GtkWidget *find(GtkWidget *widget, GType type, int depth) {
    GtkWidget *found = NULL;
    GPtrArray *list = depth > 8 ? NULL : srg_children(widget);
    for (guint at = 0; list && at < list->len && !found; ++at) {
        GtkWidget *child = list->pdata[at];
        if (!srg_is_root(child) && gtk_widget_get_mapped(child)) {
            found = g_type_is_a(G_OBJECT_TYPE(child), type) ? child : find(child, type, depth + 1);
        }
    }
    if (list) {
        g_ptr_array_free(list, TRUE);
    }
    return found;
}

GtkWidget *srg_find(GtkWidget *widget, GType type) { return find(widget, type, 0); }
