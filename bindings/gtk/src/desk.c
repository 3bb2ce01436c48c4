#include "desk.h"

#ifdef GDK_WINDOWING_X11
#if SRG_GTK4
#include <gdk/x11/gdkx.h>
#else
#include <gdk/gdkx.h>
#endif
#endif

static SrgBox joined(SrgBox all, const GdkRectangle *more) {
    if (srg_is_empty(&all)) {
        return srg_box(more->x, more->y, more->width, more->height);
    }
    const double x = MIN(all.x, more->x), y = MIN(all.y, more->y);
    return srg_box(x, y, MAX(all.x + all.width, more->x + more->width) - x, MAX(all.y + all.height, more->y + more->height) - y);
}

/* Centered over what it belongs to. */
static SrgBox over(const SrgBox *size, GtkWidget *parent) {
    SrgBox around = srg_desk_size();
    if (parent) {
        SrgBox inside;
        double left, top;
        srg_desk_place(parent, &inside, &left, &top, &around);
    }
    const double x = around.x + (around.width - size->width) / 2, y = around.y + (around.height - size->height) / 2;
    return srg_box(MAX(x, around.x), MAX(y, around.y), size->width, size->height);
}

#if SRG_GTK4

SrgBox srg_desk_size(void) {
    SrgBox all = {0, 0, 0, 0};
    GListModel *monitors = gdk_display_get_monitors(gdk_display_get_default());
    for (guint at = 0; at < g_list_model_get_n_items(monitors); ++at) {
        GdkRectangle one;
        GdkMonitor *monitor = g_list_model_get_item(monitors, at);
        gdk_monitor_get_geometry(monitor, &one);
        all = joined(all, &one);
        g_object_unref(monitor);
    }
    return all;
}

/* Where a surface is on the desk, if the display says so. */
static gboolean surface_place(GdkSurface *surface, double *x, double *y) {
#ifdef GDK_WINDOWING_X11
    if (GDK_IS_X11_SURFACE(surface)) {
        Display *display = gdk_x11_display_get_xdisplay(gdk_surface_get_display(surface));
        int left = 0, top = 0;
        Window child;
        gdk_x11_display_error_trap_push(gdk_surface_get_display(surface));
        XTranslateCoordinates(display, gdk_x11_surface_get_xid(surface), DefaultRootWindow(display), 0, 0, &left, &top, &child);
        if (gdk_x11_display_error_trap_pop(gdk_surface_get_display(surface)) == 0) {
            *x = left / (double)gdk_surface_get_scale_factor(surface);
            *y = top / (double)gdk_surface_get_scale_factor(surface);
            return TRUE;
        }
    }
#endif
    if (GDK_IS_POPUP(surface)) {
        GdkSurface *parent = gdk_popup_get_parent(GDK_POPUP(surface));
        if (parent && surface_place(parent, x, y)) {
            *x += gdk_popup_get_position_x(GDK_POPUP(surface));
            *y += gdk_popup_get_position_y(GDK_POPUP(surface));
            return TRUE;
        }
    }
    return FALSE;
}

/* Without a popover's arrow and shadow. */
static SrgBox inside_of(GtkWidget *widget) {
    GtkWidget *child = GTK_IS_POPOVER(widget) ? gtk_popover_get_child(GTK_POPOVER(widget)) : NULL;
    SrgBox box;
    if (child && gtk_widget_get_parent(child) && srg_place(gtk_widget_get_parent(child), widget, &box) && !srg_is_empty(&box)) {
        return box;
    }
    return srg_box(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
}

void srg_desk_place(GtkWidget *widget, SrgBox *inside, double *left, double *top, SrgBox *desk) {
    double x = 0, y = 0;
    GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(widget));
    *inside = inside_of(widget);
    gtk_native_get_surface_transform(GTK_NATIVE(widget), left, top);
    *desk = srg_box(0, 0, inside->width, inside->height);
    if (surface && surface_place(surface, &x, &y)) {
        desk->x = x + *left + inside->x;
        desk->y = y + *top + inside->y;
        return;
    }
    GtkWidget *parent = GTK_IS_WINDOW(widget) ? GTK_WIDGET(gtk_window_get_transient_for(GTK_WINDOW(widget))) : srg_root_of(gtk_widget_get_parent(widget));
    *desk = over(desk, parent);
    if (GDK_IS_POPUP(surface) && parent) {
        SrgBox in, around;
        double l, t;
        srg_desk_place(parent, &in, &l, &t, &around);
        desk->x = around.x - in.x - l + gdk_popup_get_position_x(GDK_POPUP(surface)) + *left + inside->x;
        desk->y = around.y - in.y - t + gdk_popup_get_position_y(GDK_POPUP(surface)) + *top + inside->y;
    }
}

gboolean srg_desk_is_minimized(GtkWidget *widget) {
    GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(widget));
    return GDK_IS_TOPLEVEL(surface) && (gdk_toplevel_get_state(GDK_TOPLEVEL(surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

gboolean srg_desk_has_bar(GtkWidget *widget) {
    return gtk_window_get_decorated(GTK_WINDOW(widget)) && !gtk_widget_has_css_class(widget, "csd") && !gtk_widget_has_css_class(widget, "solid-csd") && !gtk_window_is_fullscreen(GTK_WINDOW(widget));
}

#else

SrgBox srg_desk_size(void) {
    SrgBox all = {0, 0, 0, 0};
    GdkDisplay *display = gdk_display_get_default();
    for (int at = 0; at < gdk_display_get_n_monitors(display); ++at) {
        GdkRectangle one;
        gdk_monitor_get_geometry(gdk_display_get_monitor(display, at), &one);
        all = joined(all, &one);
    }
    return all;
}

static void join_child(GtkWidget *child, gpointer data) {
    GtkAllocation place;
    SrgBox *all = data;
    if (gtk_widget_get_visible(child) && !GTK_IS_POPOVER(child)) {
        gtk_widget_get_allocation(child, &place);
        *all = joined(*all, &place);
    }
}

/* Without the shadow that GTK draws around a window, and without a popover's arrow. */
static SrgBox inside_of(GtkWidget *widget) {
    SrgBox all = {0, 0, 0, 0};
    const SrgBox whole = srg_box(0, 0, gtk_widget_get_allocated_width(widget), gtk_widget_get_allocated_height(widget));
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    if (GTK_IS_POPOVER(widget)) {
        GtkWidget *child = gtk_bin_get_child(GTK_BIN(widget));
        GtkBorder padding;
        gtk_style_context_get_padding(style, gtk_style_context_get_state(style), &padding);
        if (child && srg_place(child, widget, &all)) {
            return srg_box(all.x - padding.left, all.y - padding.top, all.width + padding.left + padding.right, all.height + padding.top + padding.bottom);
        }
    } else if (gtk_style_context_has_class(style, "csd")) {
        gtk_container_forall(GTK_CONTAINER(widget), join_child, &all);
    }
    return srg_is_empty(&all) ? whole : all;
}

static gboolean tells_places(GdkDisplay *display) {
#ifdef GDK_WINDOWING_X11
    return GDK_IS_X11_DISPLAY(display);
#else
    return FALSE;
#endif
}

void srg_desk_place(GtkWidget *widget, SrgBox *inside, double *left, double *top, SrgBox *desk) {
    int x = 0, y = 0;
    *inside = inside_of(widget);
    *left = *top = 0;
    if (GTK_IS_POPOVER(widget)) {
        SrgBox around_inside, around, here;
        GtkWidget *window = gtk_widget_get_toplevel(widget);
        if (window != widget && GTK_IS_WINDOW(window) && srg_place(widget, window, &here)) {
            srg_desk_place(window, &around_inside, left, top, &around);
            *left = here.x;
            *top = here.y;
            *desk = srg_box(around.x - around_inside.x + here.x + inside->x, around.y - around_inside.y + here.y + inside->y, inside->width, inside->height);
            return;
        }
    }
    *desk = srg_box(0, 0, inside->width, inside->height);
    GdkWindow *window = gtk_widget_get_window(widget);
    if (window && tells_places(gtk_widget_get_display(widget))) {
        gdk_window_get_origin(window, &x, &y);
        desk->x = x + inside->x;
        desk->y = y + inside->y;
    } else {
        GtkWindow *parent = GTK_IS_WINDOW(widget) ? gtk_window_get_transient_for(GTK_WINDOW(widget)) : NULL;
        *desk = over(desk, parent ? GTK_WIDGET(parent) : NULL);
    }
}

gboolean srg_desk_is_minimized(GtkWidget *widget) {
    GdkWindow *window = GTK_IS_WINDOW(widget) ? gtk_widget_get_window(widget) : NULL;
    return window && (gdk_window_get_state(window) & GDK_WINDOW_STATE_ICONIFIED);
}

gboolean srg_desk_has_bar(GtkWidget *widget) {
    GdkWindow *window = gtk_widget_get_window(widget);
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    const gboolean is_full = window && (gdk_window_get_state(window) & GDK_WINDOW_STATE_FULLSCREEN);
    return gtk_window_get_decorated(GTK_WINDOW(widget)) && gtk_window_get_window_type(GTK_WINDOW(widget)) == GTK_WINDOW_TOPLEVEL &&
           !gtk_style_context_has_class(style, "csd") && !gtk_style_context_has_class(style, "solid-csd") && !is_full;
}

#endif
