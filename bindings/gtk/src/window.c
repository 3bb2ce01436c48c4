#include "window.h"

#include "desk.h"

/* Popovers and menus lie above all windows. */
#define ON_TOP 1000000

static gboolean is_above(GtkWidget *widget) {
#if SRG_GTK4
    return GTK_IS_POPOVER(widget);
#else
    return GTK_IS_POPOVER(widget) || gtk_window_get_window_type(GTK_WINDOW(widget)) == GTK_WINDOW_POPUP;
#endif
}

void srg_window_is_dirty(SrgWindow *window) {
    window->is_dirty = TRUE;
    window->damage = srg_box(0, 0, 100000, 100000);
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

void srg_window_place(SrgWindow *window) {
    SrgBox desk;
    GtkWidget *widget = window->widget;
    const gboolean is_window = GTK_IS_WINDOW(widget);
    srg_desk_place(widget, &window->inside, &window->left, &window->top, &desk);
    window->is_hidden = srg_desk_is_minimized(widget);
    sr_view_info info = {.size = sizeof info, .view = window->view, .x = desk.x, .y = desk.y, .width = desk.width, .height = desk.height};
    info.z = window->z + (is_above(widget) ? ON_TOP : 0);
    info.flags = (window->is_hidden ? SR_VIEW_HIDDEN : 0u) | (window->is_active ? SR_VIEW_FOCUSED : 0u);
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
