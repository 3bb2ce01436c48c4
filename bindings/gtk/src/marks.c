#include "marks.h"

#include "pictures.h"
#include "urls.h"

/* How many a view keeps: marks are few, set or not, in rows that are selected or not. */
#define MOST_IN_CELLS 32

guint32 srg_check_state(gboolean is_radio, gboolean is_set, gboolean is_partly_set) {
    return (is_set ? (guint32)SR_NODE_FLAG_CHECKED : 0u) | (is_partly_set && !is_radio ? (guint32)SR_NODE_FLAG_PARTIAL : 0u);
}

/* The part of a surface through which little is seen. */
static SrgBox opaque_part(cairo_surface_t *surface, double scale) {
    const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int left = width, top = height, right = 0, bottom = 0;
    for (int y = 0; y < height; ++y) {
        const guint32 *row = (const guint32 *)(const void *)(data + (gsize)y * (gsize)stride);
        for (int x = 0; x < width; ++x) {
            if (row[x] >> 24 > 128) {
                left = MIN(left, x);
                right = MAX(right, x + 1);
                top = MIN(top, y);
                bottom = MAX(bottom, y + 1);
            }
        }
    }
    return srg_box(left / scale, top / scale, (right - left) / scale, (bottom - top) / scale);
}

/* `surface`: what is seen at this place; NULL: it is masked, or nothing was painted. */
static void add_mark(SrgLook *look, const SrgSeen *seen, sr_node check, SrgBox place, cairo_surface_t *surface, guint most, guint64 picture) {
    const double side = 13; /* as a player draws it */
    const SrgBox opaque = surface ? opaque_part(surface, gtk_widget_get_scale_factor(seen->widget)) : srg_box(0, 0, place.width, place.height);
    srg_add(look, seen, check, srg_box(place.x + opaque.x + (opaque.width - side) / 2, place.y + opaque.y + (opaque.height - side) / 2, side, side));
    const char *image = surface ? srg_kept_url(seen->widget, surface, most) : NULL;
    if (image) {
        srg_add(look, seen, (sr_node){.kind = SR_NODE_IMAGE, .id = picture, .image = image}, place);
    }
    g_clear_pointer(&surface, cairo_surface_destroy);
}

static gboolean is_seen(const SrgSeen *seen, const SrgBox *place) {
    const SrgBox shown = srg_intersection(place, &seen->clip->visible);
    return !srg_is_empty(&shown) && place->width * place->height <= SRG_MAX_PIXELS;
}

void srg_mark(SrgLook *look, const SrgSeen *seen, sr_node check, SrgBox part, guint64 picture) {
    const SrgBox place = srg_in_window(seen, part);
    if (is_seen(seen, &place)) {
        const double scale = gtk_widget_get_scale_factor(seen->widget);
        cairo_surface_t *surface = seen->clip->is_masked ? NULL : srg_paint(seen->widget, part, scale, SRG_NO_COLOR);
        add_mark(look, seen, check, place, surface, 1, srg_id(seen->widget, picture, 0));
    }
}

/* Draws it into this area alone. */
static cairo_surface_t *paint_cell(GtkWidget *view, GtkCellRenderer *cell, const GdkRectangle *area, GtkCellRendererState state) {
    const int scale = gtk_widget_get_scale_factor(view);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, area->width * scale, area->height * scale);
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
#if SRG_GTK4
    GtkSnapshot *snapshot = gtk_snapshot_new();
    gtk_cell_renderer_snapshot(cell, snapshot, view, area, area, state);
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    if (node) {
        gsk_render_node_draw(node, cairo);
        gsk_render_node_unref(node);
    }
#else
    gtk_cell_renderer_render(cell, cairo, view, area, area, state);
#endif
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

void srg_cell_mark(SrgLook *look, const SrgSeen *seen, sr_node check, GtkCellRenderer *cell, gboolean is_selected, SrgBox place,
                   guint64 picture) {
    const GtkCellRendererState state = is_selected ? GTK_CELL_RENDERER_SELECTED : 0;
    const GdkRectangle all = {0, 0, (int)place.width, (int)place.height};
    GdkRectangle area;
    gtk_cell_renderer_get_aligned_area(cell, seen->widget, state, &all, &area);
    place = srg_box(place.x + area.x, place.y + area.y, area.width, area.height);
    if (is_seen(seen, &place)) {
        const GdkRectangle alone = {0, 0, area.width, area.height};
        cairo_surface_t *surface = seen->clip->is_masked ? NULL : paint_cell(seen->widget, cell, &alone, state);
        add_mark(look, seen, check, place, surface, MOST_IN_CELLS, picture);
    }
}
