#include "pictures.h"

#include "urls.h"

static void fill(cairo_t *cairo, guint32 color) {
    if (color >> 24 == 0xff) {
        cairo_set_source_rgb(cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0);
        cairo_paint(cairo);
    }
}

#if SRG_GTK4

/* What was painted is still there, as a tree of drawing commands: nothing of the app runs. */
static void draw(GtkWidget *widget, cairo_t *cairo) {
    GdkPaintable *paintable = gtk_widget_paintable_new(widget);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    /* As large as it is with its border: gtk_widget_get_width() is without. */
    gdk_paintable_snapshot(paintable, GDK_SNAPSHOT(snapshot), gdk_paintable_get_intrinsic_width(paintable), gdk_paintable_get_intrinsic_height(paintable));
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    if (node) {
        gsk_render_node_draw(node, cairo);
        gsk_render_node_unref(node);
    }
    g_object_unref(paintable);
}

#else

/* GTK 3 keeps nothing of what a widget has painted: it paints once more. gtk_widget_draw() complains while a new size is awaited,
 * which nobody can ask for. */
static void draw(GtkWidget *widget, cairo_t *cairo) {
    gboolean is_done = FALSE;
    if (gtk_widget_is_drawable(widget)) {
        cairo_rectangle(cairo, 0, 0, gtk_widget_get_allocated_width(widget), gtk_widget_get_allocated_height(widget));
        cairo_clip(cairo);
        g_signal_emit_by_name(widget, "draw", cairo, &is_done);
    }
}

#endif

cairo_surface_t *srg_paint(GtkWidget *widget, SrgBox part, double scale, guint32 background) {
    const int width = (int)(part.width * scale + 0.5), height = (int)(part.height * scale + 0.5);
    if (width < 1 || height < 1 || width > 16384 || height > 16384) {
        return NULL;
    }
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cairo = cairo_create(surface);
    fill(cairo, background);
    cairo_scale(cairo, scale, scale);
    cairo_translate(cairo, -part.x, -part.y);
    g_object_ref(widget);
    draw(widget, cairo);
    g_object_unref(widget);
    const gboolean is_drawn = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    if (!is_drawn) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

gboolean srg_picture(SrgLook *look, const SrgSeen *seen, guint64 part) {
    const SrgBox shown = srg_intersection(&seen->place, &seen->clip->visible);
    if (srg_is_empty(&shown) || seen->place.width * seen->place.height > SRG_MAX_PIXELS) {
        return srg_is_empty(&shown);
    }
    sr_node node = {.kind = SR_NODE_IMAGE, .id = srg_id(seen->widget, part, 0)};
    const double scale = gtk_widget_get_scale_factor(seen->widget);
    const SrgBox all = srg_box(0, 0, seen->place.width, seen->place.height);
    cairo_surface_t *surface = seen->clip->is_masked ? NULL : srg_paint(seen->widget, all, scale, SRG_NO_COLOR);
    node.image = surface ? srg_kept_url(seen->widget, surface, 1) : NULL;
    if (node.image || seen->clip->is_masked) {
        srg_add(look, seen, node, seen->place);
    }
    g_clear_pointer(&surface, cairo_surface_destroy);
    return TRUE;
}

#if !SRG_GTK4
void srg_icon(SrgLook *look, const SrgSeen *seen, guint64 part, SrgBox place, const char *name) {
    GdkRGBA color;
    GtkStyleContext *style = gtk_widget_get_style_context(seen->widget);
    gtk_style_context_get_color(style, gtk_style_context_get_state(style), &color);
    color.alpha *= 0.7;
    const int size = (int)CLAMP(MIN(place.width, place.height), 8, 64);
    GtkIconInfo *info = gtk_icon_theme_lookup_icon(gtk_icon_theme_get_default(), name, size, GTK_ICON_LOOKUP_FORCE_SIZE);
    GdkPixbuf *pixbuf = info ? gtk_icon_info_load_symbolic(info, &color, NULL, NULL, NULL, NULL, NULL) : NULL;
    if (pixbuf) {
        cairo_surface_t *surface = gdk_cairo_surface_create_from_pixbuf(pixbuf, 1, NULL);
        char *url = seen->clip->is_masked ? NULL : srg_url(surface);
        const sr_node node = {.kind = SR_NODE_IMAGE, .id = srg_id(seen->widget, part, 0), .image = url};
        if (url) {
            srg_add(look, seen, node, place);
        }
        g_free(url);
        cairo_surface_destroy(surface);
        g_object_unref(pixbuf);
    }
    g_clear_object(&info);
}
#endif

/* Whether a class is the toolkit's own. */
static gboolean is_of_toolkit(GType type) {
    const char *name = g_type_name(type);
    return g_str_has_prefix(name, "Gtk") || g_str_has_prefix(name, "Adw") || g_str_has_prefix(name, "Hdy");
}

static gboolean is_overridden(GtkWidget *widget) {
    GType type = G_OBJECT_TYPE(widget);
    while (!is_of_toolkit(type)) {
        type = g_type_parent(type);
        if (type == 0 || type == GTK_TYPE_WIDGET) {
            return TRUE;
        }
    }
    const GtkWidgetClass *base = g_type_class_peek(type), *own = GTK_WIDGET_GET_CLASS(widget);
#if SRG_GTK4
    return base && base->snapshot != own->snapshot;
#else
    const guint draw_signal = g_signal_lookup("draw", GTK_TYPE_WIDGET);
    const gboolean has_handler = (GTK_IS_EVENT_BOX(widget) || GTK_IS_BOX(widget) || GTK_IS_LAYOUT(widget) || GTK_IS_FIXED(widget)) &&
                                 g_signal_has_handler_pending(widget, draw_signal, 0, FALSE);
    return has_handler || (base && base->draw != own->draw);
#endif
}

gboolean srg_paints_itself(GtkWidget *widget) {
    if (GTK_IS_DRAWING_AREA(widget) || GTK_IS_GL_AREA(widget) || GTK_IS_ICON_VIEW(widget)) {
        return TRUE;
    }
#if SRG_GTK4
    if (GTK_IS_PICTURE(widget) || GTK_IS_VIDEO(widget)) {
        return TRUE;
    }
#else
    if (GTK_IS_CALENDAR(widget)) {
        return TRUE;
    }
#endif
    return is_overridden(widget);
}
