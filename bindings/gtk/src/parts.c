#include "parts.h"

#include "page.h"
#include "pictures.h"
#include "windows.h"

#include <math.h>

/* The library allows 256 views of all kinds. */
#define MAX_PARTS 100

static GPtrArray *parts;

static void let_go(gpointer data) {
    SrgPart *part = data;
    if (part->is_page) {
        srg_page_end(part);
    }
    if (part->paintable) {
        g_signal_handlers_disconnect_by_data(part->paintable, part);
        g_object_unref(part->paintable);
    }
    sr_view_close(part->view);
    if (part->widget) {
        g_object_remove_weak_pointer(G_OBJECT(part->widget), (gpointer *)&part->widget);
    }
    g_free(part);
}

void srg_parts_begin(void) { parts = g_ptr_array_new_with_free_func(let_go); }

void srg_parts_end(void) { g_ptr_array_free(g_steal_pointer(&parts), TRUE); }

#if SRG_GTK4
static void painted(GdkPaintable *paintable, gpointer part) {
    (void)paintable;
    ((SrgPart *)part)->is_dirty = TRUE;
}
#endif

static SrgPart *part_of(GtkWidget *widget, guint64 parent) {
    for (guint at = 0; at < parts->len; ++at) {
        SrgPart *part = parts->pdata[at];
        if (part->widget == widget && part->parent == parent) {
            return part;
        }
    }
    if (parts->len >= MAX_PARTS) {
        return NULL;
    }
    SrgPart *part = g_new0(SrgPart, 1);
    part->widget = widget;
    part->parent = parent;
    part->view = srg_new_view();
    part->is_dirty = TRUE;
    g_object_add_weak_pointer(G_OBJECT(widget), (gpointer *)&part->widget);
#if SRG_GTK4
    if (!srg_is_web_view(widget)) {
        part->paintable = G_OBJECT(gtk_widget_paintable_new(widget));
        g_signal_connect(part->paintable, "invalidate-contents", G_CALLBACK(painted), part);
    }
#endif
    g_ptr_array_add(parts, part);
    return part;
}

/* To whole pixels, as what is painted lies on them. */
static SrgBox whole(const SrgBox *box) {
    const double x = floor(box->x + 0.01), y = floor(box->y + 0.01);
    return srg_box(x, y, ceil(box->x + box->width - 0.01) - x, ceil(box->y + box->height - 0.01) - y);
}

static void show(SrgPart *part, const SrgDrawn *drawn, int z, const SrgBox *damage) {
    /* A page is as large as its widget, whatever is seen of it; of pixels only what is seen is painted. */
    const SrgBox place = part->is_page ? drawn->place : whole(&drawn->visible);
    const SrgBox inside = srg_box(place.x - drawn->place.x, place.y - drawn->place.y, place.width, place.height);
    const sr_view_info info = {.size = sizeof info, .view = part->view, .parent = part->parent, .x = place.x, .y = place.y, .width = place.width,
                               .height = place.height, .z = z, .background = drawn->background};
#if !SRG_GTK4
    const SrgBox hit = srg_intersection(damage, &place);
    part->is_dirty = part->is_dirty || !srg_is_empty(&hit);
#else
    (void)damage;
#endif
    part->is_dirty = part->is_dirty || memcmp(&inside, &part->part, sizeof inside) != 0 || part->background != drawn->background;
    part->is_seen = TRUE;
    part->part = inside;
    part->background = drawn->background;
    part->info = info;
    sr_view_place(&info);
}

void srg_parts_show(guint64 parent, GArray *drawn, const SrgBox *damage) {
    for (guint at = 0; at < parts->len; ++at) {
        SrgPart *part = parts->pdata[at];
        part->is_seen = part->parent != parent;
    }
    for (guint at = 0; at < drawn->len; ++at) {
        const SrgDrawn *it = &g_array_index(drawn, SrgDrawn, at);
        const gboolean is_page = srg_is_web_view(it->widget);
        SrgPart *part = !is_page || srg_pages_are_recorded() ? part_of(it->widget, parent) : NULL;
        if (part && !part->is_page && is_page) {
            part->is_page = TRUE;
            show(part, it, (int)at, damage);
            srg_page_begin(part);
        } else if (part) {
            show(part, it, (int)at, damage);
        }
    }
    for (guint at = parts->len; at-- > 0;) {
        const SrgPart *part = parts->pdata[at];
        if (!part->is_seen || !part->widget) {
            g_ptr_array_remove_index(parts, at);
        }
    }
}

static gboolean has_window(guint64 view) {
    GPtrArray *windows = srg_windows();
    for (guint at = 0; at < windows->len; ++at) {
        if (((const SrgWindow *)windows->pdata[at])->view == view) {
            return TRUE;
        }
    }
    return FALSE;
}

void srg_parts_tidy(void) {
    for (guint at = parts->len; at-- > 0;) {
        const SrgPart *part = parts->pdata[at];
        if (!part->widget || !has_window(part->parent)) {
            g_ptr_array_remove_index(parts, at);
        }
    }
}

static void hand_over(SrgPart *part) {
    const double scale = gtk_widget_get_scale_factor(part->widget);
    part->is_dirty = FALSE;
    cairo_surface_t *surface = srg_paint(part->widget, part->part, scale, part->background);
    if (!surface) {
        return;
    }
    if (!parts || !g_ptr_array_find(parts, part, NULL)) {
        cairo_surface_destroy(surface);
        return;
    }
    const int height = cairo_image_surface_get_height(surface), stride = cairo_image_surface_get_stride(surface);
    sr_frame frame = {.size = sizeof frame, .view = part->view, .scale = scale, .stride = (uint32_t)stride};
    frame.format = G_BYTE_ORDER == G_LITTLE_ENDIAN ? SR_PIXELS_BGRA : SR_PIXELS_ARGB;
    frame.width = (uint32_t)cairo_image_surface_get_width(surface);
    frame.height = (uint32_t)height;
    frame.pixels = cairo_image_surface_get_data(surface);
    frame.length = (size_t)stride * (size_t)height;
    sr_view_frame(&frame);
    cairo_surface_destroy(surface);
}

/* Painting runs the app's code (GTK 3), which may end all this: the list is asked again after it. */
guint srg_parts_frames(void) {
    guint next = 0;
    for (guint at = 0; parts && at < parts->len; ++at) {
        SrgPart *part = parts->pdata[at];
        if (part->is_page || !part->is_dirty || !part->widget || !gtk_widget_get_mapped(part->widget)) {
            continue;
        }
        const guint wait = sr_view_next_frame_ms(part->view);
        if (wait == 0) {
            hand_over(part);
        } else {
            next = next ? MIN(next, wait) : wait;
        }
    }
    return next;
}

void srg_parts_all_are_dirty(void) {
    for (guint at = 0; parts && at < parts->len; ++at) {
        ((SrgPart *)parts->pdata[at])->is_dirty = TRUE;
    }
}

gboolean srg_parts_has_page_at(guint64 parent, double x, double y) {
    for (guint at = 0; parts && at < parts->len; ++at) {
        const SrgPart *part = parts->pdata[at];
        const sr_view_info *it = &part->info;
        if (part->is_page && part->parent == parent && x >= it->x && y >= it->y && x < it->x + it->width && y < it->y + it->height) {
            return TRUE;
        }
    }
    return FALSE;
}
